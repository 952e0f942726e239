"""What the player needs to play and draw a song: files below ``hearing/`` of its folder.

``listen.ogg`` starts with the first sample that charter decodes; ``peaks.bin`` has pairs of int8 (lowest, highest), so
many a second; ``bands.bin`` uint8 columns of bands, the low one first; ``onsets.bin`` uint8, how much sound sets in at
each millisecond; ``envelope.npy`` the same as float16, for checks; ``heard.json`` where the music lies.
"""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from charter.audio.decode import Audio
from charter.audio.loudness import audible_span
from charter.audio.music import write_music
from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.errors import CharterError, ChartError
from charter.files import make_folder, whole_file, write_bytes, write_text
from charter.review.data_folder import HEARING
from charter.tempo.envelope import RATE as ONSET_RATE
from charter.tempo.envelope import onset_envelope
from export.stepmania.music import find_music

LISTEN, PEAKS, BANDS, ONSETS, CHIP = "listen.ogg", "peaks.bin", "bands.bin", "onsets.bin", "chip.ogg"
PEAK_RATE = 300  # pairs a second
BAND_RATE = 50  # columns a second
BAND_COUNT = 32
_ENVELOPE, _HEARD = "envelope.npy", "heard.json"
_FULL_SCALE = 127
_LOUD, _QUIET = 99.8, 5.0  # percentiles that become 255 and 0
_FULL_ONSET = 99.9
_VORBIS_HEAD = 4096  # bytes of an Ogg file in which the codec's name stands


def hear(folder: Path, music: Path, song: SongAudio) -> dict[str, Any]:
    """Write what the player needs of a song into its folder; what is told of it.

    music: the file in the folder that the simfile plays; song: its audio
    -> ``{duration, peaks: {rate}, bands: {rate, bands}, onsets: {rate}, music: {start, end}, chip}``, seconds, columns
    and pairs a second; chip: whether its chip tune is there
    Raises AudioError, OutputError.
    """
    spec = AudioSpec()
    audio = song.audio(spec)
    make_folder(folder / HEARING)
    _write_listen(music, folder / HEARING / LISTEN)
    write_bytes(folder / HEARING / PEAKS, peaks(audio).tobytes())
    write_bytes(folder / HEARING / BANDS, bands(song.mel(spec), spec.frames_per_second).tobytes())
    envelope = onset_envelope(audio)
    write_bytes(folder / HEARING / ONSETS, _onsets(envelope).tobytes())
    with whole_file(folder / HEARING / _ENVELOPE) as draft, draft.open("wb") as file:
        np.save(file, envelope.astype(np.float16))
    write_text(folder / HEARING / _HEARD, json.dumps({"music": music.relative_to(folder).as_posix()}))
    span = audible_span(audio)
    return {
        "duration": round(audio.duration, 6),
        "peaks": {"rate": PEAK_RATE},
        "bands": {"rate": BAND_RATE, "bands": BAND_COUNT},
        "onsets": {"rate": ONSET_RATE},
        "music": {"start": span.start if span else 0.0, "end": span.end if span else audio.duration},
        "chip": (folder / HEARING / CHIP).is_file(),
    }


def music_within(folder: Path, simfile: Path, name: str) -> Path | None:
    """The audio that a simfile's ``#MUSIC`` names, None where there is none. Raises ChartError for one elsewhere."""
    found = find_music(folder, name)
    if found is None:
        return None
    # A pack comes from anybody, and what a song plays can be had from the server.
    if not found.resolve().is_relative_to(folder.resolve()):
        raise ChartError(
            f"{simfile}: #MUSIC names a file outside of the song's folder; put the music beside the simfile"
        )
    return folder / found.resolve().relative_to(folder.resolve())


def heard_music(folder: Path) -> Path | None:
    """The music of a song that was heard; None of one that was not."""
    try:
        return folder / str(json.loads((folder / HEARING / _HEARD).read_text(encoding="utf-8"))["music"])
    except (OSError, ValueError, KeyError):
        return None


def heard_envelope(folder: Path) -> NDArray[np.float32] | None:
    """The onset envelope of a song that was heard, (milliseconds,); None of one that was not."""
    try:
        return np.asarray(np.load(folder / HEARING / _ENVELOPE, allow_pickle=False), np.float32)
    except (OSError, ValueError):
        return None


def peaks(audio: Audio) -> NDArray[np.int8]:
    """The lowest and the highest sample of each stretch, (stretches, 2); `PEAK_RATE` stretches a second."""
    length = audio.rate // PEAK_RATE
    padded = np.pad(audio.samples, (0, -len(audio.samples) % length)).reshape(-1, length)
    both = np.stack([padded.min(axis=1), padded.max(axis=1)], axis=1)
    return np.asarray(np.clip(np.rint(both * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE), np.int8)


def bands(mel: NDArray[np.float32], frames_per_second: float) -> NDArray[np.uint8]:
    """How loud each band is, (columns, `BAND_COUNT`); mel: (frames, mels, windows)."""
    group, each = mel.shape[1] // BAND_COUNT, round(frames_per_second / BAND_RATE)
    means = mel.mean(axis=2).reshape(len(mel), BAND_COUNT, group).mean(axis=2)
    means = np.pad(means, ((0, -len(means) % each), (0, 0)), mode="edge").reshape(-1, each, BAND_COUNT).mean(axis=1)
    quiet, loud = np.percentile(means, [_QUIET, _LOUD])
    return np.asarray(np.rint(255 * np.clip((means - quiet) / max(loud - quiet, 1e-6), 0, 1)), np.uint8)


def _onsets(envelope: NDArray[np.float32]) -> NDArray[np.uint8]:
    full = float(np.percentile(envelope, _FULL_ONSET)) if len(envelope) else 0.0
    return np.asarray(np.rint(255 * np.clip(envelope / max(full, 1e-6), 0, 1)), np.uint8)


def _write_listen(music: Path, target: Path) -> None:
    """The music as every browser plays it. What is Ogg Vorbis is the same file by another name, where that can be."""
    if _is_vorbis(music):
        with suppress(OSError), whole_file(target) as draft:
            draft.unlink()
            os.link(music, draft)
            return
        with whole_file(target) as draft:
            shutil.copyfile(music, draft)
        return
    write_music(music, target)


def _is_vorbis(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_VORBIS_HEAD)
    return head.startswith(b"OggS") and b"\x01vorbis" in head


def sound_or_nothing(folder: Path, music: Path | None, song: SongAudio | None) -> tuple[dict[str, Any], str]:
    """What `hear` gives, or nothing and why: a song without music can still be looked at."""
    if music is None or song is None:
        return {}, "its music is not beside the simfile"
    try:
        return hear(folder, music, song), ""
    except CharterError as error:
        return {}, str(error).removeprefix(f"{music}: ")
