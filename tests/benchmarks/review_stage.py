"""How far the picture is from the sound, and how smoothly it moves, on the longest chart of a corpus.

    python -m tests.benchmarks.review_stage --songs data/songs [--seconds 20]

Chromium plays the song with the most notes in one chart at speeds .5, 1 and 1.5, headless and without a GPU.

- drawn: the song's position that a picture showed, against what the audio thread recorded that it put into the output
  frame which, by the middle of what the browser's `getOutputTimestamp` said in the quarter of a second around it, left
  the machine when the picture was drawn. Where the machine's sound stumbles, which is told, the picture is late in
  following.
- clicks: a second song of clicks over a chord. A recorder behind the player finds them in the output itself; the
  error is what the picture showed when a click left, less where the click stands in the song. What changing the speed
  moves is in it.
- frames: milliseconds between pictures, and of drawing one (script only).

Prints percentiles of milliseconds; asserts nothing.
"""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import soundfile
import typer
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import median_filter

from charter.errors import CharterError
from charter.notation import Chart, Note, NoteKind, Song, Timing
from export.stepmania.read import read_song
from tests.browser import chromium
from tests.review.player.stage_server import open_stage, served, sound_of, stumbled, write_model

SPEEDS = (0.5, 1.0, 1.5)
RATE = 44100
CLICKS_SECONDS = 90
_STUMBLED = " (the machine's sound stumbled)"


class Longest(NamedTuple):
    """The chart with the most notes of a corpus."""

    song: Song
    chart: Chart
    music: Path


def longest(songs: Path) -> Longest:
    """Reads every simfile below the folder of songs; those that cannot be read are passed over."""
    found: Longest | None = None
    for folder in sorted(path for path in songs.iterdir() if path.is_dir()):
        music = next((path for path in sorted(folder.iterdir()) if path.suffix in (".opus", ".ogg", ".mp3")), None)
        simfile = next((path for path in sorted(folder.iterdir()) if path.suffix in (".ssc", ".sm")), None)
        if music is None or simfile is None:
            continue
        try:
            song = read_song(simfile)
        except CharterError:
            continue
        for chart in song.charts:
            if found is None or len(chart.notes) > len(found.chart.notes):
                found = Longest(song, chart, music)
    if found is None:
        raise SystemExit(f"{songs}: no song with its music")
    return found


def click_song(path: Path) -> NDArray[np.float64]:
    """Writes clicks at uneven times over a soft chord; their times in seconds."""
    rng = np.random.default_rng(8)
    times = np.cumsum(rng.uniform(0.2, 0.7, 400))
    times = np.round(times[times < CLICKS_SECONDS - 1] * RATE) / RATE
    at = np.arange(CLICKS_SECONDS * RATE) / RATE
    samples = sum(0.04 * np.sin(2 * np.pi * hertz * at) for hertz in (110, 220, 277.18, 329.63))
    click = 0.8 * np.exp(-np.arange(600) / 90) * np.sign(rng.standard_normal(600))
    for time in times:
        start = round(time * RATE)
        samples[start : start + 600] += click
    soundfile.write(path, samples.astype(np.float32), RATE, subtype="FLOAT", format="WAV")
    return np.asarray(times)


def drawn_errors(found: dict[str, Any]) -> NDArray[np.float64]:
    """Milliseconds by which each picture was ahead of the sound."""
    drawn, stamps = np.array(found["drawn"]), np.array(found["stamps"])
    played = np.array(found["played"])
    frames = (drawn[:, 0] + _ahead(stamps)) / 1000 * found["sampleRate"]
    row = np.searchsorted(played[:, 0], frames, side="right") - 1
    known = (row >= 0) & (frames <= played[-1, 0])
    row = row[known]
    heard = played[row, 1] + (frames[known] - played[row, 0]) * played[row, 2]
    return np.asarray(1000 * (drawn[known, 1] - heard / found["sampleRate"]))


def click_errors(found: dict[str, Any], times: ArrayLike) -> NDArray[np.float64]:
    """Milliseconds by which the picture was ahead when each click left the machine."""
    drawn, stamps = np.array(found["drawn"]), np.array(found["stamps"])
    clicked = 1000 * np.array(found["clicks"]) / found["sampleRate"]
    left = clicked - np.interp(clicked, 1000 * stamps[:, 0], _ahead(stamps))
    left = left[(left > drawn[0, 0]) & (left < drawn[-1, 0])]
    shown = np.interp(left, drawn[:, 0], drawn[:, 1])
    clicks = np.asarray(times)
    nearest = clicks[np.abs(clicks[None, :] - shown[:, None]).argmin(axis=1)]
    return np.asarray(1000 * (shown - nearest))


def _ahead(stamps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Milliseconds of the output's clock over the page's; one stamp may be off by more than sound ever is."""
    return np.asarray(median_filter(1000 * stamps[:, 0] - stamps[:, 1], size=15, mode="nearest"))


def told(name: str, values: Iterable[float]) -> str:
    """Percentiles of the sizes, and the median itself."""
    array = np.fromiter(values, float)
    p50, p95, p99 = np.percentile(np.abs(array), [50, 95, 99])
    most = np.abs(array).max()
    return (
        f"{name}: |p50| {p50:.2f} |p95| {p95:.2f} |p99| {p99:.2f} |max| {most:.2f} median {np.median(array):+.2f} "
        f"({len(array)})"
    )


def run(
    songs: Annotated[Path, typer.Option(help="folder of song folders")],
    seconds: Annotated[float, typer.Option(help="of playing at each speed")] = 20.0,
) -> None:
    """Measure and print."""
    choice = longest(songs)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        data = Path(name)
        write_model(data, choice.song, choice.chart, sound_of(data, choice.music))
        print(f"{choice.song.title}: {len(choice.chart.notes)} notes; Chromium {browser.version}")
        with served(data) as address:
            for speed in SPEEDS:
                page = open_stage(browser, address)
                found = page.evaluate("how => harness.measure(how)", {"rate": speed, "seconds": seconds, "from": 20})
                print(f"speed {speed}{_STUMBLED * stumbled(found)}")
                print(told("  drawn, ms", drawn_errors(found)))
                print(told("  between pictures, ms", found["gaps"]))
                print(told("  drawing, ms", found["costs"]))
                page.close()
        times = click_song(data / "clicks.wav")
        notes = tuple(Note(round(48 * beat), 0, NoteKind.TAP) for beat in range(8))
        chart = choice.chart.__class__(None, 1, notes)
        song = Song(title="clicks", timing=Timing.constant(120), charts=(chart,))
        sound = {"listen": "/data/clicks.wav", "duration": CLICKS_SECONDS}
        write_model(data, song, chart, sound)
        with served(data) as address:
            for speed in SPEEDS:
                page = open_stage(browser, address)
                found = page.evaluate("how => harness.measure(how)", {"rate": speed, "seconds": seconds, "from": 5})
                print(told(f"clicks at speed {speed}{_STUMBLED * stumbled(found)}, ms", click_errors(found, times)))
                page.close()
    print(json.dumps({"seconds": seconds, "speeds": SPEEDS}))


if __name__ == "__main__":
    typer.run(run)
