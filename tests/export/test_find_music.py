"""Which audio file a simfile plays."""

import pytest

from export.stepmania.music import find_music


@pytest.mark.parametrize(
    ("name", "there", "found"),
    [
        ("song.ogg", ["song.ogg", "other.mp3"], "song.ogg"),
        ("Song.OGG", ["song.ogg", "other.mp3"], "song.ogg"),
        ("music/song.ogg", ["song.ogg", "music/song.ogg"], "music/song.ogg"),
        ("Music/Song.OGG", ["other.ogg", "music/song.ogg"], "music/song.ogg"),
        ("Ka\u0308fer.ogg", ["K\u00e4fer.ogg", "other.mp3"], "K\u00e4fer.ogg"),
        ("k\u00c4fer.ogg", ["Ka\u0308fer.ogg", "other.mp3"], "Ka\u0308fer.ogg"),
        ("..\\elsewhere\\song.ogg", ["song.ogg", "other.mp3"], "song.ogg"),
        ("song.mp3", ["song.ogg"], "song.ogg"),
        ("", ["song.ogg", "banner.png", "._song.ogg"], "song.ogg"),
        ("song.mp3", ["song.ogg", "other.mp3"], None),
        ("", ["song.ogg", "other.mp3"], None),
        ("song.ogg", ["banner.png"], None),
        ("x" * 5000, [], None),
        ("\0", [], None),
    ],
)
def test_named_in_any_case_or_the_only_one(tmp_path, name, there, found):
    for path in there:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).touch()
    assert find_music(tmp_path, name) == (tmp_path / found if found else None)
