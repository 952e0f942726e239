"""Songs to learn from: a corpus folder, listed or discovered, with its sync and its split."""

import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from charter.errors import RequestError
from charter.notation import Chart, Difficulty, Timing
from datasets.corpus import discover
from datasets.manifest import listed_charts, read_manifest
from datasets.sources import find_sources
from datasets.splits import SPLITS, read_split
from export.stepmania import read_song

# Of the songs that no split list names, one in this many validates.
VALID_SHARE = 10


@dataclass(frozen=True)
class LabelledSong:
    """A song with human charts.

    split: train, valid or test; style: as a manifest says it; audio: None in a collection of charts alone
    timing: beat to seconds of the audio, the list's sync lag included
    """

    id: str
    split: str
    style: str
    audio: Path | None
    timing: Timing
    charts: Mapping[Difficulty, Chart]


def labelled_songs(folder: Path, manifest: Path | None = None) -> Iterator[LabelledSong]:
    """The songs of a corpus folder: those that a manifest lists, or without one all that are fit.

    Charts with a timing of their own are left out: a song is heard on one grid. Raises ChartError, TimingError or
    RequestError where a listed song cannot be read.
    """
    lists = {name: read_split(name) for name in SPLITS}
    if manifest is None:
        for found in discover(folder).songs:
            charts = _on(found.song.timing, found.charts)
            if charts:
                yield LabelledSong(found.id, split_of(found.id, lists), "", found.audio, found.song.timing, charts)
        return
    sources = {source.id: source for source in find_sources(folder)[0]}
    for entry in read_manifest(manifest):
        if entry.id not in sources:
            raise RequestError(f"{folder}: holds no song {entry.id}, which {manifest} lists; is it the right folder?")
        source = sources[entry.id]
        song = read_song(source.simfile)
        charts = _on(song.timing, listed_charts(song, entry))
        if charts:
            audio = source.music(song.music)
            yield LabelledSong(
                entry.id,
                split_of(entry.id, lists, entry.split),
                entry.style,
                audio,
                song.timing.shifted(entry.lag),
                charts,
            )


def split_of(song_id: str, lists: Mapping[str, Collection[str]], listed: str = "") -> str:
    """The split of the committed lists; for a song on none of them the one its manifest says, else by its id alone."""
    for name, ids in lists.items():
        if song_id in ids:
            return name
    if listed in SPLITS:
        return listed
    return "valid" if zlib.crc32(song_id.encode()) % VALID_SHARE == 0 else "train"


def _on(timing: Timing, charts: Mapping[Difficulty, Chart]) -> dict[Difficulty, Chart]:
    return {level: chart for level, chart in charts.items() if chart.timing is None or chart.timing == timing}
