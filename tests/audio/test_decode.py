"""Decoding: every format gives the same sound at the same time, and every bad file says what is wrong with it."""

import logging
import socket
import sys
import warnings
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from charter.audio import Audio, decode
from charter.errors import AudioError
from tests.encoded import encode

RATE = 22050
SECONDS = 2.0
TONE_HZ, TONE_LEVEL = 440.0, 0.25
CLICK_SECONDS = 1.3
LOSSLESS_REACH, LOSSY_REACH = 0.002, 0.005


def tone(rate: int, seconds: float = SECONDS) -> np.ndarray:
    return (TONE_LEVEL * np.sin(2 * np.pi * TONE_HZ * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def click(rate: int) -> np.ndarray:
    """A short burst of noise: an impulse alone does not survive a lossy codec."""
    samples = np.zeros(round(SECONDS * rate), np.float32)
    start, length = round(CLICK_SECONDS * rate), round(0.02 * rate)
    samples[start : start + length] = np.random.default_rng(0).uniform(-0.8, 0.8, length)
    return samples


def attack(audio: Audio) -> float:
    """Seconds of the first sample above a third of the peak."""
    loud = np.abs(audio.samples) > np.abs(audio.samples).max() / 3
    return int(loud.argmax()) / audio.rate


FORMATS = [
    ("a.wav", 8000, LOSSLESS_REACH),
    ("a.wav", 44100, LOSSLESS_REACH),
    ("a.wav", 192000, LOSSLESS_REACH),
    ("a.flac", 48000, LOSSLESS_REACH),
    ("a.flac", 96000, LOSSLESS_REACH),
    ("a.ogg", 44100, LOSSY_REACH),
    ("a.mp3", 44100, LOSSY_REACH),
    ("a.mp3", 22050, LOSSY_REACH),
    ("a.opus", 48000, LOSSY_REACH),
    ("a.m4a", 44100, LOSSY_REACH),
]


@pytest.mark.parametrize(("name", "rate", "reach"), FORMATS)
def test_click_is_found_where_it_was_put(tmp_path, name, rate, reach):
    audio = decode(encode(tmp_path / name, click(rate), rate), RATE)
    assert attack(audio) == pytest.approx(CLICK_SECONDS, abs=reach)


@pytest.mark.parametrize(("name", "rate", "reach"), FORMATS)
def test_length_pitch_and_level_survive(tmp_path, name, rate, reach):
    audio = decode(encode(tmp_path / name, tone(rate), rate), RATE)
    assert audio.rate == RATE
    assert audio.samples.dtype == np.float32
    # FFmpeg's own AAC encoder trims its padding at the start only: the last frame is whole.
    assert audio.duration == pytest.approx(SECONDS, abs=0.025 if name.endswith("m4a") else reach)
    middle = audio.samples[RATE // 2 : RATE // 2 + RATE]  # a second: one FFT bin is 1 Hz
    spectrum = np.abs(np.fft.rfft(middle)) / (RATE / 2)
    assert spectrum.argmax() == TONE_HZ
    assert spectrum.max() == pytest.approx(TONE_LEVEL, rel=0.06)  # LAME plays low rates 5 % softer


@pytest.mark.parametrize("channels", [1, 2, 3, 6, 7])
@pytest.mark.parametrize("rate", [RATE, 48000])
def test_channels_are_averaged(tmp_path, channels, rate):
    one = tone(rate)
    samples = np.stack([one] + [np.zeros_like(one)] * (channels - 1), axis=1)
    audio = decode(encode(tmp_path / "a.wav", samples, rate), RATE)
    assert np.abs(audio.samples[100:-100]).max() == pytest.approx(TONE_LEVEL / channels, rel=0.01)


@pytest.mark.parametrize("rate", [8000, 44100, 48000, 192000])
def test_no_sample_is_lost_at_either_end(tmp_path, rate):
    constant = np.full(round(SECONDS * rate), 0.5, np.float32)
    samples = decode(encode(tmp_path / "a.wav", constant, rate), RATE).samples
    assert len(samples) == SECONDS * RATE
    assert samples[[0, -1]] == pytest.approx(0.5, abs=0.1)


def test_same_rate_is_bit_exact(tmp_path):
    noise = np.random.default_rng(1).uniform(-1, 1, 30001).astype(np.float32)
    assert np.array_equal(decode(encode(tmp_path / "a.wav", noise, RATE), RATE).samples, noise)


def test_sound_above_full_scale_is_not_clipped(tmp_path):
    audio = decode(encode(tmp_path / "a.wav", 16 * tone(44100), 44100), RATE)
    assert np.abs(audio.samples[100:-100]).max() == pytest.approx(4.0, rel=0.01)


def test_broken_samples_are_silence(tmp_path):
    samples = tone(RATE)
    samples[[100, 200, 300]] = [np.nan, np.inf, -np.inf]
    audio = decode(encode(tmp_path / "a.wav", samples, RATE), RATE)
    assert audio.samples[[100, 200, 300]].tolist() == [0, 0, 0]
    assert np.array_equal(audio.samples[301:], samples[301:])


@pytest.mark.parametrize(
    "name",
    [
        "♫ 夜 🎵.wav",
        "a b;c#d%20e.wav",
        "100%.wav",
        "%03d.wav",
        "http:x.wav",
        "a:b.wav",
        "concat:a|b.wav",
        "-.wav",
        "x?y=1.wav",
    ],
)
def test_file_names_are_taken_as_they_are(tmp_path, monkeypatch, name):
    encode(tmp_path / "plain.wav", tone(RATE), RATE).rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert decode(Path(name), RATE).duration == SECONDS


SDP = (
    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 97\na=rtpmap:97 opus/48000/2\n"
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.mp3", "ffconcat version 1.0\nfile {beside}\n"),
        ("a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{beside}\n#EXT-X-ENDLIST\n"),
        ("a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:{port}/a.mp3\n#EXT-X-ENDLIST\n"),
        ("a.mp3", SDP),  # would listen for packets
    ],
)
def test_other_files_and_addresses_that_a_file_names_are_not_opened(tmp_path, monkeypatch, name, text):
    monkeypatch.chdir(tmp_path)
    soundfile.write("beside.mp3", np.zeros(48_000), 48_000)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        Path(name).write_text(text.format(beside="beside.mp3", port=server.getsockname()[1]))
        with pytest.raises(AudioError, match="is not audio that can be read"):
            decode(Path(name), 48_000)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_wrong_suffix_is_no_matter(tmp_path):
    encode(tmp_path / "a.wav", tone(RATE), RATE).rename(tmp_path / "a.mp3")
    assert decode(tmp_path / "a.mp3", RATE).duration == SECONDS


def test_file_cut_off_midway_gives_its_first_part(tmp_path):
    whole = encode(tmp_path / "a.mp3", tone(44100, 8.0), 44100).read_bytes()
    (tmp_path / "a.mp3").write_bytes(whole[: len(whole) // 2])
    assert decode(tmp_path / "a.mp3", RATE).duration == pytest.approx(4.0, abs=0.2)


def test_damage_midway_costs_only_its_packets(tmp_path, caplog):
    path = encode(tmp_path / "a.mp3", tone(44100, 8.0), 44100)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 3000] = b"\xff\xfb\xb0\x00" * 750
    path.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert decode(path, RATE).duration == pytest.approx(8.0, abs=0.5)
    assert "a.mp3: " in caplog.text
    assert "damaged" in caplog.text


def test_rate_change_midway_is_followed(tmp_path):
    """Joined MP3s play on, each with its own rate and channels."""
    first = encode(tmp_path / "a.mp3", tone(44100, 1.0), 44100).read_bytes()
    second = encode(tmp_path / "b.mp3", np.stack([tone(32000, 1.0)] * 2, axis=1), 32000).read_bytes()
    (tmp_path / "c.mp3").write_bytes(first + second)
    assert decode(tmp_path / "c.mp3", RATE).duration == pytest.approx(2.0, abs=0.15)


def write_text(path: Path) -> None:
    path.write_text("This is a shopping list, not a song.\n" * 50)


def write_zeros(path: Path) -> None:
    path.write_bytes(bytes(50_000))


def write_picture(path: Path) -> None:
    with av.open(str(path), "w", format="image2") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "rgb24"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))


def write_header_alone(path: Path) -> None:
    encode(path.with_suffix(".wav"), np.zeros(0, np.float32), RATE).rename(path)


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        ("gone.mp3", lambda path: None, "no such file"),
        ("folder.mp3", Path.mkdir, "is a folder"),
        ("empty.mp3", Path.touch, "is empty"),
        ("text.mp3", write_text, "is not audio|no sound could be decoded"),
        ("text.wav", write_text, "is not audio"),
        ("zeros.mp3", write_zeros, "is not audio|no sound could be decoded"),
        ("picture.png", write_picture, "holds no audio"),
        ("header.wav", write_header_alone, "no sound could be decoded"),
    ],
)
def test_bad_file_names_itself_and_the_mistake(tmp_path, capfd, name, make, message):
    make(tmp_path / name)
    with pytest.raises(AudioError, match=message) as caught:
        decode(tmp_path / name, RATE)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (PermissionError(13, "Permission denied"), "permissions"),
        (OSError(5, "Input/output error"), "Input/output error"),
    ],
)
def test_unreadable_file_says_so(tmp_path, monkeypatch, error, message):
    def refuse(*args: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(AudioError, match=rf"a\.wav: .*{message}"):
        decode(tmp_path / "a.wav", RATE)


def test_files_are_closed(tmp_path):
    encode(tmp_path / "a.wav", tone(RATE), RATE)
    write_text(tmp_path / "b.wav")
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        decode(tmp_path / "a.wav", RATE)
        with pytest.raises(AudioError):
            decode(tmp_path / "b.wav", RATE)


@pytest.mark.parametrize("channels", [8, 9])
def test_more_channels_than_games_play_are_told(tmp_path, channels):
    path = tmp_path / "many.wav"
    soundfile.write(path, np.zeros((4800, channels), dtype=np.float32), 48_000)
    with pytest.raises(AudioError, match=rf"many\.wav: has {channels} channels; mix it down to at most 7"):
        decode(path, 24_000)


@pytest.mark.parametrize("rate", [1, 999, 1_000_001])
def test_a_rate_that_no_recording_has_is_told(tmp_path, rate):
    """At one sample a second, a few kilobytes would be hours, and gigabytes once resampled."""
    path = tmp_path / "slow.wav"
    soundfile.write(path, np.zeros(5000, dtype=np.float32), rate)
    with pytest.raises(AudioError, match=rf"slow\.wav: has {rate} samples a second; is its header damaged"):
        decode(path, RATE)


def test_a_codec_that_nobody_knows_is_told(tmp_path):
    """Such as that of a song that a shop has locked."""
    path = encode(tmp_path / "locked.m4a", tone(RATE), RATE)
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"drmz").replace(b"esds", b"skip"))
    with pytest.raises(
        AudioError, match=r"locked\.m4a: is coded in a way that nothing here can decode; is it protected"
    ):
        decode(path, RATE)


def test_hours_on_end_are_no_song(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules["charter.audio.decode"], "LONGEST_HOURS", 1 / 3600)
    path = encode(tmp_path / "long.flac", tone(RATE), RATE)
    with pytest.raises(AudioError, match=r"long\.flac: lasts over .* hours; is it a song"):
        decode(path, RATE)
    assert decode(path, RATE, (0.0, 1.0)).duration == 1


@pytest.mark.parametrize("span", [(0.0, 0.5), (0.4, 1.6), (1.5, 99.0)])
def test_a_span_is_that_part_of_the_whole(tmp_path: Path, span: tuple[float, float]) -> None:
    path = encode(tmp_path / "a.mp3", click(RATE) + tone(RATE), RATE)
    whole = decode(path, 24_000).samples
    part = decode(path, 24_000, span).samples
    assert (part == whole[round(span[0] * 24_000) : round(span[1] * 24_000)]).all()
    assert len(part) > 0


def test_a_span_behind_the_end_holds_no_sound(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="no sound"):
        decode(encode(tmp_path / "a.wav", tone(RATE), RATE), RATE, (5.0, 6.0))
