"""The example song through the shipped weights: what `make demo` gives."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from charter.audio.decode import decode
from charter.cli import app
from charter.model.shipped import SHIPPED
from charter.notation import Difficulty
from charter.notation.rules import violations
from examples import song as example
from export.stepmania import read_song

pytestmark = pytest.mark.model
runner = CliRunner()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    example.write(folder / "song.ogg")
    result = runner.invoke(app, ["generate", str(folder / "song.ogg"), "--out", str(folder / "Songs"), "--json"])
    assert result.exit_code == 0, result.output
    return Path(json.loads(result.stdout)["songs"][0]["folder"])


def test_the_timing_is_the_composers(made: Path) -> None:
    timing = read_song(next(made.glob("*.ssc"))).timing
    assert [tempo.bpm for tempo in timing.tempos] == [example.BPM]
    beats = (example.FIRST_BEAT_SECONDS + timing.offset) * example.BPM / 60
    assert abs(beats - round(beats)) * 60 / example.BPM < 0.005


def test_five_charts_that_keep_the_rules_and_rise(made: Path) -> None:
    song = read_song(next(made.glob("*.ssc")))
    assert [chart.difficulty for chart in song.charts] == list(Difficulty)
    assert all(violations(chart, song.timing) == [] for chart in song.charts)
    rows = [set(chart.hit_ticks(song.timing)) for chart in song.charts]
    assert all(easier < harder for easier, harder in pairwise(rows))
    meters = [chart.meter for chart in song.charts]
    assert meters == sorted(set(meters))


def test_sm_and_ssc_tell_the_same_song(made: Path) -> None:
    ssc, sm = read_song(next(made.glob("*.ssc"))), read_song(next(made.glob("*.sm")))
    assert [chart.notes for chart in ssc.charts] == [chart.notes for chart in sm.charts]
    assert ssc.timing == sm.timing


def test_rows_fall_on_sounds(made: Path) -> None:
    """The sound rises at the rows more than at ticks without one: the networks listen."""
    song = read_song(next(made.glob("*.ssc")))
    audio = decode(next(made.glob("*.ogg")), 8_000)
    energy = np.concatenate([[0.0], np.cumsum(np.square(audio.samples, dtype=np.float64))])

    def rise(ticks: list[int]) -> float:
        at = np.rint(song.timing.seconds_at(ticks) * audio.rate).astype(int)
        at = at[(at > 400) & (at < len(audio.samples) - 400)]
        return float(np.mean(np.log((energy[at + 240] - energy[at] + 1e-6) / (energy[at] - energy[at - 240] + 1e-6))))

    chart = song.chart(Difficulty.CHALLENGE)
    assert chart is not None
    rows = chart.hit_ticks(song.timing)
    sixteenths = range(rows[0], rows[-1], 12)
    assert rise(rows) > rise([tick for tick in sixteenths if tick not in set(rows)]) + 0.2


def test_the_same_seed_gives_the_same_charts(made: Path) -> None:
    again = made.parents[1] / "again"
    result = runner.invoke(app, ["generate", str(made.parents[1] / "song.ogg"), "--out", str(again)])
    assert result.exit_code == 0, result.output
    assert next(again.rglob("*.ssc")).read_bytes() == next(made.glob("*.ssc")).read_bytes()


def test_the_shipped_weights_are_small() -> None:
    files = list(SHIPPED.glob("*.safetensors"))
    names = {"placement", "symbols", "symbols-arcade", "symbols-club", "beats", "sections"}
    assert {file.stem for file in files} == names
    assert sum(file.stat().st_size for file in files) < 24_000_000
