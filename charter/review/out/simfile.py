"""A song's simfiles as they were reviewed, every byte that need not change as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from charter.errors import CharterError, ChartError
from charter.notation import Song
from charter.review.document.verdicts import ACCEPTED
from charter.review.out.target import carried_over, reviewed_song
from charter.song_draft import simfiles_in
from export.names import with_ending
from export.stepmania.convert import converted
from export.stepmania.read import file_content, parse_song
from export.stepmania.rewrite import rewritten
from export.stepmania.write import sm_text, ssc_text


@dataclass
class Simfiles:
    """What a song's folder gets.

    song: what they say; files: their contents by name; is_touched: whether any differs from what was there
    told: what a person should know, one line each
    """

    song: Song
    files: dict[str, bytes] = field(default_factory=dict)
    is_touched: bool = False
    told: list[str] = field(default_factory=list)


def reviewed_simfiles(folder: Path, values: Mapping[str, Any]) -> Simfiles:
    """A song's simfiles with the charts that were accepted, and no other dance-single charts.

    values: of the song, as `charter.review.store.exported` gives them. In each format the first file that lies there
    is written; one that cannot be kept is written anew, or left out, and that is told.
    Raises ChartError or TimingError where not even the first can be had.
    """
    try:
        paths = simfiles_in(folder)
    except OSError as error:
        raise ChartError(f"its folder cannot be read ({error.strerror or error})") from error
    if not paths:
        raise ChartError("its folder holds no simfile any more")
    first = paths[0]
    data = file_content(first)
    before = parse_song(data, first)
    charts = [chart for chart in values["charts"] if chart["status"] == ACCEPTED]
    places = [chart["place"] for chart in charts]
    after = reviewed_song(before, values["fields"], charts)
    made = Simfiles(after)
    try:
        made.files[first.name] = rewritten(
            data, first, after, places, shift=values["shift"], duration=values["duration"]
        )
    except ChartError as error:
        name, text = _anew(after, first, values["duration"])
        made.files[name] = text.encode()
        made.told.append(f"{name} is written anew, without what charter does not know of: {_reason(error, first)}")
    made.is_touched = made.files.get(first.name) != data
    there = {Path(name).suffix.lower() for name in made.files}
    for path in paths[1:]:
        if path.suffix.lower() in there:
            made.told.append(f"{path.name} is left out, for the game reads another before it")
            continue
        there.add(path.suffix.lower())
        _add_other(made, path, first, before, places, values)
    return made


def _add_other(
    made: Simfiles, path: Path, first: Path, before: Song, places: Sequence[int], values: Mapping[str, Any]
) -> None:
    """Write the song's simfile of the other format too, or tell why there is none."""
    data = file_content(path)
    if not made.is_touched:
        made.files[path.name] = data
        return
    try:
        other = parse_song(data, path)
        target = carried_over(before, made.song, places, other)
        made.files[path.name] = rewritten(
            data, path, target, places, shift=values["shift"], duration=values["duration"]
        )
    except CharterError as error:
        reason = _reason(error, path)
        try:
            written, name = next(iter(made.files.values())), next(iter(made.files))
            made.files[path.name] = converted(written, first.with_name(name), path.suffix.lower())
            made.told.append(f"{path.name} is made of {name} anew: {reason}")
        except ChartError:
            made.told.append(f"{path.name} is left out: {reason}")


def _anew(song: Song, path: Path, duration: float | None) -> tuple[str, str]:
    """A file's name and text from the song alone. Raises ChartError."""
    if path.suffix.lower() == ".sm":
        try:
            return path.name, sm_text(song, duration=duration)
        except ChartError:
            pass
    return with_ending(path.stem, ".ssc"), ssc_text(song, duration=duration)


def _reason(error: CharterError, path: Path) -> str:
    return str(error).removeprefix(f"{path}: ")
