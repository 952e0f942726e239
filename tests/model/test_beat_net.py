"""The beat net: a token every two hops, centred on its frame, and an answer that depends on what is near."""

import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.model.beats import BeatNet
from charter.model.config import BeatConfig

SPEC = AudioSpec(mels=16)


def small(**changes) -> BeatNet:
    torch.manual_seed(0)
    return BeatNet(BeatConfig(SPEC, **{"channels": 4, "width": 8, "scales": 5, **changes})).eval()


@pytest.mark.parametrize("frames", [2, 64, 128])
@pytest.mark.parametrize("hops", [1, 2, 4])
@torch.inference_mode()
def test_two_answers_a_token(frames, hops):
    net = small(hops_per_token=hops)
    assert net(torch.randn(3, 2, frames * hops, 16)).shape == (3, 2, frames)


@pytest.mark.parametrize("scales", [1, 3, 5])
def test_reach_is_as_far_as_an_answer_sees(scales):
    """By the gradient: what an answer in the middle depends on, and nothing beyond its reach."""
    net = small(scales=scales)
    tokens = 2 * net.reach + 21
    middle = tokens // 2
    mel = torch.randn(1, 2, 2 * tokens, 16, requires_grad=True)
    net(mel)[0, :, middle].sum().backward()
    seen = mel.grad.abs().sum((0, 1, 3)).reshape(tokens, 2).sum(1).nonzero().flatten()
    assert seen.min() >= middle - net.reach
    assert seen.max() <= middle + net.reach
    assert seen.max() - seen.min() > 2 * net.reach - 8


@torch.inference_mode()
def test_a_token_is_centred_on_its_frame():
    """A sound as far before a token as after it is seen alike often: the reach is the same to either side."""
    net = small(scales=1)
    silence = torch.full((1, 2, 128, 16), -1.0)
    base = net(silence)
    for frame in (60, 64):
        mel = silence.clone()
        mel[:, :, frame] = 0.4
        moved = (net(mel) - base)[0].abs().sum(0).nonzero().flatten().float()
        assert moved.mean() == pytest.approx(frame / 2, abs=0.6)


def test_dropout_is_for_training():
    net = small(dropout=0.5)
    mel = torch.randn(1, 2, 64, 16)
    assert torch.equal(net(mel), net(mel))
    net.train()
    assert not torch.equal(net(mel), net(mel))
