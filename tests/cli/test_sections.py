"""`charter sections`: sections and the preview passage, in words and as JSON; every mistake told in a line."""

import json
import re

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from charter.cli import app

pytestmark = pytest.mark.usefixtures("small_models")
RATE = 22050
TIMED = ("--bpm", "120", "--offset", "0")


def run(*arguments):
    return CliRunner().invoke(app, ["sections", *map(str, arguments)], catch_exceptions=False)


def told(result) -> str:
    """The one line on stderr of a run that failed."""
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


@pytest.fixture
def song(tmp_path):
    """Two low bars and two high ones by turns, four times eight bars of 2 s."""
    t = np.arange(16 * RATE) / RATE
    parts = [0.3 * np.sin(2 * np.pi * hertz * t) * (1 - 0.6 * (t * 2 % 1)) for hertz in (220, 988, 220, 988)]
    soundfile.write(tmp_path / "a.wav", np.concatenate(parts), RATE)
    return tmp_path / "a.wav"


def test_as_json(song):
    result = run(song, *TIMED, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found["file"] == str(song)
    assert found["duration"] == pytest.approx(64)
    first, *_ = sections = found["sections"]
    assert set(first) == {"label", "start", "end", "first_measure", "measures", "intensity"}
    assert [section["label"] for section in sections] == ["A", "B", "A", "B"]
    assert [section["start"] for section in sections] == pytest.approx([0, 16, 32, 48], abs=2)
    assert sum(section["measures"] for section in sections) == 32
    preview = found["preview"]
    assert preview["start"] % 2 == pytest.approx(0)
    assert preview["start"] + preview["length"] <= 64


def test_in_words(song):
    result = run(song, *TIMED)
    assert (result.exit_code, result.stderr) == (0, "")
    found = re.match(rf"{song}: preview from (\S+) s to (\S+) s \((\S+) s\)\n", result.stdout)
    assert found
    assert float(found[2]) - float(found[1]) == pytest.approx(float(found[3]), abs=0.002)
    table = result.stdout.split("sections\n")[1]
    assert "from measure" in table
    assert "preview" in table


def test_timing_is_found_where_it_is_not_given(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav", first=0.7, seconds=24)
    found = json.loads(run(loop, "--json").stdout)
    bar = 4 * 60 / 140
    bars = (found["sections"][0]["start"] - 0.7) * 4 / bar
    assert bars == pytest.approx(round(bars), abs=0.02)


def test_timing_of_a_file(song, write_song, tmp_path):
    chart = write_song(tmp_path / "a.sm", {"Easy": "1000 0100 0010 0001"}, BPMS="0=120", OFFSET="-1.0")
    found = json.loads(run(song, "--timing", chart, "--json").stdout)
    assert found["preview"]["start"] % 2 == pytest.approx(1.0)


def test_the_same_again(song):
    assert run(song, *TIMED, "--json").stdout == run(song, *TIMED, "--json").stdout


def test_a_picture(song, tmp_path):
    pytest.importorskip("matplotlib")
    result = run(song, *TIMED, "--plot", tmp_path / "p.png")
    assert result.exit_code == 0
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (("--plot", "a.wav"), "the picture is a .png"),
        (("--offset", "0"), "--offset goes with --bpm"),
        ((*TIMED, "--bpm-range", "90-180"), "the timing is given; leave out --bpm-range"),
        (("--bpm", "120", "--bpm-range", "90-180"), "--bpm says the tempo"),
        (("--timing", "gone.ssc"), "gone.ssc: cannot be read"),
        (("--timing", "gone.ssc", "--bpm", "120"), "--timing gives the whole timing"),
        (("--beat-weights", "gone.safetensors"), "gone.safetensors: cannot be read"),
    ],
)
def test_a_bad_option_is_told(song, arguments, cause):
    assert cause in told(run(song, *arguments))


@pytest.mark.parametrize(
    ("name", "write", "cause"),
    [
        ("missing.mp3", None, "no such file"),
        ("text.mp3", "a shopping list\n" * 40, "is not audio|no sound could be decoded"),
    ],
)
def test_a_bad_song_is_told(tmp_path, name, write, cause):
    path = tmp_path / name
    if write:
        path.write_text(write)
    assert re.search(cause, told(run(path, *TIMED)))
    assert re.search(cause, told(run(path)))
