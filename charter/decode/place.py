"""Where the rows of every chart of a set fall: the placement net asked, its answers made into rows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from charter.audio.features import sample_steps
from charter.audio.loudness import AudibleSpan
from charter.decode.density import followed_density, plan_densities
from charter.decode.gaps import Spacing
from charter.decode.rows import candidate_ticks, choose_rows, lifted, tick_logits
from charter.decode.rules import RULES
from charter.errors import TimingError
from charter.model.grid import guide_channels
from charter.model.placement import Condition, PlacementNet, make_grid
from charter.notation import Difficulty, Timing

_OBEYED = 0.95  # a chart with less than this of the rows that it should have falls short


class PlacementInput(NamedTuple):
    """A placement net and the song that it listens to.

    mel: (frames, mels, windows), by the net's audio spec; duration: seconds of audio
    music: the part to chart; silences: (n, 2) seconds of those within it, in which nothing is played
    """

    net: PlacementNet
    mel: NDArray[np.float32]
    timing: Timing
    duration: float
    music: AudibleSpan
    silences: NDArray[np.float64]


@torch.inference_mode()
def place(song: PlacementInput, wanted: Mapping[Difficulty, float | None]) -> dict[Difficulty, NDArray[np.int64]]:
    """Ticks of the rows of each chart, easiest first.

    wanted: rows per second of each chart, or None for as many as follow the song. Raises TimingError where the timing
    leaves no tick to hit.
    """
    net, mel, timing, duration, music, silences = song
    config = net.config
    grid = make_grid(config, timing, duration)
    ticks = candidate_ticks(grid, music.start, music.end, silences)
    if len(ticks) < 2:
        raise TimingError("has no tick of its timing that can be hit; are all of its beats warped over or fake?")
    steps = torch.from_numpy(sample_steps(mel, config.audio, grid.seconds, grid.widths))
    guide = torch.from_numpy(guide_channels(grid, config.guide, config.steps_per_token))
    heard = net.listen(steps.permute(2, 0, 1)[None], guide[None])

    def scores(condition: Condition) -> NDArray[np.float32]:
        return tick_logits(net.answer(heard, condition)[0].numpy(), grid, ticks)

    levels = sorted(wanted)
    asked = {level: density for level in levels if (density := wanted[level]) is not None}
    seconds, bpm = music.end - music.start, timing.mean_bpm(music.start, music.end)
    condition = Condition(
        torch.tensor([[int(level) for level in levels]]),
        torch.tensor([[asked.get(level, math.nan) for level in levels]]),
        torch.tensor([bpm], dtype=torch.float32),
    )
    expected = 1 / (1 + np.exp(-scores(condition).astype(np.float64)))
    following = {
        level: followed_density(level, bpm, rows / seconds)
        for level, rows in zip(levels, expected.sum(axis=1).tolist(), strict=True)
    }
    plan = plan_densities(following, asked)
    # Asked again, now that every chart's density is known: which ticks a chart has depends on how many it has.
    planned = replace(condition, density=torch.tensor([list(plan.values())], dtype=torch.float32))
    counts = np.maximum(np.rint(np.array(list(plan.values())) * seconds).astype(np.int64), 2)
    times = timing.seconds_at(ticks)
    rules = [RULES[level] for level in levels]
    spacing = [Spacing(times, music.start, music.end, rule.fastest_row, rule.longest_rest) for rule in rules]
    chosen = _obeying(lifted(scores(planned), ticks), counts, spacing, np.array([level in asked for level in levels]))
    return {level: ticks[rows] for level, rows in zip(levels, chosen, strict=True)}


def _obeying(
    logits: NDArray[np.float32], counts: NDArray[np.int64], spacing: Sequence[Spacing], asked: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Rows as by `choose_rows`, but if a chart has not what is asked of it, all that fall short come faster.

    Asked to be denser than its difficulty is, a chart comes as fast as feet can, and so do those that it is a part of.
    """
    chosen = choose_rows(logits, counts, spacing)
    short = chosen.sum(axis=1) < _OBEYED * counts
    if not (short & asked).any():
        return chosen
    fastest = RULES[Difficulty.CHALLENGE].fastest_row
    faster = [
        limits._replace(closest=fastest) if is_short else limits
        for limits, is_short in zip(spacing, short, strict=True)
    ]
    return choose_rows(logits, counts, faster)
