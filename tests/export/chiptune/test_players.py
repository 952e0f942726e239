"""Our NSF in an emulator of other people: libgme, through ffmpeg, against our own render of the same log.

libgme adds the voices up linearly, so it is compared with our linear mixing. It begins a file at its first sound, and
its filters are others (high-pass at 80 Hz, treble falling by 1 dB): times are counted from the first note, levels from
the first pulse, within 100 Hz to 5 kHz.
"""

import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from export.chiptune.driver import register_log
from export.chiptune.hardware import Region
from export.chiptune.instruments import KICK_SAMPLE, LEAD, SNARE_SAMPLE
from export.chiptune.log import RegisterLog
from export.chiptune.mixer import Mixing
from export.chiptune.nsf import nsf_bytes, nsfe_bytes
from export.chiptune.render import render
from export.chiptune.score import Drum, Duty, Hit, Instrument, Score, Tone, Trigger
from tests.export.chiptune.players import RATE, cents, decibels, pitch, played_by_libgme
from tests.programs import program

pytestmark = pytest.mark.slow

Samples = NDArray[np.float64]
SPACE, LENGTH = 0.5, 0.4  # seconds from note to note, and of a note
BEFORE = RATE // 20  # frames
REGIONS = pytest.mark.parametrize("region", Region)


class Part(NamedTuple):
    """A note of the test tune, heard alone. timer: the register of its low bits; steps: of the timer in a period."""

    voice: str
    event: Tone | Hit | Trigger
    timer: int = 0
    steps: int = 0


def parts() -> list[Part]:
    made: list[Part] = []

    def at() -> float:
        # Between the console's frames, where a song's notes are too.
        return 0.2 + SPACE * len(made) + 0.0037 * (len(made) % 5)

    for voice, timer in (("pulse_1", 0x4002), ("pulse_2", 0x4006)):
        for duty, midi in zip((*Duty, Duty.HALF), (57.0, 69.0, 81.3, 48.0, 93.0), strict=True):
            made.append(Part(voice, Tone(at(), at() + LENGTH, (midi,), Instrument((11,), duty)), timer, 16))
    for midi in (45.0, 57.0, 69.0, 76.0):
        made.append(Part("triangle", Tone(at(), at() + LENGTH, (midi,), Instrument((15,))), 0x400A, 32))
    for period, metallic in ((5, False), (8, False), (11, False), (7, True)):
        made.append(Part("noise", Hit(at(), Drum((11,) * 24, (period,) * 24, metallic))))
    made += [Part("dmc", Trigger(at(), KICK_SAMPLE))]
    made += [Part("dmc", Trigger(at(), SNARE_SAMPLE))]
    return made


PARTS = parts()
NOISES = [part for part in PARTS if part.voice == "noise"]


def score() -> Score:
    def voice(name: str) -> tuple:
        return tuple(part.event for part in PARTS if part.voice == name)

    return Score(
        SPACE * len(PARTS) + 0.5, voice("pulse_1"), voice("pulse_2"), voice("triangle"), voice("noise"), voice("dmc")
    )


@cache
def log_of(region: Region) -> RegisterLog:
    return register_log(score(), region)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory):
    """Region -> (libgme's samples, ours), both from the first note on."""

    @cache
    def both(region: Region) -> tuple[Samples, Samples]:
        log = log_of(region)
        file = tmp_path_factory.mktemp("nsf") / "tune.nsf"
        file.write_bytes(nsf_bytes(log))
        theirs = played_by_libgme(file, log.seconds)
        ours = render(log, RATE, Mixing.LINEAR).astype(np.float64)
        return from_first_note(theirs), from_first_note(ours)

    return both


def from_first_note(samples: Samples) -> Samples:
    """The samples from BEFORE frames before the first note on, which begins at a tenth of its level."""
    level = np.abs(samples[: RATE // 2]).max()
    return np.pad(samples, (BEFORE, 0))[int(np.argmax(np.abs(samples) > 0.1 * level)) :]


def stretch(samples: Samples, part: Part, begin: float, end: float) -> Samples:
    """From ``begin`` to ``end`` seconds after a part's start, which is counted from the first part's."""
    start = part.event.start - PARTS[0].event.start
    return samples[BEFORE + round((start + begin) * RATE) : BEFORE + round((start + end) * RATE)]


def band_level(samples: Samples, low: float = 100.0, high: float = 5000.0) -> float:
    """Root mean square of what lies between two frequencies in Hz."""
    frequencies, power = signal.periodogram(samples, RATE)
    return float(np.sqrt(power[(frequencies >= low) & (frequencies < high)].sum()))


def loudness(samples: Samples) -> Samples:
    """Root mean square of each twentieth of a second, the last second left out."""
    pieces = samples[: len(samples) // RATE * RATE - RATE].reshape(-1, RATE // 20)
    return np.sqrt(np.mean(pieces**2, axis=1))


@REGIONS
@pytest.mark.parametrize("number", [i for i, part in enumerate(PARTS) if part.steps])
def test_pitches_are_the_periods_of_the_timers(heard, region: Region, number: int) -> None:
    part = PARTS[number]
    log = log_of(region)
    cycle = round(part.event.start * region.clock)
    rows = zip(log.cycles.tolist(), log.addresses.tolist(), log.values.tolist(), strict=True)
    held = {address: value for when, address, value in rows if when <= cycle}
    period = held[part.timer] | (held[part.timer + 1] & 7) << 8
    wanted = region.clock / (part.steps * (period + 1))
    for samples in heard(region):
        assert cents(pitch(stretch(samples, part, 0.05, 0.38), wanted), wanted) == pytest.approx(0, abs=1)


@REGIONS
def test_notes_start_within_a_frame(heard, region: Region) -> None:
    theirs, ours = heard(region)
    late = []
    for part in PARTS:
        found = []
        for samples in (theirs, ours):
            near = np.abs(stretch(samples, part, -0.03, 0.1))
            found.append(np.argmax(near > 0.25 * near.max()) / RATE)
        late.append(found[0] - found[1])
    assert np.abs(late).max() <= region.frame_seconds


@REGIONS
def test_levels_of_voices_agree_within_2_db(heard, region: Region) -> None:
    theirs, ours = heard(region)
    ratios = []
    for part in PARTS:
        # From silence to silence, so that a frame early or late is the same.
        levels = [band_level(stretch(samples, part, -0.03, 0.42)) for samples in (theirs, ours)]
        ratios.append(decibels(levels[0] / levels[1]))
    assert np.array(ratios) - ratios[0] == pytest.approx(0, abs=2)


@REGIONS
@pytest.mark.parametrize("number", range(len(NOISES)))
def test_noise_has_the_same_spectrum(heard, region: Region, number: int) -> None:
    theirs, ours = heard(region)
    edges = np.array([220, 440, 880, 1760, 3520, 7040])
    shapes = []
    for samples in (theirs, ours):
        noise = stretch(samples, NOISES[number], 0.03, 0.37)
        levels = np.array([band_level(noise, low, high) for low, high in pairwise(edges)])
        shapes.append(20 * np.log10(levels / np.linalg.norm(levels)))
    assert shapes[0] == pytest.approx(shapes[1], abs=3)


@REGIONS
def test_nsfe_plays_the_same_and_tells_its_length(heard, region: Region, tmp_path: Path) -> None:
    log = log_of(region)
    file = tmp_path / "tune.nsfe"
    file.write_bytes(nsfe_bytes(log, "Four Panels at Dawn", "charter"))
    ffprobe = program("ffprobe")
    command = [ffprobe, "-v", "error", "-show_entries", "format=duration:format_tags=song", "-of", "csv=p=0", str(file)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
    assert shown == f"{log.seconds:.6f},Four Panels at Dawn"
    theirs, _ = heard(region)
    same = from_first_note(played_by_libgme(file, log.seconds))
    assert loudness(same) == pytest.approx(loudness(theirs), abs=0.02)


def test_a_long_tune_plays_through_its_pages(tmp_path: Path) -> None:
    """Several pages of stream: the last note of a busy minute sounds when and as it should."""
    busy = tuple(Tone(0.05 * i, 0.05 * i + 0.04, (40 + i % 48,), LEAD) for i in range(1200))
    last = Tone(60.5, 61.5, (69,), Instrument((12,), Duty.HALF))
    log = register_log(Score(62.0, busy, (*busy, last), busy))
    data = nsf_bytes(log)
    assert len(data) > 5 * 4096
    file = tmp_path / "long.nsf"
    file.write_bytes(data)
    samples = played_by_libgme(file, 62.0)
    silence, note = (samples[round(at * RATE) : round((at + 0.3) * RATE)] for at in (60.15, 60.7))
    assert np.abs(silence).max() < 0.01 * np.abs(note).max()
    assert cents(pitch(note, 440), 440) == pytest.approx(0, abs=5)


def test_after_its_end_a_tune_is_silent(tmp_path: Path) -> None:
    file = tmp_path / "short.nsf"
    held = (Tone(0.0, 9.0, (60,), Instrument((12,))),)
    file.write_bytes(nsf_bytes(register_log(Score(1.0, held, held, held))))
    samples = played_by_libgme(file, 3.0)
    assert np.abs(samples[: RATE // 2]).max() > 0.1
    assert np.abs(samples[round(1.2 * RATE) :]).max() < 0.001
