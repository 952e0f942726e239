"""Songs of other games in their neutral form."""

import json

import pytest

from charter.errors import ChartError, TimingError
from datasets.other_games import timed_recordings


@pytest.fixture
def folder(tmp_path):
    def write(name: str = "a", audio: tuple[str, ...] = ("song.ogg",), **changes) -> None:
        home = tmp_path / name
        home.mkdir(exist_ok=True)
        values = {"bpms": [[0.25, 120.0]], "offset_s": 0.25, "sync_lag_ms": 0.0, "title": "x", **changes}
        (home / "chart.json").write_text(json.dumps({k: v for k, v in values.items() if v is not None}))
        for file in audio:
            (home / file).touch()

    write.path = tmp_path
    return write


def timing_of(folder):
    ((_, _, timing),) = timed_recordings(folder.path)
    return timing


def test_one_tempo(folder):
    folder()
    ((name, audio, timing),) = timed_recordings(folder.path)
    assert (name, audio) == ("a", folder.path / "a" / "song.ogg")
    assert timing.seconds_at([0, 48]) == pytest.approx([0.25, 0.75])


def test_the_lag_is_added_to_its_times(folder):
    folder(sync_lag_ms=-30.0)
    assert float(timing_of(folder).seconds_at(0)) == pytest.approx(0.22)


def test_changes_keep_their_seconds(folder):
    """Each lies on a tick, and where its second falls between two the tempo before it is bent."""
    changes = [[0.25, 120.0], [10.251, 133.0], [40.0, 90.0]]
    folder(bpms=changes)
    timing = timing_of(folder)
    ticks = [tempo.tick for tempo in timing.tempos]
    assert len(ticks) == 3
    assert timing.seconds_at(ticks) == pytest.approx([0.25, 10.251, 40.0], abs=1e-9)
    assert [tempo.bpm for tempo in timing.tempos] == pytest.approx([120, 133, 90], rel=2e-3)
    assert timing.tempos[-1].bpm == 90


def test_a_change_within_half_a_tick_is_the_later_one(folder):
    folder(bpms=[[0.25, 120.0], [0.251, 140.0]])
    assert [tempo.bpm for tempo in timing_of(folder).tempos] == [140]
    assert float(timing_of(folder).seconds_at(0)) == pytest.approx(0.25, abs=0.002)


def test_two_changes_at_once_are_the_last_of_them(folder):
    folder(bpms=[[0.25, 200.0], [0.25, 100.0]])
    assert [(tempo.tick, tempo.bpm) for tempo in timing_of(folder).tempos] == [(0, 100.0)]


def test_songs_come_in_order_and_other_folders_are_none(folder):
    for name in ("b", "a", "c"):
        folder(name, audio=("x.mp3", "cover.png"))
    (folder.path / "notes").mkdir()
    (folder.path / "d.txt").touch()
    assert [name for name, _, _ in timed_recordings(folder.path)] == ["a", "b", "c"]


@pytest.mark.parametrize("audio", [(), ("one.ogg", "two.mp3")])
def test_a_song_has_one_audio_file(folder, audio):
    folder(audio=audio)
    with pytest.raises(ChartError, match=rf"a: holds {len(audio)} audio files; a song has one"):
        list(timed_recordings(folder.path))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"bpms": None}, ChartError),
        ({"offset_s": None}, ChartError),
        ({"offset_s": "early"}, ChartError),
        ({"bpms": [[0.0]]}, ChartError),
        ({"bpms": 120}, ChartError),
        ({"sync_lag_ms": []}, ChartError),
        ({"bpms": []}, TimingError),
        ({"bpms": [[0.25, 0.0]]}, TimingError),
        ({"bpms": [[0.25, -120.0]]}, TimingError),
    ],
)
def test_what_cannot_be_read_names_the_file(folder, changes, error):
    folder(**changes)
    with pytest.raises(error, match=r"chart\.json: ") as caught:
        list(timed_recordings(folder.path))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_json(folder):
    folder()
    (folder.path / "a" / "chart.json").write_text("{")
    with pytest.raises(ChartError, match=r"chart\.json: is no chart in the neutral form"):
        list(timed_recordings(folder.path))
