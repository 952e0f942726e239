"""One tag of a simfile's song set anew, every other byte of the file as it was."""

from msdparser import MSDParameter

from charter.errors import ChartError
from export.stepmania.fields import line_end, parameters, text_of
from export.stepmania.write import escaped

_CHARTS = "NOTEDATA"  # behind it, a tag is a chart's


def with_song_tag(data: bytes, name: str, value: str, *, only_empty: bool = False) -> bytes:
    """The content of a simfile with ``#NAME:value;`` in place of the song's tag of that name, or behind ``#MUSIC``
    (``#MUSIC`` itself behind ``#TITLE``).

    only_empty: a tag that says something stays as it is
    Raises ChartError for a value that the file's encoding cannot hold, and a file in which there is no place for it.
    """
    text, encoding = text_of(data)
    places = {}
    neighbour = "TITLE" if name == "MUSIC" else "MUSIC"
    for parameter in parameters(text):
        if parameter.name == _CHARTS:
            break
        places[parameter.name] = parameter  # of two of a name, the last one holds
    if name in places:
        start, end = places[name].start, places[name].end
        if only_empty and any(field.text.strip() for field in places[name].fields):
            return data
    elif neighbour in places:
        start = end = places[neighbour].end
    else:
        raise ChartError(f"has no #{neighbour} that #{name} could stand behind")
    tag = escaped(str(MSDParameter((name, value))))
    try:
        return (text[:start] + (line_end(text) + tag if start == end else tag) + text[end:]).encode(encoding)
    except UnicodeEncodeError as error:
        raise ChartError(f"is in {encoding}, which cannot hold #{name}:{value}") from error
