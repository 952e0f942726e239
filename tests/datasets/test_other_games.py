"""Songs of other games in their neutral form."""

import json

import pytest

from charter.errors import ChartError, TimingError
from charter.notation import Timing
from datasets.other_games import game_songs, on_grid


@pytest.fixture
def folder(tmp_path):
    def write(name: str = "a", audio: tuple[str, ...] = ("song.ogg",), **changes) -> None:
        home = tmp_path / name
        home.mkdir(exist_ok=True)
        values = {"bpms": [[0.25, 120.0]], "offset_s": 0.25, "sync_lag_ms": 0.0, "charts": [], "title": "x", **changes}
        (home / "chart.json").write_text(json.dumps({k: v for k, v in values.items() if v is not None}))
        for file in audio:
            (home / file).touch()

    write.path = tmp_path
    return write


def timing_of(folder):
    (song,) = game_songs(folder.path)
    return song.timing


def test_one_tempo(folder):
    folder()
    (song,) = game_songs(folder.path)
    assert (song.id, song.audio) == ("a", folder.path / "a" / "song.ogg")
    assert song.timing.seconds_at([0, 48]) == pytest.approx([0.25, 0.75])


def test_what_macos_leaves_beside_a_file_is_no_second_song(folder):
    folder(audio=("song.OGG", "._song.OGG", ".DS_Store"))
    (song,) = game_songs(folder.path)
    assert song.audio.name == "song.OGG"


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
    assert [song.id for song in game_songs(folder.path)] == ["a", "b", "c"]


@pytest.mark.parametrize("audio", [(), ("one.ogg", "two.mp3")])
def test_a_song_has_one_audio_file(folder, audio):
    folder(audio=audio)
    with pytest.raises(ChartError, match=rf"a: holds {len(audio)} audio files; a song has one"):
        list(game_songs(folder.path))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"bpms": None}, ChartError),
        ({"offset_s": None}, ChartError),
        ({"offset_s": "early"}, ChartError),
        ({"bpms": [[0.0]]}, ChartError),
        ({"bpms": 120}, ChartError),
        ({"sync_lag_ms": []}, ChartError),
        ({"charts": None}, ChartError),
        ({"charts": [{"notes": [[]]}]}, ChartError),
        ({"bpms": [[0.25, 120.0], [1e308, 120.0]]}, ChartError),
        ({"charts": [{"notes": [[1e30, 0], [1, 0]]}]}, ChartError),
        ({"bpms": []}, TimingError),
        ({"bpms": [[0.25, 0.0]]}, TimingError),
        ({"bpms": [[0.25, -120.0]]}, TimingError),
    ],
)
def test_what_cannot_be_read_names_the_file(folder, changes, error):
    folder(**changes)
    with pytest.raises(error, match=r"chart\.json: ") as caught:
        list(game_songs(folder.path))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_json(folder):
    folder()
    (folder.path / "a" / "chart.json").write_text("{")
    with pytest.raises(ChartError, match=r"chart\.json: is no chart in the neutral form"):
        list(game_songs(folder.path))


def notes(*seconds: float):
    return {"notes": [[second, 0, 0.0] for second in seconds]}


def test_charts_come_sparsest_first_and_each_once(folder):
    folder(charts=[notes(0.25, 0.5, 0.75), notes(0.25, 0.75), notes(0.75, 0.25)], sync_lag_ms=-30.0)
    (song,) = game_songs(folder.path)
    assert [rhythm.tolist() for rhythm in song.rhythms] == [[0, 48], [0, 24, 48]]


def test_notes_of_both_hands_within_4_ms_are_one_row():
    assert on_grid([0.5, 0.503, 0.5, 0.75], Timing.constant(120)).tolist() == [48, 72]


def test_a_few_notes_off_the_grid_are_left_out_and_a_chart_of_them_is_none():
    beats = [0.5 * beat for beat in range(10)]
    timing = Timing.constant(120, 0.0)
    assert on_grid([*beats, 5.031], timing).tolist() == [48 * beat for beat in range(10)]
    assert on_grid([beat + 0.031 / 2 for beat in beats[:3]] + beats[:7], timing) is None
    assert on_grid([], timing) is None


def test_what_lies_before_beat_0_is_left_out():
    assert on_grid([0.0, 0.5, 1.0, 1.5, 2.0, 2.5], Timing.constant(120, -0.5)).tolist() == [0, 48, 96, 144, 192]
