"""The player's scripts without a browser; the page's tempo map against ours."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from charter.notation import Pause, Span, Tempo, Timing
from charter.review.document.codec import timing_json
from tests.node import check_in_node
from tests.programs import program

HERE = Path(__file__).parent


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_scripts_do_what_they_say(name: str) -> None:
    check_in_node(HERE / name)


def random_timing(rng: np.random.Generator) -> Timing:
    """Up to a handful of every kind of event, often on the same ticks."""

    def ticks(most: int) -> list[int]:
        return sorted(int(tick) * 12 for tick in rng.integers(0, 40, rng.integers(0, most)))

    tempos = [Tempo(0, float(rng.uniform(20, 400)))]
    tempos += [Tempo(tick, float(rng.uniform(20, 400))) for tick in sorted(set(ticks(6)) - {0})]
    return Timing(
        tuple(tempos),
        float(rng.uniform(-3, 3)),
        tuple(Pause(tick, float(rng.uniform(0, 2))) for tick in ticks(4)),
        tuple(Pause(tick, float(rng.uniform(0, 2))) for tick in ticks(4)),
        tuple(Span(tick, int(rng.integers(0, 100))) for tick in ticks(4)),
        tuple(Span(tick, int(rng.integers(0, 100))) for tick in ticks(4)),
    )


def page_says(cases: list[dict[str, Any]]) -> list[dict[str, list[Any]]]:
    done = subprocess.run(
        [program("node"), HERE / "timing_values.mjs"],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
    )
    answers: list[dict[str, list[Any]]] = json.loads(done.stdout)
    return answers


@pytest.mark.slow
def test_the_page_reads_a_tempo_map_as_we_do() -> None:
    rng = np.random.default_rng(8)
    timings = [random_timing(rng) for _ in range(300)]
    ticks = [float(tick) for tick in range(-48, 620, 6)] + [0.5, 11.9, 12.1, 143.99, 300.25]
    asked = []
    for timing in timings:
        seconds = np.concatenate([timing.seconds_at(ticks), rng.uniform(-5, 30, 40)])
        asked.append({"timing": timing_json(timing), "ticks": ticks, "seconds": seconds.tolist()})
    answers = page_says(asked)
    assert len(answers) == len(timings)
    for timing, case, answer in zip(timings, asked, answers, strict=True):
        np.testing.assert_array_equal(answer["seconds"], timing.seconds_at(ticks))
        np.testing.assert_array_equal(answer["ticks"], timing.ticks_at(case["seconds"]))
        np.testing.assert_array_equal(answer["hittable"], timing.hittable(np.floor(ticks)))
