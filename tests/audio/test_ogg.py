"""The same sound is the same Ogg file, whenever it is written."""

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from mutagen.ogg import OggPage

from charter.audio.decode import decode
from charter.audio.ogg import STEADY_SERIAL, set_serial
from charter.audio.sound_file import write_sound

RATE = 48_000


def pages(path: Path) -> list[OggPage]:
    found = []
    with path.open("rb") as file:
        while file.tell() < path.stat().st_size:
            found.append(OggPage(file))
    return found


def noise(seconds: float) -> np.ndarray:
    return 0.1 * np.random.default_rng(0).standard_normal((round(seconds * RATE), 2)).astype(np.float32)


def as_libsndfile_writes(path: Path, sound: np.ndarray) -> None:
    with soundfile.SoundFile(path, "w", RATE, 2, "VORBIS", format="OGG") as file:
        file.write(sound)


def test_two_writes_at_different_times_are_the_same_bytes(tmp_path: Path) -> None:
    sound = noise(1.0)
    write_sound(tmp_path / "a.ogg", [sound], RATE, 2, title="夜")
    time.sleep(1.1)  # libsndfile's serial numbers come from a clock of seconds
    write_sound(tmp_path / "b.ogg", [sound], RATE, 2, title="夜")
    assert (tmp_path / "a.ogg").read_bytes() == (tmp_path / "b.ogg").read_bytes()


def test_a_new_serial_leaves_the_sound_as_it_was(tmp_path: Path) -> None:
    before, after = tmp_path / "before.ogg", tmp_path / "after.ogg"
    as_libsndfile_writes(before, noise(2.0))
    after.write_bytes(before.read_bytes())
    set_serial(after, 77)
    assert len(pages(after)) > 5
    assert {page.serial for page in pages(after)} == {77}
    assert after.stat().st_size == before.stat().st_size
    np.testing.assert_array_equal(soundfile.read(after)[0], soundfile.read(before)[0])
    # FFmpeg checks the pages' checksums: one that is wrong would cost its page.
    heard, known = decode(after, RATE).samples, decode(before, RATE).samples
    assert len(known) == 2 * RATE
    np.testing.assert_array_equal(heard, known)


def test_only_the_serial_and_the_checksum_of_pages_change(tmp_path: Path) -> None:
    before, after = tmp_path / "before.ogg", tmp_path / "after.ogg"
    as_libsndfile_writes(before, noise(0.5))
    after.write_bytes(before.read_bytes())
    set_serial(after)
    for old, new in zip(pages(before), pages(after), strict=True):
        assert new.serial == STEADY_SERIAL
        new.serial = old.serial
        assert new.write() == old.write()


def test_what_is_no_ogg_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    path.write_bytes(b"RIFF" + bytes(100))
    with pytest.raises(OSError, match="not become a whole Ogg file"):
        set_serial(path)


@pytest.mark.parametrize("lost", [1, 4_000, 4_500])
def test_a_file_that_breaks_off_is_refused(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "a.ogg"
    as_libsndfile_writes(path, noise(0.5))
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(OSError, match="not become a whole Ogg file"):
        set_serial(path)
