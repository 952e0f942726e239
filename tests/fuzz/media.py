"""Sound, pictures and weights: files whose decoders are other people's."""

import io
import json
import struct
import tempfile
from functools import partial
from pathlib import Path

import av
import numpy as np
import soundfile
from PIL import Image

from charter.audio.decode import decode, sound_hash, stated_duration
from charter.audio.music import read_tags, write_music
from charter.audio.spec import AudioSpec
from charter.batch.discover import holds_audio
from charter.model.beats import BeatNet
from charter.model.config import BeatConfig, PlacementConfig, SectionConfig, SymbolConfig
from charter.model.placement import PlacementNet
from charter.model.sections import SectionNet
from charter.model.symbols import SymbolNet
from charter.model.weights import load_beats, load_placement, load_sections, load_symbols, save_weights
from export.art.cover import open_cover
from export.art.draw import cover_of
from export.art.look import Role
from export.art.pack_banner import is_pack_banner
from export.stepmania.companions import companions
from tests.fuzz.target import Target, each_told

_CODECS = {
    "wav": "pcm_s16le",
    "flac": "flac",
    "mp3": "libmp3lame",
    "m4a": "aac",
}
_OGG = {"ogg": "VORBIS", "opus": "OPUS"}  # for which PyAV has no encoder
_RATE = 48_000
_SIMFILE = b"#TITLE:x;#BPMS:0=120;"


def _sound(container: str, seconds: float) -> bytes:
    file = io.BytesIO()
    samples = np.sin(np.arange(round(seconds * _RATE)) * 0.05).astype(np.float32) / 2
    if container in _OGG:
        soundfile.write(file, samples, _RATE, _OGG[container], format="OGG")
        return file.getvalue()
    name = {"m4a": "ipod"}.get(container, container)
    with av.open(file, "w", format=name) as output:
        output.metadata.update(title="A title", artist="Somebody")
        stream = output.add_stream(_CODECS[container], rate=_RATE, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.repeat(samples[None, :], 2, axis=0).copy(), "fltp", "stereo")
        frame.rate = _RATE
        resampler = av.AudioResampler(stream.format, "stereo", _RATE, stream.codec_context.frame_size or 1024)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return file.getvalue()


def _sounds(container: str) -> list[bytes]:
    return [_sound(container, 0.1)]


def _hear(suffix: str, data: bytes, folder: Path) -> None:
    """Everything that opens a file of music; each may refuse it, and none keeps the next from it."""
    path = folder / f"song.{suffix}"
    path.write_bytes(data)
    rate = AudioSpec().sample_rate
    ways = (
        holds_audio,
        read_tags,
        stated_duration,
        sound_hash,
        partial(decode, rate=rate),
        partial(decode, rate=rate, span=(1.0, 2.0)),
        partial(write_music, target=folder / "out.ogg"),
    )
    each_told(partial(way, path) for way in ways)


def _picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (64, 60)) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(file, kind)
    return file.getvalue()


def _pictures() -> list[bytes]:
    kinds = [
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "I;16"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("GIF", "P"),
        ("BMP", "RGB"),
    ]
    return [_picture(*kind) for kind in kinds] + [_picture("WEBP"), _picture("BMP", "RGB", (418, 164))]


def _look(data: bytes, folder: Path) -> None:
    open_cover(data)
    is_pack_banner(data)
    cover_of({Role.JACKET: _picture("PNG"), Role.BANNER: data})
    cover_of({Role.JACKET: data, Role.BANNER: data})
    (folder / "a.png").write_bytes(data)
    companions(folder, _SIMFILE, Path("song.sm"))


def _weights(kind: str) -> list[bytes]:
    spec = AudioSpec(mels=16, windows=(512,))
    net = {
        "placement": lambda: PlacementNet(PlacementConfig(spec, channels=2, hidden=4)),
        "symbols": lambda: SymbolNet(SymbolConfig(spec, embedding=4, hidden=4, echo=2)),
        "beats": lambda: BeatNet(BeatConfig(spec, channels=2, width=4, scales=2)),
        "sections": lambda: SectionNet(SectionConfig(spec, channels=2, width=4)),
    }[kind]()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.safetensors")
        save_weights(path, net, {"note": "none"})
        data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    about = json.loads(header["__metadata__"]["charter"])
    seeds = [data]
    for name, value in about["config"].items():
        for other in (0, -1, 10**9, 1e308, "x", None, [], {}):
            changed = {
                **about,
                "config": {**about["config"], name: {**value, "mels": other} if name == "audio" else other},
            }
            text = json.dumps({**header, "__metadata__": {"charter": json.dumps(changed)}}).encode()
            seeds.append(struct.pack("<Q", len(text)) + text + data[8 + length :])
    return seeds


def _load(kind: str, data: bytes, folder: Path) -> None:
    path = folder / "x.safetensors"
    path.write_bytes(data)
    {"placement": load_placement, "symbols": load_symbols, "beats": load_beats, "sections": load_sections}[kind](path)


_WEIGHTS_WORDS = (
    b'F16 F32 F64 I64 BF16 BOOL F8_E4M3 U8 I32 "dtype": "shape": "data_offsets": 0 99999999 -1 [ ] { } , null '
    b'\\"hidden\\": \\"layers\\": \\"width\\": \\"scales\\": \\"channels\\": \\"audio\\": \\"kind\\": \\"config\\":'
).split()
TARGETS = {
    **{
        container: Target(partial(_hear, container), partial(_sounds, container), suffix=f".{container}")
        for container in (*_CODECS, *_OGG)
    },
    "picture": Target(_look, _pictures, (b"IHDR", b"IDAT", b"tEXt", b"iCCP", b"zTXt", b"eXIf", b"acTL"), ".png"),
    **{
        f"weights-{kind}": Target(partial(_load, kind), partial(_weights, kind), _WEIGHTS_WORDS, ".safetensors")
        for kind in ("placement", "symbols", "beats", "sections")
    },
}
