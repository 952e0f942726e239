"""One tag of a simfile's song set anew, every other byte of the file as it was."""

from itertools import takewhile

from charter.errors import ChartError
from export.stepmania.changes import applied, tag_changes
from export.stepmania.fields import parameters, text_of

_CHARTS = "NOTEDATA"  # behind it, a tag is a chart's


def with_song_tag(data: bytes, name: str, value: str, *, only_empty: bool = False) -> bytes:
    """The content of a simfile with ``#NAME:value;`` in place of the song's tag of that name, or behind ``#MUSIC``
    (``#MUSIC`` itself behind ``#TITLE``).

    only_empty: a tag that says something stays as it is
    Raises ChartError for a value that the file's encoding cannot hold, and a file in which there is no place for it.
    """
    text, encoding = text_of(data)
    tags = list(takewhile(lambda tag: tag.name != _CHARTS, parameters(text)))
    said = [tag for tag in tags if tag.name == name][-1:]
    if only_empty and any(field.text.strip() for tag in said for field in tag.fields):
        return data
    changes = list(tag_changes(text, tags, {name: value}, "TITLE" if name == "MUSIC" else "MUSIC"))
    try:
        return applied(text, changes).encode(encoding)
    except UnicodeEncodeError as error:
        raise ChartError(f"is in {encoding}, which cannot hold #{name}:{value}") from error
