"""A chart file as something to listen to: the song as a chip tune, its steps alone, or the song with ticks on them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from charter.audio import decode
from charter.audio.blocks import Placed, overlaid, passage
from charter.audio.decode import stated_duration, stereo_blocks
from charter.audio.sound_file import SUFFIXES as SOUND_SUFFIXES
from charter.audio.sound_file import write_sound
from charter.audio.spec import AudioSpec
from charter.chart_choice import chosen_chart, hardest_chart
from charter.errors import ChartError, RequestError, TimingError
from charter.files import make_folder, write_bytes
from charter.notation import Chart, Difficulty, PreviewWindow, Song, Timing
from export.chiptune.driver import register_log
from export.chiptune.hardware import Region
from export.chiptune.nsf import nsf_bytes, nsfe_bytes
from export.chiptune.render import render, render_blocks
from export.chiptune.score import Duty, Instrument, Score, Tone
from export.chiptune.steps import step_score
from export.chiptune.vgm import vgm_bytes
from export.chiptune.xm import check_fits, xm_bytes
from export.stepmania.music import find_music, is_named
from export.stepmania.patch import steps_types
from export.stepmania.read import file_content, parse_song, read_song
from export.stepmania.song_tag import with_song_tag

RATE = 48_000
_SHORTEST_PASSAGE_SECONDS = 1.0
LONGEST_SECONDS = 4 * 3600.0
LONGEST_COVER_SECONDS = 3600.0  # what is listened to is held in memory, about 2 GB for an hour
TUNE_SUFFIXES = (".nsf", ".nsfe", ".vgm", ".xm")

_CHIP_GAIN = 2.2  # beside mastered songs; the highest peaks, those of drums, are rounded off
_ROUND_FROM, _CEILING = 0.6, 0.9  # what is coded goes beyond what was written
_BEHIND_SECONDS = 1.0  # of the steps, for the last one to ring
_LENGTH_RATE = 8_000  # at which a song is decoded for its length alone
_STATED_SECONDS = 0.1  # by which a header may be wrong without anyone caring
_MARGIN_SECONDS = 2.0  # listened to on both sides of what is played
_MUSIC_GAIN = 0.5
_TICK_SECONDS, _TICK_PEAK = 0.06, 0.4
_TICK = Instrument((15, 10, 5, 2), Duty.QUARTER)
_TICK_PITCHES = (84, 91)  # of a row with one note, and of one with more

Tell = Callable[[float], None]


class Mode(StrEnum):
    """What is played."""

    COVER = "cover"  # the song as a chip tune
    STEPS = "steps"  # the chart's notes alone
    MIX = "mix"  # the song itself, with a tick on every row


@dataclass(frozen=True)
class PreviewRequest:
    """What to play of a chart file.

    difficulty: of the chart, None for the hardest there is; edit: the first Edit instead
    passage: only the passage that plays while a song is chosen
    """

    mode: Mode = Mode.COVER
    difficulty: Difficulty | None = None
    edit: bool = False
    passage: bool = False
    region: Region = Region.NTSC


@dataclass(frozen=True)
class Previewed:
    """What was written. window: of the song's seconds; rows: how many of the chart's fall in it."""

    path: Path
    chart: Chart
    window: PreviewWindow
    rows: int


def check_name(out: Path, mode: Mode) -> None:
    """Raises RequestError for a file name that says no format, or one that cannot hold what is to be played."""
    suffix = out.suffix.lower()
    if suffix not in (*SOUND_SUFFIXES, *TUNE_SUFFIXES):
        raise RequestError(f"--out {out}: the format is one of {' '.join(SOUND_SUFFIXES + TUNE_SUFFIXES)}")
    if mode is Mode.MIX and suffix not in SOUND_SUFFIXES:
        raise RequestError(f"--out {out}: a chip cannot play the song itself; write {' or '.join(SOUND_SUFFIXES)}")


def write_preview(path: Path, request: PreviewRequest, out: Path, tell: Tell) -> Previewed:
    """Play a chart file into a sound file or, as a chip tune, into a file for players of such; the suffix says which.

    tell: is called with the share that is done, 0 to 1, as a sound grows
    Raises ChartError, TimingError, AudioError, RequestError or OutputError that names the file.
    """
    check_name(out, request.mode)
    data = file_content(path)
    song = parse_song(data, path)
    try:
        played = _Played.of(song, path.parent, request, steps_types(data))
        if played.music is not None and out.exists() and out.samefile(played.music):
            raise RequestError(f"--out {out} is the song's own music; it would be lost")
        make_folder(out.parent)
        if out.suffix.lower() == ".xm":  # told before all the listening
            check_fits(played.timing.shifted(-played.window.start), played.window.length)
        if request.mode is Mode.MIX:
            window = _write_sound(out, _mixed(played), 2, played.window, song, tell)
        else:
            window = played.window
            score = replace(_score(played, request.mode), title=song.title, artist=song.artist)
            _write_score(out, score, played.timing.shifted(-played.window.start), request.region, tell)
    except (ChartError, RequestError, TimingError) as error:
        raise type(error)(f"{path}: {error}") from error
    return Previewed(out, played.chart, window, len(played.rows()))


def check_link(path: Path, out: Path) -> None:
    """Raises RequestError or ChartError where a simfile cannot name a sound as what the game's menu plays."""
    if path.suffix.lower() != ".ssc":
        raise RequestError(f"{path}: only a .ssc file can name music for the menu (#PREVIEW)")
    if out.suffix.lower() not in SOUND_SUFFIXES:
        raise RequestError(f"--out {out}: the game's menu plays {' or '.join(SOUND_SUFFIXES)}")
    if out.resolve().parent != path.resolve().parent:
        raise RequestError(f"--out {out}: is not beside {path}, where the game looks for it")
    _linked(path, {"PREVIEW": out.name})


def link_preview(path: Path, made: Previewed) -> None:
    """Have a `.ssc` file name a sound as what the game's menu plays; nothing else in it changes.

    Where the passage is not that of the file, it is written too: the game plays the sound as long as it says.
    Raises ChartError or OutputError that names the file.
    """
    tags = {"PREVIEW": made.path.name}
    if read_song(path).preview != made.window:
        start, length = made.window
        tags = {"SAMPLELENGTH": f"{length:.3f}", "SAMPLESTART": f"{start:.3f}", **tags}
    write_bytes(path.resolve(), _linked(path, tags))  # behind a link the file changes, not the link


def _linked(path: Path, tags: Mapping[str, str]) -> bytes:
    """The content of a simfile with these tags set. Raises ChartError that names the file."""
    data = file_content(path)
    try:
        for name, value in tags.items():
            data = with_song_tag(data, name, value)
    except ChartError as error:
        raise ChartError(f"{path}: {error}") from error
    return data


@dataclass(frozen=True, eq=False)
class _Played:
    """A chart, and the window of its song that is played; music: None where it is not needed and not there."""

    chart: Chart
    timing: Timing
    music: Path | None
    window: PreviewWindow

    @classmethod
    def of(cls, song: Song, folder: Path, request: PreviewRequest, types: list[str]) -> "_Played":
        if request.difficulty is None and not request.edit:
            chart = hardest_chart(song, types)
        else:
            chart = chosen_chart(song, request.difficulty, types)[1]
        timing = song.timing_of(chart)
        ticks = chart.hit_ticks(timing)
        if not ticks and request.mode is not Mode.COVER:
            raise ChartError("the chart has no notes to play")
        music = _music(song, folder)
        if request.mode is Mode.STEPS:
            seconds = float(timing.seconds_at(ticks[-1])) + _BEHIND_SECONDS
        elif music is not None:
            seconds = _duration(music)
        else:
            name = song.music or "#MUSIC is empty"
            raise ChartError(f"its music is not beside it ({name}); only --mode steps can do without")
        whole = PreviewWindow(0.0, max(seconds, _BEHIND_SECONDS))
        window = _passage(song, timing, music, whole.length) if request.passage else whole
        most = LONGEST_COVER_SECONDS if request.mode is Mode.COVER else LONGEST_SECONDS
        if window.length > most:
            hours = window.length / 3600
            raise RequestError(f"lasts {hours:.1f} hours, a {request.mode} at most {most / 3600:g}; try --passage")
        return cls(chart, timing, music, window)

    def rows(self) -> list[int]:
        """Ticks of the chart's rows within the window."""
        ticks = self.chart.hit_ticks(self.timing)
        seconds = self.timing.seconds_at(ticks) - self.window.start
        return [tick for tick, second in zip(ticks, seconds, strict=True) if 0 <= second < self.window.length]


def _music(song: Song, folder: Path) -> Path | None:
    """The audio that the file names; unlike in a game, no other one in its place, which may be an earlier preview."""
    music = find_music(folder, song.music)
    other = music is not None and (not is_named(music, song.music) if song.music else music.name == song.preview_music)
    return None if other else music


def _duration(music: Path) -> float:
    """Seconds of audio. Raises AudioError."""
    stated = stated_duration(music)
    return stated if stated is not None else decode(music, _LENGTH_RATE).duration


def _passage(song: Song, timing: Timing, music: Path | None, duration: float) -> PreviewWindow:
    """The window that the file names, or where the game would not play that, one found in the music."""
    window = song.preview
    if window is not None and window.length > 0 and 0 <= window.start <= duration - _SHORTEST_PASSAGE_SECONDS:
        return window._replace(length=min(window.length, duration - window.start))
    if music is None:
        raise ChartError("names no passage (#SAMPLESTART), and there is no music beside it to find one in")
    # Imported here: they bring in torch, seconds for those whose file names a passage.
    from charter.audio.song_audio import SongAudio  # noqa: PLC0415
    from charter.model.weights import load_sections  # noqa: PLC0415
    from charter.sections.form import find_form  # noqa: PLC0415
    from charter.sections.passage import pick_passage  # noqa: PLC0415

    net = load_sections().net
    heard = SongAudio(music)
    return pick_passage(find_form(net, heard.mel(net.config.audio), heard.audio(net.config.audio), timing))


def _score(played: _Played, mode: Mode) -> Score:
    start, length = played.window
    if mode is Mode.STEPS:
        return step_score(played.chart, played.timing).between(start, start + length)
    # Imported here: it brings in torch, seconds for those who play the steps.
    from charter.arrange.cover import cover  # noqa: PLC0415

    assert played.music is not None
    from_ = max(start - _MARGIN_SECONDS, 0.0)
    audio = decode(played.music, AudioSpec().sample_rate, (from_, start + length + _MARGIN_SECONDS))
    return cover(audio, played.timing.shifted(-from_), played.chart, PreviewWindow(start - from_, length))


def _mixed(played: _Played) -> Iterator[NDArray[np.float32]]:
    """The song in blocks of (frames, 2) at RATE, a tick on every row."""
    assert played.music is not None
    start, length = (round(seconds * RATE) for seconds in played.window)
    ticks = [_tick(pitch) for pitch in _TICK_PITCHES]
    notes = {row.tick: len(row.hits) for row in played.chart.rows()}
    rows = played.rows()
    frames = np.round(played.timing.seconds_at(rows) * RATE).astype(np.int64) - start
    sounds = [Placed(int(frame), ticks[notes[row] > 1]) for frame, row in zip(frames, rows, strict=True)]
    music = (_MUSIC_GAIN * block for block in passage(stereo_blocks(played.music, RATE), start, start + length))
    return overlaid(music, sounds)


def _tick(pitch: int) -> NDArray[np.float32]:
    """What marks a row: a short note of the chip, (frames,) at RATE, its first sample where the row is."""
    score = Score(_TICK_SECONDS, pulse_1=(Tone(0.0, _TICK_SECONDS, (pitch,), _TICK),))
    sound = render(register_log(score), RATE)
    return np.asarray(sound * (_TICK_PEAK / np.abs(sound).max()), dtype=np.float32)


def _write_score(out: Path, score: Score, timing: Timing, region: Region, tell: Tell) -> None:
    suffix = out.suffix.lower()
    if suffix == ".xm":
        write_bytes(out, xm_bytes(score, timing))
    elif suffix in TUNE_SUFFIXES:
        tune = {".nsf": nsf_bytes, ".nsfe": nsfe_bytes, ".vgm": vgm_bytes}[suffix]
        write_bytes(out, tune(register_log(score, region), score.title, score.artist))
    else:
        write_chip_sound(out, score, region, tell)


def write_chip_sound(out: Path, score: Score, region: Region = Region.NTSC, tell: Tell = lambda share: None) -> None:
    """Play a score on the chip into a sound file. Raises RequestError or OutputError."""
    blocks = (_rounded(_CHIP_GAIN * block) for block in render_blocks(register_log(score, region), RATE))
    _write_sound(out, blocks, 1, PreviewWindow(0.0, score.duration), score, tell)


def _rounded(block: NDArray[np.float32]) -> NDArray[np.float32]:
    """The samples as they are up to a level, and never beyond the ceiling."""
    level, room = np.abs(block), _CEILING - _ROUND_FROM
    over = np.maximum(level - _ROUND_FROM, 0)
    return np.copysign(np.minimum(level, _ROUND_FROM) + room * np.tanh(over / room), block).astype(np.float32)


def _write_sound(
    out: Path,
    blocks: Iterable[NDArray[np.float32]],
    channels: int,
    window: PreviewWindow,
    words: Song | Score,
    tell: Tell,
) -> PreviewWindow:
    """Write a sound of about the window's length; what of the window it turned out to be."""

    def told() -> Iterator[NDArray[np.float32]]:
        done = 0
        for block in blocks:
            yield block
            done += len(block)
            tell(min(done / (window.length * RATE), 1.0))

    seconds = write_sound(out, told(), RATE, channels, title=words.title, artist=words.artist) / RATE
    # Some headers state more than there is.
    return window._replace(length=seconds) if seconds < window.length - _STATED_SECONDS else window
