"""Where the rows of every chart of a set fall: the placement net asked, its answers made into rows.

The net listens to a song once; what it heard is cheap to ask again. So a meter can be met: charts are placed, their
meters estimated, and their densities corrected, until the meters are those asked for.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, Self

import numpy as np
import torch
from numpy.typing import NDArray

from charter.audio.features import sample_steps
from charter.audio.loudness import AudibleSpan
from charter.decode.density import followed_density, plan_densities
from charter.decode.gaps import Spacing
from charter.decode.meter import denser, density_of_meter, estimated_meter
from charter.decode.rows import candidate_ticks, choose_rows, lifted, tick_logits
from charter.decode.rules import RULES, StepRules
from charter.errors import TimingError
from charter.model.grid import Grid, guide_channels
from charter.model.placement import Condition, PlacementNet, make_grid
from charter.notation import Difficulty, Timing

_OBEYED = 0.95  # a chart with less than this of the rows that it should have falls short
_ROUNDS = 6  # of placing charts whose meters are asked for
_MET = 0.25  # a meter estimated no further off is the one asked for

_NO_METERS: Mapping[Difficulty, int] = MappingProxyType({})


class PlacementInput(NamedTuple):
    """A placement net and the song that it listens to.

    mel: (frames, mels, windows), by the net's audio spec; duration: seconds of audio
    music: the part to chart; silences: (n, 2) seconds of those within it, in which nothing is played
    rules: what charts of each difficulty may ask of two feet
    """

    net: PlacementNet
    mel: NDArray[np.float32]
    timing: Timing
    duration: float
    music: AudibleSpan
    silences: NDArray[np.float64]
    rules: Mapping[Difficulty, StepRules] = RULES


@dataclass(frozen=True, eq=False)
class HeardSong:
    """What the net has heard of a song, and the ticks that charts of it may hit.

    heard: as `PlacementNet.listen` gives it; ticks: (ticks,); times: their seconds
    music: the part to chart; bpm: its mean tempo; rules: of each difficulty
    """

    net: PlacementNet
    heard: torch.Tensor
    grid: Grid
    ticks: NDArray[np.int64]
    times: NDArray[np.float64]
    music: AudibleSpan
    bpm: float
    rules: Mapping[Difficulty, StepRules]

    @classmethod
    @torch.inference_mode()
    def listen(cls, song: PlacementInput) -> Self:
        """Have the net listen to a song. Raises TimingError where its timing leaves no tick to hit."""
        net, mel, timing, duration, music, silences, rules = song
        config = net.config
        grid = make_grid(config, timing, duration)
        ticks = candidate_ticks(grid, music.start, music.end, silences)
        if len(ticks) < 2:
            raise TimingError("has no tick of its timing that can be hit; are all of its beats warped over or fake?")
        steps = torch.from_numpy(sample_steps(mel, config.audio, grid.seconds, grid.widths))
        guide = torch.from_numpy(guide_channels(grid, config.guide, config.steps_per_token))
        heard = net.listen(steps.permute(2, 0, 1)[None], guide[None])
        bpm = timing.mean_bpm(music.start, music.end)
        return cls(net, heard, grid, ticks, timing.seconds_at(ticks), music, bpm, rules)

    @property
    def seconds(self) -> float:
        """How long the music is."""
        return self.music.end - self.music.start

    def following(self, levels: Sequence[Difficulty], asked: Mapping[Difficulty, float]) -> dict[Difficulty, float]:
        """Rows per second of charts that follow the song; ``asked``: those of the charts that need not."""
        logits = self.logits(levels, [asked.get(level, math.nan) for level in levels])
        expected = (1 / (1 + np.exp(-logits.astype(np.float64)))).sum(axis=1)
        return {
            level: followed_density(level, self.bpm, rows / self.seconds)
            for level, rows in zip(levels, expected.tolist(), strict=True)
        }

    def rows(self, plan: Mapping[Difficulty, float], asked: Mapping[Difficulty, float]) -> NDArray[np.bool_]:
        """The ticks that each chart hits, (charts, ticks).

        plan: rows per second of each chart, easiest first; asked: those that must be met
        """
        densities = list(plan.values())
        counts = np.maximum(np.rint(np.array(densities) * self.seconds).astype(np.int64), 2)
        rules = [self.rules[level] for level in plan]
        spacing = [
            Spacing(self.times, self.music.start, self.music.end, rule.fastest_row, rule.longest_rest) for rule in rules
        ]
        # The net is told every chart's density: which ticks a chart has depends on how many it has.
        logits = lifted(self.logits(list(plan), densities), self.ticks)
        fastest = self.rules[Difficulty.CHALLENGE].fastest_row
        return _obeying(logits, counts, spacing, np.array([level in asked for level in plan]), fastest)

    @torch.inference_mode()
    def logits(self, levels: Sequence[Difficulty], densities: Sequence[float]) -> NDArray[np.float32]:
        """The net's logits of a row on each tick in charts of these densities (NaN: not told), (charts, ticks)."""
        condition = Condition(
            torch.tensor([[int(level) for level in levels]]),
            torch.tensor([densities], dtype=torch.float32),
            torch.tensor([self.bpm], dtype=torch.float32),
        )
        return tick_logits(self.net.answer(self.heard, condition)[0].numpy(), self.grid, self.ticks)


def place(
    song: PlacementInput,
    wanted: Mapping[Difficulty, float | None],
    meters: Mapping[Difficulty, int] = _NO_METERS,
) -> dict[Difficulty, NDArray[np.int64]]:
    """Ticks of the rows of each chart, easiest first.

    wanted: rows per second of each chart, or None for as many as follow the song; meters: of charts that are to have as
    many as make that meter. Raises TimingError where the timing leaves no tick to hit, RequestError for a meter off the
    scale.
    """
    levels = sorted(wanted)
    densities = {level: density for level in levels if (density := wanted[level]) is not None}
    guesses = {level: density_of_meter(meter) for level, meter in meters.items()}
    heard = HeardSong.listen(song)
    following = heard.following(levels, guesses | densities)
    nearest, chosen = math.inf, np.zeros((len(levels), len(heard.ticks)), dtype=np.bool_)
    for _ in range(_ROUNDS):
        # A density that is asked for stands; those found for meters lie around it.
        asked = plan_densities(guesses | densities, densities)
        rows = heard.rows(plan_densities(following, asked), asked)
        times = {level: heard.times[rows[levels.index(level)]] for level in meters}
        off = max((abs(estimated_meter(times[level]) - meter) for level, meter in meters.items()), default=0.0)
        if off < nearest:
            nearest, chosen = off, rows
        if off <= _MET:
            break
        guesses = {level: denser(asked[level], times[level], meter) for level, meter in meters.items()}
    return {level: heard.ticks[rows] for level, rows in zip(levels, chosen, strict=True)}


def _obeying(
    logits: NDArray[np.float32],
    counts: NDArray[np.int64],
    spacing: Sequence[Spacing],
    asked: NDArray[np.bool_],
    fastest: float,
) -> NDArray[np.bool_]:
    """Rows as by `choose_rows`, but if a chart has not what is asked of it, all that fall short come faster.

    Asked to be denser than its difficulty is, a chart comes as fast as feet can (a row every ``fastest`` seconds), and
    so do those that it is a part of.
    """
    chosen = choose_rows(logits, counts, spacing)
    short = chosen.sum(axis=1) < _OBEYED * counts
    if not (short & asked).any():
        return chosen
    faster = [
        limits._replace(closest=fastest) if is_short else limits
        for limits, is_short in zip(spacing, short, strict=True)
    ]
    return choose_rows(logits, counts, faster)
