"""Human charts as symbol examples: rows, what stands on them, and what is held through them."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from charter.audio.spec import AudioSpec
from charter.model.rows import NO_ROW, RowFeatures, echoes, row_features
from charter.model.symbols import LOWEST_RATE, MINE_PLACES, RATED_KINDS
from charter.model.vocabulary import MOST_HITS, START, STATES, SYMMETRIES, TURNED, decode, encode, length_class
from charter.notation import PANELS, Chart, Difficulty, NoteKind, Timing

NO_LENGTH = -100  # rows without a hold or roll: cross-entropy ignores this class


@dataclass(frozen=True, eq=False)
class SymbolExample:
    """One chart.

    symbols: (rows,) classes; echoes: (rows, len(ECHO_MEASURES)) those of the rows measures before, START for none
    lengths: (rows,) index into LENGTHS, or NO_LENGTH; held: (rows, panels)
    mines: (rows, places, panels); difficulty: 0..4; density: rows per second from the first row to the last
    """

    name: str
    features: RowFeatures
    symbols: NDArray[np.int64]
    echoes: NDArray[np.int64]
    lengths: NDArray[np.int64]
    held: NDArray[np.float32]
    mines: NDArray[np.float32]
    difficulty: int
    density: float


def symbol_example(
    name: str,
    difficulty: Difficulty,
    chart: Chart,
    timing: Timing,
    listening: tuple[NDArray[np.floating] | None, AudioSpec],
) -> SymbolExample | None:
    """The example of one chart, or None for fewer than two rows.

    Rows of three or four panels (hands) lose their last panels: no generated chart asks for a third foot.
    listening: the audio's log-mel frames, or None for a chart without audio; and their spec
    """
    ticks = np.array(sorted({note.tick for note in chart.notes if note.kind.is_hit}), dtype=np.int64)
    if len(ticks) < 2:
        return None
    place = {int(tick): row for row, tick in enumerate(ticks)}
    states = np.zeros((len(ticks), PANELS), dtype=np.int64)
    held = np.zeros((len(ticks), PANELS), dtype=np.float32)
    lengths = np.full(len(ticks), NO_LENGTH, dtype=np.int64)
    mines = np.zeros((len(ticks), MINE_PLACES, PANELS), dtype=np.float32)
    heads: dict[int, int] = {}
    for note in chart.notes:
        if note.kind.is_hit:
            row = place[note.tick]
            if (states[row] > 0).sum() == MOST_HITS:
                continue
            states[row, note.panel] = STATES.index(note.kind)
            if note.kind is not NoteKind.TAP:
                heads[note.panel] = note.tick
        elif note.kind is NoteKind.TAIL and note.panel in heads:
            head = heads.pop(note.panel)
            lengths[place[head]] = length_class(np.array(note.tick - head))
            held[(ticks > head) & (ticks < note.tick), note.panel] = 1.0
        elif note.kind is NoteKind.MINE:
            row = bisect_right(ticks, note.tick) - 1
            if row >= 0:
                mines[row, int(note.tick != ticks[row]), note.panel] = 1.0
    seconds = timing.seconds_at(ticks[[0, -1]])
    mel, spec = listening
    symbols = encode(states)
    before = echoes(ticks)
    return SymbolExample(
        name=name,
        features=row_features(ticks, timing, mel, spec),
        symbols=symbols,
        echoes=np.where(before == NO_ROW, START, symbols[before]),
        lengths=lengths,
        held=held,
        mines=mines,
        difficulty=int(difficulty),
        density=len(ticks) / max(float(seconds[1] - seconds[0]), 1.0),
    )


def usual_rates(examples: Iterable[SymbolExample]) -> NDArray[np.float64]:
    """The shares of rows of each kind that is rated, by difficulty and in all, (difficulties + 1, RATED_KINDS).

    A difficulty without rows has those of all.
    """
    counts = np.zeros((len(Difficulty) + 1, RATED_KINDS))
    rows = np.zeros((len(Difficulty) + 1, 1))
    for example in examples:
        states, held = decode(example.symbols), example.held.any(axis=1)
        jumps = (states > 0).sum(axis=1) > 1
        rolls = (states == STATES.index(NoteKind.ROLL)).any(axis=1)
        heads = (states > 1).any(axis=1)
        kinds = np.stack([jumps & ~held, heads & ~rolls, rolls, jumps & held], axis=1).sum(axis=0)
        for line in (example.difficulty, len(Difficulty)):
            counts[line] += kinds
            rows[line] += len(states)
    counts, rows = np.where(rows > 0, counts, counts[-1]), np.where(rows > 0, rows, rows[-1])
    return np.asarray(np.maximum(counts / np.maximum(rows, 1), LOWEST_RATE))


def turned(example: SymbolExample, symmetry: int) -> SymbolExample:
    """The same steps with the pad mirrored: left and right, up and down, or both (see SYMMETRIES)."""
    # Every symmetry here is its own inverse, so reading panel p from its image moves it there.
    panels = list(SYMMETRIES[symmetry])
    return replace(
        example,
        symbols=TURNED[symmetry][example.symbols],
        echoes=TURNED[symmetry][example.echoes],
        held=example.held[:, panels],
        mines=example.mines[..., panels],
    )
