"""What a cluster's driver and head bear, with songs that cost nothing or only time.

    python -m tests.benchmarks.ray_scale [--songs N] [--cpus N] [--seconds S] [--in-flight N]

Starts a Ray cluster of its own on this machine, says that it has so many CPUs, and runs `on_ray` over songs that are
not charted: their process waits for as long as was asked and sends back a row as large as real ones are. Prints
songs per second, seconds of this process and of Ray's head per song, memory, sizes; asserts nothing.
"""

import importlib
import pickle
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NamedTuple

import psutil
import typer

from charter.batch import on_ray as ray_batch
from charter.batch.job import Job, Settings
from charter.batch.row import Row, RowChart, RowFinding, RowTiming, Status
from charter.batch.source import Source
from charter.processes.cluster import quiet_ray
from charter.request import Request, WeightsFiles

quiet_ray()  # before Ray is imported otherwise
from ray.cluster_utils import Cluster  # noqa: E402

PICTURE = 8_000  # bytes of base64
MIB = 1 << 20


def pretend(settings: Settings) -> Callable[[Job], Row]:
    """A factory: charts nothing in as many seconds as the song's name says."""

    def chart(job: Job) -> Row:
        time.sleep(float(job.name.split()[0]))
        return row(job)

    return chart


def row(job: Job) -> Row:
    """As full as that of a song of three minutes with five charts and twenty findings."""
    density = tuple(0.25 * place for place in range(50))
    charts = tuple(
        RowChart(name, 9, 600, 3.21, density) for name in ("Beginner", "Easy", "Medium", "Hard", "Challenge")
    )
    finding = RowFinding("Challenge", "note", "crossover", "a crossover within less than a beat, 4 times", 64.0, 30.1)
    return Row(
        source=str(job.source.music),
        status=Status.CHARTED,
        folder=job.name,
        title=job.name,
        artist="somebody",
        audio_hash=job.audio_hash,
        key=job.key,
        seed=0,
        weights=dict.fromkeys(("placement", "symbols", "beats", "sections"), "0123456789abcdef"),
        duration=187.5,
        seconds=9.5,
        timing=RowTiming(138.0, -0.25, confidence=0.93, sync_ms=0.4),
        charts=charts,
        findings=(finding,) * 20,
        timing_picture=job.key * (PICTURE // 16),
    )


def jobs(settings: Settings, count: int, seconds: float) -> list[Job]:
    """As many songs, in folders of two levels."""
    return [
        Job(
            Source(settings.folder / f"pack {number // 1000}" / f"song {number}" / "audio.ogg"),
            f"{seconds:g} s, song {number}",
            f"{number:016x}",
            f"{number:016x}",
        )
        for number in range(count)
    ]


class Used(NamedTuple):
    """Of one process: seconds of CPU so far, and MiB resident."""

    cpu: float
    memory: float

    @classmethod
    def by(cls, process: psutil.Process) -> "Used":
        return cls(sum(process.cpu_times()[:2]), process.memory_info().rss / MIB)


def watched() -> dict[str, psutil.Process]:
    """This process, the head's store of what is where, and the node's own process."""
    started = {child.name(): child for child in psutil.Process().children(recursive=True)}
    return {"driver": psutil.Process(), "gcs_server": started["gcs_server"], "raylet": started["raylet"]}


def main(
    *,
    songs: Annotated[int, typer.Option(help="How many.")] = 10_000,
    cpus: Annotated[int, typer.Option(help="How many the cluster says it has; each is two processes.")] = 2,
    seconds: Annotated[float, typer.Option(help="How long each song waits.")] = 0.0,
    in_flight: Annotated[int, typer.Option(help="Songs under way at a time, as many as twice the CPUs have.")] = 4,
) -> None:
    ray_batch.LEAST_IN_FLIGHT = in_flight
    # By its name, not as __main__: the processes that run it have another.
    factory = importlib.import_module("tests.benchmarks.ray_scale").pretend
    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": cpus, "object_store_memory": 80 * MIB, "include_dashboard": False},
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder), Path(folder), Request(), WeightsFiles())
        print(f"{songs} songs of {seconds:g} s each, {cpus} CPUs")
        for value in (settings, jobs(settings, 1, 0)[0], row(jobs(settings, 1, 0)[0])):
            print(f"a pickled {type(value).__name__}: {len(pickle.dumps(value))} bytes")
        print(f"a line of the report: {len(row(jobs(settings, 1, 0)[0]).line().encode())} bytes")
        before = Used.by(psutil.Process()).memory
        listed = jobs(settings, songs, seconds)
        print(f"the list of jobs: {(Used.by(psutil.Process()).memory - before) * MIB / songs:.0f} bytes a song")
        # Workers start, weights are loaded, buffers grow: a tenth of the songs is left out of the figures.
        warm = max(songs // 10, 2 * cpus)
        rows = ray_batch.on_ray(listed, settings, cluster.address, factory)
        for _ in range(warm):
            next(rows)
        counted, start = songs - warm - 2 * cpus, time.perf_counter()
        then = {name: Used.by(process) for name, process in watched().items()}
        for _ in range(counted):  # without the last, when CPUs stand idle
            next(rows)
        rate = counted / (time.perf_counter() - start)
        now = {name: Used.by(process) for name, process in watched().items()}
        rows.close()
    cluster.shutdown()
    print(f"songs per second: {rate:.1f}; beside its own cost a song takes {cpus / rate - seconds:.4f} s of a CPU")
    for name, (cpu, memory) in now.items():
        of_song, grown = (cpu - then[name].cpu) / counted, (memory - then[name].memory) / counted * 10_000
        print(f"{name}: {1000 * of_song:.3f} ms of CPU a song; {memory:.0f} MiB, {grown:+.1f} per 10,000 songs")


if __name__ == "__main__":
    typer.run(main)
