"""The example song: rendered soundly, and its timing found where it was put."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import soundfile

from charter.audio import audible_span, decode
from charter.audio.song_audio import SongAudio
from charter.model.weights import load_beats
from charter.tempo.find import find_timing
from examples import song


@pytest.fixture(scope="module")
def rendered() -> np.ndarray:
    return song.render()


@pytest.fixture(scope="module")
def levels(rendered) -> list[float]:
    """RMS of each section, in dB of full scale."""
    bar_seconds = 4 * 60 / song.BPM
    bars = np.cumsum([0, *(section.bars for section in song.SECTIONS)])
    edges = np.round((song.FIRST_BEAT_SECONDS + bars * bar_seconds) * song.SAMPLE_RATE).astype(int)
    return [float(10 * np.log10(np.square(rendered[a:b]).mean())) for a, b in pairwise(edges)]


def test_every_melody_and_pattern_fills_its_bars():
    for section in song.SECTIONS:
        eighths = sum(int(length) for length in section.melody.split()[1::2])
        assert eighths == 8 * section.bars, section.name
        assert {len(p) for p in (section.kick, section.snare, section.hat, section.bass)} == {16}, section.name


def test_stereo_below_full_scale_for_about_a_minute(rendered):
    assert rendered.dtype == np.float32
    assert rendered.shape[1] == 2
    assert 60 <= len(rendered) / song.SAMPLE_RATE <= 75
    assert 0.8 < np.abs(rendered).max() < 1
    assert np.isfinite(rendered).all()
    assert not np.array_equal(rendered[:, 0], rendered[:, 1])


def test_same_samples_on_every_run(rendered):
    assert np.array_equal(song.render(), rendered)


def test_silent_before_beat_0_and_at_the_end(rendered):
    assert not rendered[: round(song.FIRST_BEAT_SECONDS * song.SAMPLE_RATE)].any()
    assert np.abs(rendered[-song.SAMPLE_RATE // 10 :]).max() < 1e-3


def test_choruses_are_loudest_and_the_break_lies_below_its_neighbours(levels):
    intro, verse, chorus, rest, last_chorus, ending = levels
    assert min(chorus, last_chorus) > verse > max(intro, rest, ending)
    assert chorus - rest > 3


@pytest.mark.model
def test_timing_is_found(tmp_path):
    song.write(tmp_path / "song.wav")
    found = find_timing(SongAudio(tmp_path / "song.wav"), load_beats().net)
    assert [tempo.bpm for tempo in found.timing.tempos] == [song.BPM]
    assert -found.timing.offset == pytest.approx(song.FIRST_BEAT_SECONDS, abs=0.004)
    assert found.is_sure


def test_command_writes_the_file(tmp_path):
    subprocess.run([sys.executable, "-m", "examples.song", str(tmp_path / "song.wav")], check=True)
    assert soundfile.info(tmp_path / "song.wav").duration > 60


def test_a_file_of_no_format_is_told_before_anything_is_rendered(tmp_path):
    command = [sys.executable, "-m", "examples.song", str(tmp_path / "song.aac")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(
        "song.aac: a song is written as .ogg or .wav; what is the file's name?"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["song.ogg", "song.wav"])
def test_file_decodes_in_sync(tmp_path, rendered, name):
    song.write(tmp_path / name)
    assert soundfile.info(tmp_path / name).channels == 2
    audio = decode(tmp_path / name, song.SAMPLE_RATE)
    assert len(audio.samples) == len(rendered)
    span = audible_span(audio)
    assert span is not None
    assert span.start == pytest.approx(song.FIRST_BEAT_SECONDS, abs=0.03)
    assert np.corrcoef(audio.samples, rendered.mean(axis=1))[0, 1] > 0.98
