"""One tag of a `.ssc` file's song set anew, every other byte of the file as it was."""

from msdparser import MSDParameter

from charter.errors import ChartError
from export.stepmania.fields import parameters, text_of
from export.stepmania.write import escaped

_CHARTS = "NOTEDATA"  # behind it, a tag is a chart's
_NEIGHBOUR = "MUSIC"  # a new tag stands behind it


def with_song_tag(data: bytes, name: str, value: str) -> bytes:
    """The content of a `.ssc` file with ``#NAME:value;`` in place of the song's tag of that name, or behind ``#MUSIC``.

    Raises ChartError for a value that the file's encoding cannot hold, and a file in which there is no place for it.
    """
    text, encoding = text_of(data)
    places = {}
    for parameter in parameters(text):
        if parameter.name == _CHARTS:
            break
        places[parameter.name] = parameter.start, parameter.end  # of two of a name, the last one holds
    if name in places:
        start, end = places[name]
    elif _NEIGHBOUR in places:
        start = end = places[_NEIGHBOUR][1]
    else:
        raise ChartError(f"has no #{_NEIGHBOUR} that #{name} could stand behind")
    tag = escaped(str(MSDParameter((name, value))))
    line = "\r\n" if "\r\n" in text else "\n"
    try:
        return (text[:start] + (line + tag if start == end else tag) + text[end:]).encode(encoding)
    except UnicodeEncodeError as error:
        raise ChartError(f"is in {encoding}, which cannot hold #{name}:{value}") from error
