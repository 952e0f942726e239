"""Which candidate a person would chart."""

import numpy as np
import pytest

from charter.tempo.choice import WEIGHTS, features, shares
from charter.tempo.pulse import Pulse


@pytest.mark.parametrize("bpm", [100.0, 128.0, 150.0, 180.0])
def test_the_beat_wins_over_its_rivals(hear, steady, bpm):
    period = 60 / bpm
    rivals = [Pulse(0.4, period * ratio) for ratio in (1, 2, 1 / 2, 2 / 3, 3 / 2)] + [Pulse(0.4 + period / 2, period)]
    probabilities = shares(hear(steady(bpm, 0.4, 60)), rivals)
    assert probabilities.argmax() == 0
    assert probabilities[0] > 0.5
    assert probabilities.sum() == pytest.approx(1)


def test_features_are_named_as_their_weights(hear, steady):
    assert list(features(hear(steady(120, 0.4, 30)), Pulse(0.4, 0.5))) == list(WEIGHTS)


@pytest.mark.parametrize("period", [0.06, 0.5, 1.5, 3.0, 40.0])
@pytest.mark.parametrize("at", [0.4, 1000.0])
def test_features_are_finite_for_any_pulse(hear, steady, period, at):
    recording = hear(steady(120, 0.4, 5))
    assert np.isfinite(list(features(recording, Pulse(at, period)).values())).all()
    assert np.isfinite(shares(recording, [Pulse(at, period), Pulse(0.4, 0.5)])).all()


def test_features_are_finite_in_silence(hear, steady):
    recording = hear(steady(120, 0.4, 20))
    for values in (recording.envelope, recording.change, recording.activation.beat, recording.activation.downbeat):
        values[:] = 0
    assert np.isfinite(list(features(recording, Pulse(0.4, 0.5)).values())).all()


def test_on_and_between_say_where_the_net_hears_beats(hear, steady):
    recording = hear(steady(120, 0.4, 60))
    on, off = (features(recording, Pulse(at, 0.5)) for at in (0.4, 0.65))
    assert on["on"] > off["on"] + 1.5
    assert off["between"] > on["between"] + 1.5
    assert on["change"] > 0 > off["change"]


def test_a_pulse_too_slow_to_be_measured_does_not_win(hear, steady):
    """Five seconds of faint beats: of a beat in two seconds too little is heard to say anything for it."""
    recording = hear(steady(120, 0.4, 5), sure=0.2)
    recording.change[:] = 1
    assert shares(recording, [Pulse(0.4, 0.5), Pulse(0.4, 2.0)]).argmax() == 0


def test_too_few_beats_to_measure_do_not_win_by_default(hear, steady):
    """Four seconds of hiss, with as little to hear on one beat as on another."""
    recording = hear(steady(120, 0.4, 4.7), sure=0.1)
    recording.change[:] = 1
    recording.envelope[:] = np.random.default_rng(0).random(len(recording.envelope))
    probabilities = shares(recording, [Pulse(0.4, 0.5), Pulse(0.4, 0.4), Pulse(0.4, 1.33)])
    assert probabilities[2] < 0.5


@pytest.mark.parametrize("start", [0.4, 0.65])
def test_of_two_phases_that_sound_alike_the_one_on_which_the_music_sets_in(hear, steady, start):
    """Every half-beat is heard as a beat, and nothing else tells which of them count."""
    recording = hear(steady(240, 0.4, 60), between=0.0, start=start)
    recording.change[:] = 1
    pulses = [Pulse(0.4, 0.5), Pulse(0.65, 0.5)]
    probabilities = shares(recording, pulses)
    assert pulses[int(probabilities.argmax())].at == start
    assert probabilities.max() > 0.7
