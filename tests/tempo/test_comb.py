"""The tempo that onsets alone speak for: drum loops of known timing, brought to the attacks."""

import numpy as np
import pytest

from charter.audio import audible_span
from charter.tempo.comb import strongest_pulse
from charter.tempo.envelope import Onsets, find_onsets, onset_envelope
from charter.tempo.pulse import Pulse, Sharpener


def combed(audio) -> Pulse:
    span = audible_span(audio)
    envelope = onset_envelope(audio)
    rough = strongest_pulse(find_onsets(envelope), span.end - span.start, 70, 210)
    return Sharpener(envelope).sharpened(rough, span)


@pytest.mark.parametrize(
    ("bpm", "first"), [(112.0, 0.1), (118.0, 1.234), (128.0, 0.1), (151.787, 1.234), (174.5, 0.1), (200.0, 1.234)]
)
def test_tempo_and_phase_of_a_drum_loop(drums, steady, bpm, first):
    found = combed(drums(steady(bpm, first, 30), chords=False))
    assert found.bpm == pytest.approx(bpm, abs=0.01)
    assert abs(found.off(first)) < 0.003


@pytest.mark.parametrize("rate", [8_000, 48_000])
def test_rate_is_no_matter(drums, steady, rate):
    found = combed(drums(steady(140, 0.5, 20), rate=rate, chords=False))
    assert found.bpm == pytest.approx(140, abs=0.01)
    assert abs(found.off(0.5)) < 0.003


def test_a_quiet_copy_has_the_same_beat(drums, steady):
    loud, quiet = (combed(drums(steady(140, 0.5, 20), quiet=level)) for level in (1.0, 0.02))
    assert quiet.period == pytest.approx(loud.period, rel=1e-6)
    assert abs(quiet.off(loud.at)) < 1e-3


def test_whole_bpm_is_exact(drums, steady):
    assert combed(drums(steady(137, 0.3, 60), chords=False)).bpm == pytest.approx(137.0, abs=1e-9)


def test_fractional_bpm_stays_in_sync_to_the_end(drums, steady):
    beats = steady(143.37, 0.4, 120)
    found = combed(drums(beats, chords=False))
    assert abs(found.off(beats[-1])) < 0.005


@pytest.mark.parametrize("bpm", [75.0, 96.3, 133.0, 208.0])
def test_onsets_at_no_steady_distance_do_not_hide_the_beat(bpm):
    """As many onsets at random as there are on the beat."""
    rng = np.random.default_rng(1)
    beats = 0.2 + np.arange(int(60 * bpm / 60)) * 60 / bpm
    times = np.sort(np.concatenate([beats, rng.uniform(0, 60, len(beats))]))
    found = strongest_pulse(Onsets(times, np.ones(len(times))), 60.0, 70, 210)
    assert found.bpm == pytest.approx(bpm, rel=1e-3)
    assert abs(found.off(0.2)) < 0.03


def test_the_strongest_onsets_are_enough():
    """Weak ones lie everywhere between, four to a beat."""
    rng = np.random.default_rng(2)
    beats = 0.2 + np.arange(2000) * 60 / 128
    times = np.concatenate([beats, rng.uniform(0, 930, 8000)])
    strengths = np.concatenate([np.ones(len(beats)), np.full(8000, 0.2)])
    found = strongest_pulse(Onsets(times, strengths), 930.0, 100, 150)
    assert found.bpm == pytest.approx(128, abs=0.01)


@pytest.mark.parametrize(("slowest", "fastest"), [(70.0, 100.0), (150.0, 190.0)])
def test_the_range_is_kept(slowest, fastest):
    times = 0.2 + np.arange(200) * 60 / 170 / 2
    found = strongest_pulse(Onsets(times, np.ones(len(times))), float(times[-1]), slowest, fastest)
    assert slowest <= found.bpm <= fastest * 1.001
    assert found.bpm == pytest.approx(85 if fastest == 100 else 170, rel=2e-3)
