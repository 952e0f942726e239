"""What a simfile that exists gets: charts that it lacks, the names of files beside it, a passage to preview."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from charter.errors import ChartError
from charter.generate import Generated
from charter.notation import TICKS_PER_MEASURE, Chart, Difficulty, Song, Timing
from export.art.look import Role
from export.stepmania.extend import with_charts
from export.stepmania.read import parse_song
from export.stepmania.song_tag import with_song_tag

_SAME_SECONDS = 0.002  # two files of one song differ in their digits, not in what is heard


@dataclass(frozen=True, eq=False)
class Additions:
    """What is added.

    generated: charts, on the timing of the song's first simfile; look: the names of music, pictures and tune
    replaced: charts of these difficulties go first
    """

    generated: Generated
    look: Song
    replaced: frozenset[Difficulty]

    def kept(self, song: Song) -> list[Chart]:
        """The charts of a simfile that stay."""
        return [chart for chart in song.charts if chart.difficulty not in self.replaced]

    def to(self, data: bytes, path: Path) -> bytes:
        """The content of a simfile with all of it. Raises ChartError, for a simfile of another timing too."""
        song = parse_song(data, path)
        have = {chart.difficulty for chart in self.kept(song)}
        new = [chart for chart in self.generated.song.charts if chart.difficulty not in have]
        if new and not self._fits(song.timing):
            raise ChartError(f"{path}: its timing is another than that of the simfile that the game reads")
        gone = self.replaced if new else frozenset()
        return self.named(with_charts(data, path, song, new, replaced=gone, duration=self.generated.duration), path)

    def named(self, data: bytes, path: Path) -> bytes:
        """The content of a simfile with the names and the passage. Raises ChartError."""
        song = parse_song(data, path)
        if song.music != self.look.music:
            data = _tagged(data, path, "MUSIC", self.look.music)
        for tag, value in self._pictures(song, path):
            try:
                data = with_song_tag(data, tag, value)
            except ChartError:  # in an old encoding; the game finds pictures by what they are called, too
                continue
        if path.suffix.lower() == ".ssc" and self.look.preview_music and not song.preview_music:
            data = _tagged(data, path, "PREVIEW", self.look.preview_music)
        passage = self.generated.song.preview
        if passage and song.preview is None:
            # Each comes to stand right behind #MUSIC, so the first of them last.
            data = with_song_tag(data, "SAMPLELENGTH", f"{passage.length:.6f}", only_empty=True)
            data = with_song_tag(data, "SAMPLESTART", f"{passage.start:.6f}", only_empty=True)
        return data

    def _pictures(self, song: Song, path: Path) -> Iterator[tuple[str, str]]:
        for role, here, wanted in (
            (Role.BANNER, song.banner, self.look.banner),
            (Role.BACKGROUND, song.background, self.look.background),
            (Role.JACKET, song.jacket, self.look.jacket),
        ):
            if here != wanted and (role is not Role.JACKET or path.suffix.lower() == ".ssc"):
                yield role.name, wanted

    def _fits(self, timing: Timing) -> bool:
        """Whether ticks mean the same seconds as in the song that was charted."""
        charted = self.generated.song.timing
        last = max((chart.notes[-1].tick for chart in self.generated.song.charts if chart.notes), default=0)
        ticks = np.arange(0, last + TICKS_PER_MEASURE, TICKS_PER_MEASURE)
        return bool(np.abs(timing.seconds_at(ticks) - charted.seconds_at(ticks)).max() < _SAME_SECONDS)


def _tagged(data: bytes, path: Path, tag: str, value: str) -> bytes:
    try:
        return with_song_tag(data, tag, value)
    except ChartError as error:
        raise ChartError(f"{path}: {error}; name the file in plain letters") from error
