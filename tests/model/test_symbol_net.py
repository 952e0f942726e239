"""The symbol net: written row by row it says what it was taught chart by chart."""

import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.model.config import SymbolConfig
from charter.model.rows import CONTEXT_SIZE, ECHO_MEASURES, sound_size
from charter.model.symbols import MINE_PLACES, SymbolNet
from charter.model.vocabulary import LENGTHS, START, SYMBOLS
from charter.notation import PANELS

SPEC = AudioSpec(mels=16)
ROWS = 12


@pytest.fixture
def net() -> SymbolNet:
    torch.manual_seed(0)
    return SymbolNet(SymbolConfig(SPEC, embedding=8, hidden=8)).eval()


def random(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def encoded(net: SymbolNet, batch: int = 2, sound: torch.Tensor | None = None, density: float = 3.0) -> torch.Tensor:
    heard = random(batch, ROWS, sound_size(SPEC)) if sound is None else sound
    context = random(batch, ROWS, CONTEXT_SIZE, seed=2)
    return net.encode(context, heard, torch.arange(batch) % 5, torch.full((batch,), density))


def chart(batch: int = 2) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Symbols, echoes (some of rows that are not there) and what is held."""
    draw = torch.Generator().manual_seed(3)
    symbols = torch.randint(1, SYMBOLS, (batch, ROWS), generator=draw)
    echoes = torch.randint(SYMBOLS - 1, (batch, ROWS, len(ECHO_MEASURES)), generator=draw)
    echoes[:, ::2, 1:] = START
    return symbols, echoes, (torch.rand(batch, ROWS, PANELS, generator=draw) < 0.2).float()


@torch.inference_mode()
def test_shapes(net):
    scores = net(encoded(net), *chart())
    assert scores.symbol.shape == (2, ROWS, SYMBOLS)
    assert scores.length.shape == (2, ROWS, len(LENGTHS))
    assert scores.mines.shape == (2, ROWS, MINE_PLACES * PANELS)


@torch.inference_mode()
def test_row_by_row_says_the_same_as_the_whole_chart(net):
    known = encoded(net)
    symbols, echoes, held = chart()
    whole = net(known, symbols, echoes, held)
    before, state = torch.full((2, 1), START), None
    for row in range(ROWS):
        here = slice(row, row + 1)
        hidden, state = net.write(known[:, here], before, echoes[:, here], held[:, here], state)
        before = symbols[:, here]
        scores = (net.symbols(hidden, echoes[:, here]), net.lengths(hidden, before), net.mine_odds(hidden, before))
        for one, other in zip(scores, whole, strict=True):
            assert torch.allclose(one[:, 0], other[:, row], atol=1e-5)


@torch.inference_mode()
def test_a_symbol_tells_on_later_rows_and_on_its_own_length_but_not_on_itself(net):
    known, (symbols, echoes, held) = encoded(net), chart()
    changed = symbols.clone()
    changed[:, 5] = (changed[:, 5] + 1) % SYMBOLS
    one, other = net(known, symbols, echoes, held), net(known, changed, echoes, held)
    assert torch.equal(one.symbol[:, :6], other.symbol[:, :6])
    assert not torch.allclose(one.symbol[:, 6], other.symbol[:, 6])
    assert torch.equal(one.length[:, :5], other.length[:, :5])
    assert not torch.allclose(one.length[:, 5], other.length[:, 5])
    assert not torch.allclose(one.mines[:, 5], other.mines[:, 5])


@torch.inference_mode()
def test_what_is_held_is_heard(net):
    known, (symbols, echoes, held) = encoded(net), chart()
    other = held.clone()
    other[:, 4] = 1 - other[:, 4]
    one, changed = net(known, symbols, echoes, held).symbol, net(known, symbols, echoes, other).symbol
    assert torch.equal(one[:, :4], changed[:, :4])
    assert not torch.allclose(one[:, 4], changed[:, 4])


@torch.inference_mode()
def test_a_chart_without_sound_is_no_matter_of_the_sound_layer(net):
    silent = encoded(net, sound=torch.zeros(2, ROWS, sound_size(SPEC)))
    assert silent.isfinite().all()
    assert not torch.allclose(silent, encoded(net))
    net.sound[0].bias += 5
    assert torch.equal(encoded(net, sound=torch.zeros(2, ROWS, sound_size(SPEC))), silent)


@torch.inference_mode()
def test_charts_with_and_without_sound_share_a_batch(net):
    sound = random(2, ROWS, sound_size(SPEC))
    sound[1] = 0
    mixed = encoded(net, sound=sound)
    assert torch.allclose(mixed[0], encoded(net, sound=random(2, ROWS, sound_size(SPEC)))[0], atol=1e-6)
    assert torch.allclose(mixed[1], encoded(net, sound=torch.zeros_like(sound))[1], atol=1e-6)


@torch.inference_mode()
def test_difficulty_and_density_tell(net):
    context, sound = random(1, ROWS, CONTEXT_SIZE), random(1, ROWS, sound_size(SPEC))

    def known(level: int, density: float) -> torch.Tensor:
        return net.encode(context, sound, torch.tensor([level]), torch.tensor([density]))

    answers = [known(level, 3.0) for level in (-1, 0, 1, 2, 3, 4)] + [known(2, 9.0)]
    assert all(answer.isfinite().all() for answer in answers)
    assert min((a - b).abs().max() for i, a in enumerate(answers) for b in answers[:i]) > 1e-4


def test_every_weight_learns(net):
    net.train()
    scores = net(encoded(net), *chart())
    sum(part.square().mean() for part in scores).backward()
    assert [name for name, parameter in net.named_parameters() if parameter.grad is None] == []
    assert [name for name, parameter in net.named_parameters() if not parameter.grad.any()] == []


@torch.inference_mode()
def test_echoes_tell_from_their_own_row_on(net):
    known, (symbols, echoes, held) = encoded(net), chart()
    other = echoes.clone()
    other[:, 7, 0] = (other[:, 7, 0] + 1) % SYMBOLS
    one, changed = net(known, symbols, echoes, held).symbol, net(known, symbols, other, held).symbol
    assert torch.equal(one[:, :7], changed[:, :7])
    assert not torch.allclose(one[:, 7], changed[:, 7])


@torch.inference_mode()
def test_what_is_copied_is_added_to_the_symbol_of_the_echo_and_to_no_other(net):
    hidden = random(1, 1, 2 * 8)
    nowhere = torch.full((1, 1, len(ECHO_MEASURES)), START)
    somewhere = nowhere.clone()
    somewhere[..., 2] = 17
    own, copied = net.symbols(hidden, nowhere), net.symbols(hidden, somewhere)
    assert own.shape == (1, 1, SYMBOLS)
    assert (own != copied).nonzero()[:, 2].tolist() == [17]
    somewhere[..., 3] = 17
    assert net.symbols(hidden, somewhere)[..., 17] != copied[..., 17]
