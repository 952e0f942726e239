"""Beats to learn from: a person's grid over a recording, other games' songs, and recordings without a beat."""

import json

import numpy as np
import pytest
import soundfile

from charter.audio import AudibleSpan, audible_span
from charter.errors import ChartError, TimingError
from charter.notation import Pause, Span, Tempo, Timing
from datasets.beatless import beatless_recordings
from datasets.beats import beat_example, beats_within
from datasets.cache import Heard
from datasets.other_games import timed_recordings
from datasets.splits import is_held_out


def heard(seconds: float = 30.0) -> Heard:
    mel = np.zeros((round(seconds * 100), 4, 2), np.float16)
    return Heard(mel, seconds, AudibleSpan(1.0, seconds - 1.0))


def test_beats_and_downbeats_where_the_music_sounds():
    beats, downbeat = beats_within(Timing.constant(120, -0.25), 1.0, 4.0)
    assert beats == pytest.approx(np.arange(1.25, 4.0, 0.5))
    assert beats[downbeat] == pytest.approx([2.25])


def test_beats_before_beat_0_count_too():
    beats, downbeat = beats_within(Timing.constant(60, -4.0), 0.5, 6.0)
    assert beats == pytest.approx([1, 2, 3, 4, 5, 6])
    assert beats[downbeat] == pytest.approx([4.0])


def test_beats_warped_over_count_once():
    timing = Timing((Tempo(0, 60),), warps=(Span(96, 96),))
    beats, _ = beats_within(timing, 0.0, 5.0)
    assert beats == pytest.approx([0, 1, 2, 3, 4, 5])


def test_tricks_of_the_scroll_are_not_to_be_learnt_from():
    timing = Timing((Tempo(0, 120), Tempo(20 * 48, 480), Tempo(36 * 48, 120)))  # beats 20 to 36 at four times the tempo
    example = beat_example("a", timing, heard())
    assert example is not None
    assert example.known == pytest.approx(np.array([[1.0, 10.0], [12.0, 29.0]]))


def test_a_stop_is_not_to_be_learnt_from():
    example = beat_example("a", Timing((Tempo(0, 120),), stops=(Pause(20 * 48, 2.0),)), heard())
    assert example is not None
    assert example.known == pytest.approx(np.array([[1.0, 10.0], [12.5, 29.0]]))


def test_a_moment_of_music_is_no_example():
    assert beat_example("a", Timing.constant(60), heard(5.0)) is None


def test_beatless_recordings_are_sound_of_the_length_asked_for_and_differ():
    recordings = beatless_recordings(2, 6.0, 24_000, seed=3)
    assert len(recordings) == 8
    for audio in recordings:
        assert (audio.rate, len(audio.samples)) == (24_000, 144_000)
        assert np.abs(audio.samples).max() == pytest.approx(0.3, rel=1e-3)
        assert audible_span(audio) is not None
    assert len({audio.samples.tobytes() for audio in recordings}) == 8
    again = beatless_recordings(2, 6.0, 24_000, seed=3)
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(recordings, again, strict=True))


def write(folder, **values):
    folder.mkdir(parents=True)
    soundfile.write(folder / "audio.wav", np.zeros(100), 24_000)
    text = json.dumps({"bpms": [[0.0, 120.0]], "offset_s": 0.0, "sync_lag_ms": 0.0, **values})
    (folder / "chart.json").write_text(text)


def test_a_song_of_another_game(tmp_path):
    write(tmp_path / "a", bpms=[[1.5, 150.0]], offset_s=1.5, sync_lag_ms=20.0)
    ((name, audio, timing),) = timed_recordings(tmp_path)
    assert (name, audio) == ("a", tmp_path / "a" / "audio.wav")
    assert timing == Timing.constant(150, -1.52)


def test_a_change_keeps_its_second(tmp_path):
    write(tmp_path / "a", bpms=[[0.0, 100.0], [7.31, 200.0], [9.0, 90.0]])
    ((_, _, timing),) = timed_recordings(tmp_path)
    seconds = timing.seconds_at([tempo.tick for tempo in timing.tempos])
    assert seconds == pytest.approx([0.0, 7.31, 9.0], abs=1e-9)
    assert [tempo.bpm for tempo in timing.tempos] == pytest.approx([100, 200, 90], rel=5e-3)


def test_two_changes_at_once_are_the_last_of_them(tmp_path):
    write(tmp_path / "a", bpms=[[0.0, 200.0], [0.0, 100.0]])
    ((_, _, timing),) = timed_recordings(tmp_path)
    assert timing.tempos == (Tempo(0, 100.0),)


@pytest.mark.parametrize(
    ("values", "error"),
    [({"bpms": "fast"}, ChartError), ({"bpms": []}, TimingError), ({"bpms": [[0.0, -5.0]]}, TimingError)],
)
def test_a_bad_file_is_named(tmp_path, values, error):
    write(tmp_path / "a", **values)
    with pytest.raises(error, match=r"a.chart\.json: "):
        list(timed_recordings(tmp_path))


def test_a_song_without_audio_is_named(tmp_path):
    write(tmp_path / "a")
    (tmp_path / "a" / "audio.wav").unlink()
    with pytest.raises(ChartError, match="holds 0 audio files"):
        list(timed_recordings(tmp_path))


def test_about_one_in_three_is_held_out_and_none_at_nought():
    ids = [f"song {number}" for number in range(900)]
    assert 250 < sum(is_held_out(name, 3) for name in ids) < 350
    assert not any(is_held_out(name, 0) for name in ids)
