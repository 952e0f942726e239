"""The section net: a unit vector for each bar, by its own sound alone."""

import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.model.config import SectionConfig
from charter.model.sections import SectionNet
from charter.model.shipped import SHIPPED_SECTIONS
from charter.model.weights import load_sections, save_weights


def small(**changes) -> SectionNet:
    torch.manual_seed(0)
    return SectionNet(SectionConfig(AudioSpec(mels=16), **{"channels": 4, "width": 8, **changes})).eval()


@pytest.mark.parametrize("width", [4, 8])
@torch.inference_mode()
def test_a_unit_vector_for_each_bar(width):
    points = small(width=width)(torch.randn(5, 2, 16, 16))
    assert points.shape == (5, width)
    assert points.norm(dim=1) == pytest.approx(torch.ones(5))


@torch.inference_mode()
def test_a_bar_is_heard_by_itself():
    bars = torch.randn(6, 2, 16, 16)
    net = small()
    assert torch.allclose(net(bars)[2:3], net(bars[2:3]), atol=1e-5)


@torch.inference_mode()
def test_what_was_saved_is_loaded(tmp_path):
    net, bars = small(), torch.randn(3, 2, 16, 16)
    save_weights(tmp_path / "w.safetensors", net, {})
    loaded = load_sections(tmp_path / "w.safetensors").net
    assert loaded.config == net.config
    assert torch.allclose(loaded(bars), net(bars), atol=2e-2)


def test_the_shipped_one_is_small():
    assert SHIPPED_SECTIONS.stat().st_size < 200_000
    assert load_sections().net.config == SectionConfig()
