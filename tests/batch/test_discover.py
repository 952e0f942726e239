"""Songs are found by what they are, each once, whatever else lies in the folder."""

import os
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest
import soundfile

from charter.batch.discover import discover
from charter.batch.source import Source
from charter.errors import RequestError

SIMFILE = "#TITLE:a;\n#MUSIC:{};\n#OFFSET:0;\n#BPMS:0=120;\n"
needs_permissions = pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> bytes:
    path = tmp_path_factory.mktemp("sound") / "a.wav"
    soundfile.write(path, np.zeros(2_000), 8_000)
    return path.read_bytes()


@pytest.fixture
def put(tmp_path, sound):
    """Write files below ``in``: sound, a simfile where the text is given, or bytes."""

    def write(*names: str, content: bytes | str = sound) -> list[Path]:
        paths = [tmp_path / "in" / name for name in names]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return paths

    return write


@pytest.fixture
def found(tmp_path):
    return lambda leave_out="out": discover(tmp_path / "in", leave_out=tmp_path / leave_out)


def music_of(found) -> list[str]:
    return [source.music.name for source in found.sources]


def test_any_audio_is_a_song_in_an_order_that_stays(put, found, tmp_path):
    put("b.wav", "A.mp3", "c/d/e.flac", "C.ogg", "c.OGG")
    assert [source.music.relative_to(tmp_path / "in").as_posix() for source in found().sources] == [
        "A.mp3",
        "b.wav",
        "c/d/e.flac",
        "C.ogg",
        "c.OGG",
    ]
    assert found().faults == {}
    assert found().passed_over() == ""


def test_a_folder_with_a_simfile_is_one_song(put, found):
    (music,) = put("Pack/Song/song.ogg")
    put("Pack/Song/preview.ogg", "Pack/Song/sounds/kick.wav", "Pack/Song/banner.png")
    sm, ssc = put("Pack/Song/a.sm", "Pack/Song/b.SSC", content=SIMFILE.format("SONG.ogg"))
    assert found().sources == (Source(music, (ssc, sm)),)
    assert len(found().beside) == 2
    assert found().passed_over() == "2 audio files belong to songs beside them (preview.ogg, kick.wav)"


def test_a_song_inside_a_songs_folder_is_one_of_its_own(put, found):
    put("Song/song.ogg", "Song/other/other.ogg")
    put("Song/a.sm", content=SIMFILE.format("song.ogg"))
    put("Song/other/b.sm", content=SIMFILE.format("other.ogg"))
    assert music_of(found()) == ["other.ogg", "song.ogg"]


def test_a_simfile_in_the_input_itself_does_not_hide_what_lies_below(put, found):
    put("song.ogg", "loose.ogg", "more/b.ogg")
    put("song.sm", content=SIMFILE.format("song.ogg"))
    assert music_of(found()) == ["b.ogg", "song.ogg"]
    assert len(found().beside) == 1


def test_music_under_another_name_is_taken_if_it_is_the_only_one(put, found):
    put("Song/audio.opus")
    put("Song/a.ssc", content=SIMFILE.format("song.ogg"))
    put("Song/a.sm", content=SIMFILE.format("song.mp3"))
    (source,) = found().sources
    assert (source.music.name, len(source.simfiles)) == ("audio.opus", 2)


def test_simfiles_of_different_music_are_different_songs(put, found):
    a, b = put("mixed/a.ogg", "mixed/b.ogg")
    (sm_a,) = put("mixed/1.sm", content=SIMFILE.format("a.ogg"))
    (sm_b,) = put("mixed/2.sm", content=SIMFILE.format("b.ogg"))
    assert found().sources == (Source(a, (sm_a,)), Source(b, (sm_b,)))


def test_a_simfile_does_not_get_the_music_of_another_song(put, found):
    put("mixed/a.ogg")
    put("mixed/1.sm", content=SIMFILE.format("a.ogg"))
    (lost,) = put("mixed/2.sm", content=SIMFILE.format("b.ogg"))
    assert music_of(found()) == ["a.ogg"]
    assert found().faults == {lost: f"{lost}: its music is not beside it (#MUSIC names 'b.ogg')"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SIMFILE.format("gone.ogg"), "#MUSIC names 'gone.ogg'"),
        (SIMFILE.format(""), "#MUSIC is empty"),
        (SIMFILE.format("../../outside.ogg"), "#MUSIC names '../../outside.ogg'"),
        ("#TITLE:a;\n#MUSIC:a.ogg;\n#BPMS:0=0;\n", "the BPM at beat 0 is 0"),
        ("no simfile", "holds no simfile"),
    ],
)
def test_a_simfile_that_cannot_be_used_is_told_once_and_not_charted_over(put, found, tmp_path, sound, text, told):
    (tmp_path / "outside.ogg").write_bytes(sound)
    put("Song/a.ogg", "Song/b.ogg", "other.ogg")
    (simfile,) = put("Song/a.sm", content=text)
    assert music_of(found()) == ["other.ogg"]
    ((path, line),) = found().faults.items()
    assert path == simfile
    assert told in line
    assert line.count(str(simfile)) == 1


def test_a_good_simfile_stands_in_for_a_damaged_one(put, found):
    put("Song/a.ogg")
    (damaged,) = put("Song/a.ssc", content="#TITLE:a;")
    (good,) = put("Song/a.sm", content=SIMFILE.format("a.ogg"))
    assert [source.simfiles for source in found().sources] == [(good,)]
    assert list(found().faults) == [damaged]


@pytest.mark.parametrize("name", ["song", "song.xyz", "song.mp4"])
def test_what_a_file_holds_counts_not_its_name(put, found, name):
    put(name)
    put("note", "read.me", content="words\n" * 9)
    put("other", content=bytes(range(256)) * 9)
    put("nothing", content=b"")
    assert music_of(found()) == [name]
    assert found().no_audio == {"": 3, ".me": 1}


def test_a_list_of_addresses_is_not_followed(put, found, tmp_path, sound):
    (tmp_path / "secret.wav").write_bytes(sound)
    put("list", content=f"ffconcat version 1.0\nfile {tmp_path}/secret.wav\n\0")
    put("stream", content=f"#EXTM3U\n#EXTINF:1,\n{tmp_path}/secret.wav\n\0")
    put("song.wav")
    assert music_of(found()) == ["song.wav"]


def test_a_thousand_other_files_are_told_in_one_line(put, found):
    put("song.ogg", "pre.tmp")
    put(*(f"{number}.txt" for number in range(998)), "README", content="words")
    assert found().passed_over() == "1000 files are no audio (998 .txt, 1 without a suffix, 1 .tmp)"


def test_hidden_things_are_passed_over_without_a_word(put, found):
    put("song.ogg", ".hidden.ogg", "._song.ogg", ".charter-abc/x.ogg", "__MACOSX/y.ogg", "Thumbs.db", "Desktop.ini")
    assert music_of(found()) == ["song.ogg"]
    assert found().passed_over() == ""


def test_the_cover_beside_a_song(put, found, tmp_path):
    put("album/1.ogg", "album/2.ogg", "single/3.ogg", "none/4.ogg")
    put("album/Folder.JPG", "album/2.png", "album/back.jpg", "single/front.jpeg", "single/cover.png", content=b"x")
    covers = [source.cover and source.cover.relative_to(tmp_path / "in").as_posix() for source in found().sources]
    assert covers == ["album/Folder.JPG", "album/2.png", None, "single/cover.png"]
    assert found().no_audio == {".jpg": 1, ".jpeg": 1}


def test_links_are_followed_and_nothing_is_found_twice(put, found, tmp_path, sound):
    put("z/song.ogg")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "far.ogg").write_bytes(sound)
    (tmp_path / "single.ogg").write_bytes(sound)
    links = {"a": "z", "b": elsewhere, "c": elsewhere, "d.ogg": "z/song.ogg", "e.ogg": tmp_path / "single.ogg"}
    for name, target in links.items():
        (tmp_path / "in" / name).symlink_to(target)
    names = [source.music.relative_to(tmp_path / "in").as_posix() for source in found().sources]
    assert names == ["b/far.ogg", "e.ogg", "z/song.ogg"]
    assert found().faults == {}


def test_whole_songs_beside_a_mended_one_are_songs(put, found, tmp_path):
    soundfile.write(tmp_path / "long.wav", np.zeros(50 * 8_000), 8_000)
    put(
        "Album/a.ogg",
        "Album/b.ogg",
        "Album/preview.ogg",
        "Album/full.ogg",
        content=(tmp_path / "long.wav").read_bytes(),
    )
    put("Album/tick.ogg")
    text = SIMFILE.format("a.ogg").replace("#MUSIC", "#PREVIEW:preview.ogg;#MUSIC")
    put("Album/a.sm", content=text)
    assert [(source.music.name, len(source.simfiles)) for source in found().sources] == [
        ("a.ogg", 1),
        ("b.ogg", 0),
        ("full.ogg", 0),
    ]
    assert sorted(path.name for path in found().beside) == ["preview.ogg", "tick.ogg"]
    assert found().passed_over() == "2 audio files belong to songs beside them (preview.ogg, tick.ogg)"


def test_loops_end_and_are_told_once(put, found, tmp_path):
    put("a/song.ogg")
    for name, target in {"a/up": "..", "a/me": "me", "a/gone": "nowhere", "a/self": "."}.items():
        (tmp_path / "in" / name).symlink_to(target)
    assert music_of(found()) == ["song.ogg"]
    here = tmp_path / "in" / "a"
    assert found().faults == {here / "gone": f"{here / 'gone'}: is a link to what is not there; was it moved?"}
    assert sorted(found().oddities) == [
        f"{here / 'me'}: is a link that leads back to itself",
        f"{here / 'self'}: is a link to a folder that it lies in, and is not followed",
        f"{here / 'up'}: is a link to a folder that it lies in, and is not followed",
    ]


def test_a_loop_outside_the_folder_ends(put, found, tmp_path, sound):
    put("song.ogg")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "far.ogg").write_bytes(sound)
    (tmp_path / "x" / "back").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "x").symlink_to(tmp_path / "x")
    assert music_of(found()) == ["song.ogg", "far.ogg"]


@pytest.mark.parametrize("way", ["in/Songs", "in/link"])
def test_the_output_inside_the_input_is_not_walked(put, found, tmp_path, way):
    put("song.ogg", "Songs/Pack/song/song.ogg")
    (tmp_path / "in" / "link").symlink_to("Songs")
    (tmp_path / "in" / "deep").symlink_to("Songs/Pack/song")
    (tmp_path / "in" / "one.ogg").symlink_to("Songs/Pack/song/song.ogg")
    assert music_of(found(leave_out=way)) == ["song.ogg"]


def test_the_input_inside_the_output_is_walked(put, found):
    put("song.ogg")
    assert music_of(found(leave_out=".")) == ["song.ogg"]


def test_pipes_and_sockets_are_never_opened(put, found, tmp_path, monkeypatch):
    put("song.ogg")
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    os.mkfifo("in/pipe.ogg")
    Path("in/link.ogg").symlink_to("pipe.ogg")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("in/socket")
        assert music_of(found()) == ["song.ogg"]
    assert found().faults == {}
    assert sorted(Path(line.split(": ")[0]).name for line in found().oddities) == ["link.ogg", "pipe.ogg", "socket"]


@needs_permissions
def test_what_may_not_be_read_is_told_once(put, found, tmp_path):
    put("song.ogg", "shut.ogg", "unknown", "shut/a.ogg", "Song/music.ogg")
    (simfile,) = put("Song/a.sm", content=SIMFILE.format("music.ogg"))
    shut = [tmp_path / "in" / name for name in ("shut.ogg", "unknown", "shut")]
    for path in (*shut, simfile):
        path.chmod(0)
    result = found()
    (tmp_path / "in" / "shut").chmod(0o700)
    assert music_of(result) == ["song.ogg"]
    assert set(result.faults) == {*shut, simfile}
    assert all(line.count(str(path)) == 1 for path, line in result.faults.items())


def test_names_of_every_kind(put, found, tmp_path, sound):
    put("千本桜.ogg", "أغنية.ogg", "a\nb\x01.ogg", "x" * 251 + ".ogg")
    put("/".join(["y" * 60] * 6) + "/deep.ogg")
    (tmp_path / "in" / os.fsdecode(b"caf\xe9.ogg")).write_bytes(sound)
    assert len(found().sources) == 6
    assert all(source.music.is_file() for source in found().sources)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: None, "no such folder"),
        (lambda path: path.write_bytes(b"x"), "is a file"),
        (lambda path: path.mkdir(), "holds no song"),
        (lambda path: (path.mkdir(), (path / "a.txt").touch()), r"holds no song: 1 file is no audio \(1 \.txt\)"),
    ],
)
def test_a_folder_without_songs_is_told(tmp_path, found, make, told):
    make(tmp_path / "in")
    with pytest.raises(RequestError, match=told):
        found()


def test_the_output_cannot_be_the_input(put, found):
    put("song.ogg")
    with pytest.raises(RequestError, match="another output"):
        found(leave_out="in")


def test_a_folder_may_itself_be_hidden_or_a_link(put, tmp_path):
    put("song.ogg")
    shutil.move(tmp_path / "in", tmp_path / ".songs")
    (tmp_path / "link").symlink_to(".songs")
    (source,) = discover(tmp_path / "link", leave_out=tmp_path / "out").sources
    assert source.music == tmp_path / "link" / "song.ogg"
