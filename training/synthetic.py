"""A corpus made by code: one song that is the truth about itself, for smoke tests of the whole training path.

    python -m training.synthetic FOLDER

Kicks stand where Beginner plays, snares and hats where only harder charts do: a network that listens can learn the
song exactly, a deaf one cannot. The song stands in the train and in the valid split, so validation measures whether it
was learnt.
"""

import sys
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from charter.files import make_folder, write_text
from charter.notation import TICKS_PER_BEAT, Chart, Difficulty, Note, NoteKind, Song, Timing
from export.stepmania.save import save_song

SAMPLE_RATE = 24_000
BPM = 150.0
FIRST_BEAT = 0.5  # seconds
BEATS = 64
_DRUMS = {"kick": (55.0, 0.18), "snare": (1800.0, 0.08), "hat": (8000.0, 0.03)}  # Hz, decay in seconds
_DRUMS_OF = {
    Difficulty.BEGINNER: ("kick",),
    Difficulty.EASY: ("kick",),
    Difficulty.MEDIUM: ("kick", "snare"),
    Difficulty.HARD: ("kick", "snare"),
    Difficulty.CHALLENGE: ("kick", "snare", "hat"),
}


def write_corpus(folder: Path, seed: int = 0) -> None:
    """A corpus of one song in two splits: ``songs/<id>/`` with audio and chart, and ``songs.tsv``."""
    rng = np.random.default_rng(seed)
    pattern = _pattern(rng)
    timing = Timing.constant(BPM, -FIRST_BEAT)
    charts = {level: _chart(level, pattern) for level in Difficulty}
    sound = _render(pattern, timing, rng)
    lines = [
        "\t".join(["id", "split", "title", "artist", "charts", "duration_s", "sync_lag_ms", "sync_contrast", "style"])
    ]
    listed = " ".join(f"{level.label}:{chart.meter}:{len(chart.notes)}" for level, chart in charts.items())
    for split in ("train", "valid"):
        name = f"one-song-{split}"
        home = folder / "songs" / name
        make_folder(home)
        soundfile.write(home / "audio.wav", sound, SAMPLE_RATE, subtype="FLOAT")
        save_song(Song("One song", timing, tuple(charts.values()), music="audio.wav"), home, ["ssc"], stem="chart")
        lines.append(
            "\t".join([name, split, "One song", "", listed, f"{len(sound) / SAMPLE_RATE:.3f}", "0", "2", "pad"])
        )
    write_text(folder / "songs.tsv", "\n".join(lines) + "\n")


def _pattern(rng: np.random.Generator) -> dict[str, NDArray[np.int64]]:
    """Ticks of each drum: kicks on some 4ths, snares on some 8ths between, hats on some of the other 16ths."""
    beats = np.arange(BEATS) * TICKS_PER_BEAT
    sixteenth = TICKS_PER_BEAT // 4
    hats = np.concatenate([beats + sixteenth, beats + 3 * sixteenth])
    return {
        "kick": beats[rng.random(BEATS) < 0.7],
        "snare": beats[rng.random(BEATS) < 0.5] + 2 * sixteenth,
        "hat": np.sort(hats[rng.random(2 * BEATS) < 0.3]),
    }


def _chart(level: Difficulty, pattern: dict[str, NDArray[np.int64]]) -> Chart:
    ticks = np.sort(np.concatenate([pattern[drum] for drum in _DRUMS_OF[level]]))
    notes = tuple(Note(int(tick), number % 4, NoteKind.TAP) for number, tick in enumerate(ticks))
    return Chart(level, int(level) + 1, notes)


def _render(pattern: dict[str, NDArray[np.int64]], timing: Timing, rng: np.random.Generator) -> NDArray[np.float32]:
    length = int((float(timing.seconds_at(BEATS * TICKS_PER_BEAT)) + 1.0) * SAMPLE_RATE)
    sound = 0.001 * rng.standard_normal(length)
    for drum, ticks in pattern.items():
        pitch, decay = _DRUMS[drum]
        time = np.arange(int(0.3 * SAMPLE_RATE)) / SAMPLE_RATE
        hit = 0.3 * np.sin(2 * np.pi * pitch * time) * np.exp(-time / decay)
        for second in timing.seconds_at(ticks):
            start = round(float(second) * SAMPLE_RATE)
            sound[start : start + len(hit)] += hit
    return sound.astype(np.float32)


if __name__ == "__main__":
    write_corpus(Path(sys.argv[1]))
