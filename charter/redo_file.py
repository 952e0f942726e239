"""A passage of a simfile written anew, and of the one beside it that says the same in the other format."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from charter.audio.song_audio import SongAudio
from charter.chart_choice import chosen_chart, place_of
from charter.errors import AudioError, CharterError, ChartError, RequestError, TimingError
from charter.generate import Models
from charter.notation import Chart, Song, Timing
from charter.redo import Music, Rewritten, rewrite
from charter.redo_request import RedoRequest
from charter.song_draft import simfiles_in
from export.stepmania.derived import with_radar
from export.stepmania.music import find_music
from export.stepmania.patch import patched, steps_types
from export.stepmania.read import file_content, parse_song


class Twin(NamedTuple):
    """The file beside a simfile, in the other format. data: the whole of it; told: why it stays as it is, in a line."""

    path: Path
    data: bytes | None
    told: str = ""


class Redone(NamedTuple):
    """One candidate. data: the whole file; chart: as it is now; rows_before, rows_after: of the passage."""

    data: bytes
    chart: Chart
    seed: int
    rows_before: int
    rows_after: int
    twin: Twin | None = None


def redo(
    path: Path, request: RedoRequest, models: Models, candidates: int = 1, *, with_twin: bool = False
) -> Iterator[Redone]:
    """Write a passage of a file anew, ``candidates`` times with one seed after the other.

    with_twin: give the passage to the file of the same name in the other format too, where its chart is the same
    Raises ChartError, TimingError, AudioError or RequestError that names the file.
    """
    file = _Simfile.read(path)
    try:
        number, chart = chosen_chart(file.song, request.difficulty, steps_types(file.data))
        timing = file.song.timing_of(chart)
        found = find_music(path.parent, file.song.music)
        music = Music(SongAudio(found)) if found is not None else None
        for made in rewrite(chart, timing, music, request, models, candidates):
            duration = _duration(music, models)
            after = file.rewritten(number, request, made, duration)
            rows = [sum(map(request.passage.holds, each.hit_ticks(timing))) for each in (chart, made.chart)]
            twin = _twin(path, (chart, timing), request, made, duration) if with_twin else None
            yield Redone(after, made.chart, made.seed, rows[0], rows[1], twin)
    except (ChartError, RequestError, TimingError) as error:
        raise type(error)(f"{path}: {error}") from error


@dataclass(frozen=True)
class _Simfile:
    """A file and what it says."""

    data: bytes
    song: Song
    path: Path

    @classmethod
    def read(cls, path: Path) -> "_Simfile":
        """Raises ChartError or TimingError that names the file."""
        data = file_content(path)
        return cls(data, parse_song(data, path), path)

    def rewritten(self, number: int, request: RedoRequest, made: Rewritten, duration: float | None) -> bytes:
        """The content with a chart's passage as it was made. Raises ChartError where it is laid out in no such way."""
        after = patched(self.data, number, request.passage, made.kept, made.new)
        chart = replace(self.song.charts[number], notes=made.chart.notes)
        song = replace(self.song, charts=(*self.song.charts[:number], chart, *self.song.charts[number + 1 :]))
        after = with_radar(after, number, self.song, song, duration)
        if parse_song(after, self.path) != song:  # there are many ways to lay out note data
            raise ChartError("its note data is laid out in a way that cannot be rewritten")
        return after


def _duration(music: Music | None, models: Models) -> float | None:
    """Seconds of music, None where they cannot be told."""
    try:
        return music.audio.audio(models.placement.net.config.audio).duration if music is not None else None
    except AudioError:
        return None


def _twin(
    path: Path, before: tuple[Chart, Timing], request: RedoRequest, made: Rewritten, duration: float | None
) -> Twin | None:
    """The other file of a simfile's name with the same passage; None where none is seen."""
    try:
        found = [
            each
            for each in simfiles_in(path.parent)
            if each.stem == path.stem and each.suffix.lower() != path.suffix.lower()
        ]
    except OSError:  # a folder that cannot be listed
        return None
    if not found:
        return None
    try:
        file = _Simfile.read(found[0])
        number = place_of(file.song, request.difficulty)
        if number is None:
            return Twin(found[0], None, "has no such chart, and stays as it was")
        chart = file.song.charts[number]
        if (chart.notes, file.song.timing_of(chart)) != (before[0].notes, before[1]):
            return Twin(found[0], None, "its chart is another one, and stays as it was")
        return Twin(found[0], file.rewritten(number, request, made, duration))
    except CharterError as error:
        return Twin(found[0], None, f"stays as it was: {str(error).removeprefix(f'{found[0]}: ')}")
