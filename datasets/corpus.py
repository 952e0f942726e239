"""A folder of songs as a corpus: what can be learnt from, and what was left out with the reason."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from charter.audio.decode import stated_duration
from charter.errors import AudioError, CharterError, ChartError, RequestError, TimingError
from charter.notation import Chart, Difficulty, Song
from datasets.audio_files import content_hash
from datasets.sift import last_hit, sift
from datasets.skipped import Skipped, SkipReason
from datasets.sources import Source, find_sources
from export.stepmania import read_song


@dataclass(frozen=True)
class CorpusSong:
    """A song with at least one chart that is fit to learn from.

    id: its path below the corpus folder
    path, audio: its simfile, and its audio where the corpus has any
    duration: seconds, of the audio or else until the last hit
    song: all that the simfile says; charts: those to use
    """

    id: str
    path: Path
    audio: Path | None
    duration: float
    song: Song
    charts: Mapping[Difficulty, Chart]


@dataclass(frozen=True)
class Corpus:
    """The songs of a folder, and every file and chart of it that is not used."""

    folder: Path
    songs: tuple[CorpusSong, ...]
    skipped: tuple[Skipped, ...]


class _UnfitError(Exception):
    """Ends the reading of one file: why it cannot be used."""

    def __init__(self, reason: SkipReason, detail: str):
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def discover(folder: Path, watch: Callable[[Sequence[Source]], Iterable[Source]] = iter) -> Corpus:
    """Read every song below a folder; one that cannot be read costs itself only.

    watch: passes the sources on as they are read (a progress bar)
    Raises RequestError if the folder is none, or holds no simfile.
    """
    if not folder.is_dir():
        raise RequestError(f"{folder}: is not a folder")
    sources, skipped = find_sources(folder)
    if not sources:
        raise RequestError(f"{folder}: holds no .ssc or .sm file")
    songs: list[CorpusSong] = []
    ids_by_audio: dict[str, str] = {}
    for source in watch(sources):
        try:
            song, unfit_charts = _read(source)
            skipped += unfit_charts
            if song is not None:
                _check_audio_is_new(song, ids_by_audio)
                songs.append(song)
        except _UnfitError as unfit:
            skipped.append(Skipped(source.simfile, None, unfit.reason, unfit.detail))
    return Corpus(folder, tuple(songs), tuple(skipped))


def _read(source: Source) -> tuple[CorpusSong | None, list[Skipped]]:
    """The song, None if no chart of it is fit, and the charts that are not."""
    song = _song(source.simfile)
    if not song.charts:
        raise _UnfitError(SkipReason.NO_SINGLE_CHART, "its charts are for other modes, or it has none")
    audio = source.music(song.music)
    duration = _duration(source, audio, song)
    charts, skipped = sift(song, source.simfile, duration)
    read = CorpusSong(source.id, source.simfile, audio, duration, song, charts) if charts else None
    return read, skipped


def _song(path: Path) -> Song:
    try:
        return read_song(path)
    except TimingError as error:
        raise _UnfitError(SkipReason.BAD_TIMING, _cause(error, path)) from error
    except ChartError as error:
        raise _UnfitError(SkipReason.UNREADABLE, _cause(error, path)) from error


def _cause(error: CharterError, path: Path) -> str:
    """What an error says, without the path: the record has it already."""
    return str(error).removeprefix(f"{path}: ")


def _duration(source: Source, audio: Path | None, song: Song) -> float:
    if audio is not None:
        try:
            duration = stated_duration(audio)
        except AudioError as error:
            raise _UnfitError(SkipReason.UNREADABLE, f"{audio.name}: {_cause(error, audio)}") from error
        if duration is None:
            raise _UnfitError(SkipReason.UNREADABLE, f"{audio.name}: states no length")
        return duration
    # A folder of many simfiles and no audio is a collection of charts; a lone simfile has lost its music.
    if source.audio or not source.is_collection:
        raise _UnfitError(SkipReason.NO_AUDIO, f"#MUSIC is {song.music!r}")
    return last_hit(song)


def _check_audio_is_new(song: CorpusSong, ids_by_audio: dict[str, str]) -> None:
    if song.audio is None:
        return
    try:
        first = ids_by_audio.setdefault(content_hash(song.audio), song.id)
    except AudioError as error:
        raise _UnfitError(SkipReason.UNREADABLE, f"{song.audio.name}: {_cause(error, song.audio)}") from error
    if first != song.id:
        raise _UnfitError(SkipReason.SAME_AUDIO, f"{song.audio.name} is also the audio of {first}")
