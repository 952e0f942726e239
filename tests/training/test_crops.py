"""Crops of a song that is heard twice, and what a steady net's two answers cost."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.model.config import PlacementConfig
from charter.notation import Chart, Difficulty, Note, NoteKind, Timing
from datasets.augment import AugmentConfig
from datasets.cache import heard
from datasets.placement import Replay, placement_example, rhythms
from training.crops import CropDataset
from training.placement import unlike

SPEC = AudioSpec(mels=16)
CONFIG = PlacementConfig(SPEC)
TIMING = Timing.constant(120, -0.1)
RATE = round(SPEC.sample_rate / 1.05)


@pytest.fixture(scope="module")
def example(write_loop, tmp_path_factory):
    folder = tmp_path_factory.mktemp("loop")
    loop = write_loop(folder / "loop.wav", bpm=120)
    once, faster = heard(loop, SPEC, folder), heard(loop, SPEC, folder, RATE)
    assert faster.duration == pytest.approx(once.duration / 1.05, abs=0.001)
    assert len(list(folder.glob("*.npz"))) == 2
    charts = {Difficulty.EASY: Chart(Difficulty.EASY, 3, (Note(0, 0, NoteKind.TAP), Note(96, 1, NoteKind.TAP)))}
    made = placement_example(
        "loop", TIMING, rhythms(charts, TIMING), once, CONFIG, replay=Replay(faster, SPEC.sample_rate / RATE)
    )
    assert made is not None
    return made


def test_a_replay_sounds_on_the_same_steps(example):
    """Its drums strike where those of the recording do, though all of it is over sooner."""
    mel, again = (np.diff(each.astype(np.float32).mean(axis=(1, 2))) for each in (example.mel, example.again))
    alike = [np.corrcoef(mel, np.roll(again, late))[0, 1] for late in (-2, 0, 2)]
    assert alike[1] > 0.9
    assert max(alike[0], alike[2]) < 0.5


def test_both_hearings_are_changed_alike(example):
    twin = replace(example, again=example.mel)
    crops = CropDataset([twin], CONFIG, 8 * CONFIG.steps_per_beat, AugmentConfig(noise=0))
    batch = crops[0]
    assert torch.equal(batch.mel, batch.again)
    assert not torch.equal(batch.mel, crops[0].mel)


def test_a_song_heard_once_has_no_second_hearing(example):
    batch = CropDataset([replace(example, again=None)], CONFIG, 8 * CONFIG.steps_per_beat)[0]
    assert batch.again.shape == (0, *batch.mel.shape[1:])


def test_answers_are_unlike_by_their_divergences_from_each_other():
    one, other = torch.randn(1, 1, 4, generator=torch.Generator().manual_seed(5)), torch.zeros(1, 1, 4)
    weight = torch.tensor([[[1.0, 1.0, 0.0, 1.0]]])
    first, second = torch.distributions.Bernoulli(logits=one), torch.distributions.Bernoulli(logits=other)
    both = torch.distributions.kl_divergence(first, second) + torch.distributions.kl_divergence(second, first)
    assert float(unlike(one, other, weight).value) == pytest.approx(float(both[weight > 0].mean()), abs=1e-6)
    assert float(unlike(one, one, weight).value) == 0
