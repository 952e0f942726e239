"""What each kind of a review's jobs costs on a song, in the processor's time, and how much memory its process takes.

``python -m tests.benchmarks.review_jobs SONG``: a worker's process does one after the other, each twice where the
second time finds something in mind.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from charter.review.work.serve import serving

BEAT = 48


def main(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        for name in ("songs", "uploads"):
            (data / name).mkdir()
        (data / "uploads" / "u").write_bytes(path.read_bytes())
        serve = serving(data)

        def timed(what: str, **request: Any) -> dict[str, Any]:
            began, cpu = time.perf_counter(), time.process_time()
            answer = serve(request, lambda share, stage: None)
            wall, used = time.perf_counter() - began, time.process_time() - cpu
            memory = psutil.Process().memory_info().rss >> 20
            print(f"{what:34} {used:6.2f} s of CPU, {wall:6.2f} s, then {memory} MB")
            return answer

        read = timed("intake", kind="intake", key="k", upload="u", name=path.name, wanted={})
        song = {"key": "k", "fields": read["fields"]}
        charts = [{"id": place, "version": 0, **chart} for place, chart in enumerate(read["charts"])]
        hardest, rows = charts[-1], len(charts[-1]["footing"])
        print(f"{read['sound']['duration']:.0f} s of music, {rows} rows in the hardest chart")
        _rest(timed, data, song, charts, hardest)


def _rest(
    timed: Callable[..., dict[str, Any]],
    data: Path,
    song: dict[str, Any],
    charts: list[dict[str, Any]],
    hardest: dict[str, Any],
) -> None:
    timed("take in", kind="take in", key="t", folder=str(data / "songs" / "k"))
    timed("hear", kind="hear", key="k")
    others = [{**chart, "rows": len(chart["footing"])} for chart in charts[:-1]]
    for what in ("check", "check again"):
        timed(what, kind="check", song=song, chart=hardest, others=others)
    for seed, what in enumerate(("redo of 32 beats, 3 candidates", "redo again")):
        wanted = {"start": 64 * BEAT, "end": 96 * BEAT, "seed": 3 * seed, "candidates": 3}
        timed(what, kind="redo", song=song, chart=hardest, wanted=wanted)
    timed("chiptune of all of it", kind="chiptune", song=song, charts=charts)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
