"""Tags of a simfile set to other values, every other byte of its text as it was."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from msdparser import MSDParameter

from charter.errors import ChartError
from export.stepmania.fields import Field, Parameter, line_end
from export.stepmania.write import escaped

_OLD_NAMES = {"STOPS": "FREEZES"}  # which a file may have in its place
_SM_FIELDS = {"DESCRIPTION": 1, "METER": 3, "RADARVALUES": 4}  # of a .sm's #NOTES


class Change(NamedTuple):
    """From where to where a text changes, and what stands there then."""

    start: int
    end: int
    text: str


def applied(text: str, changes: Collection[Change]) -> str:
    """The text with all changes made. Raises ChartError for changes that overlap."""
    parts, at = [], 0
    for change in sorted(changes, key=lambda change: change[:2]):  # stable: what comes to one place keeps its order
        if change.start < at:
            raise ChartError("is laid out in a way that cannot be rewritten")
        parts += [text[at : change.start], change.text]
        at = change.end
    return "".join([*parts, text[at:]])


def tag_text(name: str, *values: str) -> str:
    """A tag as it is written, with what it says escaped."""
    return escaped(str(MSDParameter((name, *values))))


def tag_changes(text: str, tags: Sequence[Parameter], values: Mapping[str, str], *neighbours: str) -> Iterator[Change]:
    """Each tag with another value where it stands, or, if it is not there, behind the first neighbour that is.

    tags: of the song alone, or of one chart; of two of a name, the last one holds
    Raises ChartError where there is no neighbour either.
    """
    there = {tag.name: tag for tag in tags}
    for name, value in values.items():
        old = there.get(name) or there.get(_OLD_NAMES.get(name, ""))
        if old is not None:
            yield Change(old.start, old.end, tag_text(old.name, value))
            continue
        beside = next((there[each] for each in neighbours if each in there), None)
        if beside is None:
            raise ChartError(f"has no #{neighbours[-1]} that #{name} could stand behind")
        yield Change(beside.end, beside.end, line_end(text) + tag_text(name, value))


def sm_fields(tags: Sequence[Parameter]) -> Mapping[str, Field] | None:
    """The fields of a chart's ``#NOTES`` in a `.sm`, by the names of their tags in a `.ssc`, whose tags give None."""
    needed = max(_SM_FIELDS.values())
    notes = next((tag.fields for tag in tags if tag.name == "NOTES" and len(tag.fields) > needed), None)
    return None if notes is None else {name: notes[place] for name, place in _SM_FIELDS.items()}


def chart_changes(text: str, tags: Sequence[Parameter], values: Mapping[str, str]) -> Iterator[Change]:
    """A chart's tags with other values, which in a `.sm` are fields of its ``#NOTES``. tags: of the chart."""
    fields = sm_fields(tags)
    if fields is None:
        yield from tag_changes(text, tags, values, "STEPSTYPE")
        return
    for name, value in values.items():
        yield _within(text, fields[name], tag_text("X", value)[3:-1])


def _within(text: str, field: Field, value: str) -> Change:
    """A field with another value between the spaces around its own."""
    raw = text[field.start : field.end]
    if "//" in raw:
        return Change(field.start, field.end, value)
    start = field.start + len(raw) - len(raw.lstrip())
    return Change(start, max(start, field.start + len(raw.rstrip())), value)
