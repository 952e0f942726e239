"""Where the time of a generation goes, stage by stage, beside the floor: decoding the audio and its FFTs.

    python -m tests.benchmarks.generate [SONG] [--threads N]

Without a song, the example song. Prints seconds and ratios; asserts nothing.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
import typer

from charter.audio.music import write_music
from charter.audio.song_audio import SongAudio
from charter.generate import Models, generate
from charter.request import Request
from charter.tempo.find import find_timing
from examples import song as example

T = TypeVar("T")


def timed(name: str, times: dict[str, float], work: Callable[[], T]) -> T:
    start = time.perf_counter()
    result = work()
    times[name] = time.perf_counter() - start
    return result


def main(song: Path | None = None, *, threads: int = 1) -> None:
    torch.set_num_threads(threads)
    times: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        if song is None:
            song = Path(folder) / "song.ogg"
            example.write(song)
        models = timed("load weights", times, Models.load)
        spec = models.placement.net.config.audio
        path = song
        heard = SongAudio(path)
        audio = timed("decode audio", times, lambda: heard.audio(spec))
        timed("log-mel features", times, lambda: heard.mel(spec))
        timing = timed("find the timing", times, lambda: find_timing(heard, models.beats.net)).timing
        timed("generate, timing given", times, lambda: generate(path, Request(timing=timing), models))
        timed("write the music", times, lambda: write_music(path, Path(folder) / "music.ogg"))
    floor = times["decode audio"] + times["log-mel features"]
    typer.echo(f"{audio.duration:.0f} s of audio, {threads} thread(s); floor = decode + features = {floor:.2f} s")
    for name, seconds in times.items():
        typer.echo(f"{name:24s} {seconds:7.2f} s  {seconds / floor:6.2f} x floor")


if __name__ == "__main__":
    typer.run(main)
