"""What a sound is known by: its coded samples, whatever the tags say."""

from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile
from mutagen.id3 import APIC, ID3, TIT2

from charter.audio.decode import sound_hash
from charter.errors import AudioError
from tests.encoded import CODECS, encode

RATE = 48_000
SUFFIXES = (".wav", ".flac", ".ogg", *CODECS)


def sound(path: Path, *, seconds: float = 4.0, last: float = 0.1) -> Path:
    """Noise, whose last half second is as loud as ``last``."""
    samples = np.random.default_rng(0).uniform(-0.1, 0.1, round(seconds * RATE)).astype(np.float32)
    samples[-RATE // 2 :] *= last / 0.1
    return encode(path, samples, RATE)


def tagged(path: Path) -> Path:
    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    if isinstance(file.tags, ID3):
        file.tags.add(TIT2(encoding=3, text="A title" * 20))
        file.tags.add(APIC(encoding=3, mime="image/png", type=3, desc="", data=b"x" * 50_000))
    else:
        file.tags["\xa9nam" if path.suffix == ".m4a" else "title"] = "A title" * 20
    file.save()
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tags_leave_it_the_same(tmp_path, suffix):
    path = sound(tmp_path / f"a{suffix}")
    before, content = sound_hash(path), path.read_bytes()
    assert sound_hash(tagged(path)) == before
    assert path.read_bytes() != content


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_another_end_or_length_changes_it(tmp_path, suffix):
    asked = ({}, {"last": 0.2}, {"seconds": 4.5})
    assert len({sound_hash(sound(tmp_path / f"a{suffix}", **each)) for each in asked}) == 3


def test_a_file_without_a_packet_is_known_by_its_bytes(tmp_path):
    for name, rate in (("a", 8_000), ("b", 8_000), ("c", 16_000)):
        soundfile.write(tmp_path / f"{name}.wav", np.zeros(0), rate)
    a, b, c = (sound_hash(tmp_path / f"{name}.wav") for name in "abc")
    assert a == b != c


def test_what_is_no_audio_is_told(tmp_path):
    (tmp_path / "a.mp3").write_bytes(b"no sound")
    with pytest.raises(AudioError, match=r"a\.mp3: is not audio"):
        sound_hash(tmp_path / "a.mp3")
