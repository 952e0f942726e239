"""What is played as sound: a score by the chip, or the song with a tick on every row."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from charter.audio.blocks import PlacedSound, overlaid, passage
from charter.audio.decode import stereo_blocks
from charter.audio.sound_file import write_sound
from charter.notation import PreviewWindow, Song
from charter.preview.played import Played
from export.chiptune.driver import register_log
from export.chiptune.hardware import Region
from export.chiptune.render import render, render_blocks
from export.chiptune.score import Duty, Instrument, Score, Tone

RATE = 48_000
_CHIP_GAIN = 2.2  # beside mastered songs; the highest peaks, those of drums, are rounded off
_ROUND_FROM, _CEILING = 0.6, 0.9  # what is coded goes beyond what was written
_STATED_SECONDS = 0.1  # by which a header may be wrong without anyone caring
_MUSIC_GAIN = 0.5
_TICK_SECONDS, _TICK_PEAK = 0.06, 0.4
_TICK = Instrument((15, 10, 5, 2), Duty.QUARTER)
_TICK_PITCHES = (84, 91)  # of a row with one note, and of one with more

Tell = Callable[[float], None]


def write_chip_sound(out: Path, score: Score, region: Region = Region.NTSC, tell: Tell = lambda share: None) -> None:
    """Play a score on the chip into a sound file. Raises RequestError or OutputError."""
    blocks = (_rounded(_CHIP_GAIN * block) for block in render_blocks(register_log(score, region), RATE))
    _write_sound(out, blocks, 1, PreviewWindow(0.0, score.duration), score, tell)


def write_mix(out: Path, played: Played, song: Song, tell: Tell) -> PreviewWindow:
    """Write the song with a tick on every row; what of the window there turned out to be.

    Raises AudioError, RequestError or OutputError.
    """
    return _write_sound(out, _mixed(played), 2, played.window, song, tell)


def _mixed(played: Played) -> Iterator[NDArray[np.float32]]:
    """The song in blocks of (frames, 2) at RATE, a tick on every row."""
    assert played.music is not None
    start, length = (round(seconds * RATE) for seconds in played.window)
    ticks = [_tick(pitch) for pitch in _TICK_PITCHES]
    notes = {row.tick: len(row.hits) for row in played.chart.rows()}
    rows = played.rows()
    frames = np.round(played.timing.seconds_at(rows) * RATE).astype(np.int64) - start
    sounds = [PlacedSound(int(frame), ticks[notes[row] > 1]) for frame, row in zip(frames, rows, strict=True)]
    music = (_MUSIC_GAIN * block for block in passage(stereo_blocks(played.music, RATE), start, start + length))
    return overlaid(music, sounds)


def _tick(pitch: int) -> NDArray[np.float32]:
    """What marks a row: a short note of the chip, (frames,) at RATE, its first sample where the row is."""
    score = Score(_TICK_SECONDS, pulse_1=(Tone(0.0, _TICK_SECONDS, (pitch,), _TICK),))
    sound = render(register_log(score), RATE)
    return np.asarray(sound * (_TICK_PEAK / np.abs(sound).max()), dtype=np.float32)


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
