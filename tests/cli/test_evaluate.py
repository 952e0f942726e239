"""`charter evaluate` on folders of small songs."""

import errno
import json

import pytest
from typer.testing import CliRunner

from charter.cli import app

EASY, HARD = "1000 0000 0010 0000", "1000 0100 0010 0001"
COLUMNS = (
    *("id", "split", "title", "artist", "credit", "duration_s", "charts", "bpm", "bpm_changes", "stops", "offset"),
    *("sync_lag_ms", "sync_contrast", "style", "source", "commit", "folder", "licence_note"),
)


@pytest.fixture
def folders(tmp_path, write_song):
    """Two songs people charted; one of them was generated, its Hard chart half as dense."""
    write_song(tmp_path / "human" / "one" / "chart.sm", {"Easy": EASY, "Hard": HARD})
    write_song(tmp_path / "human" / "two" / "chart.sm", {"Hard": HARD})
    write_song(tmp_path / "made" / "one" / "deep" / "down" / "chart.sm", {"Easy": EASY, "Hard": EASY})
    return tmp_path


def write_manifest(path, *songs):
    lines = ["\t".join(COLUMNS)]
    for song in songs:
        known = {"title": "A song", "artist": "", "duration_s": "8", "sync_lag_ms": "0", "sync_contrast": "2", **song}
        lines.append("\t".join(known.get(column, "") for column in COLUMNS))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(folders, *options):
    arguments = ["--reference", str(folders / "human"), "--generated", str(folders / "made"), *map(str, options)]
    return CliRunner().invoke(app, ["evaluate", *arguments])


def scores(folders, *options):
    result = run(folders, *options, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_every_difficulty_of_the_reference_is_scored_without_a_manifest(folders):
    report = scores(folders)
    assert list(report["difficulties"]) == ["Easy", "Hard"]
    assert report["difficulties"]["Easy"]["placement"]["within"]["20"]["f1"] == 1.0
    hard = report["difficulties"]["Hard"]["placement"]
    assert (hard["charts"], hard["reference_onsets"], hard["generated_onsets"]) == (2, 8, 2)
    assert hard["within"]["20"]["f1"] == pytest.approx(2 * 2 / (8 + 2))
    assert report["pooled"]["placement"]["within"]["20"]["recall"] == pytest.approx(4 / 10)
    assert report["pooled"]["placement"]["reference_per_second"] is None


def test_a_generated_song_that_is_not_there_is_named(folders):
    (missing,) = scores(folders)["missing"]
    assert missing.startswith("two: ")
    assert "no .ssc or .sm" in missing


def test_where_nothing_goes_together_nothing_is_scored(folders):
    (folders / "made" / "one").rename(folders / "made" / "A song")
    result = run(folders)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: nothing that is generated goes with the reference (one: ")


def test_names_go_together_in_any_spelling_of_their_accents(tmp_path, write_song):
    write_song(tmp_path / "human" / "U\u0308ber" / "chart.sm", {"Hard": HARD})
    write_song(tmp_path / "made" / "\u00dcber" / "chart.sm", {"Hard": HARD})
    report = scores(tmp_path)
    assert (report["missing"], report["pooled"]["placement"]["within"]["20"]["f1"]) == ([], 1.0)


def test_what_macos_leaves_beside_a_file_is_no_chart(folders):
    before = scores(folders)
    (folders / "made" / "one" / "deep" / "down" / "._chart.ssc").write_bytes(b"\0\5\x16\7")
    assert scores(folders) == before


def test_a_broken_generated_song_costs_that_song_only(folders):
    (folders / "made" / "two").mkdir()
    (folders / "made" / "two" / "chart.ssc").write_text("#TITLE:x;\n#BPMS:0=nonsense;", encoding="utf-8")
    report = scores(folders)
    assert report["pooled"]["placement"]["generated_onsets"] == 4
    assert [line.split(":")[0] for line in report["missing"]] == ["two"]


def test_a_difficulty_that_is_not_there_is_named(folders, write_song):
    write_song(folders / "made" / "two" / "chart.sm", {"Challenge": HARD})
    report = scores(folders)
    assert report["missing"] == ["two: no Hard"]
    assert report["difficulties"]["Hard"]["steps"]["generated"]["rows"] == 2


def test_identical_charts_score_one(folders):
    arguments = ["--reference", str(folders / "human"), "--generated", str(folders / "human"), "--json"]
    report = json.loads(CliRunner().invoke(app, ["evaluate", *arguments]).stdout)
    assert [report["pooled"]["placement"]["within"][ms]["f1"] for ms in ("20", "50")] == [1.0, 1.0]
    assert report["pooled"]["placement"]["phase_median_ms"] == 0.0
    assert report["pooled"]["steps"]["generated"] == report["pooled"]["steps"]["reference"]
    assert report["missing"] == []


def test_ssc_wins_over_sm(folders, write_song):
    source = write_song(folders / "sm" / "chart.sm", {"Hard": HARD}).read_text(encoding="utf-8")
    rows = source.split("0,0,0,0,0:")[1]
    ssc = "#VERSION:0.83;#TITLE:A song;#OFFSET:0;#BPMS:0=60;"
    ssc += f"#NOTEDATA:;#STEPSTYPE:dance-single;#DIFFICULTY:Hard;#METER:3;#NOTES:{rows}"
    (folders / "made" / "one" / "chart.ssc").write_text(ssc, encoding="utf-8")
    report = scores(folders)
    assert "one: no Easy" in report["missing"]
    assert report["difficulties"]["Hard"]["placement"]["generated_onsets"] == 4


def test_a_pack_in_the_place_of_a_song_is_told(folders, write_song):
    for name in ("a", "b"):
        write_song(folders / "human" / "pack" / name / "chart.sm", {"Hard": HARD})
    result = run(folders)
    assert result.exit_code == 1
    assert "pack: holds several songs" in result.stderr


# ---- with a manifest


def test_a_manifest_chooses_songs_and_charts(folders):
    manifest = write_manifest(
        folders / "songs.tsv",
        {"id": "one", "split": "valid", "charts": "Hard:3:4"},
        {"id": "two", "split": "train", "charts": "Hard:3:4"},
    )
    report = scores(folders, "--manifest", manifest, "--split", "valid")
    assert list(report["difficulties"]) == ["Hard"]
    assert report["pooled"]["placement"]["charts"] == 1
    assert report["pooled"]["placement"]["reference_per_second"] == pytest.approx(4 / 8)
    assert scores(folders, "--manifest", manifest)["pooled"]["placement"]["charts"] == 2


def test_every_part_of_an_id_goes_with_any_spelling_of_its_accents(tmp_path, write_song):
    write_song(tmp_path / "human" / "Pa\u0308ck" / "U\u0308ber" / "chart.sm", {"Hard": HARD})
    write_song(tmp_path / "made" / "P\u00e4ck" / "\u00dcber" / "chart.sm", {"Hard": HARD})
    manifest = write_manifest(tmp_path / "songs.tsv", {"id": "Pa\u0308ck/U\u0308ber", "charts": "Hard:3:4"})
    report = scores(tmp_path, "--manifest", manifest)
    assert (report["missing"], report["pooled"]["placement"]["within"]["20"]["f1"]) == ([], 1.0)


def test_a_folder_that_cannot_be_read_is_named(folders, monkeypatch):
    def refused(folder):
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    monkeypatch.setattr("charter.cli.pairing.simfiles_below", refused)
    result = run(folders)
    assert (result.exit_code, result.stderr) == (
        1,
        f"error: {folders / 'human' / 'one'}: cannot be read (Permission denied)\n",
    )


@pytest.mark.parametrize(("contrast", "phase"), [("1.5", -15.0), ("1.49", 0.0)])
def test_a_lag_counts_where_it_was_measured_well(folders, contrast, phase):
    song = {"id": "one", "split": "valid", "charts": "Easy:3:2", "sync_lag_ms": "15", "sync_contrast": contrast}
    report = scores(folders, "--manifest", write_manifest(folders / "songs.tsv", song))
    assert report["pooled"]["placement"]["phase_median_ms"] == pytest.approx(phase)


# ---- what people read


def test_tables_name_every_family_of_figures(folders):
    result = run(folders)
    assert result.exit_code == 0
    for title in ("Placement", "Within 20 ms", "Within 50 ms", "F1 at 20 ms", "Nesting", "Steps", "Panels", "Snaps"):
        assert title in result.stdout
    hard = next(line for line in result.stdout.splitlines() if line.startswith("Hard"))
    assert hard.split()[1:5] == ["2", "8", "2", "0.250"]
    assert "missing: 1" in result.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--split", "valid"], "--manifest"),
        (["--manifest", "nowhere.tsv"], "nowhere.tsv"),
    ],
)
def test_a_mistake_is_told_in_one_line(folders, options, message):
    result = run(folders, *options)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_reference_folder_that_is_not_there_is_an_error(folders):
    result = CliRunner().invoke(app, ["evaluate", "--reference", "nowhere", "--generated", str(folders)])
    assert (result.exit_code, result.stderr) == (1, "error: nowhere: no such folder\n")


def test_a_reference_of_edit_charts_alone_is_an_error(tmp_path, write_song):
    write_song(tmp_path / "human" / "one" / "chart.sm", {"Edit": HARD})
    (tmp_path / "made").mkdir()
    result = run(tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no chart of a standard difficulty" in result.stderr


def test_an_unknown_split_names_those_there_are(folders):
    manifest = write_manifest(folders / "songs.tsv", {"id": "one", "split": "valid", "charts": "Hard:3:4"})
    result = run(folders, "--manifest", manifest, "--split", "tset")
    assert result.exit_code == 1
    assert "'tset'; there are valid" in result.stderr


def test_a_listed_chart_that_the_reference_lacks_is_an_error(folders):
    manifest = write_manifest(folders / "songs.tsv", {"id": "one", "split": "valid", "charts": "Easy:3:2 Medium:5:9"})
    result = run(folders, "--manifest", manifest)
    assert result.exit_code == 1
    assert result.stderr.rstrip().endswith("Medium")
