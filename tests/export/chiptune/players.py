"""Players of other people, which our files are judged by."""

import subprocess
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.programs import missing, program

RATE = 44_100  # what ffmpeg's libgme and openmpt123 are asked for


def played_by_libgme(file: Path, seconds: float) -> NDArray[np.float64]:
    """(frames,) the first seconds of a console's file, mono. A length must be said: libgme never ends by itself."""
    ffmpeg = program("ffmpeg")
    known = subprocess.run([ffmpeg, "-v", "error", "-demuxers"], capture_output=True, text=True, check=True).stdout
    if "libgme" not in known.split():
        missing("this ffmpeg is built without libgme")
    command = [ffmpeg, "-v", "error", "-t", str(seconds), "-i", str(file), "-ac", "1", "-f", "f32le", "-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return np.frombuffer(done.stdout, dtype=np.float32).astype(np.float64)


def pitch(samples: NDArray[np.float64], about: float) -> float:
    """Hz of a steady tone close to ``about``, from the turn of its fundamental's phase; samples: (frames,)."""
    half = len(samples) // 2
    wave = samples * np.exp(-2j * np.pi * about / RATE * np.arange(len(samples)))
    window = np.hanning(half)
    first, second = (np.sum(wave[at : at + half] * window) for at in (0, half))
    return about + float(np.angle(second / first)) / (2 * np.pi) * RATE / half


def cents(hertz: float, reference: float) -> float:
    """How far a pitch lies above another, in hundredths of a semitone."""
    return float(1200 * np.log2(hertz / reference))


def decibels(ratio: float) -> float:
    """A ratio of amplitudes in dB."""
    return float(20 * np.log10(ratio))


def played_by_openmpt(file: Path) -> NDArray[np.float64]:
    """(frames,) a module from its first row to its last, mono."""
    openmpt123 = program("openmpt123")
    options = ["--quiet", "--render", "--samplerate", str(RATE), "--channels", "1", "--force", "--output-type", "wav"]
    subprocess.run([openmpt123, *options, str(file)], capture_output=True, check=True, timeout=60)
    samples, rate = soundfile.read(file.with_suffix(file.suffix + ".wav"))
    assert rate == RATE
    return np.asarray(samples, dtype=np.float64)
