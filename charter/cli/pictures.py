"""The `--plot` option of several commands."""

from pathlib import Path

from charter.errors import RequestError


def check_picture_name(plot: Path) -> None:
    """Raises RequestError for a name that is no picture's, before a slip of the hand replaces a song or a chart."""
    if plot.suffix.lower() != ".png":
        raise RequestError(f"--plot {plot}: the picture is a .png; what is its name?")
