"""The mixer's curve against the hardware documentation's formula, and jumps of the five voices put together."""

import numpy as np
import pytest

from export.chiptune.mixer import Mixer, Mixing, pulse_table, second_table
from export.chiptune.voices.events import Steps


def steps(*pairs):
    cycles, levels = zip(*pairs, strict=True) if pairs else ((), ())
    return Steps(np.array(cycles, np.int64), np.array(levels, np.uint8))


def test_curve():
    pulses, others = pulse_table(Mixing.NONLINEAR), second_table(Mixing.NONLINEAR)
    assert pulses[0] == others[0, 0, 0] == 0
    assert pulses[15] == pytest.approx(95.88 / (8128 / 15 + 100))
    assert pulses[30] == pytest.approx(0.2585, abs=1e-4)
    assert others[15, 15, 127] == pytest.approx(0.7415, abs=1e-4)
    assert others[3, 5, 7] == pytest.approx(159.79 / (1 / (3 / 8227 + 5 / 12241 + 7 / 22638) + 100))
    assert pulses[30] + others[15, 15, 127] == pytest.approx(1, abs=1e-3)


def test_a_loud_dmc_leaves_less_to_triangle_and_noise():
    others = second_table(Mixing.NONLINEAR)
    assert others[15, 0, 127] - others[0, 0, 127] < 0.6 * others[15, 0, 0]


def test_the_linear_mix_leaves_room_for_all_voices_together():
    pulses, others = pulse_table(Mixing.LINEAR), second_table(Mixing.LINEAR)
    assert pulses[30] == pytest.approx(30 * 0.00752)
    assert others[1, 2, 3] == pytest.approx(0.00851 + 2 * 0.00494 + 3 * 0.00335)
    assert np.all(pulses <= pulse_table(Mixing.NONLINEAR))
    assert np.all(others <= second_table(Mixing.NONLINEAR))


@pytest.mark.parametrize("mixing", Mixing)
def test_jumps_add_up_to_the_output_of_the_levels(mixing):
    """In two stretches, with voices that change at one cycle."""
    rng = np.random.default_rng(1)
    tops = (15, 15, 15, 15, 127)
    voices = [
        Steps(np.sort(rng.choice(200, 40, replace=False)), rng.integers(0, top + 1, 40).astype(np.uint8))
        for top in tops
    ]
    start = (0, 0, 15, 0, 0)
    mixer = Mixer(mixing, start)
    output = np.zeros(200)
    for begin, end in ((0, 90), (90, 200)):
        part = [
            Steps(v.cycles[within], v.levels[within])
            for v in voices
            for within in [(v.cycles >= begin) & (v.cycles < end)]
        ]
        for cycles, jumps in mixer.mix(part):
            np.add.at(output, cycles, jumps)
    levels = []
    for voice, at_start in zip(voices, start, strict=True):
        place = np.searchsorted(voice.cycles, np.arange(200), "right")
        levels.append(np.concatenate([[at_start], voice.levels.astype(int)])[place])
    pulses, others = pulse_table(mixing), second_table(mixing)
    wanted = pulses[levels[0] + levels[1]] + others[levels[2], levels[3], levels[4]]
    assert np.cumsum(output) == pytest.approx(wanted - others[15, 0, 0], abs=1e-12)


def test_voices_that_stand_still_make_no_jumps():
    for cycles, jumps in Mixer(Mixing.NONLINEAR, (0, 0, 15, 0, 0)).mix([steps()] * 5):
        assert len(cycles) == len(jumps) == 0
