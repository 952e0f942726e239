"""Corpora made of chart text and silence: what is used, and that all else is told with its reason."""

import json
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner

from charter.errors import RequestError
from charter.notation import Difficulty
from datasets.__main__ import app
from datasets.corpus import discover
from datasets.skipped import SkipReason

SECONDS = 20  # of every song here: 40 beats, 10 measures


def chart(difficulty="Easy", meter=3, first="1000", measures=9, mode="dance-single", silent=0):
    """A chart with a tap every beat after ``silent`` empty measures; ``first`` replaces its first row."""
    rows = [["0100", "0010", "0001", "1000"] for _ in range(measures)]
    rows[0][0] = first
    rows = [["0000"] * 4] * silent + rows
    text = ",\n".join("\n".join(measure) + "\n" for measure in rows)
    return f"#NOTES:{mode}::{difficulty}:{meter}:0:\n{text};\n"


def simfile(*charts, music="song.wav", bpms="0=120"):
    music = music.replace("\\", "\\\\")  # a backslash escapes
    return f"#TITLE:x;\n#MUSIC:{music};\n#OFFSET:0;\n#BPMS:{bpms};\n" + "".join(charts)


def silence(path: Path, seconds=SECONDS, rate=4000, level=0):
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(level.to_bytes(2, "little") * int(seconds * rate))


@pytest.fixture
def add(tmp_path):
    """Adds a song to the corpus: its folder, its text, and audio that no other song has."""
    added = []

    def song(name, text, *, audio="song.wav", simfile_name="song.sm"):
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / simfile_name).write_bytes(text if isinstance(text, bytes) else text.encode())
        added.append(name)
        if audio:
            silence(folder / audio, level=len(added))
        return folder

    return song


def told(corpus):
    return [(s.path.relative_to(corpus.folder).as_posix(), s.chart, s.reason) for s in corpus.skipped]


def test_a_song(tmp_path, add):
    add("Pack/Song", simfile(chart("Easy"), chart("Hard", 9)))
    corpus = discover(tmp_path)
    (song,) = corpus.songs
    assert (song.id, song.path, song.audio) == (
        "Pack/Song",
        tmp_path / "Pack/Song/song.sm",
        tmp_path / "Pack/Song/song.wav",
    )
    assert song.duration == pytest.approx(SECONDS)
    assert {difficulty: chart.meter for difficulty, chart in song.charts.items()} == {
        Difficulty.EASY: 3,
        Difficulty.HARD: 9,
    }
    assert corpus.skipped == ()


def test_ssc_is_read_before_sm(tmp_path, add):
    folder = add("Song", simfile(chart(meter=1)))
    ssc = "#VERSION:0.83;#TITLE:x;#OFFSET:0;#BPMS:0=120;#NOTEDATA:;#STEPSTYPE:dance-single;#DIFFICULTY:Easy;#METER:2;"
    (folder / "song.ssc").write_text(ssc + "#NOTES:\n" + "1111\n" * 4 + (",\n" + "1111\n" * 4) * 8 + ";")
    (folder / "older.sm").write_text(simfile(chart(meter=3)))
    corpus = discover(tmp_path)
    assert corpus.songs[0].charts[Difficulty.EASY].meter == 2
    # The same song as .sm is no loss.
    assert told(corpus) == [("Song/older.sm", None, SkipReason.OTHER_SIMFILE)]


@pytest.mark.parametrize(
    ("music", "files", "found"),
    [
        ("song.wav", ["song.wav"], "song.wav"),
        ("Song.WAV", ["song.wav", "preview.wav"], "song.wav"),
        ("gone.mp3", ["song.wav"], "song.wav"),
        ("", ["song.wav"], "song.wav"),
        ("..\\music\\song.wav", ["song.wav", "b.wav"], "song.wav"),
        ("gone.mp3", ["song.wav", "preview.wav"], None),
        ("song.wav", [], None),
    ],
)
def test_which_audio(tmp_path, add, music, files, found):
    folder = add("Song", simfile(chart(), music=music), audio=None)
    for name in files:
        silence(folder / name)
    corpus = discover(tmp_path)
    if found:
        assert [song.audio for song in corpus.songs] == [folder / found]
    else:
        assert told(corpus) == [("Song/song.sm", None, SkipReason.NO_AUDIO)]


def test_a_folder_of_charts_needs_no_audio(tmp_path):
    (tmp_path / "a.sm").write_text(simfile(chart(measures=9)))
    (tmp_path / "b.sm").write_text(simfile(chart("Hard", measures=9), chart("Easy", measures=5)))
    corpus = discover(tmp_path)
    assert [(song.id, song.audio) for song in corpus.songs] == [("a", None), ("b", None)]
    assert corpus.songs[0].duration == pytest.approx(17.5)  # until the last row
    # Measured against the longest chart, for want of audio.
    assert told(corpus) == [("b.sm", "Easy 3", SkipReason.STUB)]


def test_a_folder_of_songs_with_their_own_audio(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.sm").write_text(simfile(chart(), music=f"{name}.wav"))
        silence(tmp_path / f"{name}.wav", level=ord(name))
    (tmp_path / "c.sm").write_text(simfile(chart(), music="c.wav"))
    corpus = discover(tmp_path)
    assert [(song.id, song.audio.name) for song in corpus.songs] == [("a", "a.wav"), ("b", "b.wav")]
    assert told(corpus) == [("c.sm", None, SkipReason.NO_AUDIO)]


def test_the_folder_itself_may_be_a_song(add):
    folder = add("Song", simfile(chart()))
    assert [song.id for song in discover(folder).songs] == ["Song"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", SkipReason.UNREADABLE),
        (bytes(range(256)), SkipReason.UNREADABLE),
        (simfile(chart(first="1X00")), SkipReason.UNREADABLE),
        (simfile(chart(), bpms="0=120,8=-60"), SkipReason.BAD_TIMING),
        (simfile(chart(), bpms="4=120"), SkipReason.BAD_TIMING),
        (simfile(), SkipReason.NO_SINGLE_CHART),
        (simfile(chart(mode="pump-single")), SkipReason.NO_SINGLE_CHART),
    ],
)
def test_a_file_that_cannot_be_used_costs_itself_only(tmp_path, add, text, reason):
    add("A bad", text)
    add("B good", simfile(chart()))
    corpus = discover(tmp_path)
    assert [song.id for song in corpus.songs] == ["B good"]
    assert told(corpus) == [("A bad/song.sm", None, reason)]
    assert corpus.skipped[0].detail
    assert str(tmp_path) not in corpus.skipped[0].detail


@pytest.mark.parametrize(
    ("bad", "name", "reason", "detail"),
    [
        (chart("Edit", 8), "Edit 8", SkipReason.EDIT_SLOT, ""),
        (chart("Hard", 9, first="0000", measures=1).replace("1", "0"), "Hard 9", SkipReason.EMPTY_CHART, "0 notes"),
        (chart("Hard", 9, first="3000"), "Hard 9", SkipReason.BROKEN_NOTATION, "beat 0: a tail has no head"),
        (chart("Hard", 0), "Hard 0", SkipReason.BROKEN_NOTATION, "meter is 0"),
        (chart("Hard", 9, measures=2), "Hard 9", SkipReason.STUB, "8 rows"),
        (chart("Hard", 9, measures=5), "Hard 9", SkipReason.STUB, "10 s of 20 s"),
        (chart("Hard", 9, measures=5, silent=4), "Hard 9", SkipReason.STUB, "10 s of 20 s"),
        (chart("Easy", 4), "Easy 4", SkipReason.DUPLICATE_DIFFICULTY, "meter 3 is used"),
    ],
)
def test_a_chart_that_cannot_be_used_costs_itself_only(tmp_path, add, bad, name, reason, detail):
    add("Song", simfile(chart("Easy", 3), bad))
    corpus = discover(tmp_path)
    assert {d: c.meter for d, c in corpus.songs[0].charts.items()} == {Difficulty.EASY: 3}
    assert told(corpus) == [("Song/song.sm", name, reason)]
    assert detail in corpus.skipped[0].detail


def test_a_bad_chart_does_not_take_the_place_of_a_good_one(tmp_path, add):
    add("Song", simfile(chart("Easy", 1, measures=1), chart("Easy", 2)))
    assert discover(tmp_path).songs[0].charts[Difficulty.EASY].meter == 2


def test_a_song_without_a_good_chart_is_none(tmp_path, add):
    add("Song", simfile(chart("Edit")))
    corpus = discover(tmp_path)
    assert corpus.songs == ()
    assert told(corpus) == [("Song/song.sm", "Edit 3", SkipReason.EDIT_SLOT)]


def test_the_same_audio_twice(tmp_path, add):
    for name in ("A", "B"):
        silence(add(name, simfile(chart()), audio=None) / "song.wav")
    corpus = discover(tmp_path)
    assert [song.id for song in corpus.songs] == ["A"]
    assert told(corpus) == [("B/song.sm", None, SkipReason.SAME_AUDIO)]
    assert corpus.skipped[0].detail == "song.wav is also the audio of A"


def test_audio_that_is_none(tmp_path, add):
    folder = add("Song", simfile(chart()), audio=None)
    (folder / "song.wav").write_bytes(b"RIFF, it says")
    corpus = discover(tmp_path)
    assert told(corpus) == [("Song/song.sm", None, SkipReason.UNREADABLE)]
    assert corpus.skipped[0].detail.startswith("song.wav: is not audio")


def test_hidden_files_are_no_songs(tmp_path, add):
    folder = add("Song", simfile(chart()))
    (folder / "._song.sm").write_bytes(b"\x00\x05\x16\x07")
    corpus = discover(tmp_path)
    assert len(corpus.songs) == 1
    assert corpus.skipped == ()


def test_folders_that_are_none(tmp_path):
    with pytest.raises(RequestError, match="none: is not a folder"):
        discover(tmp_path / "none")
    with pytest.raises(RequestError, match=r"holds no \.ssc or \.sm"):
        discover(tmp_path)


# ---------------------------------------------------------------- python -m datasets


@pytest.fixture
def run():
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_index(tmp_path, add, run):
    add("A", simfile(chart("Easy"), chart("Hard", 9, measures=10), chart("Edit")))
    add("B", simfile(chart("Easy", first="0000")))
    facts = json.loads(run("index", tmp_path, "--json").stdout)
    assert (facts["songs"], facts["charts"], facts["rows"], facts["skipped"]) == (2, 3, 36 + 40 + 35, 1)
    assert facts["difficulties"]["Easy"] == {"charts": 2, "rows": 71}
    assert facts["hours"] == pytest.approx(2 * SECONDS / 3600, abs=1e-3)
    lines = run("index", tmp_path).stdout
    assert "2 songs (2 with audio)" in lines
    assert "Challenge" in lines


def test_check(tmp_path, add, run):
    add("A [x]", simfile(chart("Easy"), chart("Edit", 7), chart("Edit", 8)))
    add("B", "")
    result = run("check", tmp_path, "--json")
    facts = json.loads(result.stdout)
    assert facts["counts"] == {"Edit slot": 2, "unreadable": 1}
    assert facts["skipped"][0] == {"path": "A [x]/song.sm", "chart": "Edit 7", "reason": "Edit slot", "detail": ""}
    assert (result.exit_code, result.stderr) == (0, "")
    lines = run("check", tmp_path).stdout
    assert "A [x]/song.sm Edit 7: Edit slot\n" in lines
    assert "1 charts of 1 songs can be used" in lines


@pytest.mark.parametrize(
    ("command", "options"),
    [("index", []), ("index", ["--json"]), ("check", []), ("check", ["--json"]), ("manifest", ["--out", "absent.tsv"])],
)
def test_an_unusable_folder(tmp_path, run, command, options):
    result = run(command, tmp_path / "none", *options)
    assert not Path("absent.tsv").exists()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: {tmp_path / 'none'}: is not a folder\n"
