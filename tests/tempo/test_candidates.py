"""The pulses that a beat may be: the right one, and those it is mistaken for."""

from itertools import combinations

import numpy as np
import pytest

from charter.tempo.candidates import agreement, candidate_pulses
from charter.tempo.pulse import Pulse
from charter.tempo.tempo_range import TempoRange


def are_one(pulse: Pulse, other: Pulse) -> bool:
    return abs(pulse.period / other.period - 1) < 1e-3 and abs(pulse.off(other.at)) < 0.01


def holds(pulses: list[Pulse], wanted: Pulse) -> bool:
    """Whether one of them has the same beats all through."""
    return any(are_one(pulse, wanted) for pulse in pulses)


@pytest.mark.parametrize("bpm", [92.0, 128.0, 151.79, 174.0])
def test_the_beat_is_among_them_to_the_millisecond(hear, steady, bpm):
    beats = steady(bpm, 0.4, 60)
    pulses = candidate_pulses(hear(beats), TempoRange())
    best = min(pulses, key=lambda pulse: abs(pulse.bpm / bpm - 1) + abs(pulse.off(beats[20])))
    assert best.bpm == pytest.approx(bpm, abs=0.01)
    assert max(abs(best.off(beat)) for beat in beats) < 0.001


def test_the_rivals_are_among_them(hear, steady):
    """Double, half, the thirds and the off-beat; the half on one of its two phases."""
    beats = steady(120, 0.4, 60)
    pulses = candidate_pulses(hear(beats), TempoRange())
    assert holds(pulses, Pulse(0.4, 0.5))
    assert holds(pulses, Pulse(0.4, 0.25))
    assert holds(pulses, Pulse(0.65, 0.5)), "off-beat"
    assert holds(pulses, Pulse(0.4, 1.0)) or holds(pulses, Pulse(0.9, 1.0))
    found = [pulse.bpm for pulse in pulses]
    for ratio in (3 / 2, 2 / 3, 4 / 3, 3 / 4):
        assert min(abs(bpm / (120 * ratio) - 1) for bpm in found) < 0.01, ratio


def test_no_two_are_the_same(hear, steady):
    pulses = candidate_pulses(hear(steady(140, 0.2, 45)), TempoRange())
    assert len(pulses) >= 5
    assert not any(are_one(pulse, other) for pulse, other in combinations(pulses, 2))


@pytest.mark.parametrize(("slowest", "fastest"), [(40, 60), (200, 400), (90, 180), (20, 1000)])
def test_a_range_widens_the_search_and_never_narrows_it(hear, steady, slowest, fastest):
    """Its rivals outside are measured too: how sure the one inside is depends on them."""
    recording, tempos = hear(steady(140, 0.2, 45)), TempoRange(slowest, fastest)
    pulses = candidate_pulses(recording, tempos)
    low, high = tempos.searched
    assert holds(pulses, Pulse(0.2, 60 / 140))
    assert all(low * 0.99 <= pulse.bpm <= high * 1.01 for pulse in pulses)


@pytest.mark.parametrize("bpm", [20.0, 70.0, 139.9, 140.0, 1000.0])
def test_of_a_known_tempo_there_are_only_phases(hear, steady, bpm):
    pulses = candidate_pulses(hear(steady(140, 0.2, 45)), TempoRange(bpm, bpm))
    assert 1 <= len(pulses) <= 3
    assert {pulse.period for pulse in pulses} == {60 / bpm}


def test_the_phase_of_a_known_tempo_comes_first(hear, steady):
    beats = steady(140, 0.2, 45)
    first, *others = candidate_pulses(hear(beats), TempoRange(140, 140))
    assert max(abs(first.off(beat)) for beat in beats) < 0.001
    assert others
    assert all(abs(other.off(0.2)) > 0.05 for other in others)


def test_agreement_is_highest_on_the_beat(hear, steady):
    recording = hear(steady(120, 0.4, 60))
    on, off, slow = (agreement(recording, pulse) for pulse in (Pulse(0.4, 0.5), Pulse(0.65, 0.5), Pulse(0.4, 0.4)))
    assert on > max(off, slow) + 1
    assert abs(off) < on / 4


def test_a_recording_without_an_onset_still_has_candidates(hear, steady):
    recording = hear(steady(120, 0.4, 30))
    recording.envelope[:] = 0
    recording.activation.beat[:] = 0.01
    pulses = candidate_pulses(recording, TempoRange())
    assert all(np.isfinite(pulse).all() and pulse.period > 0 for pulse in pulses)
