"""What a song of a batch costs one core, by part: seconds of CPU of `chart_song`, which does all of it.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.song_cost SONG...

The first song is charted twice and counted once: the first of a process pays for what the process keeps. The parts
are stages that do not overlap; within them lie the networks that take a whole song at once, as a GPU would like it
(the writer of symbols goes from row to row). Prints seconds, shares and bytes; asserts nothing.
"""

import functools
import importlib
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import torch
import typer

from charter.batch.job import Job, Settings
from charter.batch.source import Source
from charter.batch.work import chart_song
from charter.generate import Models
from charter.request import Request, WeightsFiles

# Where each is looked up when it is called; what is called within another of the same table counts for the inner one.
STAGES = {
    "charter.audio.song_audio.decode": "decode",
    "charter.audio.song_audio.log_mel": "mel features",
    "charter.tempo.find.find_timing": "timing",
    "charter.generate.place": "placement",
    "charter.generate.write_symbols": "symbols",
    "charter.generate.hear_form": "sections",
    "charter.song_folder.write_music": "write the Ogg",
    "charter.batch.fresh.draw_pictures": "pictures",
    "charter.batch.work.described": "check and report",
}
NETWORKS = {
    "charter.model.beats.BeatNet.forward": "network of beats",
    "charter.model.placement.PlacementNet.listen": "network of placement",
    "charter.model.placement.PlacementNet.answer": "network of placement",
    "charter.model.sections.SectionNet.forward": "network of sections",
    "charter.model.symbols.SymbolNet.encode": "network of symbols: what it hears",
}


def watched(names: dict[str, str]) -> Counter[str]:
    """Have the calls of functions timed, by label."""
    spent: Counter[str] = Counter()
    within = [0.0]  # seconds of inner calls, by depth

    def timed(function: Callable[..., Any], label: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **options: Any) -> Any:
            within.append(0.0)
            start = time.process_time()
            try:
                return function(*args, **options)
            finally:
                took = time.process_time() - start
                spent[label] += took - within.pop()
                within[-1] += took

        return call

    for name, label in names.items():
        path, _, attribute = name.rpartition(".")
        try:
            owner = importlib.import_module(path)
        except ModuleNotFoundError:  # a method
            module, _, of = path.rpartition(".")
            owner = getattr(importlib.import_module(module), of)
        setattr(owner, attribute, timed(getattr(owner, attribute), label))
    return spent


def main(songs: Annotated[list[Path], typer.Argument(help="Audio.")]) -> None:
    torch.set_num_threads(1)
    models = Models.load()
    stages, networks = watched(STAGES), watched(NETWORKS)
    seconds = total = 0.0
    read = written = 0
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(songs[0].parent, Path(folder), Request(), WeightsFiles())
        for number, song in enumerate([songs[0], *songs]):
            name = f"{number}"
            start = time.process_time()
            row = chart_song(Job(Source(song), name, name, name), settings, models)
            if number == 0:
                stages.clear()
                networks.clear()
                continue
            total += time.process_time() - start
            seconds += row.duration or 0.0
            read += song.stat().st_size
            written += sum(path.stat().st_size for path in (settings.pack / name).iterdir())
    stages["the rest"] = total - stages.total()
    print(
        f"{len(songs)} songs, {seconds:.0f} s of music: {total:.1f} s of CPU, {1000 * total / seconds:.1f} ms a second"
    )
    for name, took in stages.most_common():
        print(f"  {name:36s} {took:6.2f} s {took / total:6.1%}")
    print("within these, networks over a whole song")
    for name, took in networks.most_common():
        print(f"  {name:36s} {took:6.2f} s {took / total:6.1%}")
    minutes = seconds / 60
    print(f"bytes per minute of music: {read / minutes:.3g} read, {written / minutes:.3g} written")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10:.0f} MiB")


if __name__ == "__main__":
    typer.run(main)
