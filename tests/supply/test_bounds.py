"""What pyproject.toml asks for is what is used, what is installed and what can be tested."""

import importlib.metadata
import re
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.supply.bounds import bounds, named, oldest

ROOT = Path(__file__).parents[2]
SHIPPED = ("charter", "datasets", "training", "export", "examples")
FOR_TESTS = ("bench", "dev")
IMPORT = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)


@pytest.mark.parametrize("name", bounds())
def test_every_package_has_an_oldest_version_within_its_bounds(name: str) -> None:
    allowed = bounds()[name]
    assert oldest(allowed) in allowed


def test_what_is_installed_lies_within_the_bounds() -> None:
    installed = {
        canonicalize_name(distribution.name): distribution.version
        for distribution in importlib.metadata.distributions()
    }
    outside = {
        f"{name} {installed[name]}, not {allowed}"
        for name, allowed in bounds().items()
        if name in installed and installed[name] not in allowed
    }
    assert outside == set()


def test_what_is_imported_is_named() -> None:
    """Not only brought by another package, which may stop to bring it."""
    allowed = {
        canonicalize_name(one.name) for extra, group in named().items() if extra not in FOR_TESTS for one in group
    }
    files = [path for folder in SHIPPED for path in (ROOT / folder).rglob("*.py")]
    modules = {module for path in files for module in IMPORT.findall(path.read_text(encoding="utf-8"))}
    brought_by = importlib.metadata.packages_distributions()
    found = {canonicalize_name(brought_by[module][0]) for module in modules & brought_by.keys()} - {"charter"}
    assert {"numpy", "pillow", "pyyaml", "pytorch-lightning", "starlette"} <= found
    assert found <= allowed
