"""Rows that wait for their steps, some of which may stand already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.audio.spec import AudioSpec
from charter.decode.rules import StepRules
from charter.model.vocabulary import STATES, encode
from charter.notation import PANELS, Difficulty, Note, Timing, paired_holds

PANEL_BITS = 1 << np.arange(PANELS)


class Fixed(NamedTuple):
    """What stands on a row already.

    symbol: its class, START where it has none (three panels or more); way: to hit it, as `feet` numbers them
    tails: by panel, the tick of the tail of each hold that starts here
    """

    symbol: int
    way: int
    tails: Mapping[int, int]


@dataclass(frozen=True, eq=False)
class Placed:
    """The rows of one chart, before it is known what stands on them.

    ticks: (rows,), rising, at least one; difficulty: None for an Edit
    standing: notes that are there already, in file order; the rows that they hit (all among ``ticks``) stay as they are
    until: no new tail stands on this tick or behind it; None where there is no such bound
    """

    difficulty: Difficulty | None
    ticks: NDArray[np.int64]
    rules: StepRules
    standing: tuple[Note, ...] = ()
    until: int | None = None

    @cached_property
    def fixed(self) -> dict[int, Fixed]:
        """The rows that stand already, by index."""
        tails: dict[int, dict[int, int]] = {}
        for head, tail in paired_holds(self.standing):
            tails.setdefault(head.tick, {})[head.panel] = tail.tick
        rows: dict[int, Fixed] = {}
        for tick, notes in groupby((note for note in self.standing if note.kind.is_hit), key=lambda note: note.tick):
            states = np.zeros(PANELS, dtype=np.int64)
            for note in notes:
                states[note.panel] = STATES.index(note.kind)
            way = int((states > 0) @ PANEL_BITS) - 1
            rows[int(np.searchsorted(self.ticks, tick))] = Fixed(int(encode(states)), way, tails.get(tick, {}))
        return rows


@dataclass(frozen=True, eq=False)
class Listening:
    """What the symbol nets hear.

    mel: log-mel frames (frames, mels, windows) of the audio by a net's spec, or None without audio
    last_tick: no tail stands behind it
    """

    timing: Timing
    mel: Callable[[AudioSpec], NDArray[np.floating] | None]
    last_tick: int
