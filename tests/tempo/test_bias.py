"""The sync bias: drums at a known distance from the chart's beats, and sounds that keep to none."""

from collections.abc import Iterable

import numpy as np
import pytest

from charter.audio import Audio
from charter.notation import Pause, Span, Tempo, Timing
from charter.tempo.bias import REACH_MS, SURE_CONTRAST, beat_windows, sync_bias
from charter.tempo.envelope import onset_envelope

RATE = 24_000
SECONDS = 45
TIMING = Timing.constant(140, -0.4)
BEATS = TIMING.seconds_at(48 * np.arange(100))


def sounding(times: Iterable[float], noise: float = 1e-3) -> np.ndarray:
    """The onset envelope of drum strokes over a little hiss."""
    rng = np.random.default_rng(5)
    samples = rng.normal(0, noise, SECONDS * RATE)
    t = np.arange(RATE // 10) / RATE
    stroke = np.sin(2 * np.pi * 90 * t) * np.exp(-t * 20) + rng.normal(0, 0.3, len(t)) * np.exp(-t * 80)
    for time in times:
        start = round(time * RATE)
        samples[start : start + len(stroke)] += stroke
    return onset_envelope(Audio(samples.astype(np.float32), RATE))


@pytest.mark.parametrize("shift", [-30, 0, 9, 25])
def test_a_sound_after_the_beat_is_positive_in_ms(shift):
    bias = sync_bias(sounding(BEATS + shift / 1000), TIMING)
    assert bias.milliseconds == pytest.approx(shift, abs=1.0)
    assert bias.thirds == pytest.approx((shift,) * 3, abs=1.0)
    assert bias.contrast > 2 * SURE_CONTRAST
    assert bias.drift < 1


def test_shifts_are_told_to_a_fraction_of_a_millisecond():
    envelope = sounding(BEATS, noise=0.02)
    at_the_beat = sync_bias(envelope, TIMING).milliseconds
    for shift in (-17.3, 0.4, 11.8):
        moved = sync_bias(envelope, TIMING.shifted(-shift / 1000)).milliseconds
        assert moved - at_the_beat == pytest.approx(shift, abs=0.15)


def test_sounds_between_the_beats_are_no_matter():
    eighths = TIMING.seconds_at(24 * np.arange(1, 200))
    assert sync_bias(sounding(eighths), TIMING).milliseconds == pytest.approx(0, abs=1.0)


def test_a_stop_and_a_new_tempo_are_followed():
    timing = Timing((Tempo(0, 140), Tempo(960, 170)), -0.4, stops=(Pause(480, 1.3),), warps=(Span(1440, 48),))
    ticks = 48 * np.arange(90)
    beats = timing.seconds_at(ticks[timing.hittable(ticks)])
    assert sync_bias(sounding(beats + 0.012), timing).thirds == pytest.approx((12, 12, 12), abs=1.0)


def test_without_the_stop_only_the_music_before_it_lies_right():
    timing = Timing(TIMING.tempos, TIMING.offset, stops=(Pause(48 * 66, 0.21),))
    first, middle, last = sync_bias(sounding(timing.seconds_at(48 * np.arange(99))), TIMING).thirds
    assert (first, middle) == pytest.approx((0, 0), abs=1.0)
    assert last is None


def test_a_bpm_that_is_slightly_off_drifts():
    bias = sync_bias(sounding(BEATS), Timing.constant(140.1, -0.4))
    first, middle, last = bias.thirds
    assert 0 < first < middle < last
    assert bias.drift == pytest.approx(last - first)
    # Two thirds of the song are 30 s; by so much the beats of a BPM that is too high come too early.
    assert bias.drift == pytest.approx(30_000 * 0.1 / 140, abs=6)


@pytest.mark.parametrize("bpm", [101.3, 137, 143.3, 155])
def test_a_wrong_bpm_cannot_be_told(bpm):
    bias = sync_bias(sounding(BEATS), Timing.constant(bpm, -0.4))
    assert (bias.milliseconds, bias.thirds, bias.drift) == (None, (None, None, None), None)
    assert 0 < bias.contrast < SURE_CONTRAST


def test_noise_cannot_be_told():
    bias = sync_bias(sounding([], noise=0.1), TIMING)
    assert bias.milliseconds is None
    assert 0 < bias.contrast < SURE_CONTRAST / 2


@pytest.mark.parametrize("length", [0, 1, 2 * REACH_MS, SECONDS * 1000])
def test_silence_cannot_be_told(length):
    bias = sync_bias(np.zeros(length, np.float32), TIMING)
    assert (bias.milliseconds, bias.contrast, bias.drift) == (None, 0, None)


def test_few_beats_cannot_be_told():
    envelope = sounding(BEATS)
    assert sync_bias(envelope[:4000], TIMING).milliseconds is None
    assert sync_bias(envelope[:12000], TIMING).milliseconds == pytest.approx(0, abs=1.0)


def test_windows_lie_around_the_beats_inside_the_recording():
    envelope = np.arange(3000, dtype=np.float32)  # each value is its own place
    windows = beat_windows(envelope, Timing.constant(120, 0.2004))
    assert windows.seconds == pytest.approx([0.2996, 0.7996, 1.2996, 1.7996, 2.2996, 2.7996])
    lags = np.arange(-REACH_MS, REACH_MS + 1)
    assert windows.rises == pytest.approx(1000 * windows.seconds[:, None] + lags)


@pytest.mark.parametrize("timing", [Timing.constant(1e9), Timing((Tempo(0, 120),), warps=(Span(48, 10**12),))])
def test_a_gimmick_of_endless_beats_costs_no_memory(timing):
    assert len(beat_windows(np.zeros(10_000, np.float32), timing).seconds) <= 200
