"""Length counter, envelope, sweep and frame counter against the hardware's documentation."""

import numpy as np
import pytest

from export.chiptune.frame_counter import FrameCounter
from export.chiptune.hardware import Region
from export.chiptune.voices.units import LENGTHS, Envelope, LengthCounter, Sweep
from tests.export.chiptune.registers import NOISE, PULSE_1, PULSE_2, TRIANGLE, level_at, steps_of


def test_length_table():
    assert LENGTHS[:16] == (10, 254, 20, 2, 40, 4, 80, 6, 160, 8, 60, 10, 14, 12, 26, 14)
    assert LENGTHS[16:] == (12, 16, 24, 18, 48, 20, 96, 22, 192, 24, 72, 26, 16, 28, 32, 30)


def test_length_counts_half_frames_only_while_enabled_and_not_halted():
    length = LengthCounter()
    length.load(0x18)
    assert length.left == 0  # not enabled
    length.enable(1)
    length.load(0x18)
    assert length.left == 2
    length.halted = True
    length.clock()
    assert length.left == 2
    length.halted = False
    for left in (1, 0, 0):
        length.clock()
        assert length.left == left
    length.load(0x08)
    length.enable(0)
    assert length.left == 0


@pytest.mark.parametrize("written", [0, 1, 5, 15])
def test_envelope_falls_a_step_every_written_plus_one_quarter_frames(written):
    envelope = Envelope()
    envelope.write(written)
    envelope.restart()
    volumes = []
    for _ in range((written + 1) * 17):
        envelope.clock()
        volumes.append(envelope.volume)
    assert volumes == [max(15 - clock // (written + 1), 0) for clock in range(len(volumes))]


def test_envelope_loops_or_stays_as_written():
    envelope = Envelope()
    envelope.write(0x20)
    envelope.restart()
    volumes = []
    for _ in range(18):
        envelope.clock()
        volumes.append(envelope.volume)
    assert volumes == [*range(15, -1, -1), 15, 14]
    envelope.write(0x19)
    assert envelope.volume == 9


def test_sweeps_of_the_two_pulses_negate_differently():
    first, second = Sweep(ones_complement=True), Sweep(ones_complement=False)
    for sweep in (first, second):
        sweep.write(0x8A)  # a quarter of the period less, each half frame
        sweep.clock(400)  # takes the divider
    assert first.target(400) == 400 - 100 - 1
    assert second.target(400) == 400 - 100
    first.write(0x88)
    assert first.target(400) == 0  # not below


def test_sweep_mutes_low_periods_and_targets_beyond_the_timer():
    sweep = Sweep(ones_complement=True)
    sweep.write(0x08)
    assert [sweep.mutes(period) for period in (7, 8, 0x7FF)] == [True, False, False]
    sweep.write(0x00)  # off, and yet its target, twice the period, mutes
    assert [sweep.mutes(period) for period in (0x3FF, 0x400)] == [False, True]
    sweep.write(0x01)
    assert [sweep.mutes(period) for period in (0x555, 0x556)] == [False, True]


def test_sweep_divides_half_frames():
    sweep = Sweep(ones_complement=False)
    sweep.write(0xA1)  # every third half frame, half a period more
    periods = [100]
    for _ in range(8):
        periods.append(sweep.clock(periods[-1]))
    # The first clock finds the divider at 0: it sweeps at once, then reloads.
    assert periods[1:] == [150, 150, 150, 225, 225, 225, 337, 337]


@pytest.mark.parametrize(
    ("region", "mode", "quarters", "halves"),
    [
        (Region.NTSC, 0x00, [7457, 14913, 22371, 29829, 29830 + 7457], [14913, 29829]),
        (Region.NTSC, 0x80, [0, 7457, 14913, 22371, 37281, 37282 + 7457], [0, 14913, 37281]),
        (Region.PAL, 0x00, [8313, 16627, 24939, 33253, 33254 + 8313], [16627, 33253]),
        (Region.PAL, 0x80, [0, 8313, 16627, 24939, 41565, 41566 + 8313], [0, 16627, 41565]),
    ],
)
def test_frame_counter_times(region, mode, quarters, halves):
    start = 103  # a write at cycle 100 restarts three cycles later, one at 99 four
    for write in (99, 100):
        clocks = FrameCounter(region).run([(write, mode)], start + quarters[-1] + 1)
        assert (clocks.cycles - start).tolist() == quarters
        assert (clocks.cycles - start)[clocks.halves].tolist() == halves


def test_frame_counter_runs_in_four_steps_from_power_on_and_in_any_pieces():
    whole = FrameCounter(Region.NTSC).run([], 200_000)
    assert whole.cycles[:5].tolist() == [7457, 14913, 22371, 29829, 37287]
    counter = FrameCounter(Region.NTSC)
    pieces = [counter.run([], end).cycles for end in (1, 7457, 7458, 29830, 100_000, 200_000)]
    assert np.concatenate(pieces).tolist() == whole.cycles.tolist()


@pytest.mark.parametrize(("voice", "base"), [(PULSE_1, 0x4000), (PULSE_2, 0x4004), (NOISE, 0x400C)])
def test_notes_end_with_their_length(voice, base):
    """Two half frames: at 14913 and 29829 cycles."""
    steps = steps_of(voice, (1, base, 0x1F), (1, base + 2, 0x07), (1, base + 1, 0x08), (1, base + 3, 0x19), end=60_000)
    assert 28_000 < steps.cycles[-1] <= 29_829
    assert level_at(steps, 59_999) == 0


def test_linear_counter_ends_a_triangle_where_it_stands():
    """Loaded with 2 by the first quarter frame, 0 at the third."""
    steps = steps_of(TRIANGLE, (1, 0x4008, 0x02), (1, 0x400A, 100), (1, 0x400B, 0x08), end=60_000)
    assert 7457 <= steps.cycles[0] <= 7457 + 101
    assert 22_371 - 101 <= steps.cycles[-1] < 22_371
    assert np.all(np.diff(steps.cycles)[np.diff(steps.cycles) < 202] == 101)
