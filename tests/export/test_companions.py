"""The files that a simfile needs, as the game finds them, and none from outside its folder."""

from pathlib import Path

import pytest
from PIL import Image

from charter.errors import ChartError
from export.stepmania.companions import companions

HEAD = "#TITLE:a;\n#MUSIC:a.ogg;\n#BPMS:0=120;\n"


@pytest.fixture
def song(tmp_path):
    folder = tmp_path / "song"
    folder.mkdir()
    (folder / "a.ogg").touch()
    (tmp_path / "secret.png").touch()

    def make(*names: str) -> Path:
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()
        return folder

    return make


def found(folder, tags="", name="a.sm"):
    return companions(folder, (HEAD + tags).encode(), folder / name)


def test_art_by_its_tags_in_any_case(song):
    folder = song("My Banner.PNG", "x.jpg", "art/J.png", "one.png")
    made = found(folder, "#BANNER:my banner.png;\n#BACKGROUND:X.JPG;\n#JACKET:.\\\\Art\\\\j.png;\n#CDTITLE:one.png;\n")
    assert made.art == {"BANNER": "My Banner.PNG", "BACKGROUND": "x.jpg", "JACKET": "art/J.png", "CDTITLE": "one.png"}
    assert made.files == {name: folder / name for name in ("My Banner.PNG", "art/J.png", "one.png", "x.jpg")}


def test_art_whose_name_macos_spelt(song):
    folder = song("Ka\u0308fer.PNG")
    assert found(folder, "#BANNER:k\u00e4fer.png;\n").art == {"BANNER": "Ka\u0308fer.PNG"}


@pytest.mark.parametrize("tag", ["", "#BANNER:;\n#BACKGROUND:gone.png;\n"])
@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Song Banner.png", "BANNER"),
        ("song-bn.gif", "BANNER"),
        ("song bn.gif", "BANNER"),
        ("bn.jpg", "BANNER"),
        ("songbg.png", "BACKGROUND"),
        ("BACKGROUND.jpeg", "BACKGROUND"),
        ("jk_song.png", "JACKET"),
        ("song-jacket.png", "JACKET"),
        ("AlbumArt.jpg", "JACKET"),
        ("song-cd.png", "CDIMAGE"),
        ("song disc.png", "DISCIMAGE"),
        ("song title.png", "DISCIMAGE"),
        ("cdtitle.png", "CDTITLE"),
        ("abnormalbn.png", None),
        ("banner.txt", None),
        ("sub/banner.png", None),
        (".banner.png", None),
    ],
)
def test_art_by_its_name(song, tag, name, role):
    made = found(song(name), tag)
    assert made.art == ({role: name} if role else {})
    assert list(made.files) == ([name] if role else [])


@pytest.mark.parametrize(
    ("size", "role"),
    [
        ((640, 480), "BACKGROUND"),
        ((256, 80), "BANNER"),
        ((418, 164), "BANNER"),
        ((64, 40), "CDTITLE"),
        ((310, 310), "JACKET"),
        ((50, 300), None),
    ],
)
def test_art_by_its_size(song, size, role):
    folder = song("broken.png")
    Image.new("1", size).save(folder / "picture.png")
    assert found(folder).art == ({role: "picture.png"} if role else {})


def test_a_size_is_asked_only_of_what_no_name_tells(song):
    folder = song("bn.png", "bg.png")
    for name, side in {"a.png": 1000, "b.png": 900, "c.png": 30}.items():
        Image.new("1", (side, side)).save(folder / name)
    assert found(folder).art == {"BANNER": "bn.png", "BACKGROUND": "bg.png", "JACKET": "a.png", "CDTITLE": "c.png"}


def test_lyrics_previews_sounds_and_videos(song):
    folder = song("words.lrc", "p.ogg", "p.avi", "kick.wav", "snare.wav", "drums.ogg", "other.ogg", "notes.txt")
    tags = "#PREVIEW:p.ogg;\n#PREVIEWVID:p.avi;\n#KEYSOUNDS:kick.wav,snare.wav,;\n#INSTRUMENTTRACK:rhythm=drums.ogg;\n"
    assert list(found(folder, tags).files) == ["drums.ogg", "kick.wav", "p.avi", "p.ogg", "snare.wav", "words.lrc"]


def test_backgrounds_that_change(song):
    folder = song("one.avi", "two.mp4", "three.png", "lua/default.lua", "lua/deep/x.png", "front.png", "unused.gif")
    tags = (
        "#BGCHANGES:0.000=one.avi=1.000=0=0=1=StretchNoLoop=TWO.mp4===,\n4.000=-random-=1.0,\n8=Lua=1;\n"
        "#BGCHANGES2:0=three.png=1;\n#FGCHANGES:0=front.png=1,9=.=1,9;\n"
    )
    assert list(found(folder, tags).files) == [
        "front.png",
        "lua/deep/x.png",
        "lua/default.lua",
        "one.avi",
        "three.png",
        "two.mp4",
    ]


def test_a_video_that_is_the_only_one_needs_no_tag(song):
    assert list(found(song("a.avi")).files) == ["a.avi"]
    assert list(found(song("a.avi", "still.png"), "#BGCHANGES:0=still.png=1;\n").files) == ["still.png"]
    assert list(found(song("a.avi", "b.mpg")).files) == []


def test_music_of_a_chart_of_its_own(song):
    chart = "#NOTEDATA:;\n#STEPSTYPE:dance-single;\n#MUSIC:hard.ogg;\n#NOTES:\n0000\n;\n"
    made = companions(song("hard.ogg"), ("#VERSION:0.83;\n" + HEAD + chart).encode(), Path("a.ssc"))
    assert list(made.files) == ["hard.ogg"]


@pytest.mark.parametrize(
    "value",
    [
        "../secret.png",
        "..\\\\secret.png",
        "x/../../secret.png",
        "{outside}",
        "out.png",
        "outside/secret.png",
        "",
        ".",
        "\0",
    ],
)
@pytest.mark.parametrize("tag", ["#BANNER:{};\n", "#BGCHANGES:0={}=1;\n", "#LYRICSPATH:{};\n"])
def test_nothing_from_outside_the_folder(song, tmp_path, tag, value):
    folder = song("x/inside.ini")
    (folder / "out.png").symlink_to(tmp_path / "secret.png")
    (folder / "outside").symlink_to(tmp_path)
    assert found(folder, tag.format(value.format(outside=tmp_path / "secret.png"))).files == {}


def test_links_within_the_folder_and_folders_of_links(song, tmp_path):
    folder = song("real/1.png", "real/.hidden")
    (folder / "banner.png").symlink_to("real/1.png")
    (folder / "real" / "up").symlink_to("..")
    (folder / "real" / "2.png").symlink_to(tmp_path / "secret.png")
    assert list(found(folder, "#BGCHANGES:0=real=1;\n").files) == ["banner.png", "real/1.png"]


def test_a_folder_is_no_banner(song):
    assert found(song("art/x.png"), "#BANNER:art;\n").art == {}


def test_no_simfile_is_told(song):
    with pytest.raises(ChartError, match="holds no simfile"):
        companions(song(), b"words", Path("a.sm"))
