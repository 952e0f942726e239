"""The NSF's program, run by an interpreter: it must make the log's writes, in its frames and its order."""

import struct
from collections import defaultdict

import numpy as np
import pytest

from charter.errors import ChartError
from export.chiptune.assembler import OPCODES, assemble
from export.chiptune.driver import register_log
from export.chiptune.hardware import Region
from export.chiptune.instruments import BASS, HAT, KICK_SAMPLE, LEAD, SNARE_SAMPLE
from export.chiptune.log import RegisterLog
from export.chiptune.nsf import PLAY_MICROSECONDS, nsf_bytes, nsfe_bytes
from export.chiptune.player import MOST_WRITES, PAGE
from export.chiptune.score import Hit, Score, Tone, Trigger

_DECODED = {code: key for key, code in OPCODES.items()}
_SIZES = {
    "implied": 1,
    "#": 2,
    "zero": 2,
    "indirect": 2,
    "relative": 2,
    "absolute": 3,
    "absolute,x": 3,
    "absolute,y": 3,
}
_IDLE = 0x5000  # where a routine that was called returns to


class Console:
    """As much of a console as an NSF needs: a 6502 for the player's instructions, 2 KB of memory and eight windows.

    writes: (address, value) to the sound chip, of the last call
    """

    def __init__(self, nsf: bytes) -> None:
        assert nsf[:6] == b"NESM\x1a\x01"
        load, self.init, self.play = struct.unpack_from("<HHH", nsf, 8)
        assert load == 0x8000
        self.windows = bytearray(nsf[0x70:0x78])
        assert any(self.windows), "a file whose banks are all 0 has none to switch"
        pages = -(-(len(nsf) - 128) // PAGE)
        assert max(self.windows) < pages
        assert pages <= 256
        self.rom = nsf[128:].ljust(pages * PAGE, b"\xea")
        self.memory = bytearray(0x800)
        self.writes: list[tuple[int, int]] = []
        self.a = self.x = self.y = 0
        self.zero = self.negative = False
        self.switches = 0

    def call(self, address: int, a: int = 0, x: int = 0, *, limit: int = 29_780) -> int:
        """Runs a routine to its end and returns about how many cycles it took."""
        self.a, self.x, self.writes = a, x, []
        stack = [_IDLE]
        counter, cycles = address, 0
        while counter != _IDLE:
            mnemonic, mode = _DECODED[self.read(counter)]
            low, high = self.read(counter + 1), self.read(counter + 2)
            counter += _SIZES[mode]
            if mnemonic == "jsr":
                stack.append(counter)
                counter = low | high << 8
            elif mnemonic == "rts":
                counter = stack.pop()
            elif mode == "relative":
                counter += self._branches(mnemonic) * (low - 256 if low > 127 else low)
            else:
                self._execute(mnemonic, mode, self._address(mode, low, high), low)
            cycles += 6 if mnemonic in ("jsr", "rts") else 5
            assert cycles < limit, "the routine takes longer than a frame"
        return cycles

    def read(self, address: int) -> int:
        if address >= 0x8000:
            return self.rom[self.windows[address // PAGE - 8] * PAGE + address % PAGE]
        return self.memory[address] if address < 0x800 else 0

    def _write(self, address: int, value: int) -> None:
        if 0x5FF8 <= address <= 0x5FFF:
            self.switches += self.windows[address - 0x5FF8] != value
            self.windows[address - 0x5FF8] = value
        elif 0x4000 <= address <= 0x4017:
            self.writes.append((address, value))
        else:
            assert address < 0x800
            self.memory[address] = value

    def _address(self, mode: str, low: int, high: int) -> int:
        if mode == "indirect":
            return (self.memory[low] | self.memory[low + 1] << 8) + self.y
        absolute = low if mode == "zero" else low | high << 8
        return absolute + (self.x if mode == "absolute,x" else self.y if mode == "absolute,y" else 0)

    def _branches(self, mnemonic: str) -> bool:
        return {"beq": self.zero, "bne": not self.zero, "bmi": self.negative, "bpl": not self.negative}[mnemonic]

    def _execute(self, mnemonic: str, mode: str, address: int, immediate: int) -> None:
        if mnemonic in {"sta", "stx"}:
            self._write(address, self.a if mnemonic == "sta" else self.x)
            return
        operand = immediate if mode == "#" else self.read(address) if mode != "implied" else 0
        match mnemonic:
            case "lda" | "and" | "ora":
                self.a = {"lda": operand, "and": self.a & operand, "ora": self.a | operand}[mnemonic]
                result = self.a
            case "ldx" | "dex" | "tax":
                self.x = {"ldx": operand, "dex": (self.x - 1) & 0xFF, "tax": self.a}[mnemonic]
                result = self.x
            case "ldy":
                result = self.y = operand
            case "inc" | "dec":
                result = (operand + (1 if mnemonic == "inc" else -1)) & 0xFF
                self._write(address, result)
            case "cpx":
                result = (self.x - operand) & 0xFF
            case _:
                raise AssertionError(mnemonic)
        self.zero, self.negative = result == 0, result > 0x7F


def tune(seconds: float) -> Score:
    beats = np.arange(0, seconds, 0.25).tolist()
    return Score(
        seconds,
        pulse_1=tuple(Tone(at, at + 0.2, (60 + 7 * at % 24,), LEAD) for at in beats),
        triangle=tuple(Tone(at, at + 0.2, (40,), BASS) for at in beats[::2]),
        noise=tuple(Hit(at, HAT) for at in beats),
        dmc=tuple(Trigger(at, (KICK_SAMPLE, SNARE_SAMPLE)[i % 2]) for i, at in enumerate(beats[::4])),
    )


def random_log(count: int, seconds: float, seed: int = 1) -> RegisterLog:
    """Any writes at any time: what a driver of anyone's might make."""
    rng = np.random.default_rng(seed)
    cycles = np.sort(rng.integers(0, int(seconds * Region.NTSC.clock), count))
    addresses = rng.integers(0x4000, 0x4018, count).astype(np.uint16)
    values = rng.integers(0, 256, count).astype(np.uint8)
    return RegisterLog(cycles, addresses, values, int(seconds * Region.NTSC.clock))


def expected(log: RegisterLog) -> dict[int, list[tuple[int, int]]]:
    """Frame -> the writes nearest to it; the last frame takes what is due at the very end."""
    frame_cycles = PLAY_MICROSECONDS[log.region] * 1e-6 * log.region.clock
    last = round(log.end / frame_cycles) - 1
    frames = defaultdict(list)
    for cycle, address, value in zip(log.cycles.tolist(), log.addresses.tolist(), log.values.tolist(), strict=True):
        frames[min(round(cycle / frame_cycles), last)].append((address, value))
    return frames


def frames_of(log: RegisterLog) -> int:
    return round(log.seconds / (PLAY_MICROSECONDS[log.region] * 1e-6))


@pytest.mark.parametrize("region", Region)
def test_the_console_makes_the_logs_writes_frame_by_frame(region: Region) -> None:
    log = register_log(tune(20.0), region)
    console = Console(nsf_bytes(log))
    console.call(console.init, x=region is Region.PAL)
    assert set(console.writes) == {(0x4000 + i, 0) for i in range(0x14)} | {(0x4015, 0), (0x4017, 0x40)}
    wanted = expected(log)
    assert len(wanted) > 300
    for frame in range(frames_of(log)):
        console.call(console.play)
        assert console.writes == wanted.get(frame, []), frame


@pytest.mark.slow
def test_a_long_stream_is_switched_through_page_by_page() -> None:
    log = random_log(53_000, 300.0)
    data = nsf_bytes(log)
    assert len(data) > 100_000 + 128
    console = Console(data)
    console.call(console.init)
    wanted = expected(log)
    for frame in range(frames_of(log)):
        console.call(console.play)
        assert console.writes == wanted.get(frame, []), frame
    assert console.switches == 1 + (len(data) - 128) // PAGE  # to the first page, and from each to the next


def test_the_tune_ends_in_silence() -> None:
    log = register_log(tune(2.0))
    console = Console(nsf_bytes(log))
    console.call(console.init)
    frames = frames_of(log)
    heard = []
    for _ in range(3 * frames):
        console.call(console.play)
        heard.append(console.writes)
    assert heard[frames] == [(0x4015, 0)]
    assert not any(heard[frames + 1 :])


def test_init_begins_again_from_the_middle() -> None:
    console = Console(nsf_bytes(random_log(5000, 10.0)))
    begun = []
    for _ in range(2):
        console.call(console.init)
        begun.append([console.call(console.play) and console.writes for _ in range(300)])
    assert begun[0] == begun[1]
    assert console.switches > 2


def test_a_crowded_frame_passes_writes_on_and_leaves_the_cpu_time() -> None:
    count = 3 * MOST_WRITES + 5
    values = np.arange(count).astype(np.uint8)
    log = RegisterLog(np.full(count, 1000), np.full(count, 0x4011, np.uint16), values, int(Region.NTSC.clock))
    console = Console(nsf_bytes(log))
    console.call(console.init)
    made = []
    for _ in range(4):
        cycles = console.call(console.play)
        assert cycles < 0.5 * Region.NTSC.frame_cycles
        made.append([value for _, value in console.writes])
    assert [len(frame) for frame in made] == [MOST_WRITES] * 3 + [5]
    assert [value for frame in made for value in frame] == values.tolist()


def test_the_dmc_finds_its_samples() -> None:
    log = register_log(tune(20.0))
    assert len(log.samples) > 1000
    console = Console(nsf_bytes(log))
    console.call(console.init)
    for _ in range(frames_of(log)):
        console.call(console.play)
    assert bytes(console.read(0xC000 + i) for i in range(len(log.samples))) == log.samples


def test_empty_logs_are_silence() -> None:
    nothing = np.array([], dtype=np.int64)
    log = RegisterLog(nothing, nothing.astype(np.uint16), nothing.astype(np.uint8), int(5 * Region.NTSC.clock))
    console = Console(nsf_bytes(log))
    console.call(console.init)
    for _ in range(400):
        console.call(console.play)
        assert console.writes in ([], [(0x4015, 0)])


def test_a_tune_too_long_says_which_limit() -> None:
    with pytest.raises(ChartError, match=r"needs 1,2\d\d,\d{3} bytes, and an NSF holds 1,048,576: about 16 minutes"):
        nsf_bytes(random_log(600_000, 1200.0))


def test_the_largest_tune_still_plays() -> None:
    log = register_log(tune(20.0))
    busy = random_log(484_000, 1200.0)
    full = RegisterLog(busy.cycles, busy.addresses, busy.values, busy.end, samples=log.samples)
    console = Console(nsf_bytes(full))
    assert max(console.windows) > 250
    assert bytes(console.read(0xC000 + i) for i in range(len(log.samples))) == log.samples


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Four Panels", b"Four Panels"),
        ("Café Ångström", b"Cafe Angstrom"),
        ("夜 night", b"? night"),
        ("夜に駆ける", b""),
        ("x" * 40, b"x" * 31),
        ("line\nbreak\0", b"linebreak"),
    ],
)
def test_header_texts_are_ascii(title: str, field: bytes) -> None:
    header = nsf_bytes(random_log(10, 1.0), title, title)
    for offset in (0x0E, 0x2E):
        assert header[offset : offset + 32] == field.ljust(32, b"\0")


@pytest.mark.parametrize("region", Region)
def test_header_names_region_and_speeds(region: Region) -> None:
    header = nsf_bytes(register_log(tune(1.0), region))
    assert struct.unpack_from("<H", header, 0x6E) == (16639,)
    assert struct.unpack_from("<HBB", header, 0x78) == (19997, region is Region.PAL, 0)


def chunks(data: bytes) -> dict[str, bytes]:
    assert data[:4] == b"NSFE"
    found, at = {}, 4
    while at < len(data):
        size, name = struct.unpack_from("<I4s", data, at)
        found[name.decode()] = data[at + 8 : at + 8 + size]
        at += 8 + size
    assert at == len(data)
    return found


def test_nsfe_holds_the_same_program_with_length_and_titles() -> None:
    log = register_log(tune(12.5), Region.PAL)
    plain = nsf_bytes(log, "a", "b")
    found = chunks(nsfe_bytes(log, "夜に駆ける", "誰か"))
    assert next(iter(found)) == "INFO"
    assert list(found)[-1] == "NEND"
    assert found["INFO"] == plain[8:14] + b"\1\0\1\0"
    assert found["BANK"] == plain[0x70:0x78]
    assert found["DATA"] == plain[128:]
    assert struct.unpack("<i", found["time"]) == (12_500,)
    assert found["auth"].decode().split("\0") == ["夜に駆ける", "誰か", "charter", "charter", ""]
    assert found["tlbl"].decode() == "夜に駆ける\0"


def test_the_assembler_refuses_what_it_does_not_know() -> None:
    for line in ("lda ($10,x)", "brk", "sta #3", "lda # 3"):
        with pytest.raises(ValueError, match=r"instruction|assembler"):
            assemble(line, 0x8000, {})


def test_the_assembler_chooses_zero_page_and_counts_branches() -> None:
    program = assemble("lda $10\n back: sta $4000,x ; a comment\n bne back\n jsr $8000", 0x8000, {})
    assert program.code.hex() == "a510" + "9d0040" + "d0fb" + "200080"
    assert program.labels == {"back": 0x8002}
