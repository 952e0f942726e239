"""`charter preview`, from a chart file to something to listen to."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from charter.cli import app
from charter.notation import Chart, Difficulty, Note, NoteKind, PreviewWindow, Song, Span, Timing
from export.stepmania import read_song, save_song

RATE = 48_000
BEAT = 48
SECONDS = 16.0
runner = CliRunner()


@cache
def music(seconds: float = SECONDS) -> np.ndarray:
    """A tune of a note a beat over a bass, 120 BPM from second 0."""
    time = np.arange(RATE // 2) / RATE
    ring = 0.3 * np.exp(-4 * time)
    bass = np.sin(2 * np.pi * 110 * time)
    bar = [
        ring * (np.sin(2 * np.pi * hertz * time) + 0.4 * np.sin(4 * np.pi * hertz * time) + bass)
        for hertz in (440.0, 523.25, 659.26, 523.25)
    ]
    return np.tile(np.concatenate(bar), int(seconds / 2)).astype(np.float32)


def chart(level: Difficulty | None, beats: range) -> Chart:
    return Chart(level, 3, tuple(Note(beat * BEAT, beat % 4, NoteKind.TAP) for beat in beats))


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The tune as an Ogg: to encode it takes longer than most of what is done with it."""
    path = tmp_path_factory.mktemp("tune") / "song.ogg"
    soundfile.write(path, music(), RATE)
    return path.read_bytes()


@pytest.fixture
def simfile(tmp_path: Path, encoded: bytes) -> Path:
    (tmp_path / "song.ogg").write_bytes(encoded)
    song = Song(
        "A tune",
        Timing.constant(120.0),
        (chart(Difficulty.EASY, range(2, 28, 2)), chart(Difficulty.HARD, range(2, 30))),
        artist="Someone",
        music="song.ogg",
        preview=PreviewWindow(4.0, 6.0),
    )
    save_song(song, tmp_path, stem="song")
    return tmp_path / "song.ssc"


def run(*words: object) -> tuple[int, str]:
    result = runner.invoke(app, ["preview", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def heard(path: Path) -> np.ndarray:
    sound, rate = soundfile.read(path, dtype="float32")
    assert rate == RATE
    assert np.abs(sound).max() < 1
    return sound


def starts(sound: np.ndarray) -> np.ndarray:
    """Seconds at which a sound sets in after quiet."""
    loud = np.abs(sound) > 0.05 * np.abs(sound).max()
    last = np.maximum.accumulate(np.where(loud, np.arange(len(sound)), -RATE))
    before = np.concatenate([[-RATE], last[:-1]])
    return np.flatnonzero(loud & (np.arange(len(sound)) - before > 0.05 * RATE)) / RATE


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".ogg", ".wav"])
def test_a_cover_is_as_long_as_the_song_and_has_its_notes(simfile: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"cover{suffix}"
    code, output = run(simfile, "--out", out)
    assert code == 0, output
    assert "cover, hard, 28 rows; seconds 0.00 to 16.00" in output
    sound = heard(out)
    assert len(sound) == pytest.approx(SECONDS * RATE, abs=RATE * 0.1)
    for beat, hertz in ((6, 659.26), (8, 440.0)):
        piece = sound[round((beat / 2 + 0.05) * RATE) : round((beat / 2 + 0.25) * RATE)]
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 8 * RATE)) ** 2
        around = [spectrum[round(8 * hertz * 2 ** (cents / 1200)) :][:1].sum() for cents in (-200, -100, 0, 100, 200)]
        assert np.argmax(around) == 2


def test_steps_sound_on_their_rows(simfile: Path, tmp_path: Path) -> None:
    out = tmp_path / "steps.wav"
    code, output = run(simfile, "--out", out, "--mode", "steps", "--difficulty", "easy")
    assert code == 0, output
    assert starts(heard(out)) == pytest.approx(np.arange(2, 28, 2) / 2, abs=0.003)


def test_steps_need_no_music(simfile: Path, tmp_path: Path) -> None:
    (tmp_path / "song.ogg").unlink()
    assert run(simfile, "--out", tmp_path / "steps.wav", "--mode", "steps")[0] == 0
    code, output = run(simfile, "--out", tmp_path / "cover.wav")  # the steps are not taken for the music
    assert code == 1
    assert "song.ssc: its music is not beside it (song.ogg)" in output
    assert not (tmp_path / "cover.wav").exists()


def test_a_mix_is_the_song_with_a_tick_on_every_row(simfile: Path, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "song.ogg", np.zeros(round(SECONDS * RATE), np.float32), RATE)
    out = tmp_path / "mix.wav"
    assert run(simfile, "--out", out, "--mode", "mix")[0] == 0
    ticks = heard(out)
    assert ticks.shape == (round(SECONDS * RATE), 2)
    assert starts(ticks[:, 0]) == pytest.approx(np.arange(2, 30) / 2, abs=0.001)
    soundfile.write(tmp_path / "song.ogg", 0.5 * music(), RATE)
    assert run(simfile, "--out", out, "--mode", "mix")[0] == 0
    song = heard(out)[:, 1] - ticks[:, 1]
    assert np.corrcoef(song, music()[: len(song)])[0, 1] > 0.98


@pytest.mark.parametrize("mode", ["cover", "steps", "mix"])
def test_a_passage_is_the_one_of_the_song_wheel(simfile: Path, tmp_path: Path, mode: str) -> None:
    out = tmp_path / "passage.wav"
    code, output = run(simfile, "--out", out, "--mode", mode, "--passage", "--json")
    assert code == 0, output
    told = json.loads(output)
    assert (told["start"], told["length"], told["rows"], told["mode"]) == (4.0, 6.0, 12, mode)
    assert len(heard(out)) == pytest.approx(6 * RATE, abs=0.05 * RATE)


def test_linking_sets_the_tag_and_nothing_else(simfile: Path, tmp_path: Path) -> None:
    before = simfile.read_bytes()
    out = tmp_path / "song (chiptune).ogg"
    code, output = run(simfile, "--out", out, "--link")
    assert code == 0, output
    assert "#PREVIEW names it" in output
    assert simfile.read_bytes() == before.replace(
        b"#MUSIC:song.ogg;", b"#MUSIC:song.ogg;\n#PREVIEW:song (chiptune).ogg;"
    )
    assert read_song(simfile).preview_music == out.name
    assert len(heard(out)) == pytest.approx(6 * RATE, abs=0.05 * RATE)


@pytest.mark.slow
@pytest.mark.parametrize("window", [None, PreviewWindow(0.0, 0.0), PreviewWindow(20.0, 6.0)])
def test_where_the_file_names_no_passage_one_is_found_and_linked(
    simfile: Path, tmp_path: Path, window: PreviewWindow | None
) -> None:
    song = dataclasses.replace(read_song(simfile), preview=window)
    save_song(song, tmp_path, ["ssc"], stem="song")
    code, output = run(simfile, "--out", tmp_path / "tune.ogg", "--link", "--json")
    assert code == 0, output
    told, linked = json.loads(output), read_song(simfile)
    assert linked.preview == PreviewWindow(told["start"], told["length"])
    assert told["length"] > 2
    assert told["start"] + told["length"] <= SECONDS
    assert told["start"] % 2 == pytest.approx(0, abs=1e-3)  # on a downbeat
    assert dataclasses.replace(linked, preview=window, preview_music="") == song
    assert len(heard(tmp_path / "tune.ogg")) == pytest.approx(told["length"] * RATE, abs=0.05 * RATE)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "magic"), [("a.nsf", b"NESM\x1a"), ("a.nsfe", b"NSFE"), ("a.vgm", b"Vgm "), ("a.XM", b"Extended Module: ")]
)
@pytest.mark.parametrize("mode", ["cover", "steps"])
def test_files_for_players_of_chip_tunes(simfile: Path, tmp_path: Path, name: str, magic: bytes, mode: str) -> None:
    assert run(simfile, "--out", tmp_path / name, "--mode", mode)[0] == 0
    data = (tmp_path / name).read_bytes()
    assert data.startswith(magic)
    assert b"A tune" in data.replace(b"\0", b"")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--out", "a.mp3"], "a.mp3: the format is one of .ogg .wav .nsf .nsfe .vgm .xm"),
        (["--out", "a.nsf", "--mode", "mix"], "a chip cannot play the song itself"),
        (["--out", "a.ogg", "--mode", "remix"], "--mode 'remix': there are cover, steps, mix"),
        (["--out", "a.ogg", "--region", "secam"], "--region 'secam': there are ntsc, pal"),
        (["--out", "a.ogg", "--difficulty", "challenge"], "song.ssc: holds no dance-single chart Challenge; there are"),
        (["--out", "a.ogg", "--difficulty", "tough"], "no difficulty is called 'tough'"),
        (["--out", "a.ogg", "--link"], "is not beside"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(
    simfile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], complaint: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    code, output = run(simfile, *words)
    assert code == 1
    assert complaint in output
    assert output.startswith("error: ")
    assert output.count("\n") == 1
    assert list(elsewhere.iterdir()) == []


@pytest.mark.slow
def test_steps_do_without_torch(simfile: Path, tmp_path: Path) -> None:
    program = "import sys; from charter.cli import main\ntry:\n main()\nfinally:\n assert 'torch' not in sys.modules"
    words = ["preview", str(simfile), "--out", str(tmp_path / "a.wav"), "--mode", "steps"]
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_damaged_music_does_not_keep_the_steps_from_playing(simfile: Path, tmp_path: Path) -> None:
    (tmp_path / "song.ogg").write_bytes(b"OggS, it says")
    assert run(simfile, "--out", tmp_path / "a.wav", "--mode", "steps")[0] == 0
    code, output = run(simfile, "--out", tmp_path / "b.wav", "--mode", "mix")
    assert code == 1
    assert "song.ogg: is not audio" in output


def test_a_folder_that_is_not_there_is_made(simfile: Path, tmp_path: Path) -> None:
    assert run(simfile, "--out", tmp_path / "new" / "folder" / "a.nsf", "--mode", "steps")[0] == 0
    assert (tmp_path / "new" / "folder" / "a.nsf").exists()


def test_a_link_that_cannot_be_is_told_before_anything_is_written(simfile: Path, tmp_path: Path) -> None:
    simfile.write_bytes(simfile.read_bytes().replace(b"#MUSIC:song.ogg;", b""))
    code, output = run(simfile, "--out", tmp_path / "a.ogg", "--link", "--mode", "steps")
    assert code == 1
    assert "song.ssc: has no #MUSIC that #PREVIEW could stand behind" in output
    assert not (tmp_path / "a.ogg").exists()


def test_a_passage_that_overhangs_is_cut_not_moved(simfile: Path, tmp_path: Path) -> None:
    save_song(dataclasses.replace(read_song(simfile), preview=PreviewWindow(12.0, 6.0)), tmp_path, ["ssc"], stem="song")
    code, output = run(simfile, "--out", tmp_path / "a.wav", "--mode", "steps", "--passage", "--json")
    assert code == 0, output
    assert json.loads(output)["start"] == 12.0
    assert json.loads(output)["length"] < 6


def test_more_patterns_than_a_module_holds_are_told(tmp_path: Path) -> None:
    notes = tuple(Note(minute * 120 * BEAT, 0, NoteKind.TAP) for minute in range(50))
    song = Song("Long", Timing.constant(120.0), (Chart(Difficulty.EASY, 1, notes),))
    save_song(song, tmp_path, ["ssc"], stem="long")
    code, output = run(tmp_path / "long.ssc", "--out", tmp_path / "a.xm", "--mode", "steps")
    assert code == 1
    assert "an XM holds 256" in output
    assert not (tmp_path / "a.xm").exists()


@pytest.mark.parametrize("suffix", [".wav", ".xm"])
def test_a_warp_over_all_beats_is_bounded(tmp_path: Path, suffix: str) -> None:
    soundfile.write(tmp_path / "song.ogg", music(8), RATE)
    timing = dataclasses.replace(Timing.constant(120.0), warps=(Span(8 * BEAT, 10**11),))
    save_song(Song("Warp", timing, (chart(Difficulty.EASY, range(8)),), music="song.ogg"), tmp_path, ["ssc"], stem="w")
    code, output = run(tmp_path / "w.ssc", "--out", tmp_path / f"a{suffix}")
    assert code == 0, output


@pytest.mark.parametrize("mode", ["cover", "steps", "mix"])
def test_the_music_itself_is_not_written_over(simfile: Path, tmp_path: Path, mode: str) -> None:
    before = (tmp_path / "song.ogg").read_bytes()
    code, output = run(simfile, "--out", tmp_path / "song.ogg", "--mode", mode)
    assert code == 1
    assert "is the song's own music" in output
    assert (tmp_path / "song.ogg").read_bytes() == before


def test_a_chart_without_notes_is_told(simfile: Path, tmp_path: Path) -> None:
    song = read_song(simfile)
    save_song(Song(song.title, song.timing, (Chart(Difficulty.EASY, 1, ()),), music=song.music), tmp_path, stem="none")
    for mode in ("steps", "mix"):
        code, output = run(tmp_path / "none.ssc", "--out", tmp_path / "a.wav", "--mode", mode)
        assert (code, output) == (1, f"error: {tmp_path / 'none.ssc'}: the chart has no notes to play\n")
    assert run(tmp_path / "none.ssc", "--out", tmp_path / "a.wav")[0] == 0  # its song has


def test_a_song_without_charts_is_told(simfile: Path, tmp_path: Path) -> None:
    song = read_song(simfile)
    save_song(Song(song.title, song.timing, music=song.music), tmp_path, stem="none")
    code, output = run(tmp_path / "none.ssc", "--out", tmp_path / "a.wav", "--mode", "steps")
    assert code == 1
    assert "none.ssc: holds no dance-single chart; its charts are missing or empty" in output


@pytest.mark.slow
def test_a_tempo_of_999_is_bounded(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "song.ogg", music(8), RATE)
    fast = Chart(Difficulty.HARD, 9, tuple(Note(tick, tick % 4, NoteKind.TAP) for tick in range(0, 5000, 3)))
    save_song(Song("Fast", Timing.constant(999.0), (fast,), music="song.ogg"), tmp_path, stem="fast")
    for mode in ("cover", "steps"):
        for suffix in (".wav", ".nsf", ".xm"):
            out = tmp_path / f"{mode}{suffix}"
            code, output = run(tmp_path / "fast.ssc", "--out", out, "--mode", mode)
            assert code == 0, output
            assert out.stat().st_size < 10 * RATE * 2


# generate --preview


@pytest.mark.slow
@pytest.mark.usefixtures("small_models")
def test_a_generated_song_may_come_with_a_chip_tune(write_loop: Callable[..., Path], tmp_path: Path) -> None:
    def generate(*words: object) -> set[str]:
        result = runner.invoke(app, ["generate", str(song), "--out", str(tmp_path / "out"), *map(str, words)])
        assert result.exit_code == 0, result.output
        return {path.name for path in (tmp_path / "out" / "song").iterdir()}

    song = write_loop(tmp_path / "song.wav", seconds=20.0)
    refused = runner.invoke(app, ["generate", str(song), "--out", str(tmp_path), "--preview", "--formats", "sm"])
    assert (refused.exit_code, refused.stderr.count("--preview needs a .ssc")) == (1, 1)
    plain = generate()
    assert generate("--preview") == plain | {"song (chiptune).ogg"}
    simfile = tmp_path / "out" / "song" / "song.ssc"
    told = read_song(simfile)
    assert told.preview_music == "song (chiptune).ogg"
    assert told.preview is not None
    assert soundfile.info(simfile.parent / told.preview_music).duration == pytest.approx(told.preview.length, abs=0.05)
    assert json.loads((simfile.parent / "charter.json").read_text())["options"]["preview"] is True
    assert generate() == plain  # what is not asked for is not left behind
    assert read_song(simfile).preview_music == ""
