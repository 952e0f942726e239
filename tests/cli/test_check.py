"""`charter check` on small files."""

import json
import re
import sys

import pytest
from typer.testing import CliRunner

from charter.cli import app

EASY, HARD = "1000 0000 0010 0000", "1000 0100 0010 0001"


def run(*arguments):
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def found(*paths):
    return json.loads(run(*paths, "--json").stdout)


def messages(song):
    return [finding["message"] for finding in song["findings"]]


def test_a_clean_song_passes_and_is_measured(tmp_path, write_song):
    (tmp_path / "song.ogg").touch()
    path = write_song(tmp_path / "chart.sm", {"Easy": EASY, "Hard": HARD, "Edit": EASY})
    result = run(path, "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["passed"] is True
    (song,) = report["songs"]
    assert (song["file"], song["findings"]) == (str(path), [])
    charts = [(chart["difficulty"], chart["rows"]) for chart in song["charts"]]
    assert charts == [("Easy", 2), ("Hard", 4), ("Edit", 2)]
    assert "\nnothing to put right, the sync aside\n" in run(path).stdout  # for the music is empty


def test_a_hold_without_an_end_breaks_the_format(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Hard": "1000 0000 0200 0001"})
    result = run(path)
    assert result.exit_code == 1
    assert "violation: Hard, beat 2 (2.00 s): " in result.stdout
    (song,) = found(path)["songs"]
    (finding,) = song["charts"][0]["findings"]
    assert finding == {
        "kind": "format",
        "severity": "violation",
        "message": "a hold or roll has no tail (panel 1)",
        "beat": 2,
        "second": 2,
    }


@pytest.mark.parametrize("row", ["10001", "0000M", "00002"])
def test_a_fifth_column_is_told_and_danced_by_nobody(tmp_path, write_song, row):
    path = write_song(tmp_path / "chart.sm", {"Hard": f"{row} 00000 00100 00003"})
    result = run(path)
    assert result.exit_code == 1
    assert "there is no panel 4" in result.stdout


def test_a_slot_taken_twice_breaks_the_format_but_edits_are_many(tmp_path, write_song):
    (tmp_path / "song.ogg").touch()
    twice = write_song(tmp_path / "twice.sm", [("Hard", HARD), ("Hard", EASY)])
    edits = write_song(tmp_path / "edits.sm", [("Edit", HARD), ("Edit", EASY)])
    assert (run(twice).exit_code, run(edits).exit_code) == (1, 0)
    (message,) = messages(found(twice)["songs"][0])
    assert "Hard stands in the file 2 times" in message


def test_what_concerns_the_whole_chart_has_no_place(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Hard": HARD})
    path.write_text(path.read_text().replace("\n 3:\n", "\n 0:\n"))
    (finding,) = found(path)["songs"][0]["charts"][0]["findings"]
    assert (finding["kind"], finding["severity"], finding["beat"], finding["second"]) == (
        "format",
        "violation",
        None,
        None,
    )
    assert "violation: Hard: the meter is 0" in run(path).stdout


def test_kinds_name_what_is_wrong_with_the_song(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", [("Hard", HARD), ("Hard", HARD), ("Challenge", EASY)], TITLE="")
    findings = found(path)["songs"][0]["findings"]
    assert [(finding["severity"], finding["kind"]) for finding in findings] == [
        ("violation", "format"),
        ("advice", "metadata"),
        ("advice", "metadata"),
        ("advice", "ladder"),
    ]


JUMP_IN_HOLD = "2000 0110 3000 0001"


def test_faults_fail_only_the_strict(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Hard": JUMP_IN_HOLD})
    relaxed, strict = run(path), run(path, "--strict")
    assert (relaxed.exit_code, strict.exit_code) == (0, 1)
    assert relaxed.stdout == strict.stdout
    assert "fault: Hard, beat 1 (1.00 s): jump in a hold\n" in relaxed.stdout
    assert [json.loads(run(path, "--json", *more).stdout)["passed"] for more in ([], ["--strict"])] == [True, False]
    (finding,) = found(path)["songs"][0]["charts"][0]["findings"]
    assert finding == {
        "kind": "jump in hold",
        "severity": "fault",
        "message": "jump in a hold",
        "beat": 1,
        "second": 1,
    }


def test_advice_fails_not_even_the_strict(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Challenge": "1110 0000 0000 0001"})
    result = run(path, "--strict")
    assert result.exit_code == 0
    assert "advice: Challenge, beat 0 (0.00 s): hand\n" in result.stdout


@pytest.mark.parametrize("slot", ["Challenge", "Edit"])
def test_an_edit_may_ask_what_a_challenge_chart_may(tmp_path, write_song, slot):
    path = write_song(tmp_path / "chart.sm", {slot: JUMP_IN_HOLD})
    assert run(path, "--strict").exit_code == 0


def test_reviewers_have_rules_of_their_own(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Hard": JUMP_IN_HOLD, "Challenge": JUMP_IN_HOLD})
    rules = tmp_path / "rules.yaml"
    rules.write_text("hard: {jumps_in_holds: true, brackets: true}\nchallenge: {jumps: false}\n")
    result = run(path, "--rules", rules)
    faults = [line for line in result.stdout.splitlines() if line.startswith("fault")]
    assert faults == ["fault: Challenge, beat 1 (1.00 s): jump"]


def test_wrong_rules_are_told_in_a_line(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Hard": HARD})
    rules = tmp_path / "rules.yaml"
    rules.write_text("hard: {fastest_foot: 1}\n")
    for file in (rules, tmp_path / "nowhere.yaml"):
        result = run(path, "--rules", file)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(f"error: {file}: ")
        assert len(result.stderr.splitlines()) == 1


def test_text_shows_the_worst_first_and_five_of_a_kind(tmp_path, write_song):
    measures = ["1000 0000 0110 0000", "0000 0000 0000 0000"]
    rows = " ".join(["0111 0000 0000 0000", "0000 0000 0000 0000", *measures * 8, "0200 0000 0000 0000"])
    path = write_song(tmp_path / "chart.sm", {"Challenge": rows})
    rules = tmp_path / "rules.yaml"
    rules.write_text("challenge: {fastest_jump: 3}\n")
    lines = run(path, "--rules", rules).stdout.rstrip().splitlines()
    shown = [line for line in lines if "Challenge" in line and ": " in line]
    assert [line.split(":")[0] for line in shown] == ["violation", *["fault"] * 6, "advice"]
    assert shown[1] == "fault: Challenge, beat 10 (10.00 s): jump within 3 s of a row"
    assert shown[6] == "fault: Challenge: and 3 more of this kind (--json has all)"
    report = json.loads(run(path, "--rules", rules, "--json").stdout)
    (chart,) = report["songs"][0]["charts"]
    assert [finding["severity"] for finding in chart["findings"]] == ["violation", *["fault"] * 8, "advice"]


def test_missing_metadata_is_advice(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {}, TITLE="", MUSIC="")
    assert run(path).exit_code == 0
    assert messages(found(path)["songs"][0]) == ["no title", "names no music file", "holds no dance-single chart"]


def test_music_that_is_not_there_is_advice(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Hard": HARD})
    assert messages(found(path)["songs"][0]) == ["the music 'song.ogg' is not beside the chart"]
    assert run(path).exit_code == 0


def test_a_harder_chart_has_more_rows(tmp_path, write_song):
    (tmp_path / "song.ogg").touch()
    path = write_song(tmp_path / "chart.sm", {"Challenge": EASY, "Beginner": EASY, "Medium": HARD})
    assert messages(found(path)["songs"][0]) == ["Challenge has 2 rows, no more than Medium with 4"]
    assert "advice: song: Challenge has 2 rows" in run(path).stdout


def test_density_is_rows_per_second_of_music_from_beat_0_on(tmp_path, write_song, write_loop):
    write_loop(tmp_path / "song.ogg", first=0.5, seconds=30, quiet=8)
    charts = {"Easy": "1000 0000 0000 0000", "Hard": HARD, "Challenge": "0000 0000 0000 0000"}

    def densities(offset: str) -> list[float]:
        path = write_song(tmp_path / "chart.sm", charts, OFFSET=offset)
        return [chart["rows_per_second"] for chart in found(path)["songs"][0]["charts"]]

    assert densities("0") == pytest.approx([1 / 20.9, 4 / 20.9, 0], rel=0.01)  # from the first drum to the last
    assert densities("-11.8") == pytest.approx([1 / 9.6, 4 / 9.6, 0], rel=0.02)
    assert densities("-40") == [None] * 3


def test_without_music_there_is_no_density(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Easy": EASY, "Hard": "0000 0000 0000 0000"})
    charts = found(path)["songs"][0]["charts"]
    assert [(chart["rows"], chart["rows_per_second"]) for chart in charts] == [(2, None), (0, None)]


def test_a_broken_file_does_not_stop_the_others(tmp_path, write_song):
    good = write_song(tmp_path / "good.sm", {"Hard": HARD})
    broken = tmp_path / "broken.sm"
    broken.write_text("not a simfile", encoding="utf-8")
    result = run(broken, good)
    assert result.exit_code == 1
    assert str(good) in result.stdout
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith(f"error: {broken}")


def test_of_a_folder_all_is_checked_that_the_game_reads(tmp_path, write_song):
    pack = tmp_path / "pack"
    first = write_song(pack / "a" / "chart.sm", {"Hard": HARD})
    twin = write_song(pack / "b" / "chart.sm", {"Hard": HARD})
    twin.with_suffix(".SSC").write_text("#TITLE:read;#OFFSET:0;#BPMS:0=60;", encoding="utf-8")
    (pack / "b" / "._chart.SSC").write_bytes(b"\0\5\x16\7")
    report = json.loads(run(pack, first, "--json").stdout)
    assert [song["file"] for song in report["songs"]] == [str(first), str(twin.with_suffix(".SSC"))]
    assert report["unreadable"] == []
    assert "several are given" in run(pack, "--plot", tmp_path / "sync.png").stderr


def test_a_sm_beside_a_ssc_of_any_name_is_not_checked(tmp_path, write_song):
    write_song(tmp_path / "old.sm", {"Hard": HARD})
    read = tmp_path / "Song.SSC"
    read.write_text("#TITLE:read;#OFFSET:0;#BPMS:0=60;", encoding="utf-8")
    assert [song["file"] for song in found(tmp_path)["songs"]] == [str(read)]


def test_an_empty_folder_does_not_stop_the_others(tmp_path, write_song):
    good = write_song(tmp_path / "good" / "chart.sm", {"Hard": HARD})
    empty = tmp_path / "empty"
    empty.mkdir()
    result = run(empty, good.parent)
    assert (result.exit_code, str(good) in result.stdout) == (1, True)
    assert result.stderr == f"error: {empty}: holds no .ssc or .sm file, at any depth\n"
    report = found(empty, good)
    assert [song["file"] for song in report["songs"]] == [str(good)]
    assert (report["passed"], [broken["file"] for broken in report["unreadable"]]) == (False, [str(empty)])


def test_a_folder_without_a_chart_is_told(tmp_path):
    (tmp_path / "song.ogg").touch()
    result = run(tmp_path)
    assert (result.exit_code, result.stderr) == (1, f"error: {tmp_path}: holds no .ssc or .sm file, at any depth\n")


def test_json_keeps_stdout_to_one_object(tmp_path, write_song):
    good = write_song(tmp_path / "good.sm", {"Hard": HARD})
    result = run(tmp_path / "nowhere.sm", good, "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["passed"] is False
    assert [song["file"] for song in report["songs"]] == [str(good)]
    assert [broken["file"] for broken in report["unreadable"]] == [str(tmp_path / "nowhere.sm")]


@pytest.fixture
def write_synced(tmp_path, write_song, write_loop):
    """A chart of 140 BPM whose steps are heard ``ms`` later than they stand; its music has beat 0 at 0.5 s."""

    def write(ms=0.0, **tags):
        write_loop(tmp_path / "song.ogg", bpm=140, first=0.5, seconds=30)
        header = {"BPMS": "0=140", "OFFSET": f"{-0.5 + ms / 1000:.4f}", **tags}
        return write_song(tmp_path / "chart.sm", {"Hard": HARD}, **header)

    return write


@pytest.mark.parametrize(
    ("ms", "convention", "words"),
    [
        (0, "null", "null: steps at the sound"),
        (9, "itg", "itg: steps 9 ms before the sound"),
        (25, None, "before the sound"),
        (-30, None, "after the sound"),
    ],
)
def test_steps_are_measured_against_the_sound(write_synced, ms, convention, words):
    path = write_synced(ms)
    result = run(path)
    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("sync: ")]
    assert words in line
    (song,) = found(path)["songs"]
    assert song["sync"]["milliseconds"] == pytest.approx(ms, abs=1.5)
    assert (song["sync"]["convention"], song["sync"]["untold"]) == (convention, "")
    assert song["sync"]["thirds"] == pytest.approx([ms] * 3, abs=1.5)
    assert song["charts"][0]["sync"] is None
    if convention:
        assert messages(song) == []
    else:
        (message,) = messages(song)
        offset = re.search(r"the offset (-?[\d.]+) would put them at it", message)
        assert float(offset[1]) == pytest.approx(-0.5, abs=0.002)
        assert f"advice: song: {message}" in result.stdout


def test_a_drift_is_advice(write_synced):
    path = write_synced(BPMS="0=140.15")
    (song,) = found(path)["songs"]
    assert song["sync"]["drift"] > 15
    assert any("the beats drift by" in message for message in messages(song))
    assert {(finding["kind"], finding["severity"]) for finding in song["findings"]} == {("sync", "advice")}
    assert run(path).exit_code == 0


def test_what_cannot_be_told_is_no_finding(write_synced):
    path = write_synced(BPMS="0=133.7")
    (song,) = found(path)["songs"]
    assert (song["sync"]["milliseconds"], song["findings"]) == (None, [])
    told = run(path).stdout
    assert "sync: cannot be told: no sound stands out within 60 ms of the beats" in told
    assert told.endswith("\nnothing to put right, the sync aside\n\n")
    assert run(write_synced()).stdout.endswith("\nnothing to put right\n\n")


def test_no_music_and_undecodable_music_are_told_in_a_line(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Hard": HARD, "Easy": EASY})
    assert "sync: not measured: no music beside the chart\n" in run(path).stdout
    (tmp_path / "song.ogg").write_text("no sound")
    result = run(path)
    assert result.exit_code == 0
    assert f"sync: not measured: {tmp_path / 'song.ogg'}: is not audio that can be read" in result.stdout
    (song,) = found(path)["songs"]
    assert (len(song["charts"]), song["findings"], song["sync"]["milliseconds"]) == (2, [], None)


def test_music_in_another_case_is_the_music(tmp_path, write_synced):
    path = write_synced(MUSIC="SONG.OGG")
    (song,) = found(path)["songs"]
    assert (messages(song), song["sync"]["convention"]) == ([], "null")


def own_timing(folder, *offsets):
    """An ``.ssc`` of 140 BPM and offset -0.5, and a chart with an own offset (or None) for each given."""
    charts = "".join(
        f"#NOTEDATA:;#STEPSTYPE:dance-single;#DIFFICULTY:{level};#METER:5;"
        + (f"#OFFSET:{offset};#BPMS:0=140;" if offset is not None else "")
        + "#NOTES:\n1000\n0100\n0010\n0001\n;\n"
        for level, offset in zip(("Hard", "Challenge"), offsets, strict=False)
    )
    path = folder / "chart.ssc"
    path.write_text(f"#VERSION:0.83;#TITLE:A song;#MUSIC:song.ogg;#OFFSET:-0.5;#BPMS:0=140;\n{charts}")
    return path


def test_a_chart_with_its_own_timing_is_measured_by_it(tmp_path, write_loop):
    write_loop(tmp_path / "song.ogg", bpm=140, first=0.5, seconds=30)
    path = own_timing(tmp_path, None, -0.47)
    (song,) = found(path)["songs"]
    hard, challenge = song["charts"]
    assert (song["sync"]["convention"], hard["sync"]) == ("null", None)
    assert challenge["sync"]["milliseconds"] == pytest.approx(30, abs=1.5)
    assert "come" in messages(challenge)[0]
    stdout = run(path).stdout
    assert "Challenge's own sync: +" in stdout
    assert "advice: Challenge: the steps come" in stdout


def test_a_timing_that_no_chart_is_played_by_is_not_measured(tmp_path, write_loop):
    write_loop(tmp_path / "song.ogg", bpm=140, first=0.53, seconds=30)
    path = own_timing(tmp_path, -0.53)
    (song,) = found(path)["songs"]
    assert (song["sync"], song["findings"]) == (None, [])
    assert song["charts"][0]["sync"]["convention"] == "null"
    assert run(path, "--plot", tmp_path / "sync.png").exit_code == 0


def test_plot_draws_a_png(tmp_path, write_synced):
    path, picture = write_synced(), tmp_path / "sync.png"
    result = run(path, "--json", "--plot", picture)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["passed"] is True
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_drawn_costs_only_the_picture(tmp_path, write_song, write_synced):
    path = write_song(tmp_path / "mute" / "chart.sm", {"Hard": HARD})
    picture = tmp_path / "sync.png"
    result = run(path, "--plot", picture)
    assert (result.exit_code, picture.exists()) == (1, False)
    assert "Hard" in result.stdout
    assert result.stderr == f"error: {picture}: not drawn, for the sync is not measured: no music beside the chart\n"
    result = run(write_synced(), "--json", "--plot", tmp_path / "nowhere" / "sync.png")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["songs"]
    assert "cannot be written" in result.stderr


def test_plot_takes_one_chart_and_spares_what_is_no_picture(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Hard": HARD})
    other = write_song(tmp_path / "other.sm", {"Hard": HARD})
    before = other.read_bytes()
    several, slip = run(path, other, "--plot", tmp_path / "sync.png"), run(path, "--plot", other)
    assert (several.exit_code, slip.exit_code) == (1, 1)
    assert "several are given" in several.stderr
    assert "the picture is a .png" in slip.stderr
    assert other.read_bytes() == before


def test_what_drawing_needs_is_told_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    result = run(tmp_path / "nowhere.sm", "--plot", tmp_path / "sync.png")
    assert (result.exit_code, result.stderr) == (1, "error: drawing needs matplotlib; pip install matplotlib\n")
