"""Tests that node runs: of modules that need no page."""

import os
import re
import subprocess
from pathlib import Path

from tests.programs import program


def check_in_node(tests: Path, **environment: str) -> None:
    """Run a file of ``node --test``: all of its tests pass, and there are some."""
    done = subprocess.run(
        [program("node"), "--test", str(tests)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE), done.stdout
