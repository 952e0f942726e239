"""Batches for the beat net: targets lie where the sound is, whatever the crop and the stretch."""

import numpy as np
import pytest
import torch

from charter.model.config import BeatConfig
from charter.model.weights import load_beats
from datasets.beats import BeatExample
from training.beats import BeatTask, beat_losses
from training.checkpoint import PROVENANCE, provenance, release
from training.recordings import BeatAugmentConfig, RecordingCrops, WholeRecordings, stretched, to_batch
from training.rivals import Choice, _fitted

CONFIG = BeatConfig(channels=4, width=8, scales=4)


@pytest.fixture
def example() -> BeatExample:
    """A click in every band, 10 ms long, on each beat of 120 BPM from 0.5 s on; every fourth a downbeat."""
    beats = np.arange(0.5, 20.0, 0.5)
    mel = np.full((2000, 64, 2), -1.0, np.float16)
    mel[np.rint(beats * 100).astype(int)] = 0.0
    return BeatExample("a", mel, beats, np.arange(len(beats)) % 4 == 0, np.array([[0.5, 15.0]]))


@pytest.mark.parametrize("rate", [0.8, 1.0, 1.25])
@pytest.mark.parametrize("start", [0, 333])
def test_a_target_lies_where_its_sound_is(example, start, rate):
    mel = stretched(example.mel, start, 800, rate)
    batch = to_batch(example, mel, CONFIG, start, rate)
    assert batch.mel.shape == (2, 800, 64)
    assert batch.targets.shape == (2, 400)
    clicks = np.flatnonzero(mel[:, 0, 0] > -0.75)
    peaks = np.flatnonzero(batch.targets[0].numpy() > 0.7)
    assert len(peaks) >= 12
    for peak in peaks:
        assert np.abs(clicks / 2 - peak).min() <= 1.0


def test_downbeats_are_every_fourth(example):
    batch = to_batch(example, example.mel.astype(np.float32), CONFIG)
    beat, downbeat = batch.targets.numpy()
    assert np.flatnonzero(beat == 1).tolist() == (example.beats * 50).astype(int).tolist()
    assert np.flatnonzero(downbeat == 1).tolist() == (example.beats[::4] * 50).astype(int).tolist()


def test_what_is_not_known_has_no_weight(example):
    weight = to_batch(example, example.mel.astype(np.float32), CONFIG).weight[0].numpy()
    assert weight[25:750].all()
    assert not weight[:25].any()
    assert not weight[750:].any()


def test_beyond_the_end_there_is_silence(example):
    mel = stretched(example.mel, 1900, 400, 1.0)
    assert (mel[100:] == -1).all()
    assert mel.shape == (400, 64, 2)


def test_crops_have_one_shape_and_repeat_with_the_seed(example):
    crops = RecordingCrops([example], CONFIG, 250, BeatAugmentConfig())
    assert len(crops) == 4
    torch.manual_seed(1)
    first = crops[0]
    torch.manual_seed(1)
    again = crops[0]
    assert first.mel.shape == (2, 500, 64)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))


def test_a_recording_whole(example):
    batch = WholeRecordings([example], CONFIG)[0]
    assert batch.mel.shape == (1, 2, 2000, 64)
    assert batch.targets.shape == (1, 2, 1000)


def test_the_loss_counts_what_is_known_alone(example):
    batch = WholeRecordings([example], CONFIG)[0]
    logits = torch.zeros_like(batch.targets)
    assert beat_losses(logits, batch).numpy() == pytest.approx([np.log(2)] * 2, rel=1e-5)
    logits[:, :, 800:] = 50.0
    assert beat_losses(logits, batch).numpy() == pytest.approx([np.log(2)] * 2, rel=1e-5)


def test_a_checkpoint_becomes_weights(tmp_path):
    task = BeatTask(CONFIG)
    checkpoint = {PROVENANCE: provenance(CONFIG), "state_dict": task.state_dict(), "epoch": 3}
    torch.save(checkpoint, tmp_path / "a.ckpt")
    release([tmp_path / "a.ckpt"], tmp_path / "a.safetensors")
    loaded = load_beats(tmp_path / "a.safetensors")
    assert loaded.net.config == CONFIG
    assert loaded.provenance["epochs"] == [3]


def test_the_choice_is_learnt_from_choices():
    rng = np.random.default_rng(0)
    choices = []
    for _ in range(200):
        measured = rng.normal(size=(5, 2))
        scores = measured @ np.array([3.0, 0.0]) + rng.gumbel(size=5)
        choices.append(Choice(measured, np.arange(5) == scores.argmax()))
    fit = _fitted(["tells", "says nothing"], choices)
    assert fit.weights["tells"] == pytest.approx(3.0, abs=0.8)
    assert abs(fit.weights["says nothing"]) < 0.5
    assert fit.choices == 200
    assert fit.accuracy > 0.6
