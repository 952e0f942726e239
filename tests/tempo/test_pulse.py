"""Steady beats, and how they come to lie on the attacks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.audio import AudibleSpan
from charter.tempo.pulse import Pulse, Sharpener

MOMENTS = st.floats(0, 500)
PULSES = st.builds(Pulse, st.floats(-10, 500), st.floats(0.06, 3.0))


@given(PULSES, MOMENTS, st.floats(0, 300))
def test_beats_of_a_span_are_all_of_them(pulse, start, length):
    beats = pulse.beats_in(start, start + length)
    assert len(beats) in {int(length / pulse.period), int(length / pulse.period) + 1}
    assert np.all(beats >= start - 1e-6)
    assert np.all(beats <= start + length + 1e-6)
    assert np.diff(beats) == pytest.approx(pulse.period)


@given(PULSES, MOMENTS)
def test_off_is_the_way_from_the_nearest_beat(pulse, second):
    off = pulse.off(second)
    assert abs(off) <= pulse.period / 2 + 1e-9
    away = (second - off - pulse.at) / pulse.period
    assert away == pytest.approx(round(away), abs=1e-6)


def test_period_and_bpm_are_one():
    assert Pulse(0.0, 0.5).bpm == 120.0


@pytest.mark.parametrize("bpm", [62.31, 90.0, 128.0, 137.77, 174.0, 251.9])
@pytest.mark.parametrize(("phase", "stretch"), [(0.0, 1.0), (0.02, 1.0), (-0.02, 1.0), (0.01, 1.0003), (0.0, 0.9997)])
def test_a_pulse_is_brought_to_the_attacks(hear, steady, bpm, phase, stretch):
    beats = steady(bpm, 0.4, 90)
    recording = hear(beats)
    found = recording.sharpener.sharpened(
        Pulse(45 - (45 - 0.4) % (60 / bpm) + phase, 60 / bpm * stretch), recording.span
    )
    assert found.bpm == pytest.approx(bpm, abs=0.01)
    assert max(abs(found.off(beat)) for beat in beats) < 0.001


def test_a_known_period_is_kept(hear, steady):
    recording = hear(steady(120, 0.4, 60))
    period = 60 / 120.05
    found = recording.sharpener.sharpened(Pulse(30.415, period), recording.span, period_known=True)
    assert found.period == period
    assert abs(found.off(30.4)) < 0.002


def test_a_whole_bpm_is_taken_where_it_fits(hear, steady):
    recording = hear(steady(137.0, 0.3, 60))
    assert recording.sharpener.sharpened(Pulse(0.31, 60 / 137.02), recording.span).bpm == pytest.approx(137.0, abs=1e-9)


@pytest.mark.parametrize("bpm", [137.06, 136.95, 120.5])
def test_a_whole_bpm_is_left_where_the_beats_say_otherwise(hear, steady, bpm):
    """Over two minutes, 0.05 BPM are tens of milliseconds."""
    beats = steady(bpm, 0.3, 120)
    recording = hear(beats)
    found = recording.sharpener.sharpened(Pulse(beats[len(beats) // 2], 60 / bpm), recording.span)
    assert found.bpm == pytest.approx(bpm, abs=0.005)
    assert max(abs(found.off(beat)) for beat in beats) < 0.002


def test_too_few_beats_stay_where_they_are(hear, steady):
    recording = hear(steady(120, 0.4, 10))
    pulse = Pulse(0.42, 0.5)
    assert recording.sharpener.sharpened(pulse, AudibleSpan(0.3, 1.5)) == pulse


@pytest.mark.parametrize("at", [-3.0, 0.0, 1e4])
def test_a_span_beyond_the_sound_breaks_nothing(at):
    sharpener = Sharpener(np.zeros(3000, np.float32))
    found = sharpener.sharpened(Pulse(at, 0.4), AudibleSpan(-5.0, 12.0))
    assert np.isfinite(found).all()
    assert found.period == pytest.approx(0.4, rel=0.02)


def test_attacks_are_as_long_as_the_envelope_and_highest_on_a_beat(hear, steady):
    recording = hear(steady(120, 0.4, 10))
    attacks = recording.sharpener.attacks
    assert attacks.shape == recording.envelope.shape
    assert abs(Pulse(0.4, 0.5).off(attacks.argmax() / 1000)) < 0.002
