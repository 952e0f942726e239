"""What pyproject.toml allows of each package that it names, and the oldest of it.

`python -m tests.supply.bounds` prints the oldest as constraints for pip: `make oldest` tests with them.
"""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def named() -> dict[str, list[Requirement]]:
    """The packages that each extra names itself, and under "" those of the lean install; extras of ours are none."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {
        extra: [one for one in map(Requirement, lines) if one.name != project["name"]]
        for extra, lines in groups.items()
    }


def bounds() -> dict[str, SpecifierSet]:
    """What is allowed of each package, by canonical name."""
    return {canonicalize_name(one.name): one.specifier for group in named().values() for one in group}


def oldest(allowed: SpecifierSet) -> str:
    """The oldest version that is allowed: 2.6 of `>=2.6,<4` and of `==2.6.*`. Raises ValueError where none is named."""
    (version,) = [each.version.removesuffix(".*") for each in allowed if each.operator in (">=", "==")]
    return version


if __name__ == "__main__":
    print("\n".join(f"{name}=={oldest(allowed)}" for name, allowed in sorted(bounds().items())))
