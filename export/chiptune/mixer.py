"""Five levels to one: the chip's two groups of resistors. Source: nesdev.org/wiki/APU_Mixer."""

from enum import Enum

import numpy as np
from numpy.typing import NDArray

from export.chiptune.voices.events import Steps

_PULSE_LEVELS = 31
_TRIANGLE_PLACE, _NOISE_PLACE = 1 << 11, 1 << 7  # of the levels in an index to the second group's table


# How far the output moves for a step of a voice's level, where voices just add up: https://www.nesdev.org/wiki/APU_Mixer
LINEAR_PULSE, LINEAR_TRIANGLE, _LINEAR_NOISE, _LINEAR_DMC = 0.00752, 0.00851, 0.00494, 0.00335


class Mixing(Enum):
    """How voices add up; the value names it."""

    NONLINEAR = "nonlinear"  # as the chip does: a loud voice leaves less to the others of its group
    LINEAR = "linear"  # the approximation of many players


def pulse_table(mixing: Mixing) -> NDArray[np.float64]:
    """(31,) output by the sum of both pulses' levels; all voices at their loudest give about 1."""
    level = np.arange(_PULSE_LEVELS)
    if mixing is Mixing.LINEAR:
        return np.asarray(LINEAR_PULSE * level, np.float64)
    return np.concatenate([[0.0], 95.88 / (8128 / level[1:] + 100)])


def second_table(mixing: Mixing) -> NDArray[np.float64]:
    """(16, 16, 128) output by the levels of triangle, noise and DMC."""
    triangle, noise, dmc = np.ogrid[:16, :16, :128]
    if mixing is Mixing.LINEAR:
        return np.asarray(LINEAR_TRIANGLE * triangle + _LINEAR_NOISE * noise + _LINEAR_DMC * dmc)
    load = triangle / 8227 + noise / 12241 + dmc / 22638
    load[0, 0, 0] = 1  # divided by; the output is set to the formula's limit
    output = 159.79 / (1 / load + 100)
    output[0, 0, 0] = 0
    return np.asarray(output)


class _Group:
    """Voices that share a table, which a weighted sum of their levels indexes. levels: where they start."""

    def __init__(self, table: NDArray[np.float64], weights: tuple[int, ...], levels: tuple[int, ...]) -> None:
        self._table = table
        self._weights = weights
        self._levels = list(levels)

    def mix(self, voices: list[Steps]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Cycles and jumps of the group's output, some at one cycle."""
        index = sum(weight * level for weight, level in zip(self._weights, self._levels, strict=True))
        moves = []
        for place, steps in enumerate(voices):
            if len(steps.levels):
                moves.append(np.diff(steps.levels.astype(np.int64), prepend=self._levels[place]) * self._weights[place])
                self._levels[place] = int(steps.levels[-1])
        cycles = [steps.cycles for steps in voices if len(steps.cycles)]
        if not cycles:
            return np.empty(0, np.int64), np.empty(0)
        when, move = cycles[0], moves[0]
        if len(cycles) > 1:
            order = np.argsort(np.concatenate(cycles), kind="stable")
            when, move = np.concatenate(cycles)[order], np.concatenate(moves)[order]
        output = self._table[index + np.cumsum(move)]
        return when, np.diff(output, prepend=self._table[index])


class Mixer:
    """The voices' steps to jumps of the output, a stretch after the other. levels: of the five voices at the start."""

    def __init__(self, mixing: Mixing, levels: tuple[int, ...]) -> None:
        self._pulses = _Group(pulse_table(mixing), (1, 1), levels[:2])
        self._others = _Group(second_table(mixing).ravel(), (_TRIANGLE_PLACE, _NOISE_PLACE, 1), levels[2:])

    def mix(self, voices: list[Steps]) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        """Of each group the cycles (moments,) int64 and the jumps (moments,), which add up to the output's change."""
        return [self._pulses.mix(voices[:2]), self._others.mix(voices[2:])]
