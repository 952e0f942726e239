"""Conv-stacks: a vector per token for every length, and what is heard later is told later."""

import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.model.config import PlacementConfig, Stack
from charter.model.conv_stack import DropBlock, build_stack

MELS = 32
CONFIGS = {
    Stack.MUSICAL: PlacementConfig(AudioSpec(mels=MELS), channels=4, steps_per_token=6, stack=Stack.MUSICAL),
    Stack.GENELIVE: PlacementConfig(AudioSpec(mels=MELS), channels=4, steps_per_token=1, stack=Stack.GENELIVE),
    Stack.DDC: PlacementConfig(AudioSpec(mels=MELS), channels=4, steps_per_token=1, stack=Stack.DDC),
}
# How far the sound of a step is heard, and by how much a song may move without being read differently, in steps.
REACH = {Stack.MUSICAL: 2 * 96 + 12, Stack.GENELIVE: 3 * 128, Stack.DDC: 7}
PERIOD = {Stack.MUSICAL: 96, Stack.GENELIVE: 128, Stack.DDC: 1}

stacks = pytest.mark.parametrize("stack", list(CONFIGS))


def built(stack: Stack) -> torch.nn.Module:
    torch.manual_seed(0)
    return build_stack(CONFIGS[stack]).eval()


def sound(steps: int, batch: int = 1) -> torch.Tensor:
    return torch.randn(batch, 2, steps, MELS, generator=torch.Generator().manual_seed(1))


@stacks
@pytest.mark.parametrize("steps", [96, 97, 101, 192, 500, 1151])
def test_a_vector_for_each_token(stack, steps):
    net = built(stack)
    with torch.inference_mode():
        seen = net(sound(steps, batch=2))
    assert seen.shape == (2, steps // CONFIGS[stack].steps_per_token, net.features)


@stacks
@torch.inference_mode()
def test_a_sound_is_heard_around_its_token_and_nowhere_else(stack):
    net, steps, at = built(stack), 1920, 960
    silence = sound(steps)
    struck = silence.clone()
    struck[:, :, at] += 3
    changed = (net(struck) - net(silence)).abs().amax(dim=2)[0] > 1e-6
    tokens = changed.nonzero().flatten() * CONFIGS[stack].steps_per_token
    assert changed[at // CONFIGS[stack].steps_per_token]
    assert (tokens - at).abs().max() <= REACH[stack]


@stacks
@torch.inference_mode()
def test_a_song_that_starts_later_is_told_later(stack):
    net, period, per_token = built(stack), PERIOD[stack], CONFIGS[stack].steps_per_token
    song = sound(2304)
    later = torch.cat([sound(period), song], dim=2)[:, :, :2304]
    tokens = slice(REACH[stack] // per_token, (2304 - period - REACH[stack]) // per_token)
    first, moved = net(song), net(later)[:, period // per_token :]
    assert first[:, tokens].shape[1] > 100
    assert first[:, tokens].std() > 0.01
    assert torch.allclose(first[:, tokens], moved[:, tokens], atol=1e-5)


@torch.inference_mode()
def test_the_finest_scale_tells_the_steps_of_a_token_apart():
    net = built(Stack.MUSICAL)
    base = sound(960)
    answers = []
    for step in range(6):
        struck = base.clone()
        struck[:, :, 480 + step] += 3
        answers.append(net(struck)[0, 80])
    differences = [(a - b).abs().max() for i, a in enumerate(answers) for b in answers[:i]]
    assert min(differences) > 1e-4


@torch.inference_mode()
def test_the_finest_scale_hears_as_far_before_its_token_as_behind_it():
    """Half a token on either side, and three steps more through the convolutions."""
    net, token = built(Stack.MUSICAL), 80
    finest = slice(0, 4 * 2 * CONFIGS[Stack.MUSICAL].channels)
    base = sound(960)
    heard = []
    for step in range(6 * token - 20, 6 * token + 26):
        struck = base.clone()
        struck[:, :, step] += 3
        if not torch.allclose(net(struck)[0, token, finest], net(base)[0, token, finest], atol=1e-6):
            heard.append(step - 6 * token)
    assert (heard[0], heard[-1]) == (-6, 11)


@stacks
@torch.inference_mode()
def test_songs_of_a_batch_do_not_touch(stack):
    net, songs = built(stack), sound(384, batch=3)
    each = torch.cat([net(song[None]) for song in songs])
    assert torch.allclose(net(songs), each, atol=1e-5)


@pytest.mark.parametrize(("height", "width"), [(20, 9), (128, 16), (3, 1)])
def test_dropblock_keeps_the_shape_and_the_mean(height, width):
    torch.manual_seed(0)
    block, maps = DropBlock(0.25, 3), torch.ones(64, 4, height, width)
    assert torch.equal(block.eval()(maps), maps)
    dropped = block.train()(maps)
    assert dropped.shape == maps.shape
    assert (dropped == 0).any()
    assert dropped.mean() == pytest.approx(1, abs=1e-4)


def test_dropblock_drops_squares():
    torch.manual_seed(0)
    dropped = DropBlock(0.02, 3).train()(torch.ones(1, 1, 40, 40))[0, 0] == 0
    assert 0 < dropped.float().mean() < 0.3
    # No dropped cell stands alone.
    neighbours = torch.nn.functional.avg_pool2d(dropped[None].float(), 3, stride=1, padding=1)[0] * 9
    assert neighbours[dropped].min() >= 4


def test_the_deaf_stack_gives_its_tokens_nothing():
    net = build_stack(PlacementConfig(steps_per_token=6, stack=Stack.NONE))
    assert net(sound(96, batch=2)).shape == (2, 16, 0)
    assert net.features == 0


@torch.inference_mode()
def test_scales_are_as_many_as_asked():
    few = build_stack(PlacementConfig(AudioSpec(mels=MELS), channels=4, scales=(1, 4))).eval()
    assert len(few.scales) == 2
    assert few(sound(96)).shape == (1, 16, few.features)
