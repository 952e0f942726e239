"""`charter generate` with networks that have learnt nothing: what is asked is written, every mistake told in a line."""

import errno
import json
import os
import re
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from charter.audio import decode
from charter.cli import app
from charter.decode.meter import estimated_meter
from charter.decode.rules import RULES
from charter.notation import Difficulty, NoteKind, Pause, Song, Span, Tempo, Timing
from charter.notation.rules import violations
from export.stepmania.read import read_song
from tests.encoded import encode

pytestmark = pytest.mark.usefixtures("small_models")

TIMED = ("--bpm", 140, "--offset", -0.1)  # of `write_loop`, unless it is told otherwise
SLOW = ("--bpm", 70, "--offset", -0.1)  # 16 snaps a beat are 19 a second


def run(*arguments):
    return CliRunner().invoke(app, ["generate", *map(str, arguments)], catch_exceptions=False)


def told(result) -> str:
    """The one line on stderr of a run that failed."""
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def contents(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) if folder.exists() else []


def generated(*arguments, suffix: str = ".ssc") -> Song:
    """The song that a run writes into the folder that follows ``--out``."""
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    (simfile,) = Path(arguments[arguments.index("--out") + 1]).glob(f"*/*{suffix}")
    return read_song(simfile)


def rows_of(song: Song) -> list[set[int]]:
    return [set(chart.hit_ticks(song.timing)) for chart in song.charts]


# What is written


def test_a_folder_with_music_simfiles_and_a_record(tmp_path, write_loop):
    result = run(write_loop(tmp_path / "Night Bus.wav"), "--out", tmp_path / "out")
    assert (result.exit_code, result.stderr) == (0, "")
    assert contents(tmp_path / "out") == [
        "Night Bus",
        "Night Bus/Night Bus.ogg",
        "Night Bus/Night Bus.sm",
        "Night Bus/Night Bus.ssc",
        "Night Bus/charter.json",
    ]
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"{tmp_path / 'Night Bus.wav'} -> {tmp_path / 'out' / 'Night Bus'} (140 BPM; beginner ")


def test_five_sound_charts_that_nest_and_rise(tmp_path, write_loop):
    song = generated(write_loop(tmp_path / "a.wav", seconds=12), "--out", tmp_path / "out")
    assert [chart.difficulty for chart in song.charts] == list(Difficulty)
    assert song.timing.tempos == (Tempo(0, 140.0),)
    assert -song.timing.offset == pytest.approx(0.1, abs=0.003)
    for chart in song.charts:
        assert violations(chart, song.timing) == []
    for easier, harder in pairwise(rows_of(song)):
        assert easier < harder
    assert all(easier.meter < harder.meter for easier, harder in pairwise(song.charts))
    assert song.credit.startswith("charter ")
    assert {(chart.credit, chart.description) for chart in song.charts} == {(song.credit, song.credit)}
    assert song.preview is not None
    assert song.preview.start + song.preview.length <= 12


def test_ssc_and_sm_say_the_same(tmp_path, write_loop):
    run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", *TIMED)
    ssc, sm = (read_song(tmp_path / "out" / "a" / f"a.{suffix}") for suffix in ("ssc", "sm"))
    assert ssc.timing == sm.timing
    for one, other in zip(ssc.charts, sm.charts, strict=True):
        assert (one.difficulty, one.meter, one.notes) == (other.difficulty, other.meter, other.notes)


def test_the_music_is_that_which_was_heard(tmp_path, write_loop):
    song = generated(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", *TIMED)
    assert song.music == "a.ogg"
    source, copy = (decode(path, 22050).samples for path in (tmp_path / "a.wav", tmp_path / "out" / "a" / "a.ogg"))
    assert abs(len(source) - len(copy)) <= 2
    length = min(len(source), len(copy))
    assert np.corrcoef(source[:length], copy[:length])[0, 1] > 0.98


@pytest.mark.slow
def test_no_row_before_the_music_starts_or_after_it_fades(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav", first=3.0, seconds=14, quiet=3.0)
    song = generated(loop, "--out", tmp_path / "out", "--density", "challenge=20")
    assert len(song.charts) == 5
    for chart in song.charts:
        seconds = song.timing.seconds_at(chart.hit_ticks(song.timing))
        assert seconds.size
        assert seconds.min() >= 2.97
        assert seconds.max() <= 11.05


@pytest.mark.slow
def test_no_row_before_beat_0_or_in_front_of_the_audio(tmp_path, write_loop):
    song = generated(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--bpm", 140, "--offset", 1.5)
    hardest = song.charts[-1].hit_ticks(song.timing)
    assert hardest[0] >= 0
    assert song.timing.seconds_at(hardest[0]) >= 0.08


# What is asked for


@pytest.mark.slow
def test_same_seed_same_file_and_another_seed_other_notes_on_the_same_rows(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav")
    for out, seed in (("one", 3), ("again", 3), ("other", 4)):
        assert run(loop, "--out", tmp_path / out, "--seed", seed, *TIMED).exit_code == 0
    files = {out: tmp_path / out / "a" / "a.ssc" for out in ("one", "again", "other")}
    assert files["one"].read_bytes() == files["again"].read_bytes()
    one, other = read_song(files["one"]), read_song(files["other"])
    assert rows_of(one) == rows_of(other)
    assert all(a.notes != b.notes for a, b in zip(one.charts[1:], other.charts[1:], strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("density", [2.6, 5.5, 9.0])
def test_density_is_hit(tmp_path, write_loop, density):
    loop = write_loop(tmp_path / "a.wav", seconds=12)
    arguments = ("--density", f"hard={density}", "--difficulties", "hard", *TIMED)
    result = run(loop, "--out", tmp_path / "out", "--json", *arguments)
    (song,) = json.loads(result.stdout)["songs"]
    (chart,) = song["charts"]
    music = song["music"]["end"] - song["music"]["start"]
    (written,) = rows_of(read_song(tmp_path / "out" / "a" / "a.ssc"))
    assert len(written) == chart["rows"]
    assert len(written) / music == pytest.approx(density, rel=0.02)
    assert chart["density"] == pytest.approx(density, rel=0.02)


@pytest.mark.slow
def test_meters_are_written_as_asked(tmp_path, write_loop):
    arguments = ("--meter", "easy=4,medium=7", "--meter", "hard=9", *TIMED)
    song = generated(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", *arguments)
    assert [chart.meter for chart in song.charts[1:4]] == [4, 7, 9]
    counts = [len(rows) for rows in rows_of(song)]
    assert counts == sorted(counts)
    found = [estimated_meter(song.timing.seconds_at(chart.hit_ticks(song.timing))) for chart in song.charts[1:4]]
    assert found == pytest.approx([4, 7, 9], abs=0.7)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "meters"),
    [("challenge=1", [1, 1, 1, 1, 1]), ("beginner=20", None), ("medium=8", None)],
)
def test_meters_never_fall(tmp_path, write_loop, asked, meters):
    song = generated(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--meter", asked)
    found = [chart.meter for chart in song.charts]
    assert found == sorted(found)
    assert meters is None or found == meters


@pytest.mark.slow
def test_another_song_of_the_same_name_is_left_alone(tmp_path, write_loop):
    generated(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out")
    before = (tmp_path / "out" / "a" / "a.ssc").read_bytes()
    (tmp_path / "out" / "b").mkdir()
    (tmp_path / "out" / "b" / "notes.txt").write_text("someone's own")
    other = write_loop(tmp_path / "other" / "a.wav", bpm=120)
    assert run(other, write_loop(tmp_path / "b.wav"), "--out", tmp_path / "out", "--bpm", "120").exit_code == 0
    assert (tmp_path / "out" / "a" / "a.ssc").read_bytes() == before
    assert contents(tmp_path / "out" / "b") == ["notes.txt"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a", "a (2)", "b", "b (2)"}


@pytest.mark.slow
def test_more_rows_than_fit_are_told(tmp_path, write_loop):
    result = run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--density", "challenge=20", *SLOW)
    assert result.exit_code == 0
    assert "as many as fit, not 20.00" in result.stdout


@pytest.mark.slow
def test_no_rows_come_faster_than_a_foot(tmp_path, write_loop):
    song = generated(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--density", "easy=9", *TIMED)
    fastest = [0.24, *[RULES[Difficulty.CHALLENGE].fastest_row] * 4]  # of those that must be as dense as Easy
    for chart, least in zip(song.charts, fastest, strict=True):
        gaps = np.diff(song.timing.seconds_at(chart.hit_ticks(song.timing)))
        assert gaps.min() >= least - 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("asked", ["beginner=5", "easy=7", "medium=0.8"])
def test_a_density_unusual_for_its_difficulty_is_hit(tmp_path, write_loop, asked):
    name, _, density = asked.partition("=")
    arguments = ("--density", asked, "--difficulties", name, *TIMED)
    assert run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", *arguments).exit_code == 0
    (chart,) = json.loads((tmp_path / "out" / "a" / "charter.json").read_text())["charts"]
    assert chart["density"] == pytest.approx(float(density), rel=0.1)


@pytest.mark.slow
def test_a_meter_unusual_for_its_difficulty_is_hit(tmp_path, write_loop):
    arguments = ("--meter", "beginner=9", "--difficulties", "beginner", *TIMED)
    assert run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", *arguments).exit_code == 0
    song = read_song(tmp_path / "out" / "a" / "a.ssc")
    (chart,) = song.charts
    assert chart.meter == 9
    assert estimated_meter(song.timing.seconds_at(chart.hit_ticks(song.timing))) == pytest.approx(9, abs=0.7)


def test_beats_without_end_are_told(tmp_path, write_loop):
    timing = tmp_path / "t.ssc"
    timing.write_text("#VERSION:0.83;\n#TITLE:x;\n#OFFSET:0;\n#BPMS:0=140,8=99999999;\n")
    result = run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--timing", timing)
    assert "beats by the audio's end" in told(result) or "beats in front" in told(result)


@pytest.mark.slow
def test_a_second_run_in_one_format_leaves_no_chart_of_the_first(tmp_path, write_loop):
    song = write_loop(tmp_path / "a.wav")
    generated(song, "--out", tmp_path / "out")
    generated(song, "--out", tmp_path / "out", "--formats", "ssc", "--seed", "1")
    assert contents(tmp_path / "out" / "a") == ["a.ogg", "a.ssc", "charter.json"]


def test_only_the_difficulties_asked_for(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav")
    song = generated(loop, "--out", tmp_path / "out", "--difficulties", "Hard,beginner", *TIMED)
    assert [chart.difficulty for chart in song.charts] == [Difficulty.BEGINNER, Difficulty.HARD]


@pytest.mark.slow
def test_tempo_alone_leaves_its_place_to_be_found(tmp_path, write_loop):
    song = generated(write_loop(tmp_path / "a.wav", first=0.7), "--out", tmp_path / "out", "--bpm", 140)
    assert song.timing.tempos == (Tempo(0, 140.0),)
    assert -song.timing.offset == pytest.approx(0.7, abs=0.003)


@pytest.mark.slow
def test_sync_for_itg_has_every_step_9_ms_earlier(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav")
    null, itg = (generated(loop, "--out", tmp_path / sync, "--sync", sync) for sync in ("null", "itg"))
    assert itg.timing.offset == pytest.approx(null.timing.offset + 0.009, abs=1e-9)
    assert rows_of(itg) == rows_of(null)
    assert [chart.notes for chart in itg.charts] == [chart.notes for chart in null.charts]


@pytest.mark.slow
def test_a_given_timing_is_written_as_it_is_whatever_its_sync(tmp_path, write_loop):
    """Said to be 9 ms early, it is heard where it means: the rows are those of the timing at the sound."""
    loop = write_loop(tmp_path / "a.wav")
    early = ("--bpm", 140, "--offset", -0.091, "--sync", "itg")
    null, itg = (generated(loop, "--out", tmp_path / out, *asked) for out, asked in (("null", TIMED), ("itg", early)))
    assert (null.timing, itg.timing) == (Timing.constant(140, -0.1), Timing.constant(140, -0.091))
    assert rows_of(itg) == rows_of(null)
    assert [chart.notes for chart in itg.charts] == [chart.notes for chart in null.charts]


@pytest.mark.slow
@pytest.mark.parametrize("sync", ["null", "itg"])
def test_the_timing_of_a_chart_of_ours_gives_the_same_chart(tmp_path, write_loop, sync):
    loop = write_loop(tmp_path / "a.wav")
    first = generated(loop, "--out", tmp_path / "first", "--sync", sync)
    (simfile,) = (tmp_path / "first").glob("*/*.ssc")
    again = generated(loop, "--out", tmp_path / "again", "--sync", sync, "--timing", simfile)
    assert again.timing == first.timing
    assert rows_of(again) == rows_of(first)


@pytest.mark.slow
@pytest.mark.parametrize(("asked", "low", "high"), [("250-300", 279, 281), ("100-150", 139, 141), ("60-80", 69, 71)])
def test_a_range_of_tempos_is_respected(tmp_path, write_loop, asked, low, high):
    loop = write_loop(tmp_path / "a.wav", seconds=14)
    result = run(loop, "--out", tmp_path / "out", "--bpm-range", asked)
    assert result.exit_code == 0
    (tempo,) = read_song(tmp_path / "out" / "a" / "a.ssc").timing.tempos
    assert low < tempo.bpm < high


def test_a_timing_in_doubt_is_warned_of_and_written(tmp_path, write_loop, unsure):
    loop = write_loop(tmp_path / "a.wav")
    result = run(loop, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 0
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"warning: {loop}: its timing is unsure: 140 BPM, confidence ")
    assert line.endswith("if it is wrong, give --bpm, --bpm-range or --timing")
    (song,) = json.loads(result.stdout)["songs"]
    assert 0 <= song["timing_confidence"] < 1
    assert (tmp_path / "out" / "a" / "a.ssc").is_file()


def test_a_timing_in_doubt_may_be_refused(tmp_path, write_loop, unsure):
    loop = write_loop(tmp_path / "a.wav")
    line = told(run(loop, "--out", tmp_path / "out", "--require-timing"))
    assert line.startswith(f"error: {loop}: its timing is unsure: 140 BPM, confidence ")
    assert contents(tmp_path / "out") == []


def test_a_given_timing_is_never_in_doubt(tmp_path, write_loop, unsure):
    result = run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--require-timing", "--json", *TIMED)
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["songs"][0]["timing_confidence"] is None


@pytest.fixture
def unsure(monkeypatch) -> None:
    """No confidence is enough."""
    monkeypatch.setattr("charter.tempo.find.SURE", 1.1)


TIMING_FILE = """#TITLE:by hand;
#OFFSET:-0.123;
#BPMS:0.000=140.000,
8.000=151.500;
#STOPS:4.000=0.250;
"""
BY_HAND = Timing((Tempo(0, 140.0), Tempo(384, 151.5)), offset=-0.123, stops=(Pause(192, 0.25),))


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".ssc", ".sm"])
def test_timing_by_hand_is_kept_to_the_digit(tmp_path, write_loop, suffix):
    timing = tmp_path / f"hand{suffix}"
    timing.write_text(TIMING_FILE)
    arguments = ("--out", tmp_path / "out", "--timing", timing)
    song = generated(write_loop(tmp_path / "a.wav"), *arguments)
    assert song.timing == BY_HAND
    assert read_song(tmp_path / "out" / "a" / "a.sm").timing == BY_HAND
    assert all(rows for rows in rows_of(song))


def test_warps_go_into_the_ssc_alone_and_that_is_told(tmp_path, write_loop):
    timing = tmp_path / "hand.ssc"
    timing.write_text(TIMING_FILE + "#WARPS:6.000=2.000;\n")
    result = run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--timing", timing, "--density", "hard=9")
    assert result.exit_code == 0
    assert "; no .sm: " in result.stdout
    assert "cannot hold warps" in result.stdout
    assert contents(tmp_path / "out" / "a") == ["a.ogg", "a.ssc", "charter.json"]
    song = read_song(tmp_path / "out" / "a" / "a.ssc")
    assert song.timing.warps == (Span(288, 96),)
    ticks = [note.tick for chart in song.charts for note in chart.notes if note.kind.is_hit]
    assert not [tick for tick in ticks if 288 <= tick < 384]


@pytest.mark.slow
def test_warps_leave_sound_charts(tmp_path, write_loop):
    timing = tmp_path / "old.sm"  # in which a BPM below 0 is a warp, here over beats 6 to 10
    timing.write_text("#TITLE:x;\n#OFFSET:-0.1;\n#BPMS:0=140,6=-140,8=140;\n#STOPS:12=-0.5;\n")
    arguments = ("--out", tmp_path / "out", "--timing", timing, "--density", "challenge=9")
    assert run(write_loop(tmp_path / "a.wav"), *arguments).exit_code == 0
    song = read_song(tmp_path / "out" / "a" / "a.ssc")
    assert [span.tick for span in song.timing.warps] == [288, 576]
    for chart in song.charts:
        assert violations(chart, song.timing) == []
        rows = sorted({note.tick for note in chart.notes if note.kind.is_hit})
        assert rows == chart.hit_ticks(song.timing)
        assert rows[-1] > 640
        assert np.diff(song.timing.seconds_at(rows)).min() > 0.05


@pytest.mark.slow
def test_the_timing_of_a_beatmap(tmp_path, write_loop):
    timing = tmp_path / "map.osu"
    timing.write_text(
        "osu file format v14\n\n[TimingPoints]\n100,428.571428571429,4,1,0,60,1,0\n3528,500,4,1,0,60,1,0\n"
    )
    song = generated(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--timing", timing)
    assert [tempo.tick for tempo in song.timing.tempos] == [0, 384]
    assert song.timing.seconds_at([0, 384, 432]) == pytest.approx([0.1, 3.528, 4.028])
    assert all(rows for rows in rows_of(song))


def test_warps_in_an_sm_are_an_error(tmp_path, write_loop):
    timing = tmp_path / "hand.ssc"
    timing.write_text(TIMING_FILE + "#WARPS:6.000=2.000;\n")
    loop = write_loop(tmp_path / "a.wav")
    result = run(loop, "--out", tmp_path / "out", "--timing", timing, "--formats", "sm")
    assert "a .sm file cannot hold warps" in told(result)
    assert contents(tmp_path / "out") == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ssc", "sm"])
def test_one_format(tmp_path, write_loop, name):
    assert run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--formats", name, *TIMED).exit_code == 0
    assert contents(tmp_path / "out" / "a") == sorted(["a.ogg", f"a.{name}", "charter.json"])


@pytest.mark.slow
def test_title_and_artist_from_options_tags_and_name(tmp_path, write_loop):
    samples, rate = soundfile.read(write_loop(tmp_path / "a.wav"))
    with soundfile.SoundFile(tmp_path / "b.flac", "w", samplerate=rate, channels=1) as file:
        file.title, file.artist = "Tagged", "Someone"
        file.write(samples)
    song = generated(tmp_path / "b.flac", "--out", tmp_path / "tags", *TIMED)
    assert (song.title, song.artist) == ("Tagged", "Someone")
    song = generated(tmp_path / "b.flac", "--out", tmp_path / "told", "--title", "Mine: 1/2", "--artist", "Me", *TIMED)
    assert (song.title, song.artist) == ("Mine: 1/2", "Me")
    song = generated(tmp_path / "a.wav", "--out", tmp_path / "name", *TIMED)
    assert (song.title, song.artist) == ("a", "")


def test_json_is_one_object_and_nothing_else(tmp_path, write_loop):
    loop, bad = write_loop(tmp_path / "a.wav"), tmp_path / "bad.mp3"
    bad.write_text("no song\n" * 100)
    result = run(loop, bad, "--out", tmp_path / "out", "--json", "--seed", 7, "--sync", "itg", *TIMED)
    assert str(bad) in told(result)
    found = json.loads(result.stdout)
    (song,) = found["songs"]
    assert (song["source"], song["folder"], song["seed"]) == (str(loop), str(tmp_path / "out" / "a"), 7)
    assert all(Path(path).is_file() for path in song["files"])
    assert [chart["difficulty"] for chart in song["charts"]] == [level.name.lower() for level in Difficulty]
    assert song["options"]["sync"] == "itg"
    (failed,) = found["failed"]
    assert failed["file"] == str(bad)
    assert result.stderr == f"error: {failed['error']}\n"
    record = json.loads((tmp_path / "out" / "a" / "charter.json").read_text())
    assert record == {key: song[key] for key in record}
    assert set(record["weights"]) == {"placement", "symbols", "beats", "sections"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("switch", "gone"),
    [("mines", {NoteKind.MINE}), ("rolls", {NoteKind.ROLL}), ("holds", {NoteKind.HOLD}), ("jumps", set())],
)
def test_what_is_switched_off_is_in_no_chart(tmp_path, write_loop, switch, gone):
    song = generated(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", f"--no-{switch}", *TIMED)
    notes = [note for chart in song.charts for note in chart.notes]
    assert notes
    assert not {note.kind for note in notes} & gone
    if switch == "jumps":
        assert {len(row.hits) for chart in song.charts for row in chart.rows()} <= {0, 1}


def test_rules_of_ones_own_are_kept(tmp_path, write_loop):
    (tmp_path / "rules.yaml").write_text("hard: {holds: false, rolls: false, jumps: false, mines: false}\n")
    arguments = ("--out", tmp_path / "out", "--rules", tmp_path / "rules.yaml", *TIMED)
    song = generated(write_loop(tmp_path / "a.wav"), *arguments)
    kinds = {chart.difficulty: {note.kind for note in chart.notes} for chart in song.charts}
    assert kinds[Difficulty.HARD] == {NoteKind.TAP}
    assert kinds[Difficulty.CHALLENGE] > {NoteKind.TAP}


def test_a_bad_rules_file_is_told(tmp_path, write_loop):
    (tmp_path / "rules.yaml").write_text("hard: {crossovers: maybe}\n")
    arguments = ("--out", tmp_path / "out", "--rules", tmp_path / "rules.yaml")
    line = told(run(write_loop(tmp_path / "a.wav"), *arguments))
    assert line == f"error: {tmp_path / 'rules.yaml'}: hard: crossovers is 'maybe'; it must be true or false"
    assert contents(tmp_path / "out") == []


# Files as they come


@pytest.mark.slow
@pytest.mark.parametrize("name", ["🎵 夜 ♫", "two words", "a;b", "#1", "100%", "%03d", "a:b", "-x", "--json", "x\\y"])
def test_file_names_of_all_kinds(tmp_path, monkeypatch, write_loop, name):
    monkeypatch.chdir(tmp_path)
    write_loop(tmp_path / f"{name}.wav")
    result = run("--out", "out", "--difficulties", "easy", *TIMED, "--", f"{name}.wav")
    assert (result.exit_code, result.stderr) == (0, "")
    (folder,) = Path("out").iterdir()
    (simfile,) = folder.glob("*.ssc")
    song = read_song(simfile)
    assert song.title == name
    assert (folder / song.music).is_file()
    assert folder.name == simfile.stem == Path(song.music).stem


def test_a_name_that_macos_spelt_is_a_title_in_whole_letters(tmp_path, write_loop):
    result = run(write_loop(tmp_path / "U\u0308ber.wav"), "--out", tmp_path / "out", "--difficulties", "easy", *TIMED)
    assert (result.exit_code, result.stderr) == (0, "")
    (simfile,) = (tmp_path / "out").glob("*/*.ssc")
    assert read_song(simfile).title == simfile.stem == "\u00dcber"


@pytest.mark.slow
def test_two_songs_of_one_name_do_not_touch(tmp_path, write_loop):
    first, second = write_loop(tmp_path / "1" / "a.wav"), write_loop(tmp_path / "2" / "A.wav", bpm=150)
    assert run(first, second, "--out", tmp_path / "out", "--difficulties", "easy").exit_code == 0
    titles = {path.parent.name: read_song(path).timing.tempos[0].bpm for path in (tmp_path / "out").glob("*/*.ssc")}
    assert titles == {"a": 140.0, "A (2)": 150.0}


@pytest.mark.slow
def test_a_second_run_replaces_the_first(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav")
    for difficulty in ("easy", "hard"):
        assert run(loop, "--out", tmp_path / "out", "--difficulties", difficulty, *TIMED).exit_code == 0
    assert contents(tmp_path / "out") == ["a", "a/a.ogg", "a/a.sm", "a/a.ssc", "a/charter.json"]
    assert [chart.difficulty for chart in read_song(tmp_path / "out" / "a" / "a.ssc").charts] == [Difficulty.HARD]


@pytest.mark.slow
def test_an_mp3_cut_off_midway_gives_charts(tmp_path, write_loop):
    loop = soundfile.read(write_loop(tmp_path / "a.wav", seconds=16), dtype="float32")
    mp3 = encode(tmp_path / "a.mp3", *loop)
    whole = mp3.read_bytes()
    mp3.write_bytes(whole[: len(whole) // 2 + 77])
    assert run(mp3, "--out", tmp_path / "out", *TIMED).exit_code == 0
    song = read_song(tmp_path / "out" / "a" / "a.ssc")
    last = song.timing.seconds_at(song.charts[-1].hit_ticks(song.timing)[-1])
    assert 6 < last < 8.2


# Mistakes


def text_file(path: Path) -> None:
    path.write_text("This is a shopping list, not a song.\n" * 50)


def tone(seconds: float, level: float):
    def write(path: Path) -> None:
        soundfile.write(path, level * np.sin(np.arange(round(seconds * 22050)) * 0.1), 22050)

    return write


@pytest.mark.parametrize(
    ("name", "make", "cause"),
    [
        ("text.mp3", text_file, "is not audio|no sound could be decoded"),
        ("empty.mp3", Path.touch, "is empty"),
        ("blink.wav", tone(0.2, 0.5), "silent|of sound"),
        ("short.wav", tone(2.0, 0.5), r"holds 2\.0 s of sound; a chart needs at least 4 s"),
        ("silence.wav", tone(30, 0.0), "is silent from start to end"),
        ("tone.wav", tone(10, 0.5), "no beat that could be found; give --bpm"),
        ("header.wav", tone(0, 0.0), "no sound could be decoded"),
        ("missing.mp3", lambda path: None, "no such file"),
        ("folder.mp3", Path.mkdir, "is a folder"),
    ],
)
def test_a_bad_song_is_told_and_leaves_nothing(tmp_path, name, make, cause):
    path = tmp_path / name
    make(path)
    result = run(path, "--out", tmp_path / "out")
    line = told(result)
    assert line.startswith(f"error: {path}: ")
    assert line.count(str(path)) == 1
    assert result.stdout == ""
    assert contents(tmp_path / "out") == []
    assert re.search(cause, line)


@pytest.mark.slow
@pytest.mark.parametrize("order", [("good.wav", "bad.mp3"), ("bad.mp3", "good.wav")])
def test_a_bad_song_costs_only_itself(tmp_path, write_loop, order):
    write_loop(tmp_path / "good.wav")
    text_file(tmp_path / "bad.mp3")
    result = run(*(tmp_path / name for name in order), "--out", tmp_path / "out", *TIMED)
    assert "bad.mp3: " in told(result)
    assert "good.wav -> " in result.stdout
    assert contents(tmp_path / "out") == ["good", "good/charter.json", "good/good.ogg", "good/good.sm", "good/good.ssc"]


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (("--bpm", "0"), "a BPM of 0 is out of range; it goes from 20 to 1000"),
        (("--bpm", "5"), "a BPM of 5 is out of range"),
        (("--bpm", "2000"), "a BPM of 2000 is out of range"),
        (("--bpm-range", "180-90"), "the BPM range 180-90 goes from fast to slow; did you mean 90-180?"),
        (("--bpm-range", "abc"), "'abc' is no range of BPM; expected the slowest and the fastest, such as 90-180"),
        (("--bpm-range", "5-90"), "a BPM of 5 is out of range"),
        (("--bpm", "140", "--bpm-range", "90-180"), "--bpm says the tempo; leave out --bpm-range"),
        (("--beat-weights", "gone.safetensors"), "gone.safetensors: cannot be read"),
        (("--bpm", "nan"), "a BPM of nan is out of range"),
        (("--bpm", "inf"), "a BPM of inf is out of range"),
        (("--bpm", "5000"), "a BPM of 5000 is out of range"),
        (("--bpm", "5000", "--offset", "0"), "a BPM of 5000 is out of range"),
        (("--bpm", "140", "--offset", "nan"), "--offset nan"),
        (("--offset", "0.1"), "--offset goes with --bpm"),
        (("--bpm", "140", "--offset", "500"), "an offset of 500 is in seconds; did you mean 0.5?"),
        (("--placement-weights", "gone.safetensors"), "gone.safetensors: cannot be read"),
        (("--meter", "hard=999"), "a meter of 999 is off the scale"),
        (("--meter", "hard"), "--meter 'hard': expected a difficulty and a number, such as hard=8"),
        (("--meter", "hard=loud"), "--meter 'hard=loud': 'loud' is not a whole number"),
        (("--meter", "hard=8.5"), "--meter 'hard=8.5': '8.5' is not a whole number"),
        (("--density", "hard=fast"), "--density 'hard=fast': 'fast' is not a number"),
        (("--density", "hard=4", "--density", "Hard=5"), "--density 'Hard=5': hard has one already (4)"),
        (("--meter", "hard=8.5"), "--meter 'hard=8.5': '8.5' is not a "),
        (("--meter", "lunatic=8"), "no difficulty is called 'lunatic'"),
        (("--density", "hard=-1"), "a density of -1 rows per second is out of range"),
        (("--density", "hard=nan"), "a density of nan rows per second is out of range"),
        (("--density", "hard=1", "--density", "easy=2"), "hard is asked to be sparser"),
        (("--density", "hard=5", "--meter", "hard=9"), "hard has both a meter and a density"),
        (("--difficulties", "easy", "--density", "hard=5"), "hard has a meter or density, but is not among"),
        (("--difficulties", "easy,lunatic"), "no difficulty is called 'lunatic'; there are beginner, easy"),
        (("--difficulties", ""), "no difficulty is called ''"),
        (("--formats", "dwi"), "no format is called 'dwi'; there are ssc, sm"),
        (("--formats", ""), "no format is called ''"),
        (("--sync", "loose"), "no sync is called 'loose'; there are null, itg"),
        (("--seed", "-1"), "the seed is -1"),
        (("--title", "x", "other.wav"), "--title names one song, and several are given"),
        (("--rules", "gone.yaml"), "gone.yaml: cannot be read"),
        (("--style-amount", "2"), "a style amount of 2 is out of range; it goes from 0 to 1"),
        (("--style-amount", "-0.5"), "a style amount of -0.5 is out of range"),
        (("--style-amount", "0.5"), "a style amount says how much of which style?"),
        (("--symbol-weights", "nosuch"), "nosuch: is no file, and no style of that name is shipped; there are "),
    ],
)
def test_a_bad_option_is_told_before_any_work(tmp_path, write_loop, arguments, cause):
    result = run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", *arguments)
    assert cause in told(result)
    assert result.stdout == ""
    assert contents(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("name", "text", "cause"),
    [
        ("t.ssc", "no simfile, only words", "holds no simfile"),
        ("t.ssc", None, "cannot be read"),
        ("t.txt", TIMING_FILE, "not a timing file (expected .ssc, .sm or .osu)"),
        ("t.ssc", "#TITLE:x;\n#OFFSET:0;\n", "t.ssc: "),
        ("t.sm", "#TITLE:x;\n#BPMS:0=0;\n", "the BPM at beat 0 is 0"),
        ("t.ssc", "#VERSION:0.83;\n#TITLE:x;\n#BPMS:0=-140;\n", "the BPM at beat 0 is -140; it must be above 0"),
        ("t.sm", "#TITLE:x;\n#BPMS:0=-140;\n", "the BPM at beat 0 is -140; it must be above 0"),
        ("t.sm", "#TITLE:x;\n#BPMS:;\n", "the timing has no BPM"),
        ("t.ssc", "#VERSION:0.83;\n#TITLE:x;\n", "the timing has no BPM"),
        ("t.ssc", "#VERSION:0.83;\n#TITLE:x;\n#BPMS:0=nan;\n", "'nan' is no number"),
        ("t.sm", "", "holds no simfile"),
        ("t.sm", "#TITLE:x;\n#BPMS:0=120,8=-120;\n", "a warp that does not end"),
        ("t.osu", "osu file format v14\n[TimingPoints]\n0,-100,4,1,0,50,0,0\n", "has only inherited timing points"),
    ],
)
def test_a_bad_timing_file_is_told(tmp_path, write_loop, name, text, cause):
    if text is not None:
        (tmp_path / name).write_text(text)
    result = run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--timing", tmp_path / name)
    line = told(result)
    assert str(tmp_path / name) in line
    assert cause in line
    assert contents(tmp_path / "out") == []


def test_a_range_without_a_beat_is_told(tmp_path, write_loop):
    loop = write_loop(tmp_path / "a.wav")
    line = told(run(loop, "--out", tmp_path / "out", "--bpm-range", "345-370"))
    assert line == f"error: {loop}: no beat from 345 to 370 BPM found; widen the range"
    assert contents(tmp_path / "out") == []


@pytest.mark.parametrize("asked", [("--bpm-range", "90-180"), ("--bpm", 140)])
def test_a_timing_file_says_the_tempo_too(tmp_path, write_loop, asked):
    (tmp_path / "t.ssc").write_text(TIMING_FILE)
    line = told(run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", "--timing", tmp_path / "t.ssc", *asked))
    assert "whole timing" in line


def test_a_timing_file_says_everything(tmp_path, write_loop):
    (tmp_path / "t.ssc").write_text(TIMING_FILE)
    arguments = ("--timing", tmp_path / "t.ssc", "--bpm", 140)
    line = told(run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out", *arguments))
    assert "leave out --bpm and --offset" in line


@pytest.mark.parametrize("offset", [-100.0, 100.0])
def test_a_timing_far_off_the_music_is_told(tmp_path, write_loop, offset):
    loop = write_loop(tmp_path / "a.wav")
    result = run(loop, "--out", tmp_path / "out", "--bpm", 140, "--offset", offset)
    if offset < 0:
        line = told(result)
        assert line.startswith(f"error: {loop}: has no music behind beat 0")
        assert contents(tmp_path / "out") == []
    else:  # beat 0 a hundred seconds before the audio: odd, but its beats go on
        assert result.exit_code == 0


def test_out_is_a_file(tmp_path, write_loop):
    (tmp_path / "out").write_text("kept")
    line = told(run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out"))
    assert str(tmp_path / "out") in line
    assert "a file stands where a folder is needed" in line
    assert (tmp_path / "out").read_text() == "kept"


def test_out_may_not_be_written_to(tmp_path, monkeypatch, write_loop):
    def refuse(*args: object, **options: object) -> str:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    loop = write_loop(tmp_path / "a.wav")
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    line = told(run(loop, "--out", tmp_path / "out"))
    assert line == f"error: {tmp_path / 'out'}: cannot be written to (Permission denied)"


@pytest.mark.slow
@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_a_disk_that_fills_up_leaves_nothing(tmp_path, monkeypatch, write_loop, call):
    def fail(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    loop = write_loop(tmp_path / "a.wav")
    monkeypatch.setattr(os, call, fail)
    line = told(run(loop, "--out", tmp_path / "out", *TIMED))
    assert "cannot be written" in line
    assert contents(tmp_path / "out") == []


def test_missing_weights_are_told(tmp_path, monkeypatch, write_loop):
    monkeypatch.setattr("charter.generate.SHIPPED_PLACEMENT", tmp_path / "gone.safetensors")
    line = told(run(write_loop(tmp_path / "a.wav"), "--out", tmp_path / "out"))
    assert line == f"error: {tmp_path / 'gone.safetensors'}: cannot be read (No such file or directory)"
