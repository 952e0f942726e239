"""What a batch decides before it works: names, doubles, and what is done already."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from charter.batch import plan as planning
from charter.batch.job import Settings
from charter.batch.plan import Plan, make_plan
from charter.batch.row import Status
from charter.batch.source import Source
from charter.errors import WeightsError
from charter.request import Request, WeightsFiles
from charter.song_draft import RECORD_NAME, drafted, publish, read_record
from export.names import numbered


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name in ("in", "pack"):
        (tmp_path / name).mkdir()
    return Settings(tmp_path / "in", tmp_path / "pack", Request(), WeightsFiles())


def song(settings: Settings, name: str, *, sound: float = 0.0, title: str = "") -> Source:
    path = settings.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with soundfile.SoundFile(path, "w", 8000, 1) as file:
        if title:
            file.title = title
        file.write(np.full(800, sound, np.float32))
    return Source(path)


def chart(settings: Settings, plan: Plan, which: slice = slice(None)) -> None:
    """Stand in for the workers: a folder for each job."""
    for job in plan.jobs[which]:
        with drafted(settings.pack) as draft:
            (draft / f"{job.name}.ssc").write_text(f"charts of {job.key}")
            (draft / f"{job.name}.ogg").write_text("music")
            publish(draft, settings.pack / job.name, {"audio_hash": job.audio_hash, "key": job.key})


def names(plan: Plan) -> dict[str, str]:
    return {job.source.music.name: job.name for job in plan.jobs}


def test_folders_are_named_by_title_or_else_by_file(settings):
    songs = [song(settings, "a.flac", sound=0.1, title="Night/Bus"), song(settings, "b.wav", sound=0.2)]
    assert names(make_plan(songs, settings)) == {"a.flac": "Night_Bus", "b.wav": "b"}


def test_two_songs_with_one_title_have_two_folders(settings):
    songs = [song(settings, f"{number}/x.wav", sound=number / 10) for number in (1, 2, 3)]
    assert [job.name for job in make_plan(songs, settings).jobs] == ["x", "x (2)", "x (3)"]


def test_of_many_songs_with_one_title_no_name_is_tried_twice(settings, monkeypatch):
    tried = []
    monkeypatch.setattr(planning, "numbered", lambda wish: (tried.append(name) or name for name in numbered(wish)))
    make_plan([song(settings, f"{number}/x.wav", sound=number / 10) for number in range(5)], settings)
    assert tried == ["x", "x (2)", "x (3)", "x (4)", "x (5)"]


def test_the_same_audio_is_charted_once_and_told(settings):
    songs = [song(settings, name, sound=0.1) for name in ("a.wav", "b.wav")]
    plan = make_plan(songs, settings)
    assert names(plan) == {"a.wav": "a"}
    assert [(row.source, row.status, row.error) for row in plan.rows] == [
        ("b.wav", Status.REPEATED, "the same audio as a.wav")
    ]


def test_of_one_audio_the_song_with_a_simfile_is_taken(settings):
    songs = [song(settings, name, sound=0.1) for name in ("a.wav", "b/b.wav", "c/c.wav")]
    for at in (1, 2):
        simfile = songs[at].music.with_suffix(".sm")
        simfile.write_text(f"#TITLE:{at};#MUSIC:{songs[at].music.name};#BPMS:0=120;")
        songs[at] = Source(songs[at].music, (simfile,))
    plan = make_plan(songs, settings)
    assert names(plan) == {"b.wav": "b"}
    assert [(row.source, row.error) for row in plan.rows] == [
        ("a.wav", "the same audio as b/b.wav"),
        ("c/c.wav", "the same audio as b/b.wav; its simfile is not taken over"),
    ]


def test_names_of_the_packs_own_files_are_no_songs(settings):
    songs = [
        song(settings, "a.wav", sound=0.1, title="Pack.ini"),
        song(settings, "b.flac", sound=0.2, title="Banner.png"),
    ]
    assert set(names(make_plan(songs, settings)).values()) == {"Pack.ini (2)", "Banner.png (2)"}


def test_what_cannot_be_read_is_a_row(settings):
    broken = settings.folder / "broken.ogg"
    broken.write_bytes(b"no sound")
    gone = settings.folder / "gone.ogg"
    plan = make_plan([Source(broken), Source(gone), song(settings, "a.wav", sound=0.1)], settings)
    assert [row.status for row in plan.rows] == [Status.FAILED] * 2
    assert str(broken) in plan.rows[0].error and str(gone) in plan.rows[1].error
    assert names(plan) == {"a.wav": "a"}


def test_a_folder_of_someone_else_is_left_alone(settings):
    (settings.pack / "a").mkdir()
    (settings.pack / "a" / "a.sm").write_text("mine")
    assert names(make_plan([song(settings, "a.wav", sound=0.1)], settings)) == {"a.wav": "a (2)"}


def test_what_is_finished_is_kept(settings):
    songs = [song(settings, f"{name}.wav", sound=at / 10) for at, name in enumerate("abc", 1)]
    chart(settings, make_plan(songs, settings), slice(0, 2))
    plan = make_plan(songs, settings)
    assert [(job.name, status) for job, status in plan.done] == [("a", Status.KEPT), ("b", Status.KEPT)]
    assert names(plan) == {"c.wav": "c"}


@pytest.mark.parametrize("done", [slice(0, 1), slice(1, 2), slice(2, 3), slice(1, 3)])
def test_names_do_not_depend_on_which_song_was_faster(settings, done):
    songs = [song(settings, f"{number}/x.wav", sound=number / 10) for number in (1, 2, 3)]
    plan = make_plan(songs, settings)
    chart(settings, plan, done)
    again = make_plan(songs, settings)
    assert {job.source: job.name for job in (*again.jobs, *(job for job, _ in again.done))} == {
        job.source: job.name for job in plan.jobs
    }


def test_a_song_stays_in_its_folder_when_another_of_its_name_comes_or_goes(settings):
    first, second = song(settings, "1/x.wav", sound=0.1), song(settings, "2/x.wav", sound=0.2)
    chart(settings, make_plan([first, second], settings))
    assert [(job.name, status) for job, status in make_plan([second], settings).done] == [("x (2)", Status.KEPT)]
    third = song(settings, "0/x.wav", sound=0.3)
    assert [job.name for job in make_plan([third, first, second], settings).jobs] == ["x (3)"]


@pytest.mark.parametrize(
    "changed",
    [
        {"request": Request(seed=1)},
        {"request": Request(sync="itg")},
        {"formats": ("ssc",)},
        {"replace": True},
        {"weights": WeightsFiles(symbols=Path("club"))},
        {"weights": WeightsFiles(symbols=Path("club"), style_amount=0.5)},
        {"weights": WeightsFiles(symbols=Path("club"), style_amount=0.0)},
    ],
)
def test_other_options_or_weights_chart_anew(settings, changed):
    songs = [song(settings, "a.wav", sound=0.1)]
    chart(settings, make_plan(songs, settings))
    plan = make_plan(songs, replace(settings, **changed))
    assert (names(plan), plan.done) == ({"a.wav": "a"}, ())


def test_another_cover_or_simfile_charts_anew(settings):
    plain = song(settings, "a.wav", sound=0.1)
    cover = settings.folder / "cover.png"
    cover.write_bytes(b"one")
    keys = [make_plan([plain], settings).jobs[0].key]
    keys.append(make_plan([replace(plain, cover=cover)], settings).jobs[0].key)
    cover.write_bytes(b"other")
    keys.append(make_plan([replace(plain, cover=cover)], settings).jobs[0].key)
    assert len(set(keys)) == 3


def test_another_picture_beside_a_simfile_charts_anew(settings):
    audio = song(settings, "Song/a.wav", sound=0.1).music
    simfile = settings.folder / "Song" / "a.sm"
    simfile.write_text("#TITLE:A;#MUSIC:a.wav;#BANNER:b.png;#BPMS:0=120;")
    source = Source(audio, (simfile,))
    keys = [make_plan([source], settings).jobs[0].key]
    (settings.folder / "Song" / "b.png").write_bytes(b"one")
    keys.append(make_plan([source], settings).jobs[0].key)
    assert keys[0] != keys[1]
    assert make_plan([source], settings).jobs[0].name == "Song"


def test_a_folder_edited_by_hand_is_left_alone_whatever_is_asked(settings):
    songs = [song(settings, "a.wav", sound=0.1)]
    chart(settings, make_plan(songs, settings))
    (settings.pack / "a" / "a.ssc").write_text("by hand")
    for asked in (settings, replace(settings, request=Request(seed=1))):
        plan = make_plan(songs, asked)
        assert [(job.name, status) for job, status in plan.done] == [("a", Status.EDITED)]


def test_a_file_that_is_gone_is_made_anew(settings):
    songs = [song(settings, "a.wav", sound=0.1)]
    chart(settings, make_plan(songs, settings))
    (settings.pack / "a" / "a.ogg").unlink()
    assert names(make_plan(songs, settings)) == {"a.wav": "a"}


def test_a_folder_half_replaced_is_done_anew_in_its_place(settings):
    songs = [song(settings, "a.wav", sound=0.1)]
    chart(settings, make_plan(songs, settings))
    record = read_record(settings.pack / "a")
    (settings.pack / "a" / RECORD_NAME).write_text(f'{{"audio_hash": "{record["audio_hash"]}", "unfinished": {{}}}}')
    assert names(make_plan(songs, settings)) == {"a.wav": "a"}


def test_missing_weights_are_told_before_any_work(settings, tmp_path):
    with pytest.raises(WeightsError, match="cannot be read"):
        make_plan([], replace(settings, weights=WeightsFiles(placement=tmp_path / "none.safetensors")))


def test_every_song_looked_at_is_counted(settings):
    counted = []
    make_plan([song(settings, f"{name}.wav", sound=0.1) for name in "abc"], settings, lambda: counted.append(1))
    assert len(counted) == 3
