"""Songs to learn from: a corpus folder, listed or discovered, with its sync and its split."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from charter.errors import RequestError
from charter.notation import Chart, Difficulty, PreviewWindow, Timing
from datasets.corpus import discover
from datasets.manifest import listed_charts, read_manifest
from datasets.sources import find_sources
from datasets.splits import SPLITS, read_split, song_number
from export.stepmania import read_song

# Of the songs that no split list names, one in this many validates.
VALID_SHARE = 10
# Share of letters in common from which two titles are one: packs spell the same song in several ways.
SAME_TITLE = 0.9


@dataclass(frozen=True)
class LabelledSong:
    """A song with human charts.

    title: as its simfile says it; split: train, valid or test; style: as a manifest says it
    audio: None in a collection of charts alone
    timing: beat to seconds of the audio, the list's sync lag included; is_synced: whether a list measured it well
    preview: the simfile's, likewise
    """

    id: str
    title: str
    split: str
    style: str
    audio: Path | None
    timing: Timing
    charts: Mapping[Difficulty, Chart]
    is_synced: bool = False
    preview: PreviewWindow | None = None


def labelled_songs(folder: Path, manifest: Path | None = None) -> Iterator[LabelledSong]:
    """The songs of a corpus folder: those that a manifest lists, or without one all that are fit.

    Charts with a timing of their own are left out: a song is heard on one grid. Raises ChartError, TimingError or
    RequestError where a listed song cannot be read.
    """
    songs = _discovered(folder) if manifest is None else _listed(folder, manifest)
    return (song for song in songs if song.charts)


def _discovered(folder: Path) -> Iterator[LabelledSong]:
    songs = discover(folder).songs
    splits = splits_of([found.id for found in songs])
    for found in songs:
        timing = found.song.timing
        charts = _on(timing, found.charts)
        yield LabelledSong(
            found.id, found.song.title, splits[found.id], "", found.audio, timing, charts, preview=found.song.preview
        )


def _listed(folder: Path, manifest: Path) -> Iterator[LabelledSong]:
    if not folder.is_dir():
        raise RequestError(f"{folder}: is not a folder")
    lists = {name: read_split(name) for name in SPLITS}
    sources = {source.id: source for source in find_sources(folder)[0]}
    for entry in read_manifest(manifest):
        if entry.id not in sources:
            raise RequestError(f"{folder}: holds no song {entry.id}, which {manifest} lists; is it the right folder?")
        source = sources[entry.id]
        song = read_song(source.simfile)
        yield LabelledSong(
            id=entry.id,
            title=song.title,
            split=split_of(entry.id, lists, entry.split),
            style=entry.style,
            audio=source.music(song.music),
            timing=song.timing.shifted(entry.lag),
            charts=_on(song.timing, listed_charts(song, entry)),
            is_synced=entry.is_synced,
            preview=song.preview and song.preview._replace(start=song.preview.start + entry.lag),
        )


def same_title(one: str, other: str) -> bool:
    """Whether two titles name one song, small differences of spelling aside."""
    words = ["".join(filter(str.isalnum, title.casefold())) for title in (one, other)]
    return SequenceMatcher(a=words[0], b=words[1]).ratio() >= SAME_TITLE


def splits_of(song_ids: Collection[str]) -> dict[str, str]:
    """The splits of the songs of a corpus without a manifest, by their ids."""
    lists = {name: read_split(name) for name in SPLITS}
    free = [song_id for song_id in song_ids if not any(song_id in ids for ids in lists.values())]
    return with_valid({song_id: split_of(song_id, lists) for song_id in song_ids}, free)


def split_of(song_id: str, lists: Mapping[str, Collection[str]], listed: str = "") -> str:
    """The split of the committed lists; for a song on none of them the one its manifest says, else by its id alone."""
    for name, ids in lists.items():
        if song_id in ids:
            return name
    if listed in SPLITS:
        return listed
    return "valid" if song_number(song_id) % VALID_SHARE == 0 else "train"


def with_valid(splits: Mapping[str, str], free: Collection[str]) -> dict[str, str]:
    """Splits by song, with one of the free songs to validate where by chance none does; not a corpus's only one."""
    if "valid" in splits.values() or len(free) <= 1:
        return dict(splits)
    return {**splits, min(free, key=song_number): "valid"}


def _on(timing: Timing, charts: Mapping[Difficulty, Chart]) -> dict[Difficulty, Chart]:
    return {level: chart for level, chart in charts.items() if chart.timing is None or chart.timing == timing}
