"""Programs of other people, which our files are judged by."""

import os
import shutil
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Without a judge the test is skipped; it fails instead where the environment says CHARTER_PLAYERS=required."""
    if os.environ.get("CHARTER_PLAYERS") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def program(name: str) -> str:
    """Path of an installed program."""
    return shutil.which(name) or missing(f"{name} is not installed")
