"""The fast voices beside the chip a cycle at a time: equal at every cycle, whatever is written when."""

import random

import numpy as np
import pytest

from export.chiptune.apu import Apu
from export.chiptune.hardware import Region
from export.chiptune.log import RegisterLog
from tests.export.chiptune.reference_chip import reference_levels

NAMES = ("pulse 1", "pulse 2", "triangle", "noise", "DMC")


def random_log(seed: int, end: int, region: Region) -> RegisterLog:
    """Writes in bursts, as a program's, of values that let voices sound more often than not."""
    rng = random.Random(seed)
    cycle = rng.randrange(4)
    writes = [(cycle, 0x4015, 0x1F)]
    while (cycle := cycle + rng.choice([0, 1, 2, 3, 7, 40, 300, 2500])) < end:
        address = rng.choice([*range(0x4000, 0x4014), 0x4015, 0x4017])
        value = rng.randrange(256)
        if address == 0x4015:
            value |= rng.choice([0, 0x1F, 0x1F])
        elif address in {0x4001, 0x4005} and rng.random() < 0.5:
            value = 0x08
        elif address in {0x4003, 0x4007, 0x400B} and rng.random() < 0.7:
            value &= 0xF8  # short periods
        elif address in {0x4002, 0x4006, 0x400A} and rng.random() < 0.3:
            value &= 0x0F
        elif address == 0x400E and rng.random() < 0.7:
            value &= 0x83
        elif address == 0x4010:
            value |= 0x0C
        elif address == 0x4013 and rng.random() < 0.7:
            value &= 1
        writes.append((cycle, address, value))
    cycles, addresses, values = zip(*writes, strict=True)
    return RegisterLog(
        np.array(cycles, np.int64),
        np.array(addresses, np.uint16),
        np.array(values, np.uint8),
        end,
        region,
        rng.randbytes(rng.choice([0, 500, 1 << 14])),
    )


def fast_levels(log: RegisterLog, stops: list[int]) -> list[np.ndarray]:
    """Five arrays of one level a cycle, played in stretches that end at `stops`."""
    apu = Apu(log)
    levels = [np.full(log.end, voice.level) for voice in apu.voices]
    for stop in [*stops, log.end]:
        for place, steps in enumerate(apu.run(stop)):
            assert np.all(np.diff(steps.cycles) > 0)
            for start, level in zip(steps.cycles.tolist(), steps.levels.tolist(), strict=True):
                levels[place][start:] = level
    return levels


@pytest.mark.slow
@pytest.mark.parametrize("region", Region)
@pytest.mark.parametrize("seed", range(6))
def test_voices_equal_the_reference_at_every_cycle(seed: int, region: Region) -> None:
    end = 45_000
    log = random_log(seed, end, region)
    stops = sorted(random.Random(seed).sample(range(end), 5))
    writes = list(zip(log.cycles.tolist(), log.addresses.tolist(), log.values.tolist(), strict=True))
    wanted = reference_levels(writes, end, pal=region is Region.PAL, memory=log.samples)
    for name, want, got in zip(NAMES, wanted, fast_levels(log, stops), strict=True):
        wrong = np.flatnonzero(np.array(want) != got)
        assert not len(wrong), f"{name} at cycle {wrong[0]}: {got[wrong[0]]}, not {want[wrong[0]]}"
        assert len(set(want)) > 1, f"{name} is never heard"
