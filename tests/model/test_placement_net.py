"""The placement net: what is asked for only ever adds rows, and every published configuration runs."""

import dataclasses

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from charter.audio.spec import AudioSpec
from charter.model.config import Head, PlacementConfig, Stack
from charter.model.grid import Guide, guide_size
from charter.model.placement import TYPICAL_DENSITY, Condition, LevelHead, PlacementNet
from charter.notation import Difficulty

SMALL = PlacementConfig(AudioSpec(mels=32), channels=2, hidden=8, layers=2, steps_per_token=6)
UNKNOWN = float("nan")


def config_of(stack: Stack, head: Head) -> PlacementConfig:
    per_token = 1 if stack in (Stack.GENELIVE, Stack.DDC) else 6
    return dataclasses.replace(SMALL, stack=stack, head=head, steps_per_token=per_token)


def built(config: PlacementConfig = SMALL) -> PlacementNet:
    torch.manual_seed(0)
    return PlacementNet(config).eval()


def song(config: PlacementConfig, *, batch: int = 1, steps: int = 192) -> tuple[torch.Tensor, torch.Tensor]:
    noise = torch.Generator().manual_seed(1)
    mel = torch.randn(batch, len(config.audio.windows), steps, config.audio.mels, generator=noise)
    return mel, torch.rand(batch, steps // config.steps_per_token, guide_size(config.guide), generator=noise)


def asked(difficulty: list[int], density: list[float], *, bpm: float = 120.0) -> Condition:
    return Condition(torch.tensor([difficulty]), torch.tensor([density]), torch.tensor([bpm]))


@pytest.mark.parametrize("stack", list(Stack))
@pytest.mark.parametrize("head", list(Head))
def test_every_stack_with_every_head_learns(stack, head):
    config = config_of(stack, head)
    net = built(config).train()
    mel, guide = song(config, batch=2)
    condition = Condition(
        torch.tensor([[0, 2, 4], [1, -1, 3]]),
        torch.tensor([[1.0, 2.0, 5.0], [1.5, 2.5, UNKNOWN]]),
        torch.tensor([120.0, 140.0]),
    )
    logits = net(mel, guide, condition)
    assert logits.shape == (2, 3, 192)
    assert logits.isfinite().all()
    target = (torch.rand(logits.shape, generator=torch.Generator().manual_seed(2)) < 0.1).float()
    torch.nn.functional.binary_cross_entropy_with_logits(logits, target).backward()
    gradients = {name: parameter.grad for name, parameter in net.named_parameters()}
    assert [name for name, grad in gradients.items() if grad is None or not grad.isfinite().all()] == []
    assert [name for name, grad in gradients.items() if not grad.any()] == []


@pytest.mark.parametrize("guide", list(Guide))
def test_every_guide_fits(guide):
    config = dataclasses.replace(SMALL, guide=guide)
    mel, channels = song(config)
    with torch.inference_mode():
        assert built(config)(mel, channels, asked([3], [3.0])).shape == (1, 1, 192)


@pytest.mark.parametrize("stack", list(Stack))
@pytest.mark.parametrize("head", list(Head))
@torch.inference_mode()
def test_a_song_is_read_alike_alone_and_in_a_batch(stack, head):
    config = config_of(stack, head)
    net, (mel, guide) = built(config), song(config, batch=3)
    condition = Condition(torch.tensor([[0, 4]] * 3), torch.tensor([[1.0, 5.0]] * 3), torch.tensor([120.0] * 3))
    together = net(mel, guide, condition)
    for number in range(3):
        alone = net(mel[number][None], guide[number][None], asked([0, 4], [1.0, 5.0]))
        assert torch.allclose(together[number], alone[0], atol=1e-5)


@pytest.mark.parametrize("head", list(Head))
@torch.inference_mode()
def test_a_chart_is_read_alike_alone_and_beside_others(head):
    config = config_of(Stack.MUSICAL, head)
    net, (mel, guide) = built(config), song(config)
    together = net(mel, guide, asked([0, 2, 4], [1.0, 2.5, 5.0]))[0]
    for number, (level, density) in enumerate(((0, 1.0), (2, 2.5), (4, 5.0))):
        assert torch.allclose(together[number], net(mel, guide, asked([level], [density]))[0, 0], atol=1e-5)


@torch.inference_mode()
def test_the_scalar_head_tells_difficulties_apart_and_does_not_ask_for_density():
    config = config_of(Stack.GENELIVE, Head.SCALAR)
    net, (mel, guide) = built(config), song(config)
    sparse, dense = (net(mel, guide, asked([0, 4], [density] * 2))[0] for density in (0.5, 9.0))
    assert torch.equal(sparse, dense)
    assert not torch.allclose(sparse[0], sparse[1])


# The level head


def head_and_hidden(seed: int = 0) -> tuple[LevelHead, torch.Tensor]:
    torch.manual_seed(seed)
    head = LevelHead(16, 6).eval()
    torch.nn.init.normal_(head.out.weight, std=2.0)  # insistent, as if trained
    return head, torch.randn(1, 5, 16)


def falls(before: torch.Tensor, after: torch.Tensor) -> bool:
    """Whether any logit does, by more than the order of a sum can move it."""
    return bool((after < before - 1e-4).any())


densities = st.floats(0.1, 25)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 4), st.integers(0, 4), densities, densities, st.integers(0, 5))
def test_logits_never_fall_with_difficulty_or_density(one, other, sparse, dense, seed):
    head, hidden = head_and_hidden(seed)
    (easy, hard), (sparse, dense) = sorted((one, other)), sorted((sparse, dense))
    with torch.inference_mode():
        logits = head(hidden, asked([easy, hard, easy, hard], [sparse, sparse, dense, dense]))[0]
    assert not falls(logits[0], logits[1])  # harder
    assert not falls(logits[0], logits[2])  # denser
    assert not falls(torch.maximum(logits[1], logits[2]), logits[3])


@settings(deadline=None, max_examples=50)
@given(densities, densities)
def test_with_difficulty_unknown_logits_never_fall_with_density(one, other):
    head, hidden = head_and_hidden()
    with torch.inference_mode():
        sparse, dense = head(hidden, asked([-1, -1], sorted((one, other))))[0]
    assert not falls(sparse, dense)


@torch.inference_mode()
def test_with_density_unknown_logits_rise_with_difficulty():
    head, hidden = head_and_hidden()
    logits = head(hidden, asked([*Difficulty], [UNKNOWN] * 5))[0]
    assert (logits[1:] > logits[:-1]).all()


@torch.inference_mode()
def test_what_is_unknown_is_filled_in_from_what_is_known():
    head, hidden = head_and_hidden()
    known = head(hidden, asked([*Difficulty], [*TYPICAL_DENSITY]))
    assert torch.allclose(head(hidden, asked([*Difficulty], [UNKNOWN] * 5)), known, atol=1e-4)
    assert torch.allclose(head(hidden, asked([-1] * 5, [*TYPICAL_DENSITY])), known, atol=1e-4)


def test_the_scale_of_what_is_unknown():
    head, _ = head_and_hidden()
    between = (TYPICAL_DENSITY[2] * TYPICAL_DENSITY[3]) ** 0.5
    level, density = head.scale(asked([-1, -1, -1, 2, -1], [0.01, between, 100.0, UNKNOWN, UNKNOWN]))
    assert level[0, :4].tolist() == pytest.approx([0, 2.5, 4, 2])
    assert density.exp()[0, 1:4].tolist() == pytest.approx([between, 100.0, TYPICAL_DENSITY[2]], rel=1e-5)
    assert level.isfinite().all()
    assert density.isfinite().all()


def test_gains_are_reached_in_order():
    head, _ = head_and_hidden()
    reached = head.reached(asked([0, 2, 4], [0.2, (4 / 6) ** 0.5, 20.0], bpm=60))[0]
    assert reached.shape == (3, head.outputs - 1)
    assert reached[0].tolist() == pytest.approx([0.0] * 4 + [0.344] + [0.0] * 5, abs=0.001)
    assert reached[1, :4].tolist() == [1, 1, 0, 0]
    assert reached[2].tolist() == pytest.approx([1.0] * 10)
    ramps = reached[1, 4:]
    assert (ramps[:-1] >= ramps[1:]).all()
    assert ramps.sum() == pytest.approx(3.0, abs=0.01)  # midway between 1/6 and 4, by ratio


def test_rows_are_counted_by_the_beat():
    """The same rhythm at another tempo."""
    head, _ = head_and_hidden()
    slow, fast = (head.reached(asked([2], [bpm / 60], bpm=bpm)) for bpm in (70.0, 210.0))
    assert torch.allclose(slow, fast)


def test_an_untrained_net_expects_few_rows():
    mel, guide = song(SMALL)
    with torch.inference_mode():
        share = built()(mel, guide, asked([*Difficulty], [*TYPICAL_DENSITY])).sigmoid().mean(dim=2)[0]
    assert (share < 0.35).all()
    assert share[0] < 0.06
