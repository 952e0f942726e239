"""What the symbol net is told of each placed row: its rhythm, its place in the measure, its sound, its echoes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from charter.audio.features import sample_steps
from charter.audio.spec import AudioSpec
from charter.model.grid import PHRASE_MEASURES
from charter.notation import TICKS_PER_BEAT, TICKS_PER_MEASURE, Timing

# Denominators of a beat by which a row is told apart: 4th, 8th, 12th, 16th, 24th, and finer.
_SNAPS = (1, 2, 3, 4, 6)
SIXTEENTHS = 16
CONTEXT_SIZE = 4 + len(_SNAPS) + 1 + SIXTEENTHS + PHRASE_MEASURES + 1
# Columns of the context: log2 of the gaps to the row before and behind (in beats, then in seconds), and the sixteenth
# of the measure as one-hot.
GAPS = slice(0, 4)
IN_MEASURE = slice(GAPS.stop + len(_SNAPS) + 1, GAPS.stop + len(_SNAPS) + 1 + SIXTEENTHS)

# Where the sound around a row is read, as (middle, width) in seconds from the row: the attack, and what follows it,
# since a hold is a sound that lasts.
LISTENS = ((-0.06, 0.04), (0.0, 0.04), (0.05, 0.06), (0.15, 0.14), (0.4, 0.36))
BANDS_POOLED = 4

# Where a row's echoes are looked for: so many measures before it. Music repeats by these, and so do charts.
ECHO_MEASURES = (1, 2, 4, 8, 16)
NO_ROW = -1


@dataclass(frozen=True, eq=False)
class RowFeatures:
    """Of the rows of one chart.

    context: (rows, CONTEXT_SIZE); sound: (rows, sound_size(spec)), zeros where there is no audio
    """

    context: NDArray[np.float32]
    sound: NDArray[np.float32]


def sound_size(spec: AudioSpec) -> int:
    """Numbers that describe the sound around a row."""
    return len(LISTENS) * (spec.mels // BANDS_POOLED) * len(spec.windows)


def row_features(
    ticks: NDArray[np.int64], timing: Timing, mel: NDArray[np.floating] | None, spec: AudioSpec
) -> RowFeatures:
    """The features of rows at ``ticks`` (rows,), rising; mel: (frames, mels, windows) of the audio, or None."""
    return RowFeatures(row_context(ticks, timing), row_sound(ticks, timing, mel, spec))


def row_sound(
    ticks: NDArray[np.int64], timing: Timing, mel: NDArray[np.floating] | None, spec: AudioSpec
) -> NDArray[np.float32]:
    """As `RowFeatures.sound`; each row's depends on its own tick alone."""
    if mel is None:
        return np.zeros((len(ticks), sound_size(spec)), dtype=np.float32)
    middles, widths = np.array(LISTENS).T
    at = (timing.seconds_at(ticks)[:, None] + middles).ravel()
    heard = sample_steps(mel, spec, at, np.tile(widths, len(ticks)))  # (rows * listens, mels, windows)
    pooled = heard.reshape(len(at), -1, BANDS_POOLED, heard.shape[2]).mean(axis=2)
    return np.asarray(pooled.reshape(len(ticks), -1))


def echoes(ticks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows that stand `ECHO_MEASURES` before each row, (rows, len(ECHO_MEASURES)), or NO_ROW; ticks: rising."""
    sought = ticks[:, None] - np.array(ECHO_MEASURES) * TICKS_PER_MEASURE
    place = np.searchsorted(ticks, sought)
    return np.where(ticks[np.minimum(place, len(ticks) - 1)] == sought, place, NO_ROW)


def row_context(ticks: NDArray[np.int64], timing: Timing) -> NDArray[np.float32]:
    """As `RowFeatures.context`, of all the rows of a chart."""
    seconds = timing.seconds_at(ticks)
    context = np.zeros((len(ticks), CONTEXT_SIZE), dtype=np.float32)
    if not len(ticks):
        return context
    far_ticks, far_seconds = TICKS_PER_MEASURE * 2, 4.0
    tick_gaps = np.clip(np.diff(ticks, prepend=ticks[0] - far_ticks, append=ticks[-1] + far_ticks), 1, far_ticks)
    second_gaps = np.clip(
        np.diff(seconds, prepend=seconds[0] - far_seconds, append=seconds[-1] + far_seconds), 0.02, far_seconds
    )
    context[:, 0] = np.log2(tick_gaps[:-1] / TICKS_PER_BEAT)
    context[:, 1] = np.log2(tick_gaps[1:] / TICKS_PER_BEAT)
    context[:, 2] = np.log2(second_gaps[:-1] / 0.25)
    context[:, 3] = np.log2(second_gaps[1:] / 0.25)
    rows = np.arange(len(ticks))
    denominators = TICKS_PER_BEAT // np.gcd(ticks, TICKS_PER_BEAT)
    snaps = np.array([_SNAPS.index(d) if d in _SNAPS else len(_SNAPS) for d in denominators])
    context[rows, GAPS.stop + snaps] = 1.0
    context[rows, IN_MEASURE.start + ticks // (TICKS_PER_MEASURE // SIXTEENTHS) % SIXTEENTHS] = 1.0
    context[rows, IN_MEASURE.stop + ticks // TICKS_PER_MEASURE % PHRASE_MEASURES] = 1.0
    context[:, -1] = np.log2(np.clip(timing.bpm_at(ticks), 30, 600) / 140)
    return context
