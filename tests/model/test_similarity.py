"""Self-similarity: a place is told what was heard at places like it, wherever in the song they are."""

import torch

from charter.model import similarity
from charter.model.similarity import SelfSimilarity


def built(features: int = 8, heads: int = 2) -> SelfSimilarity:
    torch.manual_seed(0)
    net = SelfSimilarity(features, heads).eval()
    with torch.no_grad():
        net.sharpness.fill_(200.0)
    return net


@torch.inference_mode()
def test_like_places_tell_each_other_and_not_themselves():
    net = built()
    one, other, third = torch.randn(3, 8)
    tokens = torch.stack([one, other, third, one])[None]
    told = net(tokens)[0]
    assert torch.allclose(told[0], net.value(one), atol=1e-4)
    assert torch.allclose(told[3], net.value(one), atol=1e-4)
    assert not torch.allclose(told[1], net.value(other), atol=1e-2)


@torch.inference_mode()
def test_blocks_leave_no_seam(monkeypatch):
    net, tokens = built(), torch.randn(2, 50, 8)
    whole = net(tokens)
    monkeypatch.setattr(similarity, "_BLOCK", 7)
    assert torch.allclose(net(tokens), whole, atol=1e-5)


@torch.inference_mode()
def test_a_single_token_is_no_error():
    assert built()(torch.randn(1, 1, 8)).isfinite().all()
