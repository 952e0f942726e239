"""THIRD_PARTY.md tells of every package that users install, and of every licence that asks for more than a notice."""

import re
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.supply.bounds import named
from tests.supply.licences import NOT_INSTALLED, installed_with

TEXT = (Path(__file__).parents[2] / "THIRD_PARTY.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([\w-]+) \| (\w+) \| (.+) \|$", re.MULTILINE)
UNUSUAL = re.compile(r"GPL|MPL|Mozilla|Proprietary|Affero|EUPL|Commercial", re.IGNORECASE)


def test_the_table_has_every_package_of_every_extra() -> None:
    rows = [(name, extra) for name, extra, _ in ROW.findall(TEXT) if name != "package"]
    wanted = {
        (str(canonicalize_name(one.name)), extra or "charter") for extra, group in named().items() for one in group
    }
    assert len(rows) == len(set(rows))
    assert set(rows) == wanted


def test_licences_that_ask_for_more_are_told() -> None:
    found = installed_with(one for group in named().values() for one in group)
    assert found["torch"] != NOT_INSTALLED
    unusual = {re.sub(r"^nvidia-.*", "nvidia-*", name) for name, words in found.items() if UNUSUAL.search(words)}
    assert {"mutagen", "hypothesis"} <= unusual
    untold = {name for name in unusual if not re.search(rf"\b{re.escape(name.removesuffix('*'))}", TEXT)}
    assert untold == set()
