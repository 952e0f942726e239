"""Songs of other rhythm games, in one neutral form: `chart.json` beside the audio, in a folder each.

A chart.json holds, of what is read here, ``bpms`` as [[seconds, bpm], …], ``offset_s`` (seconds of beat 0),
``sync_lag_ms`` (to add to its times for those of the audio) and ``charts``, each with ``notes`` as
[[seconds, lane, length], …]. Only when a note falls is of use to us: lanes and names of difficulties mean something
else in every game.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from charter.errors import ChartError, TimingError
from charter.notation import TICKS_PER_BEAT, Tempo, Timing
from export.stepmania.music import audio_beside

CHART_NAME = "chart.json"
ONE_ROW_SECONDS = 0.004  # notes no further apart are one row
# A row is taken to be meant on the nearest of 24 steps to the beat if it lies this near to it ...
_SNAP_TICKS = 2
_SNAP_SECONDS = 0.005
# ... and a chart is taken if as many of its rows are.
_LEAST_ON_GRID = 0.8
_LONGEST_SECONDS = 1e6  # of a song


@dataclass(frozen=True, eq=False)
class GameSong:
    """A song of another game.

    timing: of the audio; rhythms: ticks of each chart's rows, sparsest chart first, no two the same
    """

    id: str
    audio: Path
    timing: Timing
    rhythms: tuple[NDArray[np.int64], ...]


def game_songs(folder: Path) -> Iterator[GameSong]:
    """Every song below a folder, in order of their names. Raises ChartError or TimingError that names the file."""
    charts = sorted(folder.glob(f"*/{CHART_NAME}"))
    if not charts:
        raise ChartError(f"{folder}: holds no song of another game (a folder each, with {CHART_NAME} and its audio)")
    for chart in charts:
        audio = audio_beside(chart.parent)
        if len(audio) != 1:
            raise ChartError(f"{chart.parent}: holds {len(audio)} audio files; a song has one")
        yield GameSong(chart.parent.name, audio[0], *_read(chart))


def _read(path: Path) -> tuple[Timing, tuple[NDArray[np.int64], ...]]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        timing, lag = _timing(values), float(values["sync_lag_ms"]) / 1000
        written = (np.array([note[0] for note in chart["notes"]], dtype=float) + lag for chart in values["charts"])
        found = [rhythm for seconds in written if (rhythm := on_grid(seconds, timing)) is not None]
        distinct = {rhythm.tobytes(): rhythm for rhythm in found}
        return timing, tuple(sorted(distinct.values(), key=len))
    except OSError as error:
        raise ChartError(f"{path}: cannot be read ({error.strerror or error})") from error
    except TimingError as error:
        raise TimingError(f"{path}: {error}") from error
    except (ValueError, KeyError, TypeError, IndexError, ArithmeticError, RecursionError) as error:
        raise ChartError(f"{path}: is no chart in the neutral form ({error!r})") from error


def _timing(values: dict[str, Any]) -> Timing:
    offset, lag = float(values["offset_s"]), float(values["sync_lag_ms"]) / 1000
    changes: Sequence[tuple[float, float]] = [(float(second), float(bpm)) for second, bpm in values["bpms"]]
    tempos: list[Tempo] = []
    tick, start = 0, offset
    for number, (_, bpm) in enumerate(changes):
        if number + 1 == len(changes):
            tempos.append(Tempo(tick, bpm))
            break
        # A change lies on a tick; the tempo before it is bent by what rounding moved it, so that seconds stay exact.
        end = changes[number + 1][0]
        ticks = round((end - start) * bpm / 60 * TICKS_PER_BEAT)
        if ticks > 0:
            tempos.append(Tempo(tick, ticks / TICKS_PER_BEAT * 60 / (end - start)))
            tick, start = tick + ticks, end
    return Timing(tuple(tempos), offset=-(offset + lag))


def on_grid(seconds: ArrayLike, timing: Timing) -> NDArray[np.int64] | None:
    """Ticks of the rows that notes at ``seconds`` of the audio, (notes,), stand for: (rows,), rising.

    Notes before beat 0 are left out. None where the notes follow another grid than the timing's, or there are none.
    Raises ValueError for a time that is no number.
    """
    notes = np.unique(np.asarray(seconds, dtype=np.float64))
    if not (np.abs(notes) <= _LONGEST_SECONDS).all():
        raise ValueError("a note at no time")
    rows = notes[np.diff(notes, prepend=-np.inf) > ONE_ROW_SECONDS]
    rows = rows[timing.ticks_at(rows) > -_SNAP_TICKS / 2]
    ticks = np.rint(timing.ticks_at(rows) / _SNAP_TICKS).astype(np.int64) * _SNAP_TICKS
    near = np.abs(timing.seconds_at(ticks) - rows) <= _SNAP_SECONDS
    if not rows.size or near.mean() < _LEAST_ON_GRID:
        return None
    return np.unique(ticks[near])
