"""The commands as they are: what typer makes of their options is made once, not for every run."""

from collections.abc import Iterator
from functools import cache

import pytest
import typer.testing


@pytest.fixture(scope="session", autouse=True)
def _commands_made_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.testing, "_get_command", cache(typer.testing._get_command))
        yield
