"""A song's folder: whole or not at all, whatever ends the run; what hands changed is seen."""

import errno
import json
import os
from pathlib import Path

import pytest

from charter.errors import OutputError
from charter.files import clear_drafts
from charter.song_draft import (
    RECORD_NAME,
    drafted,
    edited,
    free_name,
    is_finished,
    missing,
    names_in,
    publish,
    read_record,
    simfiles_below,
)
from export.names import numbered

RECORD = {"audio_hash": "a1", "title": "T"}


def put(pack: Path, files: dict[str, str], record: dict[str, object] = RECORD) -> Path:
    with drafted(pack) as draft:
        for name, text in files.items():
            (draft / name).parent.mkdir(exist_ok=True)
            (draft / name).write_text(text)
        publish(draft, pack / "T", record)
    return pack / "T"


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


OLD = {"T.ogg": "old music", "T.sm": "old sm", "T.ssc": "old ssc", "art/bg.png": "old art", "T.qua": "gone later"}
PICTURE = {"T-bn.png": "a picture"}
NEW = {"T.ogg": "new music", "T.sm": "new sm", "T.ssc": "new ssc", "art/bg.png": "new art", "art/x/y.png": "deep"}
NEW_FLAT = {"T.ogg": "new music", "T.sm": "new sm"}


def put_deep(pack: Path, files: dict[str, str]) -> Path:
    with drafted(pack) as draft:
        for name, text in files.items():
            (draft / name).parent.mkdir(parents=True, exist_ok=True)
            (draft / name).write_text(text)
        publish(draft, pack / "T", RECORD)
    return pack / "T"


def test_a_new_folder_holds_the_files_and_a_record_that_names_them(tmp_path):
    folder = put(tmp_path, OLD)
    record = read_record(folder)
    assert set(record["hashes"]) == set(OLD)
    assert contents(folder) == {**OLD, RECORD_NAME: (folder / RECORD_NAME).read_text()}
    assert is_finished(record) and not edited(folder, record) and not missing(folder, record)
    assert [path.name for path in tmp_path.iterdir()] == ["T"]


def test_what_an_earlier_run_made_goes_and_what_others_put_there_stays(tmp_path):
    folder = put(tmp_path, OLD | PICTURE)
    (folder / "video.avi").write_text("mine")
    put_deep(tmp_path, NEW)
    assert {name: text for name, text in contents(folder).items() if name != RECORD_NAME} == {
        **NEW,
        **PICTURE,
        "video.avi": "mine",
    }


def test_a_picture_that_someone_put_in_the_place_of_ours_stays(tmp_path):
    folder = put(tmp_path, {"T.SSC": "charts", "T-bn.png": "ours", "T.ogg": "music"})
    (folder / "T-bn.png").write_text("mine")
    (folder / "T.SSC").write_text("edited, and charted anew on purpose")
    put(tmp_path, {"T.SSC": "new charts", "T-bn.png": "ours, anew", "T.ogg": "music"})
    assert (folder / "T-bn.png").read_text() == "mine"
    assert (folder / "T.SSC").read_text() == "new charts"


def test_a_simfile_is_one_in_capitals_too(tmp_path):
    folder = put(tmp_path, {"T.SSC": "charts", "T.Sm": "charts"})
    (folder / "T.Sm").write_text("by hand")
    assert edited(folder, read_record(folder)) == ["T.Sm"]


def test_a_folder_that_another_worker_made_meanwhile_is_no_hindrance(tmp_path):
    with drafted(tmp_path) as one, drafted(tmp_path) as other:
        for draft in (one, other):
            (draft / "T.ssc").write_text("charts")
        publish(one, tmp_path / "T", RECORD)
        publish(other, tmp_path / "T", RECORD)
    assert is_finished(read_record(tmp_path / "T"))
    assert sorted(contents(tmp_path / "T")) == ["T.ssc", RECORD_NAME]


class Killed(BaseException):
    """What nothing catches, as a kill."""


@pytest.mark.parametrize("survived", range(9))
def test_a_kill_anywhere_leaves_what_the_next_run_makes_whole(tmp_path, monkeypatch, survived):
    undisturbed = tmp_path / "undisturbed"
    killed = tmp_path / "killed"
    for pack in (undisturbed, killed):
        pack.mkdir()
        put(pack, OLD)
    put_deep(undisturbed, NEW)
    steps = iter(range(100))

    def dying(real):
        def step(*arguments, **options):
            if next(steps) >= survived:
                raise Killed
            return real(*arguments, **options)

        return step

    with monkeypatch.context() as patch:
        import os  # noqa: PLC0415

        for owner, name in ((os, "replace"), (Path, "replace"), (Path, "unlink")):
            patch.setattr(owner, name, dying(getattr(owner, name)))
        patch.setattr("charter.files.Path.unlink", lambda *_, **__: None)
        try:
            put_deep(killed, NEW)
            whole = True
        except Killed:
            whole = False
    record = read_record(killed / "T")
    assert record["audio_hash"] == "a1"
    if is_finished(record) and not whole:  # nothing of the new was there yet
        assert {name: (killed / "T" / name).read_text() for name in OLD} == OLD
    put_deep(killed, NEW)
    clear_drafts(killed / "T")
    assert contents(killed / "T") == contents(undisturbed / "T")


def test_an_edited_simfile_is_seen_and_other_files_are_not_read(tmp_path):
    folder = put(tmp_path, OLD | PICTURE)
    (folder / "T-bn.png").write_text("another banner")
    assert edited(folder, read_record(folder)) == []
    (folder / "T.ssc").write_text("by hand")
    assert edited(folder, read_record(folder)) == ["T.ssc"]
    (folder / "T.ogg").unlink()
    assert missing(folder, read_record(folder)) == ["T.ogg"]


def test_a_record_that_does_not_tell_is_taken_for_edited(tmp_path):
    folder = put(tmp_path, OLD)
    (folder / RECORD_NAME).write_text(json.dumps(RECORD))
    assert edited(folder, read_record(folder)) == ["T.sm", "T.ssc"]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "{",
            "[]",
            "null",
            "[" * 100_000,
            '{"hashes": [1]}',
            '{"hashes": {"../x": "1"}}',
            '{"hashes": {"": "1"}}',
        ),
        *('{"hashes": {"a\\u0000": "1"}}', '{"unfinished": {"\\ud800": "1"}}', '{"options": true}'),
    ],
)
def test_a_damaged_record_says_nothing(tmp_path, text):
    (tmp_path / RECORD_NAME).write_text(text)
    assert read_record(tmp_path) == {}


@pytest.mark.parametrize("hashes", [None, {"T.sm/deeper": "1"}, {"art": "1"}])
def test_a_folder_whose_record_names_no_files_is_replaced(tmp_path, hashes):
    folder = put(tmp_path, OLD)
    (folder / RECORD_NAME).write_text(json.dumps({**RECORD, "hashes": hashes}))
    put(tmp_path, NEW_FLAT)
    assert (folder / "T.sm").read_text() == "new sm"
    assert (folder / "art" / "bg.png").read_text() == "old art"


def test_names_that_are_anothers_get_a_number(tmp_path):
    put(tmp_path, OLD)
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    there = names_in(tmp_path)
    assert free_name(numbered("T"), tmp_path, there, set(), "a1") == "T"
    assert free_name(numbered("T"), tmp_path, there, set(), "b2") == "T (2)"
    assert free_name(numbered("T"), tmp_path, there, {"t (2)"}, "b2") == "T (3)"
    assert free_name(numbered("file"), tmp_path, there, set(), "b2") == "file (2)"
    assert free_name(numbered("empty"), tmp_path, there, set(), "b2") == "empty"


def test_names_that_are_one_on_other_systems_count_as_one(tmp_path):
    put(tmp_path, OLD)
    (tmp_path / "Ka\u0308fer").mkdir()  # as macOS spells it
    there = names_in(tmp_path)
    assert free_name(numbered("t"), tmp_path, there, set(), "b2") == "t (2)"
    assert free_name(numbered("t"), tmp_path, there, set(), "a1") == "T"  # the song itself
    assert free_name(numbered("k\u00e4fer"), tmp_path, there, set(), "b2") == "Ka\u0308fer"  # empty


def test_of_two_spellings_a_song_finds_its_own(tmp_path):
    for name, audio_hash in (("T", "a1"), ("t", "b2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / RECORD_NAME).write_text(json.dumps({"audio_hash": audio_hash}))
    there = names_in(tmp_path)
    assert [
        free_name(numbered("T"), tmp_path, there, set(), "a1"),
        free_name(numbered("t"), tmp_path, there, set(), "b2"),
    ] == ["T", "t"]


def test_a_folder_that_is_not_there_has_no_names(tmp_path):
    with pytest.raises(OutputError, match=r"absent: cannot be read \(No such file"):
        names_in(tmp_path / "absent")


def test_simfiles_at_any_depth_without_what_other_systems_leave(tmp_path):
    for name in ("b/x.SM", "b/x.ssc", "a/deep/y.ssc", "a/deep/._y.ssc", ".trash/z.ssc", "a/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in simfiles_below(tmp_path)]
    assert found == ["a/deep/y.ssc", "b/x.ssc", "b/x.SM"]


def test_simfiles_in_linked_folders_are_found_once(tmp_path):
    songs = tmp_path / "Songs"
    for folder in (songs / "a", tmp_path / "elsewhere" / "b", tmp_path / "no song of these"):
        folder.mkdir(parents=True)
        (folder / "x.ssc").touch()
    (songs / "linked").symlink_to(tmp_path / "elsewhere")
    (songs / "twice").symlink_to(tmp_path / "elsewhere" / "b")
    (songs / "a" / "loop").symlink_to(songs)
    (songs / "a" / "above").symlink_to(tmp_path)
    (songs / "gone").symlink_to(tmp_path / "gone")
    found = [path.relative_to(songs).as_posix() for path in simfiles_below(songs)]
    assert found == ["a/x.ssc", "linked/b/x.ssc"]


def test_a_folder_of_simfiles_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    (tmp_path / "shut").mkdir()
    scandir = os.scandir

    def refused(path):
        if Path(path).name == "shut":
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(PermissionError, match="shut"):
        list(simfiles_below(tmp_path))


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    with pytest.raises(OutputError, match="cannot be written to"), drafted(tmp_path / "absent"):
        pass
