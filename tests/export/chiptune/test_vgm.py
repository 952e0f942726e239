"""VGM files, read back by a parser of their own."""

import struct
from typing import NamedTuple

import numpy as np
import pytest

from export.chiptune.driver import register_log
from export.chiptune.hardware import Region
from export.chiptune.instruments import BASS, HAT, KICK_SAMPLE, LEAD
from export.chiptune.log import RegisterLog
from export.chiptune.score import Hit, Score, Tone, Trigger
from export.chiptune.vgm import RATE, vgm_bytes

SCORE = Score(
    7.25,
    pulse_1=(Tone(0.3, 1.0, (70,), LEAD), Tone(5.0, 7.0, (72, 75), LEAD)),
    triangle=(Tone(0.0, 2.0, (40,), BASS),),
    noise=tuple(Hit(0.11 * i, HAT) for i in range(60)),
    dmc=(Trigger(0.5, KICK_SAMPLE),),
)


class Vgm(NamedTuple):
    clock: int
    frame_rate: int
    total: int
    writes: list[tuple[int, int, int]]  # sample, address, value
    end: int
    blocks: list[tuple[int, bytes]]  # of what type
    tags: list[str]


def read(data: bytes) -> Vgm:
    magic, size, version = struct.unpack_from("<4sII", data, 0)
    assert (magic, size, version) == (b"Vgm ", len(data) - 4, 0x161)
    tags_at, total, loop, loop_samples, frame_rate = struct.unpack_from("<IIIII", data, 0x14)
    assert loop == loop_samples == 0
    (start,) = struct.unpack_from("<I", data, 0x34)
    (clock,) = struct.unpack_from("<I", data, 0x84)
    assert clock < 1 << 30  # one chip, without the disk system's voice
    at, now = 0x34 + start, 0
    writes, blocks = [], []
    while data[at] != 0x66:
        command = data[at]
        if command == 0xB4:
            writes.append((now, 0x4000 + data[at + 1], data[at + 2]))
            at += 3
        elif command == 0x61:
            now += struct.unpack_from("<H", data, at + 1)[0]
            at += 3
        elif command == 0x67:
            assert data[at + 1] == 0x66
            kind, length = struct.unpack_from("<BI", data, at + 2)
            blocks.append((kind, data[at + 7 : at + 7 + length]))
            assert now == 0
            at += 7 + length
        else:
            assert command >> 4 == 7
            now += (command & 15) + 1
            at += 1
    assert at + 1 == tags_at + 0x14
    magic, version, length = struct.unpack_from("<4sII", data, at + 1)
    assert (magic, version, at + 13 + length) == (b"Gd3 ", 0x100, len(data))
    tags = data[at + 13 :].decode("utf-16-le").split("\0")
    assert tags.pop() == ""
    return Vgm(clock, frame_rate, total, writes, now, blocks, tags)


@pytest.mark.parametrize("region", Region)
def test_every_write_stands_within_half_a_sample(region: Region) -> None:
    log = register_log(SCORE, region)
    vgm = read(vgm_bytes(log))
    assert [(address, value) for _, address, value in vgm.writes] == list(
        zip(log.addresses.tolist(), log.values.tolist(), strict=True)
    )
    samples = np.array([sample for sample, _, _ in vgm.writes])
    assert np.abs(samples - log.cycles / region.clock * RATE).max() <= 0.5
    assert vgm.end == vgm.total == round(7.25 * RATE)
    assert vgm.clock == pytest.approx(region.clock, abs=1)
    assert vgm.frame_rate == (60 if region is Region.NTSC else 50)


def test_the_dmcs_memory_is_a_block_at_its_address() -> None:
    log = register_log(SCORE)
    ((kind, data),) = read(vgm_bytes(log)).blocks
    assert kind == 0xC2
    assert data == b"\x00\xc0" + log.samples


def test_tags_are_in_their_own_script() -> None:
    tags = read(vgm_bytes(register_log(SCORE), "夜に駆ける", "誰か 🎵")).tags
    assert len(tags) == 11
    assert tags[0] == tags[1] == "夜に駆ける"
    assert tags[6] == tags[7] == "誰か 🎵"
    assert tags[4] == "Nintendo Entertainment System"


def test_a_late_first_write_and_long_rests_keep_their_time() -> None:
    cycles = np.array([3 * 10**6, 3 * 10**6, 3 * 10**8])
    log = RegisterLog(cycles, np.array([0x4015, 0x4000, 0x4000], np.uint16), np.array([15, 1, 2], np.uint8), 4 * 10**8)
    vgm = read(vgm_bytes(log))
    wanted = [round(cycle / log.region.clock * RATE) for cycle in cycles.tolist()]
    assert [sample for sample, _, _ in vgm.writes] == wanted
    assert vgm.end == round(4e8 / log.region.clock * RATE)
    assert vgm.blocks == []


def test_an_empty_log_is_silence_of_its_length() -> None:
    nothing = np.array([], dtype=np.int64)
    log = RegisterLog(nothing, nothing.astype(np.uint16), nothing.astype(np.uint8), int(Region.NTSC.clock))
    assert read(vgm_bytes(log)).end == RATE
