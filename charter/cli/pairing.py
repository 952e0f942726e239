"""Find the songs that `charter evaluate` compares: one folder per song id on either side."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from charter.errors import CharterError, ChartError, RequestError
from charter.metrics import SongPair, TimedChart
from charter.notation import Difficulty, Song
from charter.song_draft import names_in, simfiles_below, spelt
from datasets.manifest import ManifestEntry, listed_charts, read_manifest
from export.stepmania.read import read_song


@dataclass(frozen=True)
class WantedSong:
    """A song to score, and what the manifest says of it: None where there is no manifest."""

    id: str
    entry: ManifestEntry | None = None


def wanted_songs(reference: Path, manifest: Path | None, split: str | None) -> list[WantedSong]:
    """The songs that the manifest lists, or all folders of the reference.

    Raises RequestError where there are none, or where a split is named without a manifest.
    """
    if manifest is None:
        if split is not None:
            raise RequestError("--split names a column of the manifest; give --manifest too")
        if not reference.is_dir():
            raise RequestError(f"{reference}: no such folder")
        songs = [WantedSong(folder.name) for folder in _visible_folders(reference)]
    else:
        entries = read_manifest(manifest)
        songs = [WantedSong(entry.id, entry) for entry in entries if split is None or entry.split == split]
        if not songs and split is not None:
            splits = ", ".join(sorted({entry.split for entry in entries}))
            raise RequestError(f"{manifest}: no song is in split {split!r}; there are {splits}")
    if not songs:
        raise RequestError(f"{manifest or reference}: lists no song")
    return songs


def _visible_folders(reference: Path) -> list[Path]:
    return sorted(path for path in reference.iterdir() if path.is_dir() and not path.name.startswith("."))


def read_pairs(songs: list[WantedSong], reference: Path, generated: Path) -> Iterator[SongPair]:
    """The songs with their charts on both sides, one at a time.

    A generated song that is missing or broken has no charts and says why; a broken reference raises CharterError.
    """
    names = cache(names_in)
    for song in songs:
        wanted = _reference_charts(read_song(chart_file(reference / song.id)), song.entry)
        found: Mapping[Difficulty, TimedChart] = {}
        trouble = ""
        try:
            found = _charts(read_song(chart_file(_folder(song.id, generated, names))))
        except CharterError as error:
            trouble = str(error)
        duration = song.entry.duration if song.entry else None
        yield SongPair(song.id, wanted, found, duration, trouble)


def _folder(song_id: str, generated: Path, names: Callable[[Path], Mapping[str, str]]) -> Path:
    """Where a song was generated; its id, part by part, as it is spelt there. Raises OutputError.

    names: as `names_in`. A title that was in macOS's spelling is in another one as the name of a folder of ours.
    """
    folder = generated
    for part in Path(song_id).parts:
        folder /= spelt(part, folder, names(folder)) if folder.is_dir() else part
    return folder


def chart_file(folder: Path) -> Path:
    """The simfile under a song's folder, at any depth; an ``.ssc`` wins over an ``.sm``, as in the game.

    Raises ChartError where there is none, or a folder cannot be read.
    """
    try:
        files = list(simfiles_below(folder)) if folder.is_dir() else []
    except OSError as error:
        raise ChartError(f"{error.filename or folder}: cannot be read ({error.strerror or error})") from error
    if not files:
        raise ChartError(f"{folder}: holds no .ssc or .sm")
    preferred = [path for path in files if path.suffix.lower() == ".ssc"] or files
    if len({path.parent for path in preferred}) > 1:
        raise ChartError(f"{folder}: holds several songs; name the folder whose sub-folders are one song each")
    return min(preferred)


def _reference_charts(song: Song, entry: ManifestEntry | None) -> dict[Difficulty, TimedChart]:
    if entry is None:
        return _charts(song)
    charts = listed_charts(song, entry)
    absent = {listed.difficulty for listed in entry.charts if listed.difficulty is not None} - charts.keys()
    if absent:
        names = ", ".join(difficulty.label for difficulty in sorted(absent))
        raise ChartError(f"the manifest lists charts of {entry.id} that its file does not hold: {names}")
    return {
        difficulty: TimedChart(charts[difficulty], song.timing_of(charts[difficulty]).shifted(entry.lag))
        for difficulty in sorted(charts)
    }


def _charts(song: Song) -> dict[Difficulty, TimedChart]:
    charts = ((difficulty, song.chart(difficulty)) for difficulty in Difficulty)
    return {difficulty: TimedChart(chart, song.timing_of(chart)) for difficulty, chart in charts if chart}
