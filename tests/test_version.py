"""The version that users read about is the one they run."""

import re
from pathlib import Path

from charter import __version__

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"


def test_newest_version_of_the_changelog_is_that_of_the_package():
    versions = re.findall(r"^## \[?(\d+\.\d+\.\d+)\]?", CHANGELOG.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert versions[:1] == [__version__]
