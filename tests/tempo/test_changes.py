"""Pulses followed through a song: none where there is no change, and the change where there is one."""

import numpy as np
import pytest

from charter.tempo.changes import beats_along, evidence, follow
from charter.tempo.find import _CHANGING
from charter.tempo.pulse import Pulse


def nearest(beats: np.ndarray, to: np.ndarray) -> np.ndarray:
    return np.abs(to[:, None] - beats).min(axis=1)


def passages(*parts: tuple[float, int], first: float = 0.4) -> np.ndarray:
    """(bpm, beats) one after the other."""
    return first + np.concatenate([[0.0], np.cumsum(np.concatenate([np.full(n, 60 / bpm) for bpm, n in parts]))])


@pytest.mark.parametrize("bpm", [88.0, 133.3, 175.0])
def test_a_steady_song_keeps_its_pulse(hear, steady, bpm):
    pulse = Pulse(0.4, 60 / bpm)
    rivals = [pulse, Pulse(0.4, 30 / bpm), Pulse(0.4, 120 / bpm), Pulse(0.4 + 30 / bpm, 60 / bpm)]
    path = follow(hear(steady(bpm, 0.4, 60)), rivals)
    assert set(path.pulses) == {pulse}
    assert len(path.starts) == len(path.pulses)
    assert path.gain < _CHANGING / 2


def test_a_steady_song_with_a_drummers_jitter_has_no_change(hear, steady):
    beats = steady(128, 0.4, 60)
    beats = beats + np.random.default_rng(0).normal(0, 0.004, len(beats))
    assert follow(hear(beats), [Pulse(0.4, 60 / 128)]).gain < _CHANGING


@pytest.mark.parametrize(("before", "after"), [(128, 140), (140, 128), (150, 135), (120, 144)])
def test_a_jump_of_tempo_is_followed(hear, before, after):
    beats = passages((before, 70), (after, 70))
    recording = hear(beats)
    path = follow(recording, [Pulse(0.4, 60 / before)])
    assert path.gain > _CHANGING
    assert path.pulses[0].bpm == pytest.approx(before, rel=0.005)
    assert path.pulses[-1].bpm == pytest.approx(after, rel=0.005)
    found = beats_along(path, recording)
    off = nearest(found, beats)
    assert np.median(off) < 0.002
    assert (off < 0.02).mean() > 0.97
    inside = found[(found > beats[0] - 0.1) & (found < beats[-1] + 0.1)]
    assert abs(len(inside) - len(beats)) <= 2


def test_a_drift_is_followed(hear):
    """From 120 to 132 BPM in a minute and a half."""
    tempos = np.linspace(120, 132, 190)
    beats = 0.4 + np.concatenate([[0.0], np.cumsum(60 / tempos)])
    recording = hear(beats)
    path = follow(recording, [Pulse(0.4, 60 / 126)])
    assert path.gain > _CHANGING
    assert (nearest(beats_along(path, recording), beats) < 0.02).mean() > 0.97


def test_beats_after_a_pause_are_followed(hear, steady):
    early = steady(128, 0.4, 40)
    beats = np.concatenate([early, early[-1] + 60 / 128 + 0.2 + np.arange(80) * 60 / 128])
    recording = hear(beats)
    path = follow(recording, [Pulse(0.4, 60 / 128)])
    assert path.gain > _CHANGING
    assert (nearest(beats_along(path, recording), beats) < 0.02).mean() > 0.95


def test_beats_rise_and_never_crowd(hear):
    recording = hear(passages((128, 60), (150, 60), (110, 60)))
    found = beats_along(follow(recording, [Pulse(0.4, 60 / 128)]), recording)
    assert np.diff(found).min() > 0.6 * 60 / 150 - 0.02
    assert found[0] < recording.span.start + 0.5
    assert found[-1] > recording.span.end - 0.6


@pytest.mark.parametrize("seconds", [4.2, 5.0, 6.3])
def test_a_short_song_has_a_path(hear, steady, seconds):
    recording = hear(steady(128, 0.1, seconds))
    path = follow(recording, [Pulse(0.1, 60 / 128)])
    assert set(path.pulses) == {Pulse(0.1, 60 / 128)}
    assert len(beats_along(path, recording)) >= 7


def test_evidence_is_for_beats_within_the_music(hear, steady):
    beats = steady(120, 2.0, 20)
    proof = evidence(hear(beats))
    at = np.rint(beats * 200).astype(int)
    assert proof[at].min() > 1
    assert proof[at[:-1] + 25].max() < 0
    assert not proof[:380].any()
    assert not proof[at[-1] + 80 :].any()
    assert np.isfinite(proof).all()
