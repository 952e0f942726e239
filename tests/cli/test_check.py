"""`charter check` on small files."""

import json

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
    charts = [(chart["difficulty"], chart["rows"], chart["rows_per_second"]) for chart in song["charts"]]
    assert charts == [("Easy", 2, 2 / 2), ("Hard", 4, 4 / 3), ("Edit", 2, 2 / 2)]
    assert "nothing to put right" in run(path).stdout


def test_a_hold_without_an_end_breaks_the_format(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Hard": "1000 0000 0200 0001"})
    result = run(path)
    assert result.exit_code == 1
    assert "violation: Hard, beat 2: " in result.stdout
    (song,) = found(path)["songs"]
    (finding,) = song["charts"][0]["findings"]
    assert (finding["tick"], finding["breaks_format"]) == (96, True)
    assert "panel 1" in finding["message"]


def test_a_slot_taken_twice_breaks_the_format_but_edits_are_many(tmp_path, write_song):
    (tmp_path / "song.ogg").touch()
    twice = write_song(tmp_path / "twice.sm", [("Hard", HARD), ("Hard", EASY)])
    edits = write_song(tmp_path / "edits.sm", [("Edit", HARD), ("Edit", EASY)])
    assert (run(twice).exit_code, run(edits).exit_code) == (1, 0)
    (message,) = messages(found(twice)["songs"][0])
    assert "Hard stands in the file 2 times" in message


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


def test_a_chart_without_length_has_no_density(tmp_path, write_song):
    path = write_song(tmp_path / "chart.sm", {"Easy": "1000 0000 0000 0000", "Hard": "0000 0000 0000 0000"})
    charts = found(path)["songs"][0]["charts"]
    assert [(chart["rows"], chart["rows_per_second"]) for chart in charts] == [(1, None), (0, None)]


def test_a_broken_file_does_not_stop_the_others(tmp_path, write_song):
    good = write_song(tmp_path / "good.sm", {"Hard": HARD})
    broken = tmp_path / "broken.sm"
    broken.write_text("not a simfile", encoding="utf-8")
    result = run(broken, good)
    assert result.exit_code == 1
    assert str(good) in result.stdout
    assert len(result.stderr.splitlines()) == 1
    assert result.stderr.startswith(f"error: {broken}")


def test_json_keeps_stdout_to_one_object(tmp_path, write_song):
    good = write_song(tmp_path / "good.sm", {"Hard": HARD})
    result = run(tmp_path / "nowhere.sm", good, "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["passed"] is False
    assert [song["file"] for song in report["songs"]] == [str(good)]
    assert [broken["file"] for broken in report["unreadable"]] == [str(tmp_path / "nowhere.sm")]
