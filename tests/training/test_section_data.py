"""Bars as batches for the section net, and the loss that tells near bars from far ones."""

from pathlib import Path

import numpy as np
import pytest
import pytorch_lightning as pl
import torch

from charter.audio.spec import AudioSpec
from charter.errors import RequestError
from charter.model.config import SectionConfig
from charter.sections.bars import STEPS_PER_BAR
from training.section_data import SectionAugmentConfig, SectionData, SectionLoaderConfig, SongBars
from training.sections import SectionBatch, SectionTask, contrast
from training.synthetic import write_corpus

CONFIG = SectionConfig(AudioSpec(mels=16), channels=2, width=8)


def song(bars: int = 20) -> np.ndarray:
    """Steps that say where they are."""
    steps = np.arange(bars * STEPS_PER_BAR, dtype=np.float16)[:, None, None] / 512
    return np.broadcast_to(steps, (len(steps), 16, 2)).copy()


def test_bars_begin_on_beats_and_say_where():
    torch.manual_seed(0)
    batch = SongBars([song()], 50)[0]
    assert batch.steps.shape == (50, 2, STEPS_PER_BAR, 16)
    first = batch.steps[:, 0, 0, 0] * 512 / STEPS_PER_BAR
    assert torch.equal(first, batch.places)
    assert set((batch.places % 1).tolist()) == {0.0, 0.25, 0.5, 0.75}
    assert batch.places.max() <= 19


def test_whole_songs_are_their_bars():
    batch = SongBars([song()], None)[0]
    assert batch.places.tolist() == list(range(20))


def test_augmentation_moves_all_bars_of_a_song_by_one_pitch():
    bands = np.broadcast_to(np.arange(16, dtype=np.float16)[:, None] / 16, (320, 16, 2)).copy()
    alone = SectionAugmentConfig(pitch=3, loudness=0.0, band_masks=0)
    torch.manual_seed(3)
    steps = SongBars([bands], 6, alone)[0].steps
    assert torch.equal(steps, steps[:1].expand_as(steps))
    changed = SongBars([bands], 6, SectionAugmentConfig())[0].steps
    assert not torch.equal(changed, changed[:1].expand_as(changed))


def test_near_bars_that_are_alike_cost_less():
    places = torch.arange(30.0)
    apart = (places[:, None] - places).abs()[None]
    near, far = (apart > 0) & (apart <= 3), apart >= 10
    good = torch.where(near, 5.0, -5.0)
    assert contrast(good, near, far).value < 0.1
    assert contrast(-good, near, far).value > 5
    even = contrast(torch.zeros(1, 30, 30), near, far).value
    assert even == pytest.approx(np.log(1 + 16), abs=0.3)


def test_without_a_far_bar_there_is_nothing_to_tell():
    none = torch.zeros(1, 4, 4, dtype=torch.bool)
    similar = torch.randn(1, 4, 4, requires_grad=True)
    loss = contrast(similar, ~none, none).value
    loss.backward()
    assert loss == 0
    assert torch.isfinite(similar.grad).all()


def test_a_few_steps_teach_what_lies_near():
    """Two halves of a song with a sound each: their bars come apart."""
    torch.manual_seed(0)
    sounds = torch.randn(2, 2, STEPS_PER_BAR, 16)
    places = torch.arange(40.0)
    steps = sounds[(places >= 20).long()] + 0.5 * torch.randn(40, 2, STEPS_PER_BAR, 16)
    batch = SectionBatch(steps[None], places[None])
    task = SectionTask(CONFIG)
    task.log = lambda *_, **__: None
    optimiser = torch.optim.Adam(task.parameters(), 1e-2)
    losses = []
    for _ in range(30):
        loss = task.training_step(batch, 0)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] - 0.5


class _Trainer:
    def __init__(self) -> None:
        self.lightning_module = SectionTask(CONFIG)


def data(folder: Path) -> SectionData:
    made = SectionData(folder / "songs", folder / "songs.tsv", loader=SectionLoaderConfig(songs=1, bars=12))
    made.trainer = _Trainer()
    return made


def test_songs_are_read_by_split(tmp_path):
    write_corpus(tmp_path)
    made = data(tmp_path)
    made.setup("fit")
    assert set(made.songs) == {"train", "valid"}
    batch = next(iter(made.train_dataloader()))
    assert batch.steps.shape == (1, 12, 2, STEPS_PER_BAR, 16)
    assert len(next(iter(made.val_dataloader())).places[0]) >= 16


def test_a_split_without_songs_is_told(tmp_path):
    write_corpus(tmp_path)
    with pytest.raises(RequestError, match="holds no song of 16 bars in the test split"):
        data(tmp_path).setup("test")


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")  # Lightning's own
def test_a_fit_leaves_a_checkpoint_that_says_what_it_is(tmp_path):
    write_corpus(tmp_path)
    trainer = pl.Trainer(
        max_steps=2, accelerator="cpu", logger=False, enable_progress_bar=False, default_root_dir=tmp_path,
        enable_model_summary=False, log_every_n_steps=1,
    )  # fmt: skip
    task = SectionTask(CONFIG)
    made = SectionData(tmp_path / "songs", tmp_path / "songs.tsv", loader=SectionLoaderConfig(songs=1, bars=12))
    trainer.fit(task, made)
    trainer.save_checkpoint(tmp_path / "a.ckpt")
    values = torch.load(tmp_path / "a.ckpt", weights_only=True)
    assert values["charter"]["net_config"] == "SectionConfig"
