"""From a score to the register writes that play it, as a console's music program would make them.

Notes start at their exact time; what an instrument does after that goes by frames of its own, counted from the note's
start. Volumes are written, not left to the chip's envelopes; length counters stand still. What the registers mean:
https://www.nesdev.org/wiki/APU
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.errors import RequestError
from export.chiptune.frames import drum_frames, to_cycles, tone_frames
from export.chiptune.hardware import Region
from export.chiptune.log import SAMPLE_START, RegisterLog
from export.chiptune.samples import MOST_BYTES
from export.chiptune.score import Hit, Sample, Score, Tone, Trigger
from export.chiptune.voices.dmc import PERIODS

MOST_SAMPLE_BYTES = 0x4000
PULSE_STEPS, TRIANGLE_STEPS = 16, 32  # of the timer in a period of the wave
_ALIGNMENT = 64  # of a sample's address
_SHORTEST, _LONGEST = 8, 0x7FF  # timer periods that sound: a pulse is muted below, and none is longer

_CONSTANT = 0x30  # volume register: length counter halted, the volume as written
_NO_SWEEP = 0x08
_LENGTH = 0x08  # loads the length counter, which then stands still, with its longest value
_TRIANGLE_ON, _TRIANGLE_OFF = 0xFF, 0x80  # reload values of the linear counter, which is clocked and kept reloading
_CLOCK_COUNTERS = 0xC0  # $4017: five steps, no interrupt, and all counters clocked at once
_VOICES, _DMC = 0x0F, 0x10  # bits of $4015

# Registers whose first value would otherwise wait for a voice's first note.
_SETUP = (
    (0x4015, _VOICES),
    (0x4000, _CONSTANT),
    (0x4001, _NO_SWEEP),
    (0x4004, _CONSTANT),
    (0x4005, _NO_SWEEP),
    (0x4008, _TRIANGLE_OFF),
    (0x400C, _CONSTANT),
    (0x400F, _LENGTH),
    (0x4017, _CLOCK_COUNTERS),
)


class _Writes(NamedTuple):
    """Parallel arrays, in order where cycles are equal."""

    cycles: NDArray[np.int64]
    addresses: NDArray[np.int64]
    values: NDArray[np.int64]

    @classmethod
    def joined(cls, parts: Sequence["_Writes"]) -> "_Writes":
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    @classmethod
    def columns(cls, cycles: NDArray[np.int64], registers: Sequence["_Register"]) -> "_Writes":
        """At each cycle the registers in their order, where their mask says so."""
        written = np.stack([register.written for register in registers], axis=1)
        values = np.stack([register.values for register in registers], axis=1)
        shape = written.shape
        addresses = np.broadcast_to(np.array([register.address for register in registers], dtype=np.int64), shape)
        return cls(np.broadcast_to(cycles[:, None], shape)[written], addresses[written], values[written])


class _Register(NamedTuple):
    """A register's values over a voice's entries, and at which of them it is written."""

    address: int
    values: NDArray[np.int64]
    written: NDArray[np.bool_]


def register_log(score: Score, region: Region = Region.NTSC) -> RegisterLog:
    """The writes that play a score, from power-on.

    A pitch out of a voice's reach (pulses 54.7 Hz to 12.4 kHz, triangle an octave lower) is moved by octaves into it.
    Every register is written before its voice is first heard, whatever a player left in it.

    Raises RequestError where the samples need more than the DMC's 16 KB.
    """
    addresses, memory = _placed(score.dmc)
    end = int(to_cycles([score.duration], region)[0])
    log = _Writes.joined(
        (
            _Writes(np.zeros(len(_SETUP), dtype=np.int64), *np.array(_SETUP, dtype=np.int64).T),
            _pulse(score.pulse_1, score.duration, 0x4000, region),
            _pulse(score.pulse_2, score.duration, 0x4004, region),
            _triangle(score.triangle, score.duration, region),
            _noise(score.noise, score.duration, region),
            _dmc(score.dmc, score.duration, addresses, region),
            _Writes(np.array([end]), np.array([0x4015]), np.array([0])),
        )
    )
    order = np.argsort(log.cycles, kind="stable")
    return RegisterLog(
        cycles=log.cycles[order],
        addresses=log.addresses[order].astype(np.uint16),
        values=log.values[order].astype(np.uint8),
        end=end,
        region=region,
        samples=memory,
    )


def _changed(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Where a value differs from the one before; the first always does."""
    changed = np.ones(len(values), dtype=np.bool_)
    changed[1:] = values[1:] != values[:-1]
    return changed


def within_reach(pitches: NDArray[np.float64], steps: int, region: Region) -> NDArray[np.float64]:
    """MIDI pitches moved by octaves to where a voice's timer reaches; same shape. steps: of the timer in a period."""
    lowest, highest = (_midi(region.clock / steps / (period + 1)) for period in (_LONGEST, _SHORTEST))
    raised = pitches + 12 * np.maximum(np.ceil((lowest - pitches) / 12), 0)
    return np.asarray(raised - 12 * np.maximum(np.ceil((raised - highest) / 12), 0))


def _midi(hertz: float) -> float:
    return 69 + 12 * math.log2(hertz / 440)


def _timer(pitches: NDArray[np.float64], steps: int, region: Region) -> NDArray[np.int64]:
    """The timer periods nearest to MIDI pitches."""
    hertz = 440 * np.exp2((within_reach(pitches, steps, region) - 69) / 12)
    periods: NDArray[np.int64] = np.rint(region.clock / (steps * hertz)).astype(np.int64) - 1
    return np.clip(periods, _SHORTEST, _LONGEST)


def _pulse(tones: Sequence[Tone], duration: float, base: int, region: Region) -> _Writes:
    frames = tone_frames(tones, duration, region)
    periods = _timer(frames.pitches, PULSE_STEPS, region)
    volumes = frames.duties << 6 | _CONSTANT | frames.volumes
    low, high = periods & 0xFF, periods >> 8 | _LENGTH
    # The high bits start the wave anew: a click within a note, but the same attack for each note at its start.
    return _Writes.columns(
        frames.cycles,
        (
            _Register(base, volumes, _changed(volumes)),
            _Register(base + 2, low, _changed(low)),
            _Register(base + 3, high, _changed(high) | frames.starts),
        ),
    )


def _triangle(tones: Sequence[Tone], duration: float, region: Region) -> _Writes:
    frames = tone_frames(tones, duration, region)
    periods = _timer(frames.pitches, TRIANGLE_STEPS, region)
    gates = np.where(frames.volumes > 0, _TRIANGLE_ON, _TRIANGLE_OFF)
    low, high = periods & 0xFF, periods >> 8 | _LENGTH
    # The linear counter takes its value over when it is clocked: at once, rather than within the next 5 ms.
    clock = np.full_like(gates, _CLOCK_COUNTERS)
    return _Writes.columns(
        frames.cycles,
        (
            _Register(0x4008, gates, _changed(gates)),
            _Register(0x400A, low, _changed(low)),
            _Register(0x400B, high, _changed(high)),
            _Register(0x4017, clock, _changed(gates)),
        ),
    )


def _noise(hits: Sequence[Hit], duration: float, region: Region) -> _Writes:
    frames = drum_frames(hits, duration, region)
    volumes = frames.volumes | _CONSTANT
    return _Writes.columns(
        frames.cycles,
        (
            _Register(0x400C, volumes, _changed(volumes)),
            _Register(0x400E, frames.periods, _changed(frames.periods)),
        ),
    )


def _placed(triggers: Sequence[Trigger]) -> tuple[dict[bytes, int], bytes]:
    """Each sample's data -> its address, and the memory from $C000 on."""
    addresses: dict[bytes, int] = {}
    memory = bytearray()
    for trigger in triggers:
        data = trigger.sample.data
        if data in addresses:
            continue
        if len(data) % 16 != 1 or len(data) > MOST_BYTES:
            raise RequestError(f"a DMC sample of {len(data)} bytes: it must have 16n + 1, at most {MOST_BYTES}")
        memory += bytes(-len(memory) % _ALIGNMENT)
        addresses[data] = SAMPLE_START + len(memory)
        memory += data
    if len(memory) > MOST_SAMPLE_BYTES:
        raise RequestError(
            f"the tune's {len(addresses)} DMC samples need {len(memory):,} bytes,"
            f" and the chip reaches {MOST_SAMPLE_BYTES:,}: use fewer or shorter ones"
        )
    return addresses, bytes(memory)


def _dmc(triggers: Sequence[Trigger], duration: float, addresses: dict[bytes, int], region: Region) -> _Writes:
    starts = to_cycles([trigger.start for trigger in triggers], region).tolist()
    over = to_cycles([duration], region)[0]
    registers = {0x4010: -1, 0x4012: -1, 0x4013: -1}
    writes: list[tuple[int, int, int]] = []
    ends = 0
    for start, trigger in zip(starts, triggers, strict=True):
        if start >= over:
            break
        writes.append((start, 0x4015, _VOICES))
        if start < ends:  # back to where a sample starts from
            writes.append((start, 0x4011, 0))
        for address, value in _sample_registers(trigger.sample, addresses[trigger.sample.data]).items():
            if registers[address] != value:
                writes.append((start, address, value))
                registers[address] = value
        writes.append((start, 0x4015, _VOICES | _DMC))
        # Players that serve the chip once a frame may start a sample up to a frame late.
        ends = start + _cycles(trigger.sample, region) + round(2 * region.frame_cycles)
    return _Writes(*np.array(writes, dtype=np.int64).reshape(-1, 3).T)


def _sample_registers(sample: Sample, address: int) -> dict[int, int]:
    return {0x4010: sample.rate, 0x4012: (address - SAMPLE_START) // _ALIGNMENT, 0x4013: len(sample.data) // 16}


def _cycles(sample: Sample, region: Region) -> int:
    return 8 * len(sample.data) * PERIODS[region][sample.rate]
