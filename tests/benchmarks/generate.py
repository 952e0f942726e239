"""Where the time of a generation goes, beside its floor and beside a rival of older design.

    python -m tests.benchmarks.generate [SONG] [--threads N]

The floor is what no network can save: decoding the audio and the FFTs of its features. The rival is our DDC config:
10 ms frames, three windows, one difficulty, onsets alone, with random weights. Both run as whole processes too, one
after the other. Without a song, two minutes of noise bursts. Prints seconds, ratios and peak memory; asserts nothing.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import numpy as np
import soundfile
import torch
import typer

from charter.audio.decode import decode
from charter.audio.features import log_mel, sample_steps
from charter.audio.loudness import audible_span, silences
from charter.audio.music import write_music
from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.decode.place import PlacementInput, place
from charter.decode.placed import Listening, Placed
from charter.decode.rules import RULES
from charter.decode.symbols import write_symbols
from charter.generate import Models, generate
from charter.model.config import Head, PlacementConfig, Stack
from charter.model.grid import GridKind, Guide, guide_channels
from charter.model.placement import Condition, PlacementNet, make_grid
from charter.notation import Chart, Difficulty, Note, NoteKind, Timing
from charter.notation.footing import annotate
from charter.notation.hit_rows import hit_rows
from charter.request import Request
from charter.tempo.find import find_timing

T = TypeVar("T")
DDC = PlacementConfig(
    audio=AudioSpec(44_100, 441, (1024, 2048, 4096), 80, 27.5, 16_000.0),
    grid=GridKind.FRAMES,
    hops_per_step=1,
    steps_per_token=1,
    stack=Stack.DDC,
    guide=Guide.NONE,
    hidden=200,
    head=Head.SCALAR,
)
TIMING = Timing.constant(140, -0.1)
REPEATS = 3


def timed(name: str, times: dict[str, float], work: Callable[[], T]) -> T:
    """Run a few times and keep the least: what else the machine does only ever adds."""
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = work()
        taken.append(time.perf_counter() - start)
    times[name] = min(taken)
    return result


def write_song(path: Path, seconds: float = 120.0) -> None:
    rate, rng = 44_100, np.random.default_rng(0)
    since_beat = (np.arange(int(rate * seconds)) / rate - 0.1) % (60 / 140)
    bursts = rng.normal(size=len(since_beat)) * np.exp(-since_beat * 12) * 0.3
    soundfile.write(path, np.repeat(bursts[:, None], 2, axis=1), rate, subtype="PCM_16")


@torch.inference_mode()
def ddc_curve(song: Path) -> torch.Tensor:
    """Onset logits of one difficulty on 10 ms frames, (frames,)."""
    audio = decode(song, DDC.audio.sample_rate)
    mel = log_mel(audio, DDC.audio)
    grid = make_grid(DDC, TIMING, audio.duration)
    steps = torch.from_numpy(sample_steps(mel, DDC.audio, grid.seconds, grid.widths)).permute(2, 0, 1)[None]
    guide = torch.from_numpy(guide_channels(grid, DDC.guide, DDC.steps_per_token))[None]
    condition = Condition(torch.tensor([[4]]), torch.tensor([[4.0]]), torch.tensor([140.0]))
    curve: torch.Tensor = PlacementNet(DDC).eval()(steps, guide, condition)[0, 0]
    return curve


def whole(*words: str) -> tuple[float, float]:
    """Seconds and peak memory, in GiB, of a process of its own: the quickest of a few."""
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        # A small process in between, so that the memory told is that of this child alone.
        probe = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)"
        probe += "; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        done = subprocess.run([sys.executable, "-c", probe, *words], check=True, capture_output=True, text=True)
        taken.append((time.perf_counter() - start, int(done.stdout) / 2**20))
    return min(taken)


def main(
    song: Annotated[Path | None, typer.Argument(help="Audio; two minutes of noise bursts by default.")] = None,
    *,
    threads: int = 2,
    rival: Annotated[bool, typer.Option(help="Run the rival alone, as a process of its own does.")] = False,
) -> None:
    torch.set_num_threads(threads)
    os.environ["OMP_NUM_THREADS"] = str(threads)  # of the processes
    times: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        if song is None:
            song = Path(folder) / "song.wav"
            write_song(song)
        if rival:
            ddc_curve(song)
            return
        path = song
        models = timed("load weights", times, Models.load)
        net = models.placement.net
        spec = net.config.audio
        audio = timed("decode audio", times, lambda: SongAudio(path).audio(spec))
        mel = timed("log-mel features", times, lambda: log_mel(audio, spec))
        floor = times["decode audio"] + times["log-mel features"]
        music = audible_span(audio)
        assert music is not None
        request = Request(timing=TIMING)
        song_input = PlacementInput(net, mel, TIMING, audio.duration, music, silences(audio))
        rows = timed("placement, five charts", times, lambda: place(song_input, dict.fromkeys(Difficulty)))
        placed = [Placed(level, ticks, RULES[level]) for level, ticks in rows.items()]
        listening = Listening(TIMING, lambda spec: mel, int(TIMING.ticks_at(audio.duration)))
        # What has been worked out of two feet stays with the process: the first song of a process pays for it.
        first = time.perf_counter()
        write_symbols(models.blend, placed, listening, seed=0)
        times["symbols, five charts: the first song"] = time.perf_counter() - first
        timed(
            "symbols, five charts: later songs", times, lambda: write_symbols(models.blend, placed, listening, seed=0)
        )
        stream = [each for level in Difficulty for each in rows[level].tolist()]
        notes = [
            Note(12 * place, (stream[place % len(stream)] // 12 + place) % 4, NoteKind.TAP) for place in range(10_000)
        ]
        many = hit_rows(Chart(Difficulty.HARD, 1, tuple(notes)), TIMING)
        timed("footing of 10,000 rows", times, lambda: annotate(many, Difficulty.HARD))
        ours = floor + times["placement, five charts"]
        timed("generate, timing given", times, lambda: generate(path, request, models))
        timed("find the timing", times, lambda: find_timing(SongAudio(path), models.beats.net))
        timed("write the music", times, lambda: write_music(path, Path(folder) / "music.ogg"))
        timed("rival: one curve", times, lambda: ddc_curve(path))
        command = ["-m", "charter", "generate", str(path), "--out", folder, "--bpm", "140", "--offset", "-0.1"]
        process, memory = whole(sys.executable, *command)
        rival_process, rival_memory = whole(sys.executable, "-m", "tests.benchmarks.generate", str(path), "--rival")
    typer.echo(f"{audio.duration:.0f} s of audio, {threads} thread(s); floor = decode + features = {floor:.2f} s")
    for name, seconds in times.items():
        typer.echo(f"{name:38s} {seconds:7.2f} s  {seconds / floor:6.2f} x floor")
    curve = times["rival: one curve"]
    typer.echo(
        f"decode, features and placement of five charts: {ours:.2f} s, {ours / curve:.2f} x the rival's one curve"
    )
    typer.echo(f"whole process: {process:.2f} s, {process / rival_process:.2f} x the rival's {rival_process:.2f} s")
    typer.echo(f"peak memory: {memory:.2f} GiB; the rival's {rival_memory:.2f} GiB")


if __name__ == "__main__":
    typer.run(main)
