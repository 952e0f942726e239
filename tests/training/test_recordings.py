"""Recordings as batches: a beat's target lies where the features have it, and what is not known has no weight."""

import numpy as np
import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.errors import RequestError
from charter.model.config import BeatConfig
from datasets.augment import SILENCE
from datasets.beats import BeatExample
from training.beats import BeatBatch, BeatTask, beat_losses
from training.recordings import (
    BeatAugmentConfig,
    BeatData,
    RecordingConfig,
    RecordingCrops,
    WholeRecordings,
    stretched,
    to_batch,
)
from training.synthetic import write_corpus

CONFIG = BeatConfig(AudioSpec(mels=16), channels=2, width=4, scales=2)
TOKENS = 50  # a second
STRETCH_ALONE = BeatAugmentConfig(
    stretch=0.3, unstretched=0.0, pitch=0, loudness=0.0, noise=0.0, band_masks=0, time_masks=0
)


def clicks(beats: np.ndarray, seconds: float = 40.0, known: tuple[tuple[float, float], ...] = ((0.0, 40.0),)):
    """A recording whose features are loud at its beats alone, over four frames."""
    mel = np.full((round(seconds * 100), 16, 2), SILENCE, np.float16)
    for beat in beats:
        centre = round(beat * 100)
        mel[max(centre - 2, 0) : centre + 3] = 0.3
    downbeat = np.arange(len(beats)) % 4 == 0
    return BeatExample("a", mel, np.asarray(beats), downbeat, np.array(known))


BEATS = 0.5 + np.arange(78) * 0.5


def peaks(target: torch.Tensor) -> np.ndarray:
    """Tokens at which a target is highest, between two where both are alike."""
    values = target.numpy()
    return np.array(
        [i for i in range(1, len(values) - 1) if values[i] >= 0.5 and values[i] == values[i - 1 : i + 2].max()]
    )


def test_a_beats_target_lies_where_its_sound_is():
    batch = to_batch(clicks(BEATS), clicks(BEATS).mel.astype(np.float32), CONFIG)
    beat, downbeat = batch.targets.numpy()
    at = np.rint(BEATS * TOKENS).astype(int)
    assert beat[at] == pytest.approx(1)
    assert downbeat[at[::4]] == pytest.approx(1)
    assert downbeat[at[1::4]] == pytest.approx(0)
    assert beat[at + 12] == pytest.approx(0)


def test_a_beat_between_two_tokens_is_between_them():
    beats = np.array([1.0, 1.51, 2.005])
    beat = to_batch(clicks(beats), clicks(beats).mel.astype(np.float32), CONFIG).targets[0].numpy()
    assert beat[48:53] == pytest.approx([0, 0.5, 1, 0.5, 0])
    assert beat[74:78] == pytest.approx([0.25, 0.75, 0.75, 0.25])
    assert beat[99:103] == pytest.approx([0.375, 0.875, 0.625, 0.125])


@pytest.mark.parametrize("rate", [0.85, 1.0, 1.13])
@pytest.mark.parametrize("start", [0, 137, 1001])
def test_a_target_follows_the_stretched_sound(rate, start):
    example = clicks(BEATS)
    mel = stretched(example.mel, start, 1000, rate)
    batch = to_batch(example, mel, CONFIG, start, rate)
    assert batch.mel.shape == (2, 1000, 16)
    loud = batch.mel[0, :, 0].reshape(-1, 2)[:, 0].numpy()
    sounding = np.flatnonzero(loud > 0.25)
    assert len(sounding) > 10
    assert batch.targets[0].numpy()[sounding].min() > 0.2
    assert loud[batch.targets[0].numpy() > 0.74].min() > -0.2


def test_crops_keep_target_and_sound_together():
    torch.manual_seed(0)
    crops = RecordingCrops([clicks(BEATS)], CONFIG, 500, STRETCH_ALONE)
    distances = []
    for _ in range(12):
        batch = crops[0]
        assert batch.mel.shape == (2, 1000, 16)
        assert batch.targets.shape == (2, 500)
        assert batch.weight.shape == (1, 500)
        loud, target = batch.mel[0, ::2, 0].numpy(), batch.targets[0].numpy()
        assert np.corrcoef(loud, target)[0, 1] > 0.8
        distances.append(np.median(np.diff(peaks(batch.targets[0])[1:-1])))
    assert min(distances) < 24 < 26 < max(distances), "faster and slower than it was played"


def test_crops_without_augmentation_are_the_recording():
    example = clicks(BEATS)
    crops = RecordingCrops([example], CONFIG, 500, None)
    mel = crops[0].mel.numpy().transpose(1, 2, 0)
    starts = [s for s in range(len(example.mel) - 1000 + 1) if np.array_equal(example.mel[s : s + 1000], mel)]
    assert starts


def test_an_epoch_hears_each_recording_as_often_as_it_is_long():
    crops = RecordingCrops([clicks(BEATS), clicks(BEATS[:6], seconds=4.0)], CONFIG, 500, None)
    assert len(crops) == 5
    assert np.bincount(crops.order).tolist() == [4, 1]


def test_a_recording_shorter_than_a_crop_ends_in_silence_that_does_not_count():
    crops = RecordingCrops([clicks(BEATS[:6], seconds=4.0, known=((0.0, 4.0),))], CONFIG, 500, None)
    batch = crops[0]
    assert torch.all(batch.mel[:, 402:] == SILENCE)
    assert batch.weight[0, :200].min() == 1
    assert batch.weight[0, 201:].max() == 0
    assert batch.targets[:, 201:].max() == 0


@pytest.mark.parametrize("rate", [0.9, 1.0, 1.1])
def test_weight_is_nothing_outside_known_spans(rate):
    example = clicks(BEATS, known=((2.0, 5.0), (7.0, 12.0)))
    batch = to_batch(example, stretched(example.mel, 100, 1200, rate), CONFIG, 100, rate)
    seconds = 1.0 + np.arange(600) / TOKENS * rate
    inside = ((seconds > 2.03) & (seconds < 4.97)) | ((seconds > 7.03) & (seconds < 11.97))
    outside = (seconds < 1.97) | ((seconds > 5.03) & (seconds < 6.97)) | (seconds > 12.03)
    weight = batch.weight[0].numpy()
    assert set(weight) == {0.0, 1.0}
    assert weight[inside].min() == 1
    assert weight[outside].max() == 0


def test_a_recording_is_heard_whole():
    example = clicks(BEATS, seconds=40.01)
    (batch,) = WholeRecordings([example], CONFIG)
    assert batch.mel.shape == (1, 2, 4000, 16)
    assert batch.targets.shape == (1, 2, 2000)
    assert batch.weight.shape == (1, 1, 2000)
    assert peaks(batch.targets[0, 0]) == pytest.approx(BEATS * TOKENS)


def test_a_recording_without_a_beat_is_learnt_from():
    none = np.zeros(0)
    example = BeatExample("noise", np.zeros((800, 16, 2), np.float16), none, none.astype(bool), np.array([[0.0, 8.0]]))
    (batch,) = WholeRecordings([example], CONFIG)
    assert batch.targets.max() == 0
    assert batch.weight.min() == 1


def test_augmented_sound_changes_and_its_targets_do_not():
    example = clicks(BEATS)
    all_but_stretch = BeatAugmentConfig(stretch=0.0)
    torch.manual_seed(1)
    plain = RecordingCrops([example], CONFIG, 500, BeatAugmentConfig(0.0, 0.0, 0, 0.0, 0.0, 0, 0, 0, 0))[0]
    torch.manual_seed(1)
    changed = RecordingCrops([example], CONFIG, 500, all_but_stretch)[0]
    assert torch.equal(plain.targets, changed.targets)
    assert not torch.allclose(plain.mel, changed.mel, atol=0.05)
    assert torch.isfinite(changed.mel).all()


def test_crops_repeat_with_the_seed():
    crops = RecordingCrops([clicks(BEATS)], CONFIG, 250, BeatAugmentConfig())
    drawn = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        drawn.append(crops[0].mel)
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])


def test_losses_count_what_is_known():
    targets, weight = torch.zeros(2, 2, 10), torch.zeros(2, 1, 10)
    weight[0, 0, :5] = 1
    batch = BeatBatch(torch.zeros(2, 2, 20, 16), targets, weight)
    logits = torch.zeros(2, 2, 10)
    logits[:, 0, 5:] = 50  # wrong, where nothing is known
    logits[1] = 50
    assert beat_losses(logits, batch).value == pytest.approx([np.log(2)] * 2, rel=1e-5)
    assert beat_losses(logits, batch._replace(weight=torch.zeros_like(weight))).value.tolist() == [0, 0]


class _Trainer:
    """As much of a trainer as the data asks for."""

    def __init__(self, task: BeatTask) -> None:
        self.lightning_module = task


def data(folder, **options) -> BeatData:
    module = BeatData(folder / "songs", folder / "songs.tsv", **options)
    module.trainer = _Trainer(BeatTask(CONFIG))
    return module


def test_a_corpus_becomes_batches(tmp_path):
    write_corpus(tmp_path)
    module = data(tmp_path, loader=RecordingConfig(batch_size=2, seconds=6.0, beatless=1))
    module.setup("fit")
    names = [example.name for example in module.examples["train"]]
    assert names == ["one-song-train", *(f"beatless {n}" for n in range(4))]
    assert [example.name for example in module.examples["valid"]] == ["one-song-valid"]
    assert module.examples["valid"][0].beats[:2] == pytest.approx([0.5, 0.9])
    batch = next(iter(module.train_dataloader()))
    assert batch.mel.shape == (2, 2, 600, 16)
    assert batch.targets.shape == (2, 2, 300)
    (whole,) = module.val_dataloader()
    assert whole.mel.shape[0] == 1
    assert whole.targets[0, 0].max() > 0.9


def test_held_out_songs_are_left_out_of_training_alone(tmp_path):
    write_corpus(tmp_path)
    module = data(tmp_path, loader=RecordingConfig(seconds=6.0, beatless=1, held_out=1))
    module.setup("fit")
    assert all(example.name.startswith("beatless") for example in module.examples["train"])
    assert len(module.examples["valid"]) == 1


def test_a_split_without_songs_is_told(tmp_path):
    write_corpus(tmp_path)
    with pytest.raises(RequestError, match="holds no song with audio in the test split"):
        data(tmp_path).setup("test")
