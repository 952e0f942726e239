"""A recording as the search for its beats sees it: the music alone.

What stands before and after it in the file, a second of silence more or less, shall not change what is found.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from charter.audio import AudibleSpan, Audio
from charter.audio.features import SILENCE
from charter.audio.song_audio import SongAudio
from charter.model.beats import BeatNet
from charter.tempo.activation import Activation, hear_beats
from charter.tempo.envelope import RATE, Onsets, find_onsets, onset_envelope
from charter.tempo.pulse import Sharpener

_CHANGE_SECONDS, _ATTACK_SECONDS = 0.6, 0.02
_AROUND_SECONDS = 1.0  # of silence on either side, so that the net hears the first beat come


@dataclass(frozen=True, eq=False)
class Recording:
    """Onsets, what the beat net hears, and where the music is; seconds count from ``start``.

    envelope: onset envelope at 1 ms
    change: by frame, ``frame_rate`` a second, how much the moment after differs from the moment before: chords and
    fills turn on beats, and most on downbeats
    start: seconds of the file at which the recording starts; before the file's own start where that is the music's
    """

    envelope: NDArray[np.float32]
    change: NDArray[np.float32]
    frame_rate: float
    activation: Activation
    span: AudibleSpan
    start: float = 0.0

    @classmethod
    def of(cls, song: SongAudio, net: BeatNet, span: AudibleSpan) -> "Recording":
        """A song as a net hears it. span: where its music is. Raises AudioError as `decode`."""
        spec = net.config.audio
        rate = spec.frames_per_second
        span = AudibleSpan(*(round(second * rate) / rate for second in span))  # whole frames, for all alike
        samples = _alone(song.audio(spec).samples, span, spec.sample_rate, 0.0)
        mel = _alone(song.mel(spec), span, rate, SILENCE)
        pitches = mel[:, :, int(np.argmax(spec.windows))]  # the longest window hears them best
        change = _changes(pitches, round(_CHANGE_SECONDS * rate), round(_ATTACK_SECONDS * rate))
        return cls(
            onset_envelope(Audio(samples, spec.sample_rate)),
            change,
            rate,
            hear_beats(net, mel),
            AudibleSpan(_AROUND_SECONDS, _AROUND_SECONDS + span.end - span.start),
            span.start - _AROUND_SECONDS,
        )

    @property
    def seconds(self) -> float:
        """Length of the music."""
        return self.span.end - self.span.start

    @cached_property
    def sharpener(self) -> Sharpener:
        """What brings a pulse to this recording's attacks."""
        return Sharpener(self.envelope)

    @cached_property
    def onsets(self) -> Onsets:
        """The attacks."""
        return find_onsets(self.envelope)

    def attacks_at(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much sets in at these times, beside its mean; same shape."""
        return _sampled(self.sharpener.attacks, seconds, RATE)

    def change_at(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much the sound changes at these times, beside its mean; same shape."""
        return _sampled(self.change, seconds, self.frame_rate)


def _alone(values: NDArray[np.float32], span: AudibleSpan, rate: float, silence: float) -> NDArray[np.float32]:
    """The values of a span, (n, …), ``rate`` of them a second, between silences."""
    start, end = (round(second * rate) for second in span)
    around = round(_AROUND_SECONDS * rate)
    widths = [(around, around)] + [(0, 0)] * (values.ndim - 1)
    return np.pad(values[start:end], widths, constant_values=silence)


def _sampled(values: NDArray[np.float32], seconds: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    at = np.clip(np.rint(seconds * rate).astype(np.int64), 0, len(values) - 1)
    return np.asarray(values[at] / (values.mean() + 1e-12), dtype=np.float64)


def _changes(mel: NDArray[np.float32], length: int, attack: int) -> NDArray[np.float32]:
    """Mean square difference of the bands' means in the ``length`` frames after and before each frame; (frames,).

    attack: frames by which a window sees a sound before it is there
    """
    frames = np.arange(len(mel)) - attack
    before, now, after = (np.clip(frames + shift, 0, len(mel)) for shift in (-length, 0, length))
    lengths = np.maximum(now - before, 1), np.maximum(after - now, 1)
    change = np.zeros(len(mel))
    for band in mel.T:  # one by one, so that an hour's mix needs no second copy of its features
        total = np.concatenate([[0.0], np.cumsum(band, dtype=np.float64)])
        change += np.square((total[after] - total[now]) / lengths[1] - (total[now] - total[before]) / lengths[0])
    return np.asarray(change / mel.shape[1], dtype=np.float32)
