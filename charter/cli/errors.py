"""What a user did wrong, told in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from charter.errors import CharterError


@contextmanager
def told_to_user() -> Iterator[None]:
    """Turn a CharterError into ``error: …`` on stderr and exit code 1."""
    try:
        yield
    except CharterError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from error
