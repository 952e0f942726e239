"""The editor's modules without a page, tested where they run: by node."""

from pathlib import Path

import pytest

from tests.node import check_in_node

HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.mjs")), ids=lambda file: file.name.split(".")[0])
def test_modules(file):
    check_in_node(file)
