"""One song in other guises: files of the same music as someone else may have them, and how far their charts differ."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

from charter.audio.decode import stereo_blocks
from charter.audio.sound_file import write_sound
from charter.generate import Generated
from charter.notation import Chart, Difficulty, NoteKind

RATE = 44_100
LATER_SECONDS = 0.1
BESIDE_SECONDS = 0.037  # no whole number of the frames of anything
FASTER = 101, 100
_BLOCK = 1 << 16

Samples = NDArray[np.float32]  # (frames, channels)


def samples_of(song: Path) -> Samples:
    """The song in stereo, at `RATE`."""
    return np.concatenate(list(stereo_blocks(song, RATE)))


def _later(samples: Samples, seconds: float) -> Samples:
    return np.concatenate([np.zeros((round(seconds * RATE), samples.shape[1]), np.float32), samples])


def _faster(samples: Samples) -> Samples:
    return np.asarray(resample_poly(samples, FASTER[1], FASTER[0]), dtype=np.float32)


# Each takes the samples and gives those of the guise.
CHANGED: dict[str, Callable[[Samples], Samples]] = {
    "as it is": lambda samples: samples,
    "100 ms later": partial(_later, seconds=LATER_SECONDS),
    "37 ms later": partial(_later, seconds=BESIDE_SECONDS),
    "6 dB softer": lambda samples: samples / 2,
    "mono": lambda samples: samples.mean(axis=1, keepdims=True),
    "1 % faster": _faster,
    "twice": lambda samples: np.concatenate([samples, samples]),
}
CODED = {"as mp3": ".mp3", "as ogg": ".ogg"}
GUISES = (*CHANGED, *CODED)


def write_guise(name: str, samples: Samples, folder: Path) -> Path:
    """A song's samples in the guise of a name of `GUISES`, as a file in a folder."""
    path = folder / f"{name}{CODED.get(name, '.wav')}"
    changed = samples if name in CODED else CHANGED[name](samples)
    if path.suffix == ".ogg":
        write_sound(path, [changed], RATE, changed.shape[1])
        return path
    coding = "FLOAT" if path.suffix == ".wav" else None
    with soundfile.SoundFile(path, "w", RATE, changed.shape[1], coding) as file:
        for start in range(0, len(changed), _BLOCK):
            file.write(changed[start : start + _BLOCK])
    return path


Rows = dict[int, frozenset[tuple[int, NoteKind]]]  # what is hit, by tick


@dataclass(frozen=True)
class Apart:
    """How far two charts of one difficulty lie apart.

    elsewhere: how many rows of the one that has more the other has not on the same tick; rows: how many it has
    differing: on how many of the rows that both have the steps are not the same; shared: how many both have
    """

    elsewhere: int
    rows: int
    differing: int
    shared: int


def apart(one: Generated, other: Generated) -> dict[Difficulty, Apart]:
    """By difficulty."""
    others = {chart.difficulty: _rows(chart) for chart in other.song.charts}
    return {
        chart.difficulty: _apart(_rows(chart), others[chart.difficulty])
        for chart in one.song.charts
        if chart.difficulty is not None
    }


def rows_elsewhere(one: Generated, other: Generated) -> float:
    """The share of the rows of the whole set that the other has not on the same tick."""
    pairs = apart(one, other).values()
    return sum(pair.elsewhere for pair in pairs) / sum(pair.rows for pair in pairs)


def _rows(chart: Chart) -> Rows:
    rows: dict[int, set[tuple[int, NoteKind]]] = {}
    for note in chart.notes:
        if note.kind.is_hit:
            rows.setdefault(note.tick, set()).add((note.panel, note.kind))
    return {tick: frozenset(hits) for tick, hits in rows.items()}


def _apart(one: Rows, other: Rows) -> Apart:
    both = one.keys() & other.keys()
    most = max(len(one), len(other))
    return Apart(most - len(both), most, sum(one[tick] != other[tick] for tick in both), len(both))
