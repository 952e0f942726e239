"""What charter says of mistakes in timing: one line, each thing once."""

import json

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from charter.cli import app
from charter.notation import Timing
from charter.tempo.find import FoundTiming, TimingCandidate

pytestmark = pytest.mark.usefixtures("small_models")


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


def told(result) -> str:
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


@pytest.mark.parametrize("name", ["missing.mp3", "text.mp3", "folder.mp3", "silence.wav"])
def test_timing_names_the_file_once(tmp_path, name):
    (tmp_path / "folder.mp3").mkdir()
    (tmp_path / "text.mp3").write_text("no song\n" * 99)
    soundfile.write(tmp_path / "silence.wav", np.zeros(99_000), 22_050)
    assert told(run("timing", tmp_path / name)).count(str(tmp_path / name)) == 1


@pytest.mark.parametrize("place", ["pictures", ".", "/"])
def test_a_picture_cannot_be_a_folder(tmp_path, write_loop, monkeypatch, place):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pictures").mkdir()
    assert place in told(run("timing", write_loop(tmp_path / "a.wav"), "--plot", place))


def test_a_range_beside_a_whole_timing_is_told(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav")
    asked = ("--bpm", 140, "--offset", 0, "--bpm-range", "90-180")
    assert "--bpm-range" in told(run("generate", loop, "--out", tmp_path / "out", *asked))


def test_doubt_without_a_rival_names_none():
    """In a narrow range there is often one candidate alone."""
    alone = FoundTiming((TimingCandidate(Timing.constant(70), 0.01, ""),))
    assert "else" not in alone.doubt
    assert "()" not in alone.doubt


def test_an_off_beat_is_half_a_beat_off(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav", seconds=16)
    found = json.loads(run("timing", loop, "--json", "--bpm", 140).stdout)
    off = [
        (found["offset"] - candidate["offset"]) * 140 / 60 % 1
        for candidate in found["candidates"]
        if candidate["relation"] == "off-beat"
    ]
    assert off
    assert off == pytest.approx([0.5] * len(off), abs=0.1)
