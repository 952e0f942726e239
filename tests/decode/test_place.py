"""From what a net answers to the rows of a set: by a net that answers what the test says."""

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
import torch

from charter.audio import AudibleSpan
from charter.audio.spec import AudioSpec
from charter.decode.meter import estimated_meter
from charter.decode.place import PlacementInput, place
from charter.decode.rules import RULES
from charter.model.config import PlacementConfig
from charter.model.placement import Condition, PlacementNet
from charter.notation import TICKS_PER_BEAT, Difficulty, Timing

SPEC = AudioSpec(mels=16)
CONFIG = PlacementConfig(SPEC, channels=2, hidden=4)
SECONDS = 60.0
TIMING = Timing.constant(120)
STEPS_PER_SECOND = 2 * CONFIG.steps_per_beat
NO_METERS: Mapping[Difficulty, int] = {}


class Answering(PlacementNet):
    """Answers with one logit per step, the same for every chart, and remembers what it was asked."""

    def __init__(self, logits: np.ndarray) -> None:
        super().__init__(CONFIG)
        self.logits, self.asked = torch.from_numpy(logits.astype(np.float32)), list[Condition]()
        self.listened = 0

    def listen(self, steps, guide):
        self.listened += 1
        return super().listen(steps, guide)

    def answer(self, heard, condition):
        self.asked.append(condition)
        return self.logits[: heard.shape[1] * CONFIG.steps_per_token].expand(1, condition.difficulty.shape[1], -1)


def placed(net: PlacementNet, wanted, silences=(), meters=NO_METERS) -> dict[Difficulty, np.ndarray]:
    mel = np.zeros((round(SECONDS * SPEC.frames_per_second), SPEC.mels, len(SPEC.windows)), dtype=np.float32)
    quiet = np.array(silences, dtype=float).reshape(-1, 2)
    rows = place(PlacementInput(net.eval(), mel, TIMING, SECONDS, AudibleSpan(0.0, SECONDS), quiet), wanted, meters)
    return {level: TIMING.seconds_at(ticks) for level, ticks in rows.items()}


def steps(logit_of) -> np.ndarray:
    """Logits over a minute and the rest of its last measure, by the second."""
    return np.array([logit_of(step / STEPS_PER_SECOND) for step in range(62 * STEPS_PER_SECOND)])


def quiet_middle(second: float) -> float:
    on_eighth = second * 4 % 1 == 0
    return (2.0 if 15 < second < 45 else 6.0) - (0.0 if on_eighth else 9.0)


@pytest.mark.parametrize("level", list(Difficulty))
def test_no_passage_is_dead(level):
    seconds = placed(Answering(steps(quiet_middle)), {level: 1.0})[level]
    assert np.diff(seconds).max() <= RULES[level].longest_rest + 1e-6
    assert len(seconds) == pytest.approx(SECONDS, abs=1)


def alternating(second: float) -> float:
    """8ths of 250 ms, the others of them far likelier; nothing between."""
    return (3.0 if second * 2 % 1 == 0 else 0.0) if second * 4 % 1 == 0 else -9.0


@pytest.mark.parametrize("asked", [1.0, 2.0, 3.0, 3.9])
def test_a_density_is_obeyed_as_long_as_there_are_ticks(asked):
    slow = {Difficulty.BEGINNER: asked, Difficulty.MEDIUM: None}
    charts = placed(Answering(steps(alternating)), slow)
    assert len(charts[Difficulty.BEGINNER]) == pytest.approx(asked * SECONDS, rel=0.05)


def test_nothing_is_played_in_silence():
    ((_, seconds),) = placed(Answering(steps(quiet_middle)), {Difficulty.HARD: 2.0}, [(20.0, 40.0)]).items()
    assert not ((seconds > 20.2) & (seconds < 39.8)).any()
    assert ((seconds > 15) & (seconds <= 20.1)).any()


def test_an_easier_chart_plays_what_a_harder_one_does():
    rng = np.random.default_rng(0)
    charts = placed(Answering(rng.normal(-2, 1, 62 * STEPS_PER_SECOND)), dict.fromkeys(Difficulty))
    for easier, harder in zip(list(Difficulty)[:-1], list(Difficulty)[1:], strict=True):
        assert set(charts[easier]) < set(charts[harder])


def test_the_net_is_told_each_density_before_its_ticks_are_taken():
    net = Answering(steps(quiet_middle))
    charts = placed(net, {Difficulty.EASY: None, Difficulty.HARD: 3.0})
    first, second = (condition.density[0].tolist() for condition in net.asked)
    assert math.isnan(first[0])
    assert first[1] == 3.0
    assert second == pytest.approx([len(seconds) / SECONDS for seconds in charts.values()], abs=0.02)


def test_between_equal_ticks_the_finer_is_taken():
    """What the net thinks all but equally likely goes to the 8th."""
    place_in_beat = np.arange(62 * STEPS_PER_SECOND) % CONFIG.steps_per_beat
    logits = np.select([place_in_beat == 0, place_in_beat == 12], [1.1, 1.0], -9.0)
    ((_, seconds),) = placed(Answering(logits), {Difficulty.CHALLENGE: 2.0}).items()
    assert (TIMING.ticks_at(seconds) % TICKS_PER_BEAT == TICKS_PER_BEAT // 2).mean() > 0.9


def busy_end(second: float) -> float:
    """16ths, the likelier the later they are: a chart is busier at its end than charts usually are anywhere."""
    return second / 10 - 3 + (0.0 if second * 8 % 1 == 0 else -9.0) + math.sin(40 * second)


@pytest.mark.parametrize("ladder", [(2, 4, 6, 8, 10), (1, 3, 5, 7, 9), (2, 2, 7, 7, 9)])
def test_meters_are_met_by_listening_once(ladder):
    net, asked = Answering(steps(busy_end)), dict(zip(Difficulty, ladder, strict=True))
    charts = placed(net, dict.fromkeys(Difficulty), meters=asked)
    off = [abs(estimated_meter(charts[level]) - meter) for level, meter in asked.items()]
    assert max(off) < 0.7
    assert net.listened == 1
    for easier, harder in pairwise(Difficulty):
        assert set(charts[easier]) <= set(charts[harder])


def test_a_meter_and_a_density_are_both_met():
    wanted = {Difficulty.EASY: None, Difficulty.MEDIUM: 2.5, Difficulty.HARD: None}
    charts = placed(Answering(steps(busy_end)), wanted, meters={Difficulty.EASY: 3})
    assert len(charts[Difficulty.MEDIUM]) == pytest.approx(2.5 * SECONDS, abs=1)
    assert estimated_meter(charts[Difficulty.EASY]) == pytest.approx(3, abs=0.5)
    assert set(charts[Difficulty.EASY]) < set(charts[Difficulty.MEDIUM]) < set(charts[Difficulty.HARD])


def test_a_meter_for_which_there_are_no_ticks_comes_as_near_as_it_can():
    charts = placed(Answering(steps(busy_end)), {Difficulty.CHALLENGE: None}, meters={Difficulty.CHALLENGE: 25})
    assert estimated_meter(charts[Difficulty.CHALLENGE]) > 12
