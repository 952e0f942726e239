from pathlib import Path

import numpy as np
import pytest
import soundfile

from charter.audio import sound_file
from charter.audio.music import Tags, read_tags
from charter.audio.sound_file import write_sound
from charter.errors import AudioError, OutputError, RequestError

RATE = 48_000


def tone(seconds: float) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


@pytest.mark.parametrize(("name", "error"), [("a.wav", 1e-4), ("a.ogg", 0.1), ("A.WAV", 1e-4)])
def test_what_is_written_is_heard(tmp_path: Path, name: str, error: float) -> None:
    assert write_sound(tmp_path / name, [tone(0.5), tone(0.25)], RATE, 1) == round(0.75 * RATE)
    heard, rate = soundfile.read(tmp_path / name)
    assert rate == RATE
    assert heard.shape == (round(0.75 * RATE),)
    assert np.abs(heard - np.concatenate([tone(0.5), tone(0.25)])).max() < error


def test_minutes_in_one_block_and_words(tmp_path: Path) -> None:
    block = np.repeat(tone(60)[:, None], 2, axis=1)
    write_sound(tmp_path / "a.ogg", [block, block], RATE, 2, title="夜 ♫", artist="Ä & B")
    assert read_tags(tmp_path / "a.ogg") == Tags("夜 ♫", "Ä & B")
    assert soundfile.info(tmp_path / "a.ogg").frames == 2 * len(block)


def test_what_is_too_loud_is_clipped_and_does_not_wrap(tmp_path: Path) -> None:
    write_sound(tmp_path / "a.wav", [4 * tone(0.1)], RATE, 1)
    heard = soundfile.read(tmp_path / "a.wav")[0]
    assert np.sign(heard[np.abs(tone(0.1)) > 0.26]) == pytest.approx(np.sign(tone(0.1)[np.abs(tone(0.1)) > 0.26]))


def test_an_unknown_suffix_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"a\.mp3: a sound is written as \.ogg or \.wav"):
        write_sound(tmp_path / "a.mp3", [tone(0.1)], RATE, 1)
    assert list(tmp_path.iterdir()) == []


def test_an_error_on_the_way_leaves_the_old_file(tmp_path: Path) -> None:
    def blocks():
        yield tone(0.1)
        raise AudioError("breaks off")

    (tmp_path / "a.wav").write_text("old")
    with pytest.raises(AudioError, match="breaks off"):
        write_sound(tmp_path / "a.wav", blocks(), RATE, 1)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.wav", "old")]


def test_a_wav_ends_at_four_gigabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_file, "_MOST_WAV_BYTES", 2 * RATE)
    with pytest.raises(OutputError, match=r"a\.wav: a \.wav file ends at 4 GB"):
        write_sound(tmp_path / "a.wav", [tone(0.6), tone(0.6)], RATE, 1)
    assert list(tmp_path.iterdir()) == []
