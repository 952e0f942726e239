"""A checkpoint of the beat net becomes a weights file that explains itself."""

import json
from functools import partial

import pytest
import torch
from safetensors import safe_open

from charter.audio.spec import AudioSpec
from charter.errors import WeightsError
from charter.model.config import BeatConfig, SymbolConfig
from charter.model.weights import load_beats
from datasets.splits import split_hash
from tests.crafted import Crafted
from training.beats import BeatTask
from training.checkpoint import PROVENANCE, check_goes_on, load_start, provenance, read_checkpoint, release

CONFIG = BeatConfig(AudioSpec(mels=16), channels=2, width=4, scales=2)


def checkpoint(path, seed: int = 0, epoch: int = 3):
    """As Lightning writes it, as far as a release reads it."""
    torch.manual_seed(seed)
    task = BeatTask(CONFIG)
    values = {"epoch": epoch, "state_dict": task.state_dict(), "optimizer_states": [{"path": "/home/someone"}]}
    task.on_save_checkpoint(values)
    torch.save(values, path)
    return task.net


def test_a_beat_checkpoint_is_released(tmp_path):
    net = checkpoint(tmp_path / "a.ckpt")
    release([tmp_path / "a.ckpt"], tmp_path / "beats.safetensors")
    loaded = load_beats(tmp_path / "beats.safetensors")
    assert loaded.net.config == CONFIG
    assert dict(loaded.provenance)["epochs"] == [3]
    for name, value in net.state_dict().items():
        assert torch.allclose(loaded.net.state_dict()[name], value, atol=1e-3), name
    with safe_open(tmp_path / "beats.safetensors", framework="pt") as file:
        assert json.loads(file.metadata()["charter"])["provenance"]["split_hash"] == split_hash()
    assert b"someone" not in (tmp_path / "beats.safetensors").read_bytes()


def test_several_of_one_run_are_averaged(tmp_path):
    nets = [checkpoint(tmp_path / f"{seed}.ckpt", seed, epoch=seed) for seed in (1, 2)]
    release([tmp_path / "1.ckpt", tmp_path / "2.ckpt"], tmp_path / "w.safetensors")
    loaded = load_beats(tmp_path / "w.safetensors")
    assert dict(loaded.provenance)["epochs"] == [1, 2]
    name = "out.weight"
    mean = sum(net.state_dict()[name] for net in nets) / 2
    assert torch.allclose(loaded.net.state_dict()[name], mean, atol=1e-3)


def test_those_of_another_network_are_not_mixed_in(tmp_path):
    checkpoint(tmp_path / "a.ckpt")
    values = torch.load(tmp_path / "a.ckpt", weights_only=True)
    torch.save({**values, PROVENANCE: provenance(SymbolConfig())}, tmp_path / "b.ckpt")
    with pytest.raises(WeightsError, match=r"b\.ckpt: is of another network, corpus split or version than .*a\.ckpt"):
        release([tmp_path / "a.ckpt", tmp_path / "b.ckpt"], tmp_path / "w.safetensors")
    assert not (tmp_path / "w.safetensors").exists()


def test_a_training_starts_from_a_checkpoint_of_the_same_network(tmp_path):
    net = checkpoint(tmp_path / "a.ckpt")
    torch.manual_seed(9)
    task = BeatTask(CONFIG)
    assert not torch.equal(task.net.out.weight, net.out.weight)
    load_start(task, tmp_path / "a.ckpt", CONFIG)
    assert torch.equal(task.net.out.weight, net.out.weight)


def test_a_training_does_not_start_from_another_network(tmp_path):
    checkpoint(tmp_path / "a.ckpt")
    other = BeatConfig(AudioSpec(mels=16), channels=2, width=4, scales=3)
    with pytest.raises(WeightsError, match=r"a\.ckpt: is of another network than the one to train"):
        load_start(BeatTask(other), tmp_path / "a.ckpt", other)


def test_a_training_starts_from_a_weights_file(tmp_path):
    net = checkpoint(tmp_path / "a.ckpt")
    release([tmp_path / "a.ckpt"], tmp_path / "beats.safetensors")
    torch.manual_seed(9)
    task = BeatTask(CONFIG)
    load_start(task, tmp_path / "beats.safetensors", CONFIG)
    assert torch.allclose(task.net.out.weight, net.out.weight, atol=1e-3)
    other = BeatConfig(AudioSpec(mels=16), channels=2, width=4, scales=3)
    with pytest.raises(WeightsError, match=r"beats\.safetensors: is of another network than the one to train"):
        load_start(BeatTask(other), tmp_path / "beats.safetensors", other)


@pytest.mark.parametrize(
    "use",
    [
        read_checkpoint,
        lambda path: release([path], path.with_name("w.safetensors")),
        partial(load_start, BeatTask(CONFIG), config=CONFIG),
    ],
)
def test_what_a_crafted_checkpoint_would_do_is_not_done(tmp_path, use):
    checkpoint(tmp_path / "a.ckpt")
    values = torch.load(tmp_path / "a.ckpt", weights_only=True)
    torch.save({**values, "callbacks": Crafted(tmp_path / "done")}, tmp_path / "b.ckpt")
    with pytest.raises(WeightsError, match=r"b\.ckpt: is no checkpoint of a training"):
        use(path=tmp_path / "b.ckpt")
    assert not (tmp_path / "done").exists()


def test_a_training_goes_on_from_a_checkpoint_of_its_network_alone(tmp_path):
    checkpoint(tmp_path / "a.ckpt")
    check_goes_on(tmp_path / "a.ckpt", CONFIG)
    with pytest.raises(WeightsError, match=r"a\.ckpt: is of another network than the one to train"):
        check_goes_on(tmp_path / "a.ckpt", SymbolConfig())
    with pytest.raises(WeightsError, match=r"b\.ckpt: cannot be read"):
        check_goes_on(tmp_path / "b.ckpt", CONFIG)
    release([tmp_path / "a.ckpt"], tmp_path / "beats.safetensors")
    with pytest.raises(WeightsError, match=r"beats\.safetensors: is a weights file, from which none goes on"):
        check_goes_on(tmp_path / "beats.safetensors", CONFIG)
