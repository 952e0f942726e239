"""A split that a training needs and a corpus does not fill."""

from pathlib import Path

from charter.errors import RequestError


def nothing_in(split: str, corpus: Path, what: str) -> RequestError:
    """The error. what: no song or chart that would do."""
    return RequestError(
        f"{corpus}: holds no {what} in the {split} split; the least is one song to learn from and another to validate "
        "on, and python -m datasets check tells what is left out and why"
    )
