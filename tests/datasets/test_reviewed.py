"""A pack that was exported from a review, as a corpus."""

import json
import shutil
import zipfile

import pytest
from typer.testing import CliRunner

from charter.errors import RequestError
from charter.notation import Chart, Difficulty, Note, NoteKind, Song, Timing
from datasets.__main__ import app
from datasets.manifest import read_manifest
from datasets.reviewed import from_review
from datasets.songs import labelled_songs
from export.stepmania.save import save_song

BPM, FIRST = 140.0, 0.1


def steps(beats):
    return tuple(Note(48 * beat, beat % 4, NoteKind.TAP) for beat in range(beats))


@pytest.fixture
def pack(tmp_path, write_loop):
    """Three songs, of which the last was never reviewed; their beats come 20 ms before the drums."""
    folder = tmp_path / "Pack"
    for number, name in enumerate(("One", "Two", "Three")):
        write_loop(folder / name / "song.wav", bpm=BPM, first=FIRST, seconds=20 + number)
        charts = (
            Chart(Difficulty.EASY, 3, steps(40)),
            Chart(Difficulty.HARD, 8, steps(40)),
            Chart(None, 9, steps(40)),
        )
        song = Song(f"{name}\twith a tab", Timing.constant(BPM, -FIRST + 0.020), charts, music="song.wav")
        save_song(song, folder / name, stem=name, duration=20.0)
        (folder / name / "picture.png").write_bytes(b"x")
        if name != "Three":
            accepted = [{"slot": "hard"}, {"slot": "edit"}] + [{"slot": "easy"}] * (name == "One")
            (folder / name / "review.json").write_text(json.dumps({"charts": accepted}))
    return folder


def test_accepted_charts_become_a_corpus_that_training_reads(pack, tmp_path):
    out = tmp_path / "corpus"
    made = from_review(pack, out)
    assert [song_id.rsplit("-", 1)[0] for song_id in made.songs] == ["One", "Two"]
    assert made.charts == 3
    assert any("Three: comes from no review" in line for line in made.skipped)
    assert sum("Edit 9: Edit slot" in line for line in made.skipped) == 2
    entries = read_manifest(out / "songs.tsv")
    assert sorted(entry.split for entry in entries) == ["train", "valid"]
    songs = {song.id: song for song in labelled_songs(out / "songs", out / "songs.tsv")}
    assert [sorted(songs[song_id].charts) for song_id in made.songs] == [
        [Difficulty.EASY, Difficulty.HARD],
        [Difficulty.HARD],
    ]
    for song in songs.values():
        assert song.audio is not None and song.is_synced
        assert song.timing.offset == pytest.approx(-FIRST, abs=0.004)  # what is heard, not what was written
    assert sorted(path.name for path in (out / "songs" / made.songs[0]).iterdir()) == ["One.ssc", "song.wav"]


def test_a_zip_file_is_read_and_songs_of_an_earlier_export_go(pack, tmp_path):
    archive = shutil.make_archive(str(tmp_path / "export"), "zip", pack.parent, pack.name)
    out = tmp_path / "corpus"
    first = from_review(tmp_path / "export.zip", out)
    (pack / "Two" / "review.json").unlink()
    again = from_review(pack, out)
    assert archive and again.songs == first.songs[:1]
    assert [path.name for path in (out / "songs").iterdir()] == list(again.songs)


def test_a_corpus_from_elsewhere_is_left_alone(pack, tmp_path):
    out = tmp_path / "corpus"
    listed = _corpus(pack, out)
    for change in (
        (out / "songs" / "Mine").mkdir,
        lambda: listed.write_text(listed.read_text().replace("\treview", "\tstamina", 1)),
        listed.unlink,
    ):
        shutil.rmtree(out)
        _corpus(pack, out)
        (pack / "Two" / "review.json").rename(pack / "Two" / "kept")
        change()
        before = sorted(path.relative_to(out) for path in out.rglob("*"))
        with pytest.raises(RequestError, match="came from no review") as raised:
            from_review(pack, out)
        assert "\n" not in str(raised.value)
        assert sorted(path.relative_to(out) for path in out.rglob("*")) == before
        (pack / "Two" / "kept").rename(pack / "Two" / "review.json")


def test_the_split_of_a_song_stays_when_more_are_reviewed(pack, tmp_path):
    before = {entry.id for entry in read_manifest(_corpus(pack, tmp_path / "a"))}
    (pack / "Three" / "review.json").write_text(json.dumps({"charts": [{"slot": "hard"}]}))
    after = {entry.id for entry in read_manifest(_corpus(pack, tmp_path / "b"))}
    assert before < after


def _corpus(pack, out):
    from_review(pack, out)
    return out / "songs.tsv"


def test_a_zip_of_a_file_without_a_name_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as file:
        file.writestr(zipfile.ZipInfo(""), "x")
    with pytest.raises(RequestError, match=r"x\.zip: is no pack, neither a folder nor a zip file"):
        from_review(tmp_path / "x.zip", tmp_path / "corpus")


def test_what_is_no_export_is_refused(pack, tmp_path):
    for path in pack.glob("*/review.json"):
        path.write_text("{}")
    with pytest.raises(RequestError, match="holds no chart that was accepted"):
        from_review(pack, tmp_path / "corpus")
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(RequestError, match="is no pack"):
        from_review(tmp_path / "x.zip", tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists()


def test_the_command_tells_what_it_made_and_what_it_left_out(pack, tmp_path):
    asked = ["from-review", str(pack), "--out", str(tmp_path / "corpus")]
    said = CliRunner().invoke(app, asked)
    assert (said.exit_code, "3 charts of 2 songs" in said.output) == (0, True)
    assert "left out: Two: Edit 9: Edit slot" in said.output
    assert json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)["charts"] == 3
    refused = CliRunner().invoke(app, ["from-review", str(tmp_path / "none"), "--out", str(tmp_path / "corpus")])
    assert (refused.exit_code, refused.output.count("\n")) == (1, 1)
