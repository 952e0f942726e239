"""Files are whole or not there, and names hold on every system."""

import errno
import os
import resource
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from charter.errors import OutputError
from charter.files import append_bytes, make_folder, write_bytes, write_text
from export.names import MAX_NAME_BYTES, safe_name


def test_text_is_utf8_with_bare_line_feeds(tmp_path):
    write_text(tmp_path / "a", "ä\nb\r\n")
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa4\nb\r\n"


def test_writing_replaces_and_leaves_nothing_beside(tmp_path):
    write_text(tmp_path / "a", "old")
    write_text(tmp_path / "a", "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "new")]


def test_the_longest_name_can_be_written(tmp_path):
    write_text(tmp_path / ("x" * MAX_NAME_BYTES), "content")
    assert len(list(tmp_path.iterdir())) == 1


def test_others_may_read_what_the_umask_lets_them(tmp_path):
    before = os.umask(0o022)
    try:
        write_text(tmp_path / "a", "")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EACCES, "no permission to write there"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_a_failure_leaves_the_old_file(tmp_path, monkeypatch, number, cause):
    def fail(descriptor):
        raise OSError(number, os.strerror(number))

    write_text(tmp_path / "a", "old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError) as caught:
        write_bytes(tmp_path / "a", b"new")
    assert str(caught.value) == f"{tmp_path / 'a'}: cannot be written ({cause})"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "old")]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(OutputError, match=r"a: cannot be written \(no permission"):
        write_text(tmp_path / "a", "")


def test_places_that_are_none(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=r"file/a: cannot be written \(a file stands where a folder is needed\)"):
        write_text(tmp_path / "file" / "a", "")
    with pytest.raises(OutputError, match=r"none/a: cannot be written \(its folder does not exist\)"):
        write_text(tmp_path / "none" / "a", "")
    with pytest.raises(OutputError, match=r"folder: cannot be written \(a folder stands in its place\)"):
        write_text(tmp_path / "folder", "")
    for place in ("file", "file/below"):
        with pytest.raises(OutputError, match=r"a file stands where a folder is needed"):
            make_folder(tmp_path / place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_folders_are_made_once(tmp_path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Plain Title", "Plain Title"),
        ("AC/DC: Live?", "AC_DC_ Live_"),
        ('a<b>c:d"e/f\\g|h?i*j', "a_b_c_d_e_f_g_h_i_j"),
        ("  two\t words\n", "two words"),
        ("a\x00b\x7fc\u2028d", "a b c d"),
        ("Wait...", "Wait"),
        ("a . . ", "a"),
        (".hack", "_.hack"),
        ("..", "untitled"),
        ("", "untitled"),
        (" \n", "untitled"),
        ("con", "_con"),
        ("Nul.txt", "_Nul.txt"),
        ("COM1 .x", "_COM1 .x"),
        ("lpt²", "_lpt²"),
        ("Console", "Console"),
        ("COM10", "COM10"),
        ("🎵 夜に駆ける 👩‍🎤", "🎵 夜に駆ける 👩‍🎤"),
        ("e\u0301te\u0301", "été"),
        ("\udc80x", "_x"),
    ],
)
def test_names(title, name):
    assert safe_name(title) == name


def test_long_titles_leave_room_for_an_extension():
    assert safe_name("x" * 1000) == "x" * 232
    assert safe_name("夜" * 1000) == "夜" * 77
    assert safe_name("x" * 1000, max_bytes=MAX_NAME_BYTES) == "x" * 255
    assert safe_name("ab. cd", max_bytes=4) == "ab"


@settings(deadline=None, max_examples=60)
@given(st.text() | st.text(st.sampled_from('.: /\\"conaux1👩\u200d\u0301e\n')))
@example("." * 300)
@example("👩\u200d" * 100)
@example("con\u200d")
def test_every_title_makes_a_name(title):
    name = safe_name(title)
    assert 0 < len(name.encode()) <= MAX_NAME_BYTES - len(".ssc")
    assert unicodedata.is_normalized("NFC", name)
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in name)
    assert name[0] not in " ."
    assert name[-1] not in " ."
    assert safe_name(name) == name


def test_what_is_appended_stands_behind_the_rest(tmp_path):
    append_bytes(tmp_path / "a", b"one\n")
    append_bytes(tmp_path / "a", b"two\n")
    assert (tmp_path / "a").read_bytes() == b"one\ntwo\n"


def test_what_cannot_be_appended_whole_is_not_appended_in_part(tmp_path):
    append_bytes(tmp_path / "a", b"x" * 90_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(OutputError, match=r"a: cannot be written"):
            append_bytes(tmp_path / "a", b"y" * 50_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "a").read_bytes() == b"x" * 90_000


def test_nothing_is_appended_in_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(OutputError, match=r"its folder does not exist"):
        append_bytes(tmp_path / "none" / "a", b"x")
