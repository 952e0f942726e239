"""What the configs ask of Lightning."""

import warnings
from pathlib import Path

import pytest
import pytorch_lightning as pl
import torch
import yaml
from pytorch_lightning.callbacks import ModelCheckpoint
from torch import nn

CONFIGS = sorted((Path(__file__).parents[2] / "training" / "configs").glob("*.yaml"))


class Worsening(pl.LightningModule):
    """Its first epoch is its best, by whatever is watched."""

    def __init__(self, watched, mode):
        super().__init__()
        self.net, self.watched, self.worse = nn.Linear(1, 1), watched, 1.0 if mode == "min" else -1.0

    def training_step(self, batch):
        return self.net(batch).mean()

    def validation_step(self, _batch):
        self.log(self.watched or "val/loss", self.worse * self.current_epoch)

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.1)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_a_fit_goes_on_from_its_last_validation(tmp_path, path):
    """And not from its best, which `save_last` beside a monitor would be."""
    asked = yaml.safe_load(path.read_text(encoding="utf-8"))["trainer"]["callbacks"]
    options = [each["init_args"] for each in asked if each["class_path"].endswith(".ModelCheckpoint")]
    keepers = [ModelCheckpoint(tmp_path, **each) for each in options]
    best = next((each for each in options if "monitor" in each), {})
    watched, mode = best.get("monitor"), best.get("mode")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of loaders without workers, and the like
        data = torch.utils.data.DataLoader(torch.zeros(2, 1))
        trainer = pl.Trainer(
            max_epochs=3, logger=False, callbacks=keepers, enable_progress_bar=False, enable_model_summary=False
        )
        trainer.fit(Worsening(watched, mode), data, data)
    kept = {file.name: torch.load(file, weights_only=True)["epoch"] for file in tmp_path.glob("*.ckpt")}
    assert kept.pop("last.ckpt") == 2
    assert watched is None or set(kept.values()) == set(range(best.get("save_top_k", 1)))  # the first are the best
