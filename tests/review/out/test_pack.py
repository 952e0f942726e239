"""Exports: what was accepted, as a pack; note for note, and every byte that need not change as it was."""

import json
import random
import shutil
import wave
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image

from charter.audio.music import write_music
from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.batch.pictures import draw_pictures
from charter.errors import RequestError
from charter.notation import Chart, Difficulty, Note, NoteKind, Song, Tempo, Timing, sorted_notes
from charter.review.document.codec import fields_json, notes_json, notes_of
from charter.review.out.pack import export_pack, song_zip
from charter.review.store.exported import exported_songs, working_copy
from charter.review.store.song_edits import AskedOfSong, edit_song
from charter.review.store.tables import Song as Row
from charter.song_draft import file_hash, read_record
from export.art.look import Role, art_name
from export.stepmania.read import read_song
from export.stepmania.save import save_song
from export.stepmania.write import sm_text, ssc_text
from tests.review.out.reviews import AReview

TAP, HOLD, TAIL = NoteKind.TAP, NoteKind.HOLD, NoteKind.TAIL


def taps(ticks, seed=0):
    draw = random.Random(seed)
    return tuple(Note(tick, draw.randrange(4), TAP) for tick in ticks)


def a_song(title="A song", charts=None):
    charts = charts or (
        Chart(Difficulty.EASY, 3, taps(range(0, 1920, 96))),
        Chart(Difficulty.HARD, 8, (*taps(range(0, 1920, 24), 1), Note(1920, 0, HOLD), Note(1968, 0, TAIL))),
    )
    return Song(title, Timing((Tempo(0, 120.0), Tempo(960, 150.0)), -0.25), charts, "Someone", music="song.ogg")


@pytest.fixture
def pack(tmp_path):
    """A pack of two songs, one of which has a picture and a file of another game."""
    folder = tmp_path / "Pack"
    for name in ("One", "Two"):
        save_song(a_song(name), folder / name, stem=name, duration=30.0)
        (folder / name / "song.ogg").write_bytes(b"OggS no sound")
    (folder / "One" / "One-jacket.png").write_bytes(b"picture")
    (folder / "Pack.ini").write_text("[Group]\nVersion=1\nDisplayTitle=Theirs\nSyncOffset=ITG\n")
    return folder


@pytest.fixture
def review(tmp_path, pack):
    made = AReview.make(tmp_path / "data", source=str(pack))
    made.take_in(pack / "One")
    made.take_in(pack / "Two")
    return made


def export(review, source=""):
    file = uuid4().hex
    (review.data / "exports").mkdir(exist_ok=True)
    with review.database.read() as session:
        lines = [json.dumps(song) + "\n" for song in exported_songs(session, review.run)]
    (review.data / "exports" / f"{file}.songs.jsonl").write_text("".join(lines))
    told = []
    request = {"file": file, "name": "A pack / of ours", "source": source, "sync": "null", "url": "/api/exports/1"}
    result = export_pack(request, review.data, lambda share, what: told.append((share, what)))
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert [path.name for path in (review.data / "exports").glob(f"{file}*")] == [f"{file}.zip"]
    return result, unpacked(review.data / "exports" / f"{file}.zip")


def unpacked(path):
    folder = path.with_suffix("")
    with zipfile.ZipFile(path) as file:
        file.extractall(folder)
    shutil.move(path, f"{folder}.gone")
    (inner,) = folder.iterdir()
    moved = path.parents[1] / f"out-{uuid4().hex}"
    shutil.move(inner, moved)
    shutil.rmtree(folder)
    shutil.move(f"{folder}.gone", path)
    return moved


def test_what_nobody_touched_stays_equal_to_the_byte(review, pack):
    for song in review.songs.values():
        for chart in review.charts(song):
            review.decide(chart)
    result, out = export(review, source=str(pack))
    assert (result["songs"], result["charts"], result["left_out"], result["told"]) == (2, 4, [], [])
    assert result["name"] == "A pack _ of ours.zip"
    for path in pack.rglob("*"):
        if path.is_file():
            assert (out / path.relative_to(pack)).read_bytes() == path.read_bytes(), path
    assert json.loads((out / "One" / "review.json").read_text())["charts"][1]["slot"] == "hard"
    assert not (out / "One" / "hearing").exists()


def test_only_what_was_accepted_goes_out_and_the_rest_is_told(review):
    easy, hard = review.charts(review.songs["One"])
    review.decide(hard)
    review.decide(easy, "sent back")
    result, out = export(review)
    assert (result["songs"], result["charts"]) == (1, 1)
    assert result["left_out"] == ["One, easy: sent back", "Two, easy: not decided on", "Two, hard: not decided on"]
    assert not (out / "Two").exists()
    before = a_song("One").charts[1].notes
    for suffix in ("ssc", "sm"):
        (chart,) = read_song(out / "One" / f"One.{suffix}").charts
        assert (chart.difficulty, chart.notes) == (Difficulty.HARD, before)
    assert "SyncOffset=NULL" in (out / "Pack.ini").read_text()
    assert (out / "banner.png").exists()


def test_edits_are_in_both_files_and_nothing_else_is(review, pack):
    _, hard = review.charts(review.songs["One"])
    notes = [*notes_json(a_song().charts[1].notes), [4000, 2, "1", None]]
    review.write(hard, notes, meter=(8, 9))
    for chart in review.charts(review.songs["One"]):
        review.decide(chart)
    _, out = export(review)
    for suffix in ("ssc", "sm"):
        song = read_song(out / "One" / f"One.{suffix}")
        assert (song.charts[1].meter, notes_json(song.charts[1].notes)) == (9, notes)
        assert song.charts[0] == read_song(pack / "One" / f"One.{suffix}").charts[0]
        assert song.timing == a_song().timing
        old, new = ((where / "One" / f"One.{suffix}").read_bytes().split(b"\n") for where in (pack, out))
        gone = [line.strip() for line in old if line not in new]
        assert len(new) > len(old)
        *meter, radar = gone  # the meter, where no other line is the same, and the radar of the chart that changed
        assert meter in ([], [b"8:"], [b"#METER:8;"]) and radar.count(b",") > 20
        anew = {"ssc": ssc_text, "sm": sm_text}[suffix](song, duration=60.0).encode().split(b"\n")
        (counted,) = [line for line in new if line not in old and line.count(b",") > 20]
        assert counted in anew


def test_timing_title_and_a_moved_beat_0_go_out(review):
    song = review.songs["One"]
    with review.database.write() as session:
        before = read_song(review.data / "songs" / session.get_one(Row, song).key / "One.ssc")
        was = fields_json(before)
        timing = {**was["timing"], "offset": -0.2512}
        fields = {"title": ("One", "Eins: two"), "timing": (was["timing"], timing), "preview": (None, [3.5, 12.0])}
        edit_song(session, song, AskedOfSong("a", fields), review.person)
        edit_song(session, song, AskedOfSong("b", shift=48), review.person)
    for chart in review.charts(song):
        review.decide(chart)
    _, out = export(review)
    for suffix in ("ssc", "sm"):
        after = read_song(out / "Eins_ two" / f"One.{suffix}")
        assert (after.title, after.preview) == ("Eins: two", (3.5, 12.0))
        for old, new in zip(before.charts, after.charts, strict=True):
            assert [note.tick + 48 for note in old.notes] == [note.tick for note in new.notes]
            heard = after.timing.seconds_at([note.tick for note in new.notes])
            moved = before.timing.seconds_at([note.tick for note in old.notes]) + 0.0012
            assert abs(heard - moved).max() < 1e-9


def test_random_edits_come_back_note_for_note(review):
    draw = random.Random(5)
    for song in review.songs.values():
        for chart in review.charts(song):
            cells = {(draw.randrange(0, 192 * 12), draw.randrange(4)) for _ in range(200)}
            review.write(chart, [[tick, panel, draw.choice("1MLF"), None] for tick, panel in sorted(cells)])
            review.decide(chart)
    with review.database.read() as session:
        wanted = {song["fields"]["title"]: song["charts"] for song in exported_songs(session, review.run)}
    _, out = export(review)
    for title, charts in wanted.items():
        for suffix in ("ssc", "sm"):
            read = read_song(out / title / f"{title}.{suffix}").charts
            assert [notes_json(chart.notes) for chart in read] == [chart["notes"] for chart in charts]


def test_a_song_that_cannot_be_written_costs_itself_alone(review):
    for song in review.songs.values():
        for chart in review.charts(song):
            review.decide(chart)
    folder = review.folder(review.songs["One"])
    for path in folder.glob("One.s*"):
        path.write_text("#TITLE:nothing;\n#BPMS:0=120;\n")
    result, out = export(review)
    assert (result["songs"], [path.name for path in out.iterdir() if path.is_dir()]) == (1, ["Two"])
    assert result["left_out"] == ["One: holds no chart easy in place 1; was the file changed by hand?"]


def test_nothing_accepted_is_refused(review):
    with pytest.raises(RequestError, match="nothing can be exported; One, easy: not decided on"):
        export(review)


def test_no_name_leads_out_of_the_pack(tmp_path):
    save_song(a_song("../../etc/passwd"), tmp_path / "in", stem="x", duration=30.0)
    review = AReview.make(tmp_path / "data")
    song = review.take_in(tmp_path / "in")
    with review.database.write() as session:
        session.get_one(Row, song).source = "../../../escaped.mp3"
    for chart in review.charts(song):
        review.decide(chart)
    result, out = export(review)
    assert result["songs"] == 1
    assert [path.name for path in out.iterdir() if path.is_dir()] == ["_.._.._etc_passwd"]
    with pytest.raises(RequestError, match="hex"):
        export_pack({"file": "../x", "name": "", "source": "", "sync": "null", "url": ""}, review.data, print)


def test_files_of_other_games_are_made_anew_where_the_steps_changed(tmp_path):
    save_song(a_song(), tmp_path / "in", stem="x", duration=30.0)
    (tmp_path / "in" / "x.mid").write_bytes(b"old")
    (tmp_path / "in" / "x.osz").write_bytes(b"old")
    review = AReview.make(tmp_path / "data")
    song = review.take_in(tmp_path / "in")
    easy, hard = review.charts(song)
    review.decide(easy)
    result, out = export(review)
    assert (out / "in" / "x.mid").read_bytes() != b"old"
    assert any(".osz" in line for line in result["told"]) == (not (out / "in" / "x.osz").exists())
    review.decide(hard)
    _, out = export(review)
    assert (out / "in" / "x.mid").read_bytes() == b"old"


def test_foreign_charts_and_tags_stay(tmp_path):
    folder = tmp_path / "in"
    save_song(a_song(), folder, ["sm"], stem="x", duration=30.0)
    double = "#NOTES:\n dance-double:\n :\n Hard:\n 9:\n 0,0,0,0,0:\n10000001\n00000000\n00000000\n00000000\n;\n"
    text = (folder / "x.sm").read_text().replace("#ARTIST", "#MYTAG:mine;\n#ARTIST", 1) + double
    (folder / "x.sm").write_text(text)
    review = AReview.make(tmp_path / "data")
    song = review.take_in(folder)
    review.decide(review.charts(song)[1])
    _, out = export(review)
    after = (out / "in" / "x.sm").read_text()
    assert double in after and "#MYTAG:mine;" in after and after.count("#NOTES") == 2


def test_a_working_copy_has_every_chart(review):
    easy, hard = review.charts(review.songs["One"])
    review.decide(easy, "rejected")
    review.write(hard, [[0, 0, "1", None]])
    with review.database.read() as session:
        values = working_copy(session, review.songs["One"])
    path = song_zip(values, review.data, review.data / "work")
    with zipfile.ZipFile(path) as file:
        assert {Path(name).name for name in file.namelist()} >= {"One.ssc", "One.sm", "song.ogg"}
        file.extractall(review.data / "again")
    (simfile,) = (review.data / "again").rglob("One.ssc")
    assert [len(chart.notes) for chart in read_song(simfile).charts] == [20, 1]


def test_holds_without_an_end_are_no_change(tmp_path):
    folder = tmp_path / "in"
    notes = sorted_notes([*taps(range(0, 960, 48)), Note(1000, 1, HOLD)])
    save_song(a_song(charts=(Chart(Difficulty.EASY, 3, notes),)), folder, ["ssc"], stem="x", duration=30.0)
    review = AReview.make(tmp_path / "data")
    song = review.take_in(folder)
    (chart,) = review.charts(song)
    values = [[t, p, "1", None] if (k, e) == ("2", None) else [t, p, k, e] for t, p, k, e in notes_json(notes)]
    assert notes_of(values)
    review.write(chart, values)  # as they are taken in
    review.decide(chart)
    _, out = export(review)
    assert (out / "in" / "x.ssc").read_bytes() == (folder / "x.ssc").read_bytes()


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """A song folder as charter writes it for an upload: its music, pictures with the title on them, its record."""
    folder = tmp_path_factory.mktemp("ours") / "A song"
    folder.mkdir()
    sound = np.sin(np.arange(44_100 * 3) * 0.05) * 0.3
    with wave.open(str(folder / "song.wav"), "wb") as file:
        file.setparams((1, 2, 44_100, 0, "NONE", ""))
        file.writeframes((sound * 32_000).astype("<i2").tobytes())
    write_music(folder / "song.wav", folder / "A song.ogg")
    (folder / "song.wav").unlink()
    mel = SongAudio(folder / "A song.ogg").mel(AudioSpec())
    song = draw_pictures(folder, "A song", replace(a_song(), music="A song.ogg"), mel, b"", (Role.BANNER, Role.JACKET))
    save_song(song, folder, stem="A song", duration=30.0)
    hashes = {path.name: file_hash(path) for path in folder.iterdir()}
    record = {"audio_hash": "ab", "options": {"timing": "found"}, "hashes": hashes}
    (folder / "charter.json").write_text(json.dumps(record))
    (folder / "A song note.txt").write_text("a person's")
    return folder


def retitled(tmp_path, folder, **fields):
    """A review of a folder in which the song's fields were changed, and all charts accepted."""
    review = AReview.make(tmp_path / "data")
    song = review.take_in(folder)
    was = {"title": "A song", "artist": "Someone"}
    with review.database.write() as session:
        asked = AskedOfSong("a", {name: (was[name], value) for name, value in fields.items()})
        edit_song(session, song, asked, review.person)
    for chart in review.charts(song):
        review.decide(chart)
    return review


def test_files_are_called_by_the_title_of_now_and_our_pictures_show_it(tmp_path, ours):
    result, out = export(retitled(tmp_path, ours, title="Another: one", artist="Else"))
    (folder,) = [path for path in out.iterdir() if path.is_dir()]
    assert (folder.name, result["told"]) == ("Another_ one", [])
    stem = "Another_ one"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [
            "A song note.txt", "charter.json", "review.json", f"{stem}-bn.png", f"{stem}-jacket.png", f"{stem}.ogg",
            f"{stem}.sm", f"{stem}.ssc",
        ]
    )  # fmt: skip
    for suffix in ("ssc", "sm"):
        song = read_song(folder / f"{stem}.{suffix}")
        assert (song.title, song.music, song.banner) == ("Another: one", f"{stem}.ogg", f"{stem}-bn.png")
        assert [chart.notes for chart in song.charts] == [chart.notes for chart in a_song().charts]
    assert read_song(folder / f"{stem}.ssc").jacket == f"{stem}-jacket.png"
    for ending in ("-bn.png", "-jacket.png"):
        assert (folder / f"{stem}{ending}").read_bytes() != (ours / f"A song{ending}").read_bytes()
    hashes = read_record(folder)["hashes"]
    assert hashes.keys() == {f"{stem}{end}" for end in (".ogg", ".sm", ".ssc", "-bn.png", "-jacket.png")}
    assert hashes[f"{stem}-bn.png"] == file_hash(folder / f"{stem}-bn.png")


def test_another_artist_is_on_the_pictures_and_a_person_s_picture_stays(tmp_path, ours):
    folder = tmp_path / "A song"
    shutil.copytree(ours, folder)
    (folder / "A song-bn.png").write_bytes(b"a person's")
    _, out = export(retitled(tmp_path, folder, artist="Else"))
    assert (out / "A song" / "A song-bn.png").read_bytes() == b"a person's"
    assert (out / "A song" / "A song-jacket.png").read_bytes() != (ours / "A song-jacket.png").read_bytes()
    assert (out / "A song" / "A song.ogg").read_bytes() == (ours / "A song.ogg").read_bytes()


def test_a_person_s_files_keep_their_names_and_only_a_folder_of_the_old_title_is_renamed(tmp_path, ours):
    for name in ("A song (2)", "Their name"):
        folder = tmp_path / name
        shutil.copytree(ours, folder)
        (folder / "charter.json").unlink()
        _, out = export(retitled(tmp_path / f"of {name}", folder, title="Another"))
        (made,) = [path for path in out.iterdir() if path.is_dir()]
        assert made.name == ("Another" if name.startswith("A song") else name)
        assert (made / "A song-bn.png").read_bytes() == (ours / "A song-bn.png").read_bytes()
        assert read_song(made / "A song.ssc").title == "Another"


def test_a_cover_that_only_the_pictures_have_stays_on_them(tmp_path, ours):
    folder = tmp_path / "A song"
    shutil.copytree(ours, folder)
    file = BytesIO()
    Image.radial_gradient("L").convert("RGB").save(file, "PNG")
    mel = SongAudio(folder / "A song.ogg").mel(AudioSpec())
    draw_pictures(folder, "A song", a_song(), mel, file.getvalue(), (Role.BANNER, Role.JACKET))
    record = json.loads((folder / "charter.json").read_text())
    for role in (Role.BANNER, Role.JACKET):
        name = art_name("A song", role)
        record["hashes"][name] = file_hash(folder / name)
    (folder / "charter.json").write_text(json.dumps(record))
    _, out = export(retitled(tmp_path, folder, title="Another"))
    jackets, banners = (
        [
            np.asarray(Image.open(where / art_name(stem, role)), int)
            for where, stem in ((folder, "A song"), (out / "Another", "Another"))
        ]
        for role in (Role.JACKET, Role.BANNER)
    )
    assert np.abs(jackets[0] - jackets[1]).max() == 0
    assert np.abs(banners[0] - banners[1])[:, :164].mean() < 2  # the cover
    assert np.abs(banners[0] - banners[1])[:, 164:].max() > 100  # the title
