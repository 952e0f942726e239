"""What a pack has beside its songs."""

import configparser
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from charter.batch.pack import write_group_banner, write_pack_ini, write_zip


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    pack = tmp_path / "My Pack"
    for name, colour in (("a", "red"), ("b", "blue")):
        (pack / name).mkdir(parents=True)
        Image.new("RGB", (512, 512), colour).save(pack / name / f"{name}-jacket.png")
        (pack / name / f"{name}.ssc").write_text("charts" * 100)
        (pack / name / f"{name}.ogg").write_text("music" * 100)
    return pack


@pytest.mark.parametrize(("sync", "word"), [("null", "NULL"), ("itg", "ITG")])
def test_the_ini_says_name_and_sync(pack, sync, word):
    assert write_pack_ini(pack, sync, pack.parent) == ""
    said = configparser.ConfigParser()
    said.read(pack / "Pack.ini")
    group = dict(said["Group"])
    assert group == {"version": "1", "displaytitle": "My Pack", "syncoffset": word}


def test_our_own_ini_changes_with_the_sync_and_someone_elses_stays(pack):
    write_pack_ini(pack, "null", pack.parent)
    write_pack_ini(pack, "itg", pack.parent)
    assert "SyncOffset=ITG" in (pack / "Pack.ini").read_text()
    mine = "[Group]\nVersion=1\nSyncOffset=ITG\nSeries=Mine\n"
    (pack / "Pack.ini").write_text(mine)
    assert write_pack_ini(pack, "itg", pack.parent) == ""
    assert "SyncOffset is not that of --sync null" in write_pack_ini(pack, "null", pack.parent)
    assert (pack / "Pack.ini").read_text() == mine


def test_an_input_of_another_sync_is_warned_of(pack):
    (pack.parent / "Pack.ini").write_text("[Group]\nVersion=1\nSyncOffset = ITG\n")
    assert "SyncOffset is not that of --sync null" in write_pack_ini(pack, "null", pack.parent)
    assert not (pack / "Pack.ini").exists()
    assert write_pack_ini(pack, "itg", pack.parent) == ""
    assert "SyncOffset=ITG" in (pack / "Pack.ini").read_text()


def test_the_banner_is_drawn_of_the_jackets_and_drawn_again_with_more(pack):
    write_group_banner(pack)
    first = (pack / "banner.png").read_bytes()
    write_group_banner(pack)
    assert (pack / "banner.png").read_bytes() == first
    with Image.open(pack / "banner.png") as picture:
        assert picture.size == (418, 164)
    (pack / "b" / "b-jacket.png").unlink()
    write_group_banner(pack)
    assert (pack / "banner.png").read_bytes() != first


@pytest.mark.parametrize("name", ["banner.png", "mine.jpg"])
def test_a_picture_of_someones_stays_the_banner(pack, name):
    Image.new("RGB", (256, 80), "green").save(pack / name)
    before = (pack / name).read_bytes()
    write_group_banner(pack)
    assert [path.name for path in pack.glob("*.*g")] == [name]
    assert (pack / name).read_bytes() == before


def test_the_zip_unpacks_into_songs_without_reports_and_drafts(pack):
    write_pack_ini(pack, "null", pack.parent)
    for name in ("report.html", "report.jsonl", ".charter.lock", "incoming/a.wav"):
        (pack / name).parent.mkdir(exist_ok=True)
        (pack / name).write_text("no song")
    path = write_zip(pack)
    assert path == pack.with_name("My Pack.zip")
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        assert file.namelist() == [
            "My Pack/Pack.ini",
            *(f"My Pack/{name}/{name}{end}" for name in "ab" for end in ("-jacket.png", ".ogg", ".ssc")),
        ]
    again = path.read_bytes()
    write_zip(pack)
    assert path.read_bytes() == again
