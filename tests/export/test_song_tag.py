"""One tag of a song is set, and no other byte changes."""

import pytest

from charter.errors import ChartError
from export.stepmania import read_song
from export.stepmania.song_tag import with_song_tag

HEAD = "#VERSION:0.83;\r\n// mine\r\n#TITLE:Ünï // code\r\n;\r\n#MUSIC:a.ogg;  // the music\r\n#BPMS:0=120;\r\n"
CHART = "#NOTEDATA:;\r\n#STEPSTYPE:dance-single;\r\n#PREVIEW:a chart's;\r\n#NOTES:\r\n0000\r\n;\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_new_tag_stands_behind_the_music(tmp_path, encoding):
    data = (HEAD + CHART).encode(encoding)
    changed = with_song_tag(data, "PREVIEW", "a (chiptune).ogg")
    assert changed == (
        HEAD.replace("a.ogg;  //", "a.ogg;\r\n#PREVIEW:a (chiptune).ogg;  //") + CHART
    ).encode(encoding)  # fmt: skip
    path = tmp_path / "a.ssc"
    path.write_bytes(changed)
    assert read_song(path).preview_music == "a (chiptune).ogg"


def test_a_tag_that_is_there_gets_another_value(tmp_path):
    data = (HEAD + "#preview:old\\;er.ogg; #OFFSET:0;\r\n" + CHART).encode()
    changed = with_song_tag(data, "PREVIEW", "new.ogg")
    assert changed == (HEAD + "#PREVIEW:new.ogg; #OFFSET:0;\r\n" + CHART).encode()


@pytest.mark.parametrize("name", ["a; b: c.ogg", "a//b.ogg", "a\\b#c.ogg"])
def test_any_name_comes_back(tmp_path, name):
    path = tmp_path / "a.ssc"
    path.write_bytes(with_song_tag((HEAD + CHART).encode(), "PREVIEW", name))
    assert read_song(path).preview_music == name


@pytest.mark.parametrize("title", ["plain", "千本桜"])
@pytest.mark.parametrize("name", ["Señorita.ogg", "試聴 ★.ogg"])
def test_a_utf8_file_takes_any_script_and_stays_utf8(tmp_path, title, name):
    path = tmp_path / "a.ssc"
    path.write_bytes(with_song_tag((HEAD.replace("Ünï", title) + CHART).encode(), "PREVIEW", name))
    path.read_text(encoding="utf-8")
    song = read_song(path)
    assert song.title.startswith(title)
    assert song.preview_music == name


def test_of_two_tags_the_one_that_holds_is_set(tmp_path):
    path = tmp_path / "a.ssc"
    path.write_bytes(with_song_tag((HEAD + "#PREVIEW:one;\n#PREVIEW:two;\n" + CHART).encode(), "PREVIEW", "a.ogg"))
    assert read_song(path).preview_music == "a.ogg"


def test_setting_it_twice_is_setting_it_once():
    once = with_song_tag((HEAD + CHART).encode(), "PREVIEW", "a.ogg")
    assert with_song_tag(once, "PREVIEW", "a.ogg") == once


def test_a_file_without_music_is_told():
    with pytest.raises(ChartError, match="no #MUSIC"):
        with_song_tag(b"#TITLE:a;\n#NOTEDATA:;\n#MUSIC:b;", "PREVIEW", "a.ogg")


def test_a_name_that_the_encoding_lacks_is_told():
    with pytest.raises(ChartError, match="cp1252"):
        with_song_tag((HEAD + CHART).encode("cp1252"), "PREVIEW", "夜.ogg")  # Ü says that it is no UTF-8


@pytest.mark.parametrize(
    ("there", "then"),
    [
        ("#BANNER:theirs.png;\n", "#BANNER:theirs.png;\n"),
        ("#BANNER:;\n", "#BANNER:ours.png;\n"),
        ("#BANNER: \n;\n", "#BANNER:ours.png;\n"),
        ("#BANNER:theirs.png;\n#BANNER:;\n", "#BANNER:theirs.png;\n#BANNER:ours.png;\n"),
        ("", ""),
    ],
)
def test_only_an_empty_tag_is_filled(there, then):
    head = "#TITLE:a;\n#MUSIC:a.ogg;"
    new = "\n#BANNER:ours.png;" if not there else ""
    changed = with_song_tag(f"{head}\n{there}".encode(), "BANNER", "ours.png", only_empty=True)
    assert changed == f"{head}{new}\n{then}".encode()


def test_a_sm_takes_a_tag_too(tmp_path):
    path = tmp_path / "a.sm"
    notes = "#NOTES:\n dance-single:\n :\n Easy:\n 1:\n :\n1000\n0000\n0000\n0000\n;\n"
    data = b"#TITLE:a;\n#MUSIC:a.ogg;\n#BPMS:0=120;\n" + notes.encode()
    path.write_bytes(with_song_tag(with_song_tag(data, "BANNER", "b.png"), "MUSIC", "c.ogg"))
    song = read_song(path)
    assert (song.music, song.banner, len(song.charts)) == ("c.ogg", "b.png", 1)
    assert path.read_bytes().endswith(notes.encode())


def test_music_itself_stands_behind_the_title(tmp_path):
    assert with_song_tag(b"#TITLE:a;\n#BPMS:0=1;\n", "MUSIC", "a.ogg") == b"#TITLE:a;\n#MUSIC:a.ogg;\n#BPMS:0=1;\n"
