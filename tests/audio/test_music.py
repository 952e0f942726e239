"""The music beside a chart: Ogg Vorbis that sounds when its source does."""

import base64
import errno
import os
import struct
from pathlib import Path

import av
import mutagen
import numpy as np
import pytest
import soundfile
from mutagen.flac import Picture
from mutagen.id3 import APIC, PictureType
from mutagen.mp4 import MP4Cover

from charter.audio import decode
from charter.audio.music import Tags, read_tags, write_music
from charter.errors import AudioError, OutputError
from tests.encoded import encode

RATE = 24_000
SECONDS = 3.0


def bursts(rate: int, seconds: float = SECONDS) -> np.ndarray:
    """Stereo: a burst of noise every third of a second on the left, and half as many on the right."""
    samples = np.zeros((round(seconds * rate), 2), np.float32)
    burst = np.random.default_rng(0).uniform(-0.6, 0.6, round(0.03 * rate)).astype(np.float32)
    for number, second in enumerate(np.arange(0.2, seconds - 0.2, 1 / 3)):
        start = round(second * rate)
        samples[start : start + len(burst), : 1 + number % 2] += burst[:, None]
    return samples


def encoded(path: Path, rate: int = 48_000) -> Path:
    return encode(path, bursts(rate), rate)


def lag(source: Path, copy: Path) -> float:
    """Seconds by which the copy sounds later, by cross-correlation."""
    a, b = (decode(path, RATE).samples for path in (source, copy))
    size = 2 * max(len(a), len(b))
    together = np.fft.irfft(np.fft.rfft(b, size).conj() * np.fft.rfft(a, size), size)
    peak = int(together.argmax())
    return -(peak if peak < size // 2 else peak - size) / RATE


@pytest.mark.parametrize(
    ("name", "rate"),
    [("a.wav", 44_100), ("a.wav", 96_000), ("a.wav", 22_050), ("a.mp3", 44_100), ("a.mp3", 48_000), ("a.opus", 48_000)],
)
def test_whatever_it_was_it_becomes_vorbis_in_sync(tmp_path, name, rate):
    source = encoded(tmp_path / name, rate)
    write_music(source, tmp_path / "out.ogg")
    info = soundfile.info(tmp_path / "out.ogg")
    assert (info.format, info.subtype, info.channels) == ("OGG", "VORBIS", 2)
    assert info.samplerate == (44_100 if rate == 44_100 else 48_000)
    assert lag(source, tmp_path / "out.ogg") == pytest.approx(0, abs=0.002)
    assert info.duration == pytest.approx(decode(source, RATE).duration, abs=0.01)


def test_a_lag_would_be_seen(tmp_path):
    """`lag` itself."""
    early, late = tmp_path / "early.wav", tmp_path / "late.wav"
    soundfile.write(early, bursts(RATE), RATE)
    soundfile.write(late, np.pad(bursts(RATE), ((240, 0), (0, 0))), RATE)
    assert lag(early, late) == pytest.approx(0.01, abs=1e-4)
    assert lag(late, early) == pytest.approx(-0.01, abs=1e-4)


def test_the_channels_stay_apart(tmp_path):
    write_music(encoded(tmp_path / "a.wav"), tmp_path / "out.ogg")
    copy, rate = soundfile.read(tmp_path / "out.ogg")
    source = bursts(rate)
    for channel in range(2):
        assert np.corrcoef(copy[:, channel], source[:, channel])[0, 1] > 0.95
    assert np.corrcoef(copy[:, 0], copy[:, 1])[0, 1] < 0.9


def test_mono_sounds_on_both_sides(tmp_path):
    soundfile.write(tmp_path / "a.wav", bursts(48_000)[:, 0], 48_000)
    write_music(tmp_path / "a.wav", tmp_path / "out.ogg")
    copy, _ = soundfile.read(tmp_path / "out.ogg")
    assert np.abs(copy[:, 0] - copy[:, 1]).max() < 0.02
    assert np.sqrt(np.mean(copy**2)) == pytest.approx(np.sqrt(np.mean(bursts(48_000)[:, 0] ** 2)), rel=0.1)


@pytest.mark.parametrize("name", ["a.ogg", "vorbis.mp3"])
def test_vorbis_is_copied_byte_for_byte(tmp_path, name):
    encoded(tmp_path / "a.ogg", 32_000).rename(tmp_path / name)
    write_music(tmp_path / name, tmp_path / "out.ogg")
    assert (tmp_path / "out.ogg").read_bytes() == (tmp_path / name).read_bytes()


def test_opus_in_ogg_is_not_taken_for_vorbis(tmp_path):
    encoded(tmp_path / "a.opus").rename(tmp_path / "a.ogg")
    write_music(tmp_path / "a.ogg", tmp_path / "out.ogg")
    assert soundfile.info(tmp_path / "out.ogg").subtype == "VORBIS"


def test_tags_of_an_old_encoding_are_shown_as_far_as_they_can_be(tmp_path):
    path = tmp_path / "old.wav"
    soundfile.write(path, np.zeros(4800, np.float32), 48_000, "PCM_16")
    told = b"LIST" + struct.pack("<I", 18) + b"INFOINAM" + struct.pack("<I", 6) + b"Caf\xe9 x"
    data = path.read_bytes()
    path.write_bytes(data[:4] + struct.pack("<I", len(data) - 8 + len(told)) + data[8:36] + told + data[36:])
    assert read_tags(path).title == "Caf\ufffd x"


def test_minutes_of_music_fit(tmp_path):
    """libsndfile's encoder overruns its stack where minutes are written at once."""
    soundfile.write(tmp_path / "a.flac", np.tile(bursts(16_000, 5.0), (24, 1)), 16_000)
    write_music(tmp_path / "a.flac", tmp_path / "out.ogg")
    assert soundfile.info(tmp_path / "out.ogg").duration == pytest.approx(120, abs=0.01)


def test_what_stood_there_is_replaced(tmp_path):
    (tmp_path / "out.ogg").write_text("old")
    write_music(encoded(tmp_path / "a.wav"), tmp_path / "out.ogg")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "out.ogg"]
    assert soundfile.info(tmp_path / "out.ogg").subtype == "VORBIS"


# Failures leave the target as it was.


def write_words(path: Path) -> Path:
    path.write_text("no music\n" * 200)
    return path


def write_header(path: Path) -> Path:
    soundfile.write(path, np.zeros((0, 2)), 44_100)
    return path


@pytest.mark.parametrize(
    ("name", "make", "cause"),
    [
        ("a.wav", write_words, "is not audio"),
        ("a.wav", write_header, "no sound could be decoded"),
        ("a.wav", lambda path: path, "no such file"),
    ],
)
def test_a_bad_source_leaves_nothing(tmp_path, name, make, cause):
    source = make(tmp_path / name)
    (tmp_path / "out").mkdir()
    with pytest.raises(AudioError, match=rf"a\.wav: .*{cause}"):
        write_music(source, tmp_path / "out" / "out.ogg")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("name", ["a.wav", "a.ogg"])
def test_a_missing_folder_is_told(tmp_path, name):
    source = encoded(tmp_path / name)
    target = tmp_path / "gone" / "out.ogg"
    with pytest.raises(OutputError, match=rf"{target}: cannot be written") as caught:
        write_music(source, target)
    assert "\n" not in str(caught.value)
    assert not target.parent.exists()


@pytest.mark.parametrize("name", ["a.wav", "a.ogg"])
def test_a_disk_that_refuses_leaves_the_old_file(tmp_path, monkeypatch, name):
    def refuse(*args: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    source = encoded(tmp_path / name)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "out.ogg").write_text("old")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OutputError, match=r"out\.ogg: cannot be written \(the disk is read-only\)"):
        write_music(source, tmp_path / "out" / "out.ogg")
    assert [(path.name, path.read_text()) for path in (tmp_path / "out").iterdir()] == [("out.ogg", "old")]


# Tags


@pytest.mark.parametrize("name", ["a.flac", "a.ogg", "a.wav", "a.mp3"])
def test_title_and_artist(tmp_path, name):
    if name == "a.mp3":
        encode(tmp_path / name, np.zeros(44_100, np.float32), 44_100, title="夜 ♫", artist="Ä & B")
    else:
        with soundfile.SoundFile(tmp_path / name, "w", samplerate=44_100, channels=1) as file:
            file.title, file.artist = "夜 ♫", "Ä & B"
            file.write(np.zeros(44_100))
    assert read_tags(tmp_path / name) == Tags("夜 ♫", "Ä & B")


FRONT, BACK = b"\x89PNG\r\n\x1a\n front" * 50, b"\xff\xd8\xff back" * 40  # never looked into


def tag(path: Path, pictures: list[tuple[PictureType, bytes]]) -> Path:
    """A file with pictures, as mutagen, and so the usual taggers, put them."""
    file = mutagen.File(encoded(path))
    if file.tags is None:
        file.add_tags()
    for kind, data in pictures:
        if path.suffix in (".mp3", ".wav"):
            file.tags.add(APIC(encoding=3, mime="image/png", type=kind, desc=f"{kind}", data=data))
            continue
        picture = Picture()
        picture.type, picture.data, picture.mime = kind, data, "image/png"
        if path.suffix == ".flac":
            file.add_picture(picture)
        elif path.suffix == ".m4a":
            file["covr"] = [*file.get("covr", []), MP4Cover(data, MP4Cover.FORMAT_PNG)]
        else:
            block = base64.b64encode(picture.write()).decode()
            file["metadata_block_picture"] = [*file.get("metadata_block_picture", []), block]
    file.save()
    return path


TAGGED = ["a.mp3", "a.flac", "a.ogg", "a.opus", "a.wav"]


@pytest.mark.parametrize("name", [*TAGGED, "a.m4a"])
def test_the_cover(tmp_path, name):
    assert read_tags(tag(tmp_path / name, [(PictureType.COVER_FRONT, FRONT)])).cover == FRONT


@pytest.mark.parametrize("name", TAGGED)  # an MP4 does not say what its pictures show
@pytest.mark.parametrize("kind", [PictureType.COVER_BACK, PictureType.OTHER, PictureType.ARTIST])
def test_the_front_goes_before_others(tmp_path, name, kind):
    tagged = tag(tmp_path / name, [(kind, BACK), (PictureType.COVER_FRONT, FRONT)])
    assert read_tags(tagged).cover == FRONT


@pytest.mark.parametrize("name", TAGGED)
def test_any_picture_goes_before_none(tmp_path, name):
    assert read_tags(tag(tmp_path / name, [(PictureType.OTHER, BACK)])).cover == BACK


def test_a_video_is_no_cover(tmp_path):
    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        video, audio = container.add_stream("mpeg4", rate=10), container.add_stream("aac", rate=48_000, layout="mono")
        video.width = video.height = 64
        for _ in range(5):
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48_000
        container.mux(audio.encode(frame))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    assert read_tags(tmp_path / "a.mp4").cover == b""


def test_no_tags(tmp_path):
    assert read_tags(encoded(tmp_path / "a.wav")) == Tags("", "")


def test_tags_of_no_audio(tmp_path):
    with pytest.raises(AudioError, match=r"a\.wav: is not audio"):
        read_tags(write_words(tmp_path / "a.wav"))
