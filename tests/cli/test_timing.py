"""`charter timing`: what it prints, and what it refuses."""

import json

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from charter.cli import app

pytestmark = pytest.mark.model


def run(*arguments):
    return CliRunner().invoke(app, ["timing", *map(str, arguments)], catch_exceptions=False)


def told(result) -> str:
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def test_a_person_reads_tempo_offset_and_rivals(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav", seconds=20, first=0.5)
    result = run(loop, "--bpm-range", "100-200")
    assert result.exit_code == 0
    head, *rest = result.stdout.splitlines()
    assert head.startswith(f"{loop}: 140 BPM, offset -0.")
    assert "confidence" in head
    assert rest[0] == "candidates"


def test_json_says_it_to_a_program(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav", seconds=20, first=0.5)
    found = json.loads(run(loop, "--json").stdout)
    assert found["file"] == str(loop)
    assert len(found["candidates"]) >= 3
    first = found["candidates"][0]
    assert (first["relation"], first["offset"], first["bpms"]) == ("", found["offset"], found["bpms"])
    shares = [candidate["confidence"] for candidate in found["candidates"]]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1.0, abs=0.02)
    ratios = {round(candidate["bpms"][0]["bpm"] / 140, 2) for candidate in found["candidates"]}
    assert {1.0, 2.0, 0.5} <= ratios


def test_a_known_tempo_is_taken_as_it_is(tmp_path, write_loop):
    found = json.loads(run(write_loop(tmp_path / "a.wav", seconds=20, first=0.5), "--bpm", 139.5, "--json").stdout)
    assert found["bpms"] == [{"beat": 0.0, "bpm": 139.5}]


def test_the_picture(tmp_path, write_loop):
    picture = tmp_path / "timing.png"
    assert run(write_loop(tmp_path / "a.wav", seconds=20), "--plot", picture).exit_code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("seconds", "sound", "cause"),
    [
        (30.0, np.zeros, "under 4 s of music"),
        (2.0, lambda n: np.random.default_rng(0).uniform(-0.5, 0.5, n), "under 4 s of music"),
        (30.0, lambda n: np.random.default_rng(0).uniform(-0.5, 0.5, n), "keep to no beat"),
        (30.0, lambda n: 0.5 * np.sin(np.arange(n) / 10), "keep to no beat"),
    ],
)
def test_where_there_is_no_beat_it_says_so(tmp_path, seconds, sound, cause):
    path = tmp_path / "a.wav"
    soundfile.write(path, sound(round(24_000 * seconds)), 24_000)
    line = told(run(path))
    assert line.startswith(f"error: {path}: ")
    assert cause in line
    assert "give --bpm" in line


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.write_text("no song")]
)
def test_what_is_no_audio_is_told(tmp_path, make):
    path = tmp_path / "song.mp3"
    make(path)
    assert told(run(path)).startswith(f"error: {path}: ")


def test_weights_of_another_net_are_told(tmp_path, write_loop):
    (tmp_path / "w.safetensors").write_bytes(b"none")
    assert "is no weights file" in told(
        run(write_loop(tmp_path / "a.wav"), "--beat-weights", tmp_path / "w.safetensors")
    )
