"""Audio files of every format that a test may ask for."""

from pathlib import Path

import av
import numpy as np
import soundfile

CODECS = {".mp3": "libmp3lame", ".opus": "libopus", ".m4a": "aac"}


def encode(path: Path, samples: np.ndarray, rate: int, **tags: str) -> Path:
    """Write (n,) or (n, channels) samples in the format that the suffix names; tags: of a format of `CODECS`."""
    if path.suffix not in CODECS:
        soundfile.write(path, samples, rate, subtype="FLOAT" if path.suffix == ".wav" else None)
        return path
    channels = samples.reshape(len(samples), -1).T
    layout = {1: "mono", 2: "stereo"}[len(channels)]
    with av.open(str(path), "w") as container:
        container.metadata.update(tags)
        stream = container.add_stream(CODECS[path.suffix], rate=rate, layout=layout, bit_rate=192_000)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(channels, np.float32), format="fltp", layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        for converted in av.AudioResampler(stream.format, layout, rate).resample(frame):
            container.mux(stream.encode(converted))
        container.mux(stream.encode(None))
    return path
