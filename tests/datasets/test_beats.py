"""Beats of a person's timing, where its music sounds."""

import numpy as np
import pytest

from charter.audio.loudness import AudibleSpan
from charter.notation import Pause, Span, Tempo, Timing
from datasets.beats import beat_example, beats_within
from datasets.cache import Heard


def heard(start: float = 1.0, end: float = 31.0) -> Heard:
    return Heard(np.zeros((3300, 4, 2), np.float16), 33.0, AudibleSpan(start, end))


def test_beats_of_a_span_and_which_begin_a_measure():
    beats, downbeat = beats_within(Timing.constant(120, -0.25), 1.0, 4.3)
    assert beats == pytest.approx(np.arange(1.25, 4.3, 0.5))
    assert beats[downbeat] == pytest.approx([2.25, 4.25])


def test_beats_before_beat_0_are_beats_too():
    beats, downbeat = beats_within(Timing.constant(120, -2.0), 0.0, 3.0)
    assert beats == pytest.approx(np.arange(0, 3.1, 0.5))
    assert beats[downbeat] == pytest.approx([0.0, 2.0])


def test_what_a_warp_passes_over_counts_once():
    timing = Timing((Tempo(0, 120.0),), warps=(Span(4 * 48, 4 * 48),))
    beats, _ = beats_within(timing, 0.0, 4.1)
    assert beats == pytest.approx(np.arange(0, 4.1, 0.5))


def test_a_stop_moves_the_beats_behind_it():
    timing = Timing((Tempo(0, 120.0),), stops=(Pause(4 * 48, 0.3),))
    beats, _ = beats_within(timing, 0.0, 4.0)
    assert beats == pytest.approx([0, 0.5, 1, 1.5, 2, 2.8, 3.3, 3.8])


def test_an_example_is_known_where_its_beats_are():
    example = beat_example("a", Timing.constant(120, -0.25), heard())
    assert example.name == "a"
    assert example.beats[[0, -1]] == pytest.approx([1.25, 30.75])
    assert example.known == pytest.approx(np.array([[1.25, 30.75]]))
    assert len(example.downbeat) == len(example.beats)


@pytest.mark.parametrize("bpm", [60.0, 240.0])
def test_a_trick_of_the_scroll_is_not_known(bpm):
    """Eight beats of half or double tempo in the middle of a song."""
    timing = Timing((Tempo(0, 120.0), Tempo(24 * 48, bpm), Tempo(32 * 48, 120.0)))
    example = beat_example("a", timing, heard(0.0, 31.0))
    inside = float(timing.seconds_at(24 * 48)), float(timing.seconds_at(32 * 48))
    assert example.known[0] == pytest.approx([0.0, inside[0]])
    assert example.known[1, 0] == pytest.approx(inside[1])
    assert len(example.known) == 2


def test_a_stop_is_not_known():
    example = beat_example("a", Timing((Tempo(0, 120.0),), stops=(Pause(20 * 48, 2.0),)), heard(0.0, 31.0))
    assert example.known == pytest.approx(np.array([[0.0, 10.0], [12.5, 31.0]]))


def test_a_tempo_a_little_off_the_usual_is_known():
    timing = Timing((Tempo(0, 120.0), Tempo(24 * 48, 140.0), Tempo(32 * 48, 100.0)))
    assert len(beat_example("a", timing, heard(0.0, 31.0)).known) == 1


@pytest.mark.parametrize("span", [None, AudibleSpan(1.0, 4.0)])
def test_silence_and_a_blink_are_no_examples(span):
    sound = Heard(np.zeros((3300, 4, 2), np.float16), 33.0, span)
    assert beat_example("a", Timing.constant(120), sound) is None
