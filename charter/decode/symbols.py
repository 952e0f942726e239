"""Symbols for placed rows: what the nets would write, among what two feet and the format allow."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from charter.decode.blend import Blend, Hidden
from charter.decode.chance import Chance
from charter.decode.mines import lay_mines
from charter.decode.particles import Particles
from charter.decode.placed import Listening, Placed
from charter.model.rows import NO_ROW, row_context, row_sound
from charter.model.symbols import MINE_PLACES, SymbolNet
from charter.model.vocabulary import START
from charter.notation import PANELS, Chart, Note, Timing, sorted_notes
from charter.notation.footing import annotate
from charter.notation.hit_rows import hit_rows

VERSIONS = 8  # of each chart, written side by side
_UNKNOWN = -1


@torch.inference_mode()
def write_symbols(blend: Blend, charts: Sequence[Placed], listening: Listening, *, seed: int) -> list[tuple[Note, ...]]:
    """The notes of each chart on the rows that are not fixed, in file order; the same for the same seed."""
    order = sorted(
        range(len(charts)), key=lambda chart: -len(charts[chart].ticks)
    )  # so that the end of a batch ends first
    longest_first = [charts[place] for place in order]
    with _one_thread():
        written = _written(blend, longest_first, listening, seed)
    return [notes for _, notes in sorted(zip(order, written, strict=True))]


@contextmanager
def _one_thread() -> Iterator[None]:
    """A row is too little work to share: beside other busy processes, waiting for one another costs threads tenfold."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _written(blend: Blend, charts: Sequence[Placed], listening: Listening, seed: int) -> list[tuple[Note, ...]]:
    encoded = [_encoded(net, charts, listening) for net in blend.nets]
    versions = Particles(
        charts,
        listening,
        np.stack([blend.rates(chart.difficulty) for chart in charts]),
        [Chance(seed, chart.difficulty) for chart in charts],
        count=VERSIONS,
    )
    last: Hidden | None = None
    for row in range(len(charts[0].ticks)):
        running = versions.known.running(row)
        batch = running * VERSIONS
        if last is not None and batch < len(last.parts[0]):
            last = last.keep(torch.arange(batch))
        before, echoes, held = (
            torch.from_numpy(each(row).reshape(batch, *shape))
            for each, shape in ((versions.before, ()), (versions.echoes, (-1,)), (versions.held, (-1,)))
        )
        last = blend.step([part[:running, row] for part in encoded], before, echoes, held, last)
        scores = blend.symbols(last, echoes).numpy().reshape(running, VERSIONS, -1)
        symbols = torch.from_numpy(versions.draw(row, scores).reshape(batch))
        versions.finish(row, blend.lengths(last, symbols).numpy().reshape(running, VERSIONS, -1))
        survivors = versions.survivors(row)
        if survivors is not None:
            places = np.arange(running)[:, None] * VERSIONS + survivors
            last = last.keep(torch.from_numpy(places.ravel()))
    return [_finished(blend, [part[place] for part in encoded], versions, place) for place in range(len(charts))]


def _finished(blend: Blend, encoded: Sequence[Tensor], versions: Particles, place: int) -> tuple[Note, ...]:
    """The notes of one of the versions of a chart (its place), with mines.

    It is the first, in an order drawn by weight, that asks nothing banned.
    While it is written, a version is followed along ways without banned steps; danced in the cheapest way there is, it
    may have one after all. Where every version has, the one with the fewest is taken.
    """
    fewest = math.inf
    best: tuple[Note, ...] = ()
    for version in versions.drawn(place):
        notes = _with_mines(blend, encoded, versions, (place, version))
        banned = _banned(versions.charts[place], notes, versions.listening.timing)
        if banned < fewest:
            fewest, best = banned, notes
        if not banned:
            break
    return best


def _banned(chart: Placed, notes: Sequence[Note], timing: Timing) -> int:
    """How many rows ask something banned, those that stood already included."""
    whole = Chart(chart.difficulty, 1, sorted_notes([*chart.standing, *notes]))
    danced = annotate(hit_rows(whole, timing), chart.difficulty).rows
    return sum(bool(row.techs & chart.rules.banned) for row in danced)


def _with_mines(
    blend: Blend, encoded: Sequence[Tensor], versions: Particles, place: tuple[int, int]
) -> tuple[Note, ...]:
    """The notes of a version of a chart (their places), in file order."""
    chart, chance = versions.charts[place[0]], versions.chances[place[0]]
    notes = versions.notes(*place)
    if chart.rules.mines:
        odds = _mine_odds(blend, encoded, versions, place)
        free = np.array([row not in chart.fixed for row in range(len(chart.ticks))])
        odds = np.where(free[:, None, None], odds, np.float32(-np.inf))
        steps = sorted_notes([*chart.standing, *notes])
        standing = {note.tick for note in chart.standing}
        mines = lay_mines(steps, chart.ticks, odds, versions.listening.timing, chance)
        notes += [mine for mine in mines if mine.tick not in standing]
    return sorted_notes(notes)


def _mine_odds(
    blend: Blend, encoded: Sequence[Tensor], versions: Particles, place: tuple[int, int]
) -> NDArray[np.float32]:
    """Log-odds of mines given all steps, (rows, places, panels)."""
    rows = len(versions.charts[place[0]].ticks)
    symbols = versions.symbols[place][:rows]
    known = versions.known.echoes[place[0], :rows]
    told = np.append(START, symbols[:-1]), np.where(known == NO_ROW, START, symbols[known]), versions.held_rows(*place)
    before, echoes, held = (torch.from_numpy(each)[None] for each in told)
    hidden = blend.write([part[None, :rows] for part in encoded], before, echoes, held)
    odds: NDArray[np.float32] = blend.mines(hidden, torch.from_numpy(symbols)[None])[0].numpy()
    return odds.reshape(rows, MINE_PLACES, PANELS)


def _encoded(net: SymbolNet, charts: Sequence[Placed], listening: Listening) -> Tensor:
    """What a net knows of the rows of each chart, (charts, longest, features), zeros behind a chart's end."""
    spec, timing = net.config.audio, listening.timing
    # Charts share most of their rows: what these sound like is measured once.
    every = np.unique(np.concatenate([chart.ticks for chart in charts]))
    sound = row_sound(every, timing, listening.mel(spec), spec)
    longest = max(len(chart.ticks) for chart in charts)
    encoded = [_one_encoded(net, chart, sound[np.searchsorted(every, chart.ticks)], timing) for chart in charts]
    return torch.stack([torch.nn.functional.pad(each, (0, 0, 0, longest - len(each))) for each in encoded])


def _one_encoded(net: SymbolNet, chart: Placed, sound: NDArray[np.float32], timing: Timing) -> Tensor:
    seconds = timing.seconds_at(chart.ticks[[0, -1]])
    density = len(chart.ticks) / max(float(seconds[1] - seconds[0]), 1.0)
    context, heard = (torch.from_numpy(part)[None] for part in (row_context(chart.ticks, timing), sound))
    level = _UNKNOWN if chart.difficulty is None else int(chart.difficulty)
    return net.encode(context, heard, torch.tensor([level]), torch.tensor([density]))[0]
