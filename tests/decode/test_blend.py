"""Two nets in one: at the ends either alone, between them the geometric mean."""

import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.decode.blend import Blend
from charter.model.config import SymbolConfig
from charter.model.rows import ECHO_MEASURES
from charter.model.symbols import SymbolNet
from charter.model.vocabulary import START, SYMBOLS
from charter.notation import PANELS

BATCH, ROWS, HIDDEN = 2, 5, 8


def net(seed: int) -> SymbolNet:
    torch.manual_seed(seed)
    return SymbolNet(SymbolConfig(AudioSpec(mels=16), embedding=8, hidden=HIDDEN)).eval()


ONE, OTHER = net(1), net(2)


@torch.inference_mode()
def heard(blend: Blend) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Log-probabilities of symbols and of lengths, and log-odds of mines."""
    draw = torch.Generator().manual_seed(3)
    known = torch.randn(BATCH, ROWS, 2 * HIDDEN, generator=draw)
    before = torch.randint(SYMBOLS + 1, (BATCH, ROWS), generator=draw)
    echoes = torch.randint(SYMBOLS + 1, (BATCH, ROWS, len(ECHO_MEASURES)), generator=draw)
    hidden = blend.write([known] * len(blend.nets), before, echoes, torch.zeros(BATCH, ROWS, PANELS))
    known_symbols = before % START
    return blend.symbols(hidden, echoes), blend.lengths(hidden, known_symbols), blend.mines(hidden, known_symbols)


@pytest.mark.parametrize(("amount", "alone"), [(0.0, ONE), (1.0, OTHER)])
def test_at_the_ends_there_is_one_net(amount, alone):
    blend = Blend(ONE, OTHER, amount)
    assert blend.nets == (alone,)
    for mixed, single in zip(heard(blend), heard(Blend(alone)), strict=True):
        assert torch.equal(mixed, single)


def test_halfway_is_the_geometric_mean():
    mixed, first, second = heard(Blend(ONE, OTHER, 0.5)), heard(Blend(ONE)), heard(Blend(OTHER))
    for place in (0, 1):
        mean = (first[place].exp() * second[place].exp()).sqrt()
        assert torch.allclose(mixed[place].exp(), mean / mean.sum(dim=-1, keepdim=True), atol=1e-5)
    assert torch.allclose(mixed[2], (first[2] + second[2]) / 2, atol=1e-5)
    assert not torch.allclose(first[0], second[0], atol=1e-2)


@pytest.mark.parametrize("amount", [0.2, 0.5])
def test_a_net_blended_with_itself_is_that_net(amount):
    for mixed, single in zip(heard(Blend(ONE, ONE, amount)), heard(Blend(ONE)), strict=True):
        assert torch.allclose(mixed, single, atol=1e-5)


def test_probabilities_add_up_to_one():
    symbols, lengths, _ = heard(Blend(ONE, OTHER, 0.3))
    assert torch.allclose(symbols.exp().sum(dim=-1), torch.ones(BATCH, ROWS))
    assert torch.allclose(lengths.exp().sum(dim=-1), torch.ones(BATCH, ROWS))
