"""The editor's modules without a page, tested where they run: by node."""

import subprocess
from pathlib import Path

import pytest

from tests.programs import program

HERE = Path(__file__).parent


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.mjs")), ids=lambda file: file.name.split(".")[0])
def test_modules(file):
    done = subprocess.run(
        [program("node"), "--test", str(file)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:]
