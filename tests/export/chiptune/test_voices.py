"""Periods, waveforms and sequences of the voices against the hardware's documentation."""

import numpy as np
import pytest

from export.chiptune.hardware import Region
from export.chiptune.voices import dmc, noise
from export.chiptune.voices.triangle import ULTRASONIC_LEVEL
from tests.export.chiptune.registers import DMC, NOISE, PULSE_1, TRIANGLE, level_at, steps_of

SECOND = 1_789_773


@pytest.mark.parametrize("period", [8, 253, 0x7FF])
@pytest.mark.parametrize(("duty", "high"), [(0, 1), (1, 2), (2, 4), (3, 6)])
def test_pulse_of_16_cycles_by_period_plus_one(period, duty, high):
    writes = [(1, 0x4001, 0x08), (1, 0x4000, duty << 6 | 0x3B), (1, 0x4002, period & 0xFF), (1, 0x4003, period >> 8)]
    steps = steps_of(PULSE_1, *writes, end=500_000)
    rises = steps.cycles[steps.levels == 11]
    falls = steps.cycles[steps.levels == 0]
    assert set(np.diff(rises[2:])) == {16 * (period + 1)}
    assert falls[falls > rises[2]][0] - rises[2] == 2 * (period + 1) * high


def test_a_440_hz_pulse_is_within_a_cent_of_its_timer():
    assert Region.NTSC.clock / (16 * (253 + 1)) == pytest.approx(440.4, abs=0.01)


@pytest.mark.parametrize("address", [0x4003, 0x4002])
def test_only_the_fourth_register_restarts_a_pulse(address):
    """A half-duty pulse is low for its first step of eight, whenever that register is written."""
    writes = [(1, 0x4001, 0x08), (1, 0x4000, 0xBF), (1, 0x4002, 0xFF), (1, 0x4003, 0x08)]
    rise = int(steps_of(PULSE_1, *writes, end=100_000).cycles[4])
    moment = rise + 10  # while it is high
    steps = steps_of(PULSE_1, *writes, (moment, address, 0x08 if address == 0x4003 else 0xFF), end=100_000)
    assert level_at(steps, moment - 1) == 15
    assert level_at(steps, moment) == (0 if address == 0x4003 else 15)


def test_pulses_below_a_period_of_8_are_silent():
    writes = [(1, 0x4001, 0x08), (1, 0x4000, 0xBF), (1, 0x4003, 0x08)]
    assert len(steps_of(PULSE_1, *writes, (1, 0x4002, 7), end=50_000).cycles) == 0
    assert len(steps_of(PULSE_1, *writes, (1, 0x4002, 8), end=50_000).cycles) > 0


@pytest.mark.parametrize("period", [2, 126, 0x7FF])
def test_triangle_of_32_cycles_by_period_plus_one(period):
    writes = [(1, 0x4008, 0xFF), (1, 0x400A, period & 0xFF), (1, 0x400B, period >> 8)]
    steps = steps_of(TRIANGLE, *writes, end=8_000 + 400 * (period + 1))
    tops = steps.cycles[steps.levels == 15][2:]
    assert set(np.diff(tops)) == {32 * (period + 1)}
    start = int(np.flatnonzero(steps.levels == 15)[0])
    # The two ends are held for two steps each.
    assert steps.levels[start : start + 31].tolist() == [*range(15, -1, -1), *range(1, 16)]


@pytest.mark.parametrize("period", [0, 1])
def test_a_triangle_above_hearing_stands_at_its_mean(period):
    steps = steps_of(TRIANGLE, (1, 0x4008, 0xFF), (1, 0x400A, period), (1, 0x400B, 0), end=SECOND)
    assert steps.levels.tolist() == [ULTRASONIC_LEVEL]


def test_long_noise_runs_through_all_32767_states():
    states = [1]
    for _ in range(32_767):
        states.append(noise.stepped(states[-1], short=False))
    assert states[1:4] == [0x4000, 0x2000, 0x1000]
    assert states[-1] == 1
    assert len(set(states)) == 32_767


def test_short_noise_has_352_orbits_of_93_states_and_one_of_31():
    table = noise.orbits(short=True)
    lengths, states = np.unique(table.lengths[1:], return_counts=True)
    assert lengths.tolist() == [31, 93]
    assert states.tolist() == [31, 352 * 93]
    assert table.lengths[1] == 93  # at power-on


@pytest.mark.parametrize("short", [False, True])
def test_noise_plays_bit_0_of_its_register(short):
    count = 40_000
    writes = [(0, 0x400C, 0x3F), (0, 0x400E, short << 7), (0, 0x400F, 0)]
    steps = steps_of(NOISE, *writes, end=4 * count)
    state, wanted = 1, []
    for _ in range(count):
        state = noise.stepped(state, short=short)
        wanted.append(0 if state & 1 else 15)
    played = [level_at(steps, 4 * tick) for tick in range(count)]
    assert played == wanted


@pytest.mark.parametrize("region", Region)
@pytest.mark.parametrize("rate", range(16))
def test_noise_periods(region, rate):
    ntsc = (4, 8, 16, 32, 64, 96, 128, 160, 202, 254, 380, 508, 762, 1016, 2034, 4068)
    pal = (4, 8, 14, 30, 60, 88, 118, 148, 188, 236, 354, 472, 708, 944, 1890, 3778)
    period = (ntsc if region is Region.NTSC else pal)[rate]
    steps = steps_of(NOISE, (0, 0x400C, 0x3F), (0, 0x400E, rate), (0, 0x400F, 0), end=300 * period, region=region)
    assert np.gcd.reduce(np.diff(steps.cycles)) == period


@pytest.mark.parametrize("region", Region)
@pytest.mark.parametrize("rate", range(16))
def test_dmc_rates(region, rate):
    ntsc = (428, 380, 340, 320, 286, 254, 226, 214, 190, 160, 142, 128, 106, 84, 72, 54)
    pal = (398, 354, 316, 298, 276, 236, 210, 198, 176, 148, 132, 118, 98, 78, 66, 50)
    period = (ntsc if region is Region.NTSC else pal)[rate]
    writes = [(0, 0x4010, rate), (0, 0x4013, 1), (0, 0x4015, 0x10)]
    steps = steps_of(DMC, *writes, end=300 * period, region=region, samples=b"\xff" * 17)
    assert set(np.diff(steps.cycles)) == {period}
    # The first byte waits for the output unit's silent eight bits; up to 126 and no further.
    assert steps.cycles[0] == 8 * period
    assert steps.levels.tolist() == list(range(2, 128, 2))


def test_dmc_plays_the_lowest_bit_first_and_then_holds():
    writes = [(0, 0x4010, 0x0F), (0, 0x4011, 0x40), (0, 0x4012, 1), (0, 0x4015, 0x10)]
    steps = steps_of(DMC, *writes, end=100_000, samples=bytes(64) + b"\x0d")
    assert steps.levels.tolist() == [64, 66, 64, 66, 68, 66, 64, 62, 60]


def test_dmc_loops_until_it_is_disabled():
    writes = [(0, 0x4010, 0x4F), (0, 0x4011, 0x40), (0, 0x4015, 0x10), (50_000, 0x4015, 0x00)]
    steps = steps_of(DMC, *writes, end=100_000, samples=b"\x55")
    assert set(np.diff(steps.cycles)[1:]) == {54}
    assert 50_000 < steps.cycles[-1] < 50_000 + 16 * 54  # the byte begun and the one already fetched


def test_dmc_direct_load_takes_seven_bits():
    assert steps_of(DMC, (5, 0x4011, 0xFF), (9, 0x4011, 0x80), end=100).levels.tolist() == [127, 0]


@pytest.mark.parametrize("level", [0, 1, 64, 127])
def test_walk_refuses_what_would_leave_the_range(level):
    rng = np.random.default_rng(level)
    for share in (0.1, 0.5, 0.9):
        deltas = np.where(rng.random(3_000) < share, 2, -2)
        wanted, at = [], level
        for delta in deltas.tolist():
            at = at + delta if 0 <= at + delta <= 127 else at
            wanted.append(at)
        assert dmc.walk(level, deltas).tolist() == wanted
