"""`charter timing`: tempos, offset, rivals and confidence, in words and as JSON; every mistake told in a line."""

import json
import re

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from charter.cli import app

pytestmark = pytest.mark.usefixtures("small_models")
RATE = 22050


def run(*arguments):
    return CliRunner().invoke(app, ["timing", *map(str, arguments)], catch_exceptions=False)


def told(result) -> str:
    """The one line on stderr of a run that failed."""
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def test_in_words(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav", first=0.7, seconds=16)
    result = run(loop)
    assert (result.exit_code, result.stderr) == (0, "")
    found = re.match(rf"{loop}: 140 BPM, offset (-?\d+\.\d{{3}}) \(confidence \d+%", result.stdout)
    assert found
    beats = (0.7 + float(found[1])) * 140 / 60
    assert beats == pytest.approx(round(beats), abs=0.01)
    assert "candidates" in result.stdout
    assert "×2 tempo" in result.stdout
    assert "off-beat" in result.stdout


def test_as_json(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav", seconds=16)
    result = run(loop, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    found = json.loads(result.stdout)
    assert found["file"] == str(loop)
    assert [(tempo["beat"], round(tempo["bpm"], 3)) for tempo in found["bpms"]] == [(0.0, 140.0)]
    assert found["stops"] == []
    first, *others = found["candidates"]
    assert {key: first[key] for key in ("offset", "bpms", "stops")} == {
        key: found[key] for key in ("offset", "bpms", "stops")
    }
    assert first["relation"] == ""
    assert len(others) >= 2
    assert all(other["relation"] and other["confidence"] <= first["confidence"] for other in others)
    assert found["confidence"] == first["confidence"]
    assert found["sure"] is True


def test_what_is_known_of_the_tempo(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav", seconds=16)
    slow = json.loads(run(loop, "--json", "--bpm-range", "60-80").stdout)
    assert slow["bpms"][0]["bpm"] == pytest.approx(70, abs=0.02)
    known = json.loads(run(loop, "--json", "--bpm", 139.5).stdout)
    assert {c["bpms"][0]["bpm"] for c in known["candidates"]} == {139.5}


def test_changes_and_stops_are_listed(tmp_path):
    """Clicks at 128 BPM, and after them at 144."""
    beats = 0.3 + np.concatenate([np.arange(60) * 60 / 128, 60 * 60 / 128 + np.arange(60) * 60 / 144])
    samples = np.zeros(round((beats[-1] + 1) * RATE))
    t = np.arange(round(0.2 * RATE)) / RATE
    for beat in beats:
        samples[round(beat * RATE) :][: len(t)] += 0.8 * np.sin(2 * np.pi * 60 * t) * np.exp(-t * 14)
    soundfile.write(tmp_path / "a.wav", samples, RATE)
    result = run(tmp_path / "a.wav")
    assert result.exit_code == 0
    assert re.search(r"BPM, [1-3] changes and \d stops", result.stdout)
    table = result.stdout.split("tempos\n")[1].split("\n\n")[0]
    tempos = [float(line.split()[-1]) for line in table.splitlines()[1:] if line.strip()]
    assert tempos[0] == pytest.approx(128, abs=0.5)
    assert tempos[-1] == pytest.approx(144, abs=0.5)
    found = json.loads(run(tmp_path / "a.wav", "--json").stdout)
    assert [round(tempo["bpm"], 3) for tempo in found["bpms"]] == tempos


def test_doubt_is_told(tmp_path, write_loop, monkeypatch):
    monkeypatch.setattr("charter.tempo.find.SURE", 1.1)
    assert ": unsure, look at the candidates)" in run(write_loop(tmp_path / "a.wav")).stdout


def test_a_picture(tmp_path, write_loop):
    pytest.importorskip("matplotlib")
    result = run(write_loop(tmp_path / "a.wav"), "--plot", tmp_path / "p.png")
    assert result.exit_code == 0
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


def text_file(path) -> None:
    path.write_text("This is a shopping list, not a song.\n" * 50)


def sound(samples):
    return lambda path: soundfile.write(path, samples, RATE)


@pytest.mark.parametrize(
    ("name", "make", "cause"),
    [
        ("missing.mp3", lambda path: None, "no such file"),
        ("text.mp3", text_file, "is not audio|no sound could be decoded"),
        ("folder.mp3", lambda path: path.mkdir(), "is a folder"),
        ("silence.wav", sound(np.zeros(20 * RATE)), "under 4 s of music: no beat found; give --bpm and --offset"),
        ("short.wav", sound(np.sin(np.arange(2 * RATE) * 0.1)), "under 4 s of music: no beat found"),
        (
            "sine.wav",
            sound(0.5 * np.sin(np.arange(20 * RATE) * 0.1)),
            "keep to no beat that could be found; give --bpm",
        ),
    ],
)
def test_a_bad_song_is_told(tmp_path, name, make, cause):
    path = tmp_path / name
    make(path)
    line = told(run(path))
    assert line.startswith(f"error: {path}: ")
    assert re.search(cause, line)


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (("--bpm", "5"), "a BPM of 5 is out of range; it goes from 20 to 1000"),
        (("--bpm", "2000"), "a BPM of 2000 is out of range"),
        (("--bpm", "nan"), "a BPM of nan is out of range"),
        (("--bpm", "-140"), "a BPM of -140 is out of range"),
        (("--bpm-range", "180-90"), "the BPM range 180-90 goes from fast to slow; did you mean 90-180?"),
        (("--bpm-range", "abc"), "'abc' is no range of BPM"),
        (("--bpm-range", "140"), "'140' is no range of BPM"),
        (("--bpm", "140", "--bpm-range", "90-180"), "--bpm says the tempo; leave out --bpm-range"),
        (("--bpm-range", "345-370"), "no beat from 345 to 370 BPM found; widen the range"),
        (("--beat-weights", "gone.safetensors"), "gone.safetensors: cannot be read (No such file or directory)"),
    ],
)
def test_a_bad_option_is_told(tmp_path, write_loop, arguments, cause):
    assert cause in told(run(write_loop(tmp_path / "a.wav"), *arguments))
