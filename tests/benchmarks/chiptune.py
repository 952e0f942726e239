"""How fast the chip renders, and how much faster than a plain oversampling of the same registers.

    python -m tests.benchmarks.chiptune [--minutes 2] [--rate 48000]

The tune keeps every voice busy: pulses that arpeggiate and fade frame by frame, a triangle bass, noise hats of 4 to 64
cycles a step half of the time, and DMC kicks. Prints seconds and the real-time factor of `render`, the best of three
runs, and of the reference beside it: a second of the same tune, simulated a cycle at a time in Python and averaged
down to the rate (which aliases besides), with the ratio of both.
"""

import random
import time

import numpy as np
import typer

from export.chiptune.hardware import Region
from export.chiptune.log import RegisterLog
from export.chiptune.mixer import Mixing, pulse_table, second_table
from export.chiptune.render import render
from tests.export.chiptune.reference_chip import reference_levels

_RUNS = 3
_CHORD = (253, 201, 168, 126)  # timer periods
_KICK_FRAMES, _HAT_FRAMES, _NOTE_FRAMES = 30, 8, 16


def busy_log(seconds: float, region: Region = Region.NTSC) -> RegisterLog:
    """A tune of about 3.6 writes a frame."""
    rng = random.Random(0)
    writes = [(0, 0x4015, 0x0F), (0, 0x4001, 0x08), (0, 0x4005, 0x08), (0, 0x4010, 0x0F), (0, 0x4013, 0x3F)]
    for frame in range(int(seconds / region.frame_seconds)):
        cycle = int(frame * region.frame_cycles)
        beat = frame % _NOTE_FRAMES
        for base, turn in ((0x4000, 0), (0x4004, 2)):
            period = _CHORD[(frame + turn) % len(_CHORD)] << (turn > 0)
            writes += [(cycle, base, 0xB0 | 15 - beat // 2), (cycle + 4, base + 2, period & 0xFF)]
            if beat == 0 or (frame + turn) % len(_CHORD) == 0:
                writes.append((cycle + 8, base + 3, period >> 8))
        if beat == 0:
            period = 2 * rng.choice(_CHORD)
            writes += [
                (cycle + 12, 0x4008, 0xFF),
                (cycle + 16, 0x400A, period & 0xFF),
                (cycle + 20, 0x400B, period >> 8),
            ]
        if frame % _HAT_FRAMES == 0:
            writes += [(cycle + 24, 0x400E, rng.randrange(5)), (cycle + 28, 0x400F, 0x08)]
        if frame % _HAT_FRAMES in {0, 2, 4}:
            writes.append((cycle + 32, 0x400C, 0x30 | (12, 0, 8, 0, 0)[frame % _HAT_FRAMES]))
        if frame % _KICK_FRAMES == 0:
            writes += [(cycle + 36, 0x4015, 0x0F), (cycle + 40, 0x4015, 0x1F)]
    cycles, addresses, values = zip(*writes, strict=True)
    return RegisterLog(
        np.array(cycles, np.int64),
        np.array(addresses, np.uint16),
        np.array(values, np.uint8),
        int(seconds * region.clock),
        region,
        rng.randbytes(1009),
    )


def oversampled(log: RegisterLog, rate: int) -> np.ndarray:
    """(frames,) the same by simulating every cycle and averaging."""
    writes = list(zip(log.cycles.tolist(), log.addresses.tolist(), log.values.tolist(), strict=True))
    pulse_1, pulse_2, triangle, noise, dmc = (
        np.array(levels) for levels in reference_levels(writes, log.end, pal=False, memory=log.samples)
    )
    mixed = pulse_table(Mixing.NONLINEAR)[pulse_1 + pulse_2] + second_table(Mixing.NONLINEAR)[triangle, noise, dmc]
    starts = np.arange(int(log.seconds * rate)) * log.region.clock / rate
    return np.diff(np.concatenate([[0], np.cumsum(mixed)])[starts.astype(int)])


def main(*, minutes: float = 2.0, rate: int = 48_000) -> None:
    log = busy_log(60 * minutes)
    took = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        samples = render(log, rate)
        took.append(time.perf_counter() - start)
    factor = log.seconds / min(took)
    typer.echo(
        f"{log.seconds:.0f} s, {len(log.cycles)} writes, peak {np.abs(samples).max():.2f}: "
        f"{min(took):.2f} s, {factor:.0f} times real time"
    )
    short = busy_log(1)
    start = time.perf_counter()
    oversampled(short, rate)
    slow = short.seconds / (time.perf_counter() - start)
    typer.echo(f"a cycle at a time: {slow:.3f} times real time; {factor / slow:.0f} times slower")


if __name__ == "__main__":
    typer.run(main)
