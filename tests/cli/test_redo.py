"""`charter redo`: what a person types, and what stands in the file behind it."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from charter.cli import app
from charter.notation import Difficulty, NoteKind, paired_holds
from charter.notation.rules import violations
from export.stepmania import read_song, ssc_text

runner = CliRunner()
BEAT = 48
pytestmark = pytest.mark.usefixtures("small_models")


@pytest.fixture
def chart(write_song, write_loop, tmp_path) -> Path:
    """40 beats of quarters at 120 BPM, a hold over beat 16 and one over beat 24, with 20 seconds of drums."""
    rows = np.random.default_rng(1).choice(["1000", "0100", "0010", "0001"], 40).tolist()
    rows[15:18] = ["2000", "0100", "3000"]
    rows[23:26] = ["0002", "0010", "0003"]
    write_loop(tmp_path / "song.wav", bpm=120, first=0.0, seconds=21)
    return write_song(
        tmp_path / "a.sm", {"Easy": " ".join(["1000"] * 40), "Hard": " ".join(rows)}, MUSIC="song.wav", BPMS="0=120"
    )


def redo(path: Path, *words: str, difficulty: str = "hard", beats: tuple[float, float] = (16, 24)):
    passage = ["--from-beat", str(beats[0]), "--to-beat", str(beats[1])]
    return runner.invoke(app, ["redo", str(path), "--difficulty", difficulty, *passage, *words])


def notes_of(path: Path):
    found = read_song(path).chart(Difficulty.HARD)
    assert found is not None
    return found.notes


def test_a_passage_changes_and_the_rest_does_not(chart):
    before, text = notes_of(chart), chart.read_bytes()
    result = redo(chart, "--seed", "1")
    assert result.exit_code == 0, result.output
    after = notes_of(chart)
    assert after != before
    assert [n for n in after if not 16 * BEAT <= n.tick < 24 * BEAT] == [
        n for n in before if not 16 * BEAT <= n.tick < 24 * BEAT
    ]
    song = read_song(chart)
    assert violations(song.charts[1], song.timing) == []
    assert song.charts[0] == read_song_of(text, chart).charts[0]


def read_song_of(data: bytes, path: Path):
    beside = path.with_name("before.sm")
    beside.write_bytes(data)
    return read_song(beside)


@pytest.mark.slow
def test_holds_over_the_seams_stay(chart):
    def crossing():
        return [
            (head, tail)
            for head, tail in paired_holds(notes_of(chart))
            for seam in (16 * BEAT, 24 * BEAT)
            if head.tick < seam <= tail.tick
        ]

    before = crossing()
    assert len(before) == 2
    for seed in range(4):
        assert redo(chart, "--seed", str(seed)).exit_code == 0
        assert set(crossing()) == set(before)


@pytest.mark.slow
def test_locked_rows_stay(chart):
    before = {n for n in notes_of(chart) if n.tick in (19 * BEAT, 20 * BEAT, 22 * BEAT)}
    for seed in range(4):
        assert redo(chart, "--lock", "19-20,22", "--seed", str(seed)).exit_code == 0
        after = {
            n for n in notes_of(chart) if n.tick in (19 * BEAT, 20 * BEAT, 22 * BEAT) and n.kind is not NoteKind.TAIL
        }
        assert before <= after


@pytest.mark.slow
def test_the_seed_varies_it_and_repeats_it(chart):
    data = chart.read_bytes()
    made = []
    for seed in ("3", "3", "4"):
        chart.write_bytes(data)
        assert redo(chart, "--seed", seed).exit_code == 0
        made.append(chart.read_bytes())
    assert made[0] == made[1] != made[2]


def test_rows_may_stay_where_they_are_and_then_need_no_music(chart):
    (chart.parent / "song.wav").unlink()
    before = {n.tick for n in notes_of(chart) if n.kind.is_hit}
    assert "--keep-rows" in redo(chart).stderr
    assert redo(chart, "--keep-rows").exit_code == 0
    assert {n.tick for n in notes_of(chart) if n.kind.is_hit} == before


def test_candidates_stand_beside_the_file(chart, tmp_path):
    data = chart.read_bytes()
    result = redo(chart, "--candidates", "3", "--out", str(tmp_path / "tries"), "--json")
    assert result.exit_code == 0, result.output
    files = [Path(each["file"]) for each in json.loads(result.stdout)["written"]]
    assert [file.name for file in files] == ["a.0.sm", "a.1.sm", "a.2.sm"]
    assert len({file.read_bytes() for file in files}) > 1
    assert chart.read_bytes() == data


def test_an_empty_passage_gets_rows(chart, write_song, tmp_path):
    rows = ["1000", "0001"] * 20
    rows[16:24] = ["0000"] * 8
    path = write_song(tmp_path / "gap.sm", {"Hard": " ".join(rows)}, MUSIC="song.wav", BPMS="0=120")
    assert redo(path).exit_code == 0
    assert [n for n in notes_of(path) if 16 * BEAT <= n.tick < 24 * BEAT and n.kind.is_hit]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"beats": (24, 16)}, "no later than it starts"),
        ({"beats": (-4, 16)}, "first beat is 0"),
        ({"beats": (900, 904)}, "and the song on beat"),
        ({"difficulty": "challenge"}, "no dance-single chart Challenge; there are Easy, Hard"),
        ({"difficulty": "extreme"}, "no difficulty is called 'extreme'"),
        ({"lock": "70"}, "beat 70 is locked, but the passage goes from 16 to 24"),
        ({"lock": "17.5"}, "no row stands on beat 17.5"),
        ({"lock": "20-18"}, "ends before it starts"),
        ({"lock": "x"}, "expected beats"),
        ({"candidates": "2"}, "needs --out"),
        ({"candidates": "0", "out": "x"}, "from 1 to"),
        ({"seed": "-1"}, "must be 0 or more"),
    ],
)
def test_what_cannot_be_done_is_one_line(chart, words, told):
    data = chart.read_bytes()
    where = {key: words.pop(key) for key in ("beats", "difficulty") if key in words}
    options = [part for key, value in words.items() for part in (f"--{key}", value)]
    result = redo(chart, *options, **where)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.strip().splitlines()) == 1
    assert told in result.stderr
    assert chart.read_bytes() == data


def test_locks_that_contradict_each_other_are_told(chart, write_song, tmp_path):
    rows = ["1000", "0001"] * 20
    rows[17:20] = ["2000", "1000", "3000"]  # a tap inside a hold on its own panel
    path = write_song(tmp_path / "torn.sm", {"Hard": " ".join(rows)}, MUSIC="song.wav", BPMS="0=120")
    result = redo(path, "--lock", "17,18")
    assert result.exit_code == 1
    assert "contradict each other on beat 18" in result.stderr


def test_another_panel_count_is_told(tmp_path):
    path = tmp_path / "double.sm"
    path.write_text(
        "#TITLE:x;\n#BPMS:0=120;\n#OFFSET:0;\n#NOTES:\n dance-double:\n :\n Hard:\n 3:\n 0,0,0,0,0:\n00000001\n;\n"
    )
    result = redo(path)
    assert result.exit_code == 1
    assert "dance-double" in result.stderr


def test_music_that_cannot_be_read_is_needed_only_to_place_rows(chart):
    (chart.parent / "song.wav").write_bytes(b"no audio")
    assert "song.wav" in redo(chart).stderr
    assert redo(chart, "--keep-rows").exit_code == 0


def test_note_data_that_cannot_be_rewritten_names_the_file(chart):
    chart.write_text(chart.read_text().replace("0002", "0[3]02"))
    data = chart.read_bytes()
    result = redo(chart)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {chart}: ")
    assert chart.read_bytes() == data


def test_a_range_that_is_the_whole_passage_locks_all_of_it(chart):
    rows = chart.read_text()
    chart.write_text(rows.replace("\n,\n", "\n,\n", 1))
    data = chart.read_bytes()
    assert redo(chart, "--lock", "16-24").exit_code == 0
    assert notes_of(chart) == read_song_of(data, chart).charts[1].notes


@pytest.mark.slow
def test_a_locked_mine_stays_and_nothing_comes_upon_it(write_song, write_loop, tmp_path):
    write_loop(tmp_path / "song.wav", bpm=120, first=0.0, seconds=21)
    rows = ["1000", "0001"] * 20
    rows[19] = "0M00"
    path = write_song(tmp_path / "mine.sm", {"Hard": " ".join(rows)}, MUSIC="song.wav", BPMS="0=120")
    for seed in range(4):
        assert redo(path, "--lock", "19", "--seed", str(seed)).exit_code == 0
        song = read_song(path)
        assert [note.kind for note in song.charts[0].notes if note.tick == 19 * BEAT] == [NoteKind.MINE]
        assert violations(song.charts[0], song.timing) == []


def test_another_kind_of_file_is_not_written_over(chart):
    music = chart.parent / "song.wav"
    data = music.read_bytes()
    result = redo(chart, "--out", str(music))
    assert result.exit_code == 1
    assert "the passage is written as .sm" in result.stderr
    assert music.read_bytes() == data


def test_behind_a_link_the_file_changes(chart):
    link = chart.with_name("link.sm")
    link.symlink_to(chart)
    data = chart.read_bytes()
    assert redo(link).exit_code == 0
    assert link.is_symlink()
    assert chart.read_bytes() != data


def both(chart: Path) -> Path:
    """The file's charts as a `.ssc` beside it, with a radar."""
    ssc = chart.with_suffix(".ssc")
    ssc.write_text(ssc_text(read_song(chart), duration=21.0))
    return ssc


@pytest.mark.slow
@pytest.mark.parametrize("named", [".ssc", ".sm"])
def test_the_file_of_the_other_format_gets_the_same_passage(chart, named):
    both(chart)
    before = notes_of(chart)
    result = redo(chart.with_suffix(named), "--seed", "1")
    assert result.exit_code == 0 and result.stderr == ""
    assert "a.ssc" in result.stdout and "a.sm" in result.stdout
    assert notes_of(chart) == notes_of(chart.with_suffix(".ssc")) != before
    assert json.loads(redo(chart, "--json").stdout)["written"][0]["twin"] == str(chart.with_suffix(".ssc"))


def test_a_link_to_the_other_file_stays_a_link(chart):
    ssc = both(chart)
    kept = ssc.rename(chart.with_name("kept.txt"))
    ssc.symlink_to(kept)
    assert redo(chart, "--seed", "1").exit_code == 0
    assert ssc.is_symlink()
    assert notes_of(ssc) == notes_of(chart)


def test_of_a_link_the_file_beside_the_link_is_the_other(chart, tmp_path):
    both(chart)
    named = tmp_path / "elsewhere" / "a.sm"
    named.parent.mkdir()
    named.symlink_to(chart)
    before = chart.with_suffix(".ssc").read_bytes()
    result = redo(named, "--seed", "1", "--keep-rows")
    assert result.exit_code == 0, result.stderr
    assert chart.with_suffix(".ssc").read_bytes() == before


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("#DIFFICULTY:Hard;", "#DIFFICULTY:Easy;", "has no such chart, and stays as it was"),
        ("0010", "0100", "its chart is another one, and stays as it was"),
    ],
)
def test_a_file_that_has_no_such_chart_stays_and_that_is_one_line(chart, was, now, told):
    ssc = both(chart)
    assert was in ssc.read_text()
    ssc.write_text(ssc.read_text().replace(was, now, 1))
    data = ssc.read_bytes()
    result = redo(chart)
    assert result.exit_code == 0
    assert result.stderr == f"{ssc}: {told}\n"
    assert ssc.read_bytes() == data


def test_a_file_that_cannot_be_read_does_not_hinder_the_other(chart):
    ssc = both(chart)
    before = notes_of(ssc)
    chart.write_text("#TITLE:x;\n#BPMS:0=nothing;\n")
    result = redo(ssc)
    assert result.exit_code == 0 and notes_of(ssc) != before
    assert result.stderr.startswith(f"{chart}: stays as it was: ") and len(result.stderr.splitlines()) == 1


def test_with_out_only_the_new_file_is_written(chart, tmp_path):
    ssc = both(chart)
    before = chart.read_bytes(), ssc.read_bytes()
    assert redo(ssc, "--out", str(tmp_path / "other.ssc")).exit_code == 0
    assert redo(ssc, "--candidates", "2", "--out", str(tmp_path / "tries")).exit_code == 0
    assert (chart.read_bytes(), ssc.read_bytes()) == before
    assert sorted(path.name for path in (tmp_path / "tries").iterdir()) == ["a.0.ssc", "a.1.ssc"]


def test_the_radar_is_that_of_the_new_notes_and_of_no_other_chart(chart):
    ssc = both(chart)
    easy, hard = radars(ssc.read_text())
    rows = list(notes_of(ssc))
    assert redo(ssc, "--seed", "2").exit_code == 0
    assert notes_of(ssc) != tuple(rows)
    after = radars(ssc.read_text())
    assert after == radars(ssc_text(read_song(ssc), duration=21.0))
    assert after[0] == easy and after[1] != hard


def radars(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("#RADARVALUES")]
