"""The `--plot` option of several commands."""

from pathlib import Path

from charter.errors import RequestError
from charter.figure import check_drawing


def check_picture(plot: Path) -> None:
    """Raises RequestError before any work, for a name that is no picture's, and where nothing can be drawn.

    A slip of the hand would otherwise replace a song or a chart.
    """
    if plot.suffix.lower() != ".png":
        raise RequestError(f"--plot {plot}: the picture is a .png; what is its name?")
    check_drawing()
