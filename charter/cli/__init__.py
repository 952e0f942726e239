"""The command line: parse, call the library, exit code.

One module per command. ``charter --help`` has to answer at once, so importing a command must not import torch: what
needs it is imported when the command runs.
"""

import os
import sys
from typing import Annotated

import typer

from charter import __version__
from charter.cli.batch import batch
from charter.cli.check import check
from charter.cli.evaluate import evaluate
from charter.cli.generate import generate
from charter.cli.preview import preview
from charter.cli.redo import redo
from charter.cli.review import review
from charter.cli.sections import sections
from charter.cli.timing import timing

_NAMES = ("--title", "--artist")  # the options whose value may be "~" and mean just that

app = typer.Typer(
    name="charter",
    help="A song goes in, a rhythm-game chart set comes out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(generate)
app.command()(batch)
app.command()(timing)
app.command()(evaluate)
app.command()(check)
app.command()(redo)
app.command()(preview)
app.command()(sections)
app.add_typer(review, name="review")


def _show_version(asked: bool) -> None:  # noqa: FBT001  # the signature that typer calls
    if asked:
        typer.echo(f"charter {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def _at_home(before: str, word: str) -> str:
    """A word that was typed with the home folder for ``~``, which shells leave alone in quotes and behind ``=``.

    before: the word before it, which may be an option whose value is no path
    """
    option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
    is_path = (option or before) not in _NAMES and (value == "~" or value.startswith("~/"))
    # Not that of pathlib, which raises an error for a user without a home.
    return f"{option}{equals}{os.path.expanduser(value)}" if is_path else word


def main() -> None:
    """Run the command that was typed, and exit with its code."""
    sys.argv[1:] = map(_at_home, sys.argv, sys.argv[1:])  # in its place, for click itself expands more of it on Windows
    app()
