"""What the driver writes into the registers for a score, and when."""

import time

import numpy as np
import pytest

from charter.errors import RequestError
from export.chiptune.driver import register_log
from export.chiptune.hardware import Region
from export.chiptune.instruments import BASS, CHORD, HAT, KICK_SAMPLE, LEAD, SNARE, SNARE_SAMPLE
from export.chiptune.log import RegisterLog
from export.chiptune.samples import delta_coded
from export.chiptune.score import Drum, Duty, Hit, Instrument, Sample, Score, Tone, Trigger
from tests.export.chiptune.delta import decoded

PLAIN = Instrument((15,), Duty.HALF)
REGIONS = pytest.mark.parametrize("region", Region)


def writes(log: RegisterLog, address: int, *, after: int = -1) -> list[tuple[int, int]]:
    """(cycle, value) of a register's writes later than a cycle."""
    rows = zip(log.cycles.tolist(), log.addresses.tolist(), log.values.tolist(), strict=True)
    return [(cycle, value) for cycle, register, value in rows if register == address and cycle > after]


def value_at(log: RegisterLog, address: int, seconds: float) -> int:
    """What a register holds a little after a time."""
    return [value for cycle, value in writes(log, address) if cycle <= seconds * log.region.clock + 2][-1]


def period_at(log: RegisterLog, low: int, seconds: float) -> int:
    return value_at(log, low, seconds) | (value_at(log, low + 1, seconds) & 7) << 8


@REGIONS
def test_notes_start_and_end_on_their_cycle(region: Region) -> None:
    log = register_log(Score(2.0, pulse_1=(Tone(0.5123, 1.25, (69,), PLAIN),)), region)
    assert writes(log, 0x4000, after=0) == [
        (round(0.5123 * region.clock), 0b10_11_1111),
        (round(1.25 * region.clock), 0b10_11_0000),
    ]
    assert log.end == round(2.0 * region.clock)
    assert log.region is region
    assert log.cycles.max() <= log.end


@REGIONS
@pytest.mark.parametrize(("address", "steps"), [(0x4002, 16), (0x4006, 16), (0x400A, 32)])
def test_periods_are_the_nearest(region: Region, address: int, steps: int) -> None:
    pitches = np.arange(34, 100, 2.3)
    tones = tuple(Tone(0.1 * i, 0.1 * i + 0.1, (float(pitch),), PLAIN) for i, pitch in enumerate(pitches))
    voice = {0x4002: "pulse_1", 0x4006: "pulse_2", 0x400A: "triangle"}[address]
    log = register_log(Score(10.0, **{voice: tones}), region)
    for tone in tones:
        hertz = 440 * 2 ** ((tone.pitches[0] - 69) / 12)
        assert period_at(log, address, tone.start) + 1 == pytest.approx(region.clock / (steps * hertz), abs=0.5)


@pytest.mark.parametrize(("voice", "low", "steps"), [("pulse_1", 0x4002, 16), ("triangle", 0x400A, 32)])
def test_pitches_out_of_reach_move_by_octaves(voice: str, low: int, steps: int) -> None:
    pitches = (3.0, 12.0, 20.0, 126.0, 131.0, 140.0)
    tones = tuple(Tone(float(i), i + 1.0, (pitch,), PLAIN) for i, pitch in enumerate(pitches))
    log = register_log(Score(6.0, **{voice: tones}))
    for i, pitch in enumerate(pitches):
        period = period_at(log, low, i)
        assert 8 <= period <= 0x7FF
        sounding = 69 + 12 * np.log2(Region.NTSC.clock / (steps * (period + 1)) / 440)
        octaves = (sounding - pitch) / 12
        assert octaves == pytest.approx(round(octaves), abs=0.08)  # the shortest periods are coarse


def test_instrument_goes_by_frames_from_the_note_start() -> None:
    swell = Instrument((3, 9, 15), Duty.QUARTER)
    log = register_log(Score(1.0, pulse_2=(Tone(0.1, 0.5, (60,), swell, volume=10),)))
    start, frame = round(0.1 * log.region.clock), log.region.frame_cycles
    assert writes(log, 0x4004, after=0) == [
        (start, 0x70 | 2),
        (start + round(frame), 0x70 | 6),
        (start + round(2 * frame), 0x70 | 10),
        (round(0.5 * log.region.clock), 0x70),
    ]


def test_pal_frames_are_longer() -> None:
    score = Score(1.0, pulse_1=(Tone(0.0, 0.5, (60,), Instrument((15, 14))),))
    second = [writes(register_log(score, region), 0x4000, after=0)[0][0] / region.clock for region in Region]
    assert second == pytest.approx([1 / 60.0988, 1 / 50.007], abs=1e-5)


def test_an_arpeggio_takes_turns() -> None:
    log = register_log(Score(1.0, pulse_1=(Tone(0.0, 0.2, (60, 64, 67), PLAIN),)))
    frames = [period_at(log, 0x4002, i * log.region.frame_seconds) for i in range(6)]
    assert frames[:3] == frames[3:]
    assert frames[0] > frames[1] > frames[2]


def test_vibrato_begins_after_a_third_of_a_second() -> None:
    log = register_log(Score(2.0, pulse_1=(Tone(0.0, 2.0, (64,), Instrument((15,), vibrato=0.3)),)))
    moved = [cycle / log.region.clock for cycle, _ in writes(log, 0x4002)][1:]
    assert 0.33 < moved[0] < 0.4
    periods = np.array([period_at(log, 0x4002, seconds) for seconds in np.arange(0.4, 2, 0.017)])
    semitones = 12 * np.log2(periods.max() / periods.min())
    assert semitones == pytest.approx(0.6, abs=0.1)


def test_the_next_note_cuts_the_last_one_off() -> None:
    tones = (Tone(0.0, 9.0, (60,), PLAIN), Tone(0.5, 0.9, (62,), PLAIN))
    log = register_log(Score(1.0, pulse_1=tones))
    # No silence between them, and the wave starts anew.
    assert writes(log, 0x4000, after=0) == [(round(0.9 * log.region.clock), 0xB0)]
    assert [cycle for cycle, _ in writes(log, 0x4003)] == [0, round(0.5 * log.region.clock)]


def test_high_bits_are_written_at_starts_and_changes_only() -> None:
    low = Tone(0.0, 0.5, (50.0, 50.5), PLAIN)
    across = Tone(0.5, 1.0, (57.0, 45.0), PLAIN)
    log = register_log(Score(1.0, pulse_1=(low, across)))
    assert len(writes(log, 0x4003)) == 1 + 31  # half a second is 30.05 frames


def test_the_triangle_is_silenced_by_its_linear_counter() -> None:
    log = register_log(Score(1.0, triangle=(Tone(0.2, 0.4, (40,), BASS),)))
    on, off = round(0.2 * log.region.clock), round(0.4 * log.region.clock)
    assert writes(log, 0x4008) == [(0, 0x80), (on, 0xFF), (off, 0x80)]
    assert [cycle for cycle, _ in writes(log, 0x4017)] == [0, on, off]


def test_drums_end_with_their_shorter_list() -> None:
    drum = Drum((12, 8, 4), (3, 7), metallic=True)
    log = register_log(Score(1.0, noise=(Hit(0.1, drum),)))
    start, frame = round(0.1 * log.region.clock), log.region.frame_cycles
    assert writes(log, 0x400C, after=0) == [
        (start, 0x3C),
        (start + round(frame), 0x38),
        (start + round(2 * frame), 0x30),
    ]
    assert writes(log, 0x400E) == [(start, 0x83), (start + round(frame), 0x87)]


def test_samples_are_placed_once_each_and_started() -> None:
    triggers = (Trigger(0.1, KICK_SAMPLE), Trigger(0.5, SNARE_SAMPLE), Trigger(0.9, KICK_SAMPLE))
    log = register_log(Score(2.0, dmc=triggers))
    (_, kick), (_, snare), (_, again) = writes(log, 0x4012)
    assert kick == again != snare
    for place, sample in ((kick, KICK_SAMPLE), (snare, SNARE_SAMPLE)):
        assert log.samples[64 * place :].startswith(sample.data)
    assert len(log.samples) < len(KICK_SAMPLE.data) + len(SNARE_SAMPLE.data) + 64
    started = [(cycle, value) for cycle, value in writes(log, 0x4015, after=0) if value]
    cycles = [round(trigger.start * log.region.clock) for trigger in triggers]
    assert started == [(cycle, value) for cycle in cycles for value in (0x0F, 0x1F)]
    assert writes(log, 0x4011) == []  # each ends on level 0, before the next starts


def test_a_sample_cut_off_goes_back_to_level_0() -> None:
    log = register_log(Score(1.0, dmc=(Trigger(0.1, KICK_SAMPLE), Trigger(0.2, KICK_SAMPLE))))
    assert writes(log, 0x4011) == [(round(0.2 * log.region.clock), 0)]


def test_too_many_samples_are_refused() -> None:
    triggers = tuple(Trigger(float(i), Sample(bytes([i]) * 4081, 15)) for i in range(5))
    with pytest.raises(RequestError, match="5 DMC samples need"):
        register_log(Score(5.0, dmc=triggers))


@pytest.mark.parametrize("length", [16, 4097])
def test_samples_of_a_length_the_chip_cannot_play_are_refused(length: int) -> None:
    with pytest.raises(RequestError, match="16n"):
        register_log(Score(5.0, dmc=(Trigger(0.0, Sample(bytes(length), 15)),)))


def test_delta_coding_follows_a_slow_curve_and_ends_on_0() -> None:
    levels = 50 - 50 * np.cos(np.linspace(0, 6 * np.pi, 3000))
    sample = delta_coded(levels, 12)
    assert sample.rate == 12
    assert len(sample.data) % 16 == 1
    heard = decoded(sample.data).astype(float)
    assert np.abs(heard[:3000] - levels).max() <= 2.5
    assert heard[-1] == 0


def test_a_sample_longer_than_the_chip_plays_is_refused() -> None:
    with pytest.raises(RequestError, match="4081"):
        delta_coded(np.zeros(8 * 4081 + 1), 15)


@pytest.mark.parametrize("sample", [KICK_SAMPLE, SNARE_SAMPLE])
def test_the_bands_samples_are_short_loud_and_end_on_level_0(sample: Sample) -> None:
    levels = decoded(sample.data)
    assert len(sample.data) < 1024
    assert levels.max() > 50
    assert levels[-1] == 0


def test_everything_ends_with_the_tune() -> None:
    endless = (Tone(0.1, 99.0, (60,), LEAD), Tone(7.0, 8.0, (60,), LEAD))
    log = register_log(
        Score(1.0, endless, endless, endless, (Hit(0.99, SNARE), Hit(3.0, HAT)), (Trigger(2.0, KICK_SAMPLE),))
    )
    end = log.end
    assert (log.cycles <= end).all()
    for address, silence in ((0x4000, 0x70), (0x4004, 0x70), (0x4008, 0x80), (0x400C, 0x30), (0x4015, 0)):
        assert writes(log, address)[-1] == (end, silence)


def test_an_empty_score_only_sets_the_chip_up() -> None:
    log = register_log(Score(1.0))
    assert set(log.cycles.tolist()) == {0, log.end}


def test_ten_busy_minutes_are_written_within_a_second() -> None:
    def voice(instrument: Instrument, pitches: tuple[float, ...], step: float) -> tuple[Tone, ...]:
        starts = np.arange(0, 600, step).tolist()
        return tuple(Tone(start, start + 0.9 * step, pitches, instrument) for start in starts)

    score = Score(
        600.0,
        voice(LEAD, (72.0,), 0.11),
        voice(CHORD, (60.0, 64.0, 67.0), 0.25),
        voice(BASS, (40.0,), 0.2),
        tuple(Hit(0.1 * i, HAT) for i in range(6000)),
    )
    begin = time.perf_counter()
    log = register_log(score)
    assert time.perf_counter() - begin < 1
    assert len(log.cycles) > 50_000
    assert (np.diff(log.cycles) >= 0).all()
