"""Symbols for placed rows: the net's scores, drawn with a seed, among what two feet and the format allow."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from charter.audio.spec import AudioSpec
from charter.decode.feet import AlternatingFeet
from charter.decode.rules import RULES
from charter.model.rows import row_features
from charter.model.symbols import MINE_PLACES, SymbolNet
from charter.model.vocabulary import LENGTHS, START, STATES, SYMBOLS, decode
from charter.notation import PANELS, Difficulty, Note, NoteKind, Timing, sorted_notes

_PANELS_OF = decode(np.arange(SYMBOLS))  # (symbols, panels) states
_HIT = _PANELS_OF > 0
_HITS = _HIT.sum(axis=1)
_HOLDS = np.asarray((_PANELS_OF > 1).any(axis=1))
# One line per kind of symbol: so many panels hit, with a hold or roll among them or without.
_KINDS = np.array([(hits == _HITS) & (holds == _HOLDS) for hits in range(PANELS + 1) for holds in (False, True)])
_FEET = 2
_SHORTEST_GAP_TICKS = 6  # between a tail and the next note on its panel
_MINE_CLEARANCE = 0.2  # seconds between a mine and a step on its panel


@dataclass(frozen=True, eq=False)
class Placed:
    """The rows of one chart, before it is known what stands on them. ticks: (rows,), rising, at least one."""

    difficulty: Difficulty
    ticks: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Listening:
    """What the symbol net hears. mel: (frames, mels, windows) of the audio; last_tick: no tail stands behind it."""

    timing: Timing
    mel: NDArray[np.floating]
    spec: AudioSpec
    last_tick: int


@torch.inference_mode()
def write_symbols(
    net: SymbolNet, charts: list[Placed], listening: Listening, *, seed: int, temperature: float = 0.7
) -> list[tuple[Note, ...]]:
    """The notes of each chart, in file order; the same for the same seed.

    temperature: below 1 the likelier symbols are drawn more often than the net says
    """
    encoded = [_encoded(net, chart, listening) for chart in charts]
    writers = [_Writer(chart, listening, seed, temperature) for chart in charts]
    longest = max(len(chart.ticks) for chart in charts)
    batch = torch.stack([torch.nn.functional.pad(each, (0, 0, 0, longest - len(each))) for each in encoded])
    state = None
    for row in range(longest):
        before = torch.tensor([[writer.before] for writer in writers])
        held = torch.from_numpy(np.array([writer.held(row) for writer in writers], dtype=np.float32))
        hidden, state = net.write(batch[:, row : row + 1], before, held[:, None], state)
        logits = torch.log_softmax(net.symbol(hidden[:, 0]), dim=1).numpy()
        symbols = [writer.draw(row, scores) for writer, scores in zip(writers, logits, strict=True)]
        given = net.scores(hidden[:, 0], torch.tensor(symbols))
        for writer, lengths, mines in zip(writers, given.length.numpy(), given.mines.numpy(), strict=True):
            writer.finish(row, lengths, mines.reshape(MINE_PLACES, PANELS))
    return [sorted_notes([*writer.notes, *writer.mines]) for writer in writers]


def _sharpened(scores: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Log-probabilities (symbols,), -inf where forbidden, sharper by 1 / temperature within each kind of symbol.

    Kinds (single or jump, with a hold or without) keep their share: sharpened all at once, what is rare in human
    charts, as jumps and holds are, would become much rarer still.
    """
    of_kind = np.where(_KINDS, scores, -np.inf)  # (kinds, symbols)
    shares = np.logaddexp.reduce(of_kind, axis=1)
    within = np.logaddexp.reduce(of_kind / temperature, axis=1)
    possible = np.isfinite(shares)
    kind = _KINDS[possible].argmax(axis=0)
    sharper = scores / temperature + (shares[possible] - within[possible])[kind]  # elsewhere both are -inf
    return np.asarray(np.where(np.isfinite(scores), sharper, -np.inf))


def _encoded(net: SymbolNet, chart: Placed, listening: Listening) -> Tensor:
    features = row_features(chart.ticks, listening.timing, listening.mel, listening.spec)
    seconds = listening.timing.seconds_at(chart.ticks[[0, -1]])
    density = len(chart.ticks) / max(float(seconds[1] - seconds[0]), 1.0)
    context, sound = (torch.from_numpy(part)[None] for part in (features.context, features.sound))
    return net.encode(context, sound, torch.tensor([int(chart.difficulty)]), torch.tensor([density]))[0]


class _Writer:
    """One chart as it is written, row by row. Rows past its end are passed over, so that charts share a batch."""

    def __init__(self, chart: Placed, listening: Listening, seed: int, temperature: float) -> None:
        self.chart, self.listening, self.temperature = chart, listening, temperature
        self.seconds = listening.timing.seconds_at(chart.ticks)
        self.rules = RULES[chart.difficulty]
        self.rng = np.random.default_rng([seed, int(chart.difficulty)])
        self.feet = AlternatingFeet()
        self.before: int = START
        self.tails = np.full(PANELS, -1, dtype=np.int64)  # tick of each panel's last tail
        self.last_hit = np.full(PANELS, -np.inf)  # seconds
        self.notes: list[Note] = []
        self.mines: dict[Note, float] = {}  # with their seconds

    def held(self, row: int) -> NDArray[np.bool_]:
        """The panels held through a row, (panels,)."""
        if row >= len(self.chart.ticks):
            return np.zeros(PANELS, dtype=np.bool_)
        return np.asarray(self.tails > self.chart.ticks[row])

    def draw(self, row: int, scores: NDArray[np.float32]) -> int:
        """A symbol for a row, from log-probabilities (symbols,)."""
        if row >= len(self.chart.ticks):
            return START
        noise = self.rng.gumbel(size=SYMBOLS)
        crosses = (_HITS == 1) & (_HIT & self.feet.crossing()).any(axis=1)
        costs = np.where(crosses, self.rules.crossover_cost, 0.0)
        weighed = np.where(self._allowed(row), scores - costs, -np.inf)
        if not np.isfinite(weighed.max()):  # the rules of taste left nothing
            weighed = np.where(self._slowest_jack(row, crosses), scores, -np.inf)
        self.before = int((_sharpened(weighed, self.temperature) + noise).argmax())
        return self.before

    def _possible(self, row: int) -> NDArray[np.bool_]:
        """Symbols that the format and two feet allow: one or two panels, none of them held, no third foot.

        There is always one: `_tail` leaves a foot for the next row.
        """
        tick = self.chart.ticks[row]
        held = int((self.tails >= tick).sum())  # the game counts a hold through its tail
        free = (self.tails + _SHORTEST_GAP_TICKS <= tick) | (self.tails < 0)
        return np.asarray((_HITS > 0) & (_HITS + held <= _FEET) & ~(_HIT & ~free).any(axis=1))

    def _allowed(self, row: int) -> NDArray[np.bool_]:
        """Of the possible symbols those that the difficulty's rules allow."""
        now = self.seconds[row]
        gaps = np.diff(self.seconds[max(row - 1, 0) : row + 2])
        recent = now - self.last_hit < self.rules.fastest_jack
        allowed = np.asarray(self._possible(row) & ~(_HIT & recent).any(axis=1))
        if gaps.size and gaps.min() < self.rules.fastest_jump:
            allowed &= _HITS == 1
        return np.asarray(allowed)

    def _slowest_jack(self, row: int, crosses: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Of the possible symbols those on the panel left alone the longest; a crossover only if there is no other."""
        single = self._possible(row) & (_HITS == 1)
        uncrossed = single & ~crosses
        choices = uncrossed if uncrossed.any() else single
        last_hit = np.where(_HIT, self.last_hit, np.inf).min(axis=1)
        return np.asarray(choices & (last_hit == last_hit[choices].min()))

    def finish(self, row: int, lengths: NDArray[np.float32], mines: NDArray[np.float32]) -> None:
        """Write the drawn symbol's notes: its taps and heads, the tails of its holds, and mines."""
        if row >= len(self.chart.ticks):
            return
        tick = int(self.chart.ticks[row])
        panels = np.flatnonzero(_HIT[self.before])
        still_held = bool(self.held(row).any())
        self._clear_mines(row, panels)
        tail = self._tail(row, lengths) if bool(_HOLDS[self.before]) else None
        hold = None
        for panel in panels:
            kind = STATES[_PANELS_OF[self.before, panel]]
            if kind is None or (kind is not NoteKind.TAP and tail is None):
                kind = NoteKind.TAP
            self.notes.append(Note(tick, int(panel), kind))
            self.last_hit[panel] = self.seconds[row]
            if kind is not NoteKind.TAP and tail is not None:
                hold = int(panel)
                self.tails[panel] = tail
                self.last_hit[panel] = float(self.listening.timing.seconds_at(tail))
                self.notes.append(Note(tail, int(panel), NoteKind.TAIL))
        self.feet.step([int(panel) for panel in panels], hold=hold, still_held=still_held)
        if self.rules.mines:
            self._lay_mines(row, mines)

    def _tail(self, row: int, lengths: NDArray[np.float32]) -> int | None:
        """A tail for the row's heads, or None where there is no room for one: a foot has to be free on the next row."""
        tick, last = int(self.chart.ticks[row]), self.listening.last_tick
        if row + 1 < len(self.chart.ticks):
            following = int(self.chart.ticks[row + 1])
            heads = int((_PANELS_OF[self.before] > 1).sum())
            if heads + int((self.tails >= following).sum()) >= _FEET:
                last = min(last, following - 1)
        lasts = self.listening.timing.seconds_at(tick + LENGTHS) - self.seconds[row]
        fits = (tick + LENGTHS <= last) & (lasts >= self.rules.shortest_hold)
        if not fits.any():
            return None
        noise = self.rng.gumbel(size=len(LENGTHS))
        return tick + int(LENGTHS[int(np.argmax(np.where(fits, lengths / self.temperature + noise, -np.inf)))])

    def _lay_mines(self, row: int, mines: NDArray[np.float32]) -> None:
        """Draw mines on the row and halfway to the next; none on a hold, none just after a step on its panel."""
        drawn = self.rng.random(mines.shape) < 1 / (1 + np.exp(-mines))
        ticks = [int(self.chart.ticks[row])]
        if row + 1 < len(self.chart.ticks):
            ticks.append((ticks[0] + int(self.chart.ticks[row + 1])) // 2)
        for place, panel in zip(*np.nonzero(drawn[: len(ticks)]), strict=True):
            tick = ticks[place]
            at = float(self.listening.timing.seconds_at(tick))
            if self.tails[panel] < tick and abs(at - self.last_hit[panel]) >= _MINE_CLEARANCE:
                self.mines[Note(tick, int(panel), NoteKind.MINE)] = at

    def _clear_mines(self, row: int, stepped: NDArray[np.int64]) -> None:
        """Take away the mines that a step on their panel follows too soon."""
        since = self.seconds[row] - _MINE_CLEARANCE
        self.mines = {mine: at for mine, at in self.mines.items() if at <= since or mine.panel not in stepped}
