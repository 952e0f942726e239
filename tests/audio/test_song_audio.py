"""One song's audio: decoded and heard once for each spec, only when it is asked for."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from charter.audio import song_audio
from charter.audio.decode import decode
from charter.audio.features import log_mel
from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.errors import AudioError

SPEC = AudioSpec(mels=16)


@pytest.fixture
def song(tmp_path):
    soundfile.write(tmp_path / "a.wav", 0.3 * np.sin(np.arange(44_100) * 0.05), 44_100)
    return SongAudio(tmp_path / "a.wav")


def test_what_it_gives_is_what_decoding_and_listening_give(song):
    audio = decode(song.path, SPEC.sample_rate)
    assert np.array_equal(song.audio(SPEC).samples, audio.samples)
    assert np.array_equal(song.mel(SPEC), log_mel(audio, SPEC))


def test_each_is_computed_once_for_all_that_ask_alike(song, monkeypatch):
    asked = []
    monkeypatch.setattr(song_audio, "decode", lambda path, rate: asked.append(rate) or decode(path, rate))
    monkeypatch.setattr(song_audio, "log_mel", lambda audio, spec: asked.append(spec) or log_mel(audio, spec))
    other, slower = replace(SPEC, mels=8), replace(SPEC, sample_rate=8_000, hop=80, f_max=4_000.0)
    for spec in (SPEC, other, SPEC, AudioSpec(mels=16), slower, other):
        song.mel(spec)
        song.audio(spec)
    assert asked == [24_000, SPEC, other, 8_000, slower]


def test_nothing_is_read_before_it_is_asked_for(tmp_path):
    song = SongAudio(tmp_path / "gone.mp3")
    for _ in range(2):
        with pytest.raises(AudioError, match=r"gone\.mp3: no such file"):
            song.mel(SPEC)


def test_songs_do_not_share(song, tmp_path):
    soundfile.write(tmp_path / "b.wav", np.zeros(22_050), 44_100)
    assert len(SongAudio(tmp_path / "b.wav").audio(SPEC).samples) == pytest.approx(12_000, abs=1)
    assert len(song.audio(SPEC).samples) == pytest.approx(24_000, abs=1)


def test_a_song_that_is_no_longer_asked_for_frees_its_memory_at_once(tmp_path):
    """Not only when the garbage collector comes round: by then the next song is in memory too."""
    soundfile.write(tmp_path / "a.wav", 0.3 * np.sin(np.arange(44_100) * 0.05), 44_100)
    song = SongAudio(tmp_path / "a.wav")
    song.mel(SPEC)
    gone = weakref.ref(song)
    gc.disable()
    try:
        del song
        assert gone() is None
    finally:
        gc.enable()
