"""The same music as another person's file of it: its charts are the same, or nearly so.

`python -m tests.benchmarks.guises SONG...` prints how near, for any songs.
"""

from collections.abc import Callable
from functools import cache

import pytest

from charter.generate import Generated, Models, generate
from charter.notation import Chart, NoteKind, Timing
from charter.request import Request
from examples import song as example
from tests.guises import BESIDE_SECONDS, LATER_SECONDS, apart, rows_elsewhere, samples_of, write_guise

pytestmark = pytest.mark.model
Charted = Callable[[str], Generated]


@pytest.fixture(scope="module")
def charted(tmp_path_factory: pytest.TempPathFactory) -> Charted:
    """The example song in a guise, charted with found timing."""
    folder = tmp_path_factory.mktemp("guises")
    example.write(folder / "song.ogg")
    samples, models = samples_of(folder / "song.ogg"), Models.load()
    return cache(lambda name: generate(write_guise(name, samples, folder), Request(), models))


def test_silence_before_it_moves_the_offset_and_no_step(charted: Charted) -> None:
    song, later = charted("as it is").song, charted("100 ms later").song
    assert later.timing.offset == pytest.approx(song.timing.offset - LATER_SECONDS, abs=1e-6)
    assert later.timing.tempos == song.timing.tempos
    assert [chart.notes for chart in later.charts] == [chart.notes for chart in song.charts]


def test_silence_that_is_no_whole_frame_moves_few_rows(charted: Charted) -> None:
    song, beside = charted("as it is"), charted("37 ms later")
    assert beside.song.timing.tempos == song.song.timing.tempos
    assert beside.song.timing.offset == pytest.approx(song.song.timing.offset - BESIDE_SECONDS, abs=0.002)
    assert rows_elsewhere(song, beside) <= 0.02


@pytest.mark.parametrize("guise", ["6 dB softer", "mono"])
def test_level_and_channels_change_nothing(charted: Charted, guise: str) -> None:
    song, other = charted("as it is").song, charted(guise).song
    assert other.timing == song.timing
    assert [chart.notes for chart in other.charts] == [chart.notes for chart in song.charts]


@pytest.mark.parametrize("guise", ["as mp3", "as ogg"])
def test_what_a_codec_does_to_it_moves_few_rows(charted: Charted, guise: str) -> None:
    song, coded = charted("as it is"), charted(guise)
    assert coded.song.timing.tempos == song.song.timing.tempos
    assert coded.song.timing.offset == pytest.approx(song.song.timing.offset, abs=0.002)
    assert rows_elsewhere(song, coded) <= 0.02


def test_one_percent_faster_is_one_percent_more_bpm(charted: Charted) -> None:
    """And few rows elsewhere: pitches are a sixth of a semitone higher, and ties between ticks fall otherwise."""
    song, faster = charted("as it is"), charted("1 % faster")
    assert [tempo.bpm for tempo in faster.song.timing.tempos] == pytest.approx([example.BPM * 1.01], rel=1e-4)
    assert faster.song.timing.offset == pytest.approx(song.song.timing.offset / 1.01, abs=0.002)
    assert rows_elsewhere(song, faster) <= 0.02
    assert apart(song, faster).keys() == {chart.difficulty for chart in song.song.charts}


def test_twice_in_a_row_it_has_steps_of_the_same_kind_twice(charted: Charted) -> None:
    song = charted("twice").song
    half = charted("as it is").duration
    for chart in song.charts:
        (rows, jumps, holds), (again, jumps_again, holds_again) = (
            _kinds(chart, song.timing, start, start + half) for start in (0.0, half)
        )
        assert again == pytest.approx(rows, rel=0.1), chart.difficulty
        assert jumps_again == pytest.approx(jumps, abs=0.06), chart.difficulty
        assert holds_again == pytest.approx(holds, abs=0.1), chart.difficulty


def _kinds(chart: Chart, timing: Timing, start: float, end: float) -> tuple[int, float, float]:
    """How many rows lie between two seconds, and the shares of jumps and of heads of holds and rolls among them."""
    rows: dict[int, list[NoteKind]] = {}
    for note in chart.notes:
        if note.kind.is_hit and start <= float(timing.seconds_at(note.tick)) < end:
            rows.setdefault(note.tick, []).append(note.kind)
    jumps = sum(len(kinds) > 1 for kinds in rows.values())
    heads = sum(set(kinds) != {NoteKind.TAP} for kinds in rows.values())
    return len(rows), jumps / len(rows), heads / len(rows)
