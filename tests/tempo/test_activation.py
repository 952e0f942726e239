"""What the beat net hears: at the right second, and the same in blocks as in one piece."""

import numpy as np
import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.model.beats import BeatNet
from charter.model.config import BeatConfig
from charter.tempo import activation
from charter.tempo.activation import Activation, hear_beats

CONFIG = BeatConfig(AudioSpec(mels=16), channels=4, width=8, scales=5)


@pytest.fixture
def net() -> BeatNet:
    torch.manual_seed(0)
    net = BeatNet(CONFIG)
    for module in net.modules():  # so that no layer is the identity
        if isinstance(module, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
    return net.eval()


def noise(frames: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 0.5, (frames, 16, 2)).astype(np.float32)


@pytest.mark.parametrize("block", [7, 100, 333, 10_000])
@pytest.mark.parametrize("frames", [1201, 1500])
def test_blocks_give_what_the_whole_gives(net, monkeypatch, block, frames):
    mel = noise(frames)
    monkeypatch.setattr(activation, "_BLOCK_TOKENS", block)
    heard = hear_beats(net, mel)
    with torch.inference_mode():
        whole = torch.sigmoid(net(torch.from_numpy(mel[: frames // 2 * 2]).permute(2, 0, 1)[None])[0]).numpy()
    assert heard.beat.shape == heard.downbeat.shape == (frames // 2,)
    assert heard.beat == pytest.approx(whole[0], abs=1e-5)
    assert heard.downbeat == pytest.approx(whole[1], abs=1e-5)
    assert heard.beat.std() > 1e-3


@pytest.mark.parametrize("frames", [0, 1, 2, 5])
def test_next_to_nothing_to_hear(net, frames):
    heard = hear_beats(net, noise(frames))
    assert heard.beat.shape == (frames // 2,)
    assert np.isfinite(heard.beat).all()


def test_an_answer_between_two_tokens_is_between_theirs():
    heard = Activation(np.array([0.0, 1.0, 0.5], np.float32), np.array([0.2, 0.0, 0.4], np.float32), 50.0)
    assert heard.beat_at(np.array([0.0, 0.01, 0.02, 0.03, 0.04])) == pytest.approx([0, 0.5, 1, 0.75, 0.5])
    assert heard.downbeat_at(np.array([[0.0], [0.03]])) == pytest.approx(np.array([[0.2], [0.2]]))


def test_outside_the_recording_there_is_no_beat():
    heard = Activation(np.ones(3, np.float32), np.ones(3, np.float32), 50.0)
    assert heard.beat_at(np.array([-0.01, 0.05, 9.0])).tolist() == [0, 0, 0]
