"""The registry of formats: every one is written by its name, and its files are known again by theirs."""

import dataclasses

import pytest
import yaml

from charter.errors import ChartError, OutputError, RequestError
from charter.notation import Chart, Note, NoteKind, Span, Timing
from export.formats import FORMATS, save_format
from export.stepmania import read_song
from tests.export.songs import full_song, with_music

LABELS = ["Beginner", "Easy", "Medium", "Hard", "Challenge", "Edit", "Edit (2)"]
NAMES = {
    "ssc": ["a.ssc"],
    "sm": ["a.sm"],
    "osz": ["a.osz"],
    "qua": [f"a [{label}].qua" for label in LABELS],
    "mid": ["a.mid"],
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_written_by_its_name(tmp_path, name):
    folder = with_music(tmp_path / "song")
    before = set(folder.iterdir())
    paths = save_format(name, full_song(), folder, stem="a", duration=30.0)
    assert [path.name for path in paths] == NAMES[name]
    assert set(folder.iterdir()) - before == set(paths)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_bytes_from_run_to_run(tmp_path, name):
    runs = []
    for run in "12":
        paths = save_format(name, full_song(), with_music(tmp_path / run), stem="a", duration=30.0)
        runs.append([path.read_bytes() for path in paths])
    assert runs[0] == runs[1]


def test_an_unknown_format(tmp_path):
    with pytest.raises(RequestError, match=r"no format is called 'dwi'; there are ssc, sm, osz, qua, mid"):
        save_format("dwi", full_song(), tmp_path / "new", stem="a")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "timing"),
    [("sm", Timing.constant(120).tempos), ("qua", None), ("mid", None)],
)
def test_what_a_format_cannot_hold_leaves_nothing(tmp_path, name, timing):
    """`.sm` no warps, the others no notes before the audio, which only the last chart has."""
    song = full_song(timing=Timing(timing, warps=(Span(48, 48),)) if timing else Timing.constant(120, 1.0))
    charts = tuple(
        dataclasses.replace(chart, notes=(Note(480 * (chart.difficulty is not None), 0, NoteKind.TAP),))
        for chart in song.charts
    )
    with pytest.raises(ChartError, match="Title"):
        save_format(name, dataclasses.replace(song, charts=charts), tmp_path / "new", stem="a")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_place_that_cannot_be_written_to(tmp_path):
    (tmp_path / "song").write_bytes(b"")
    for name in FORMATS:
        with pytest.raises(OutputError, match="a file stands where a folder is needed"):
            save_format(name, full_song(), tmp_path / "song", stem="a")


@pytest.mark.parametrize("stem", ["x" * 232, "夜" * 77, "x" * 251, "é" * 127])
def test_names_are_never_too_long(tmp_path, stem):
    folder = with_music(tmp_path / "song")
    paths = [path for name in FORMATS for path in save_format(name, full_song(), folder, stem=stem)]
    assert len({path.name for path in paths}) == 11
    assert all(len(path.name.encode()) <= 255 for path in paths)
    assert read_song(paths[0]).title == "Title"
    assert yaml.safe_load(paths[-2].read_text(encoding="utf-8"))["DifficultyName"] == "Edit (2)"


def test_many_edits_have_names_of_their_own(tmp_path):
    edits = tuple(Chart(None, 1, (Note(0, 0, NoteKind.TAP),)) for _ in range(12))
    paths = save_format("qua", full_song(charts=edits), tmp_path, stem="a")
    assert [path.name for path in paths][::11] == ["a [Edit].qua", "a [Edit (12)].qua"]
