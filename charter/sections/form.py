"""The form of a song: its sections, which of them are alike, and how intense they are."""

from dataclasses import dataclass
from itertools import pairwise
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from charter.audio.decode import Audio
from charter.audio.loudness import audible_span
from charter.audio.song_audio import SongAudio
from charter.model.sections import SectionNet
from charter.notation import Timing
from charter.sections.bars import Bars
from charter.sections.likeness import blended, novelty, self_similarity
from charter.sections.segments import boundaries, labels
from charter.sections.sound import BarSounds

_REACHES = (4, 8)  # bars that the novelty looks to either side: a phrase, and a section


@dataclass(frozen=True)
class Section:
    """A passage of one sound.

    start, end: seconds; first, last: its measures, as the timing counts them, the last not included
    label: A for the first and all that are like it, then B; intensity: its mean, 0 at the song's calmest bar to 1
    """

    start: float
    end: float
    first: int
    last: int
    label: str
    intensity: float


@dataclass(frozen=True, eq=False)
class Form:
    """What is known of a song's form.

    duration: seconds of the audio
    similar: (bars, bars) how alike bars are, about 0 for any two, up to some 3 for a repetition
    novelty: (bars + 1,) how much changes at each edge; 0 at both ends
    intensity: (bars,) standard deviations from the mean
    sections: in order; none where the audio holds no downbeat
    """

    duration: float
    bars: Bars
    similar: NDArray[np.float32]
    novelty: NDArray[np.float64]
    intensity: NDArray[np.float64]
    sections: tuple[Section, ...]


def find_form(net: SectionNet, mel: NDArray[np.floating], audio: Audio, timing: Timing) -> Form:
    """The form of a recording. mel: (frames, mels, windows) of the net's audio spec."""
    span = audible_span(audio)
    bars = Bars.of(timing, span.end if span else audio.duration)
    sounds = BarSounds.of(net, mel, audio, bars)
    similar = blended(self_similarity(sounds.points), self_similarity(sounds.harmony))
    return form_of(audio.duration, bars, similar, sounds.intensity)


def hear_form(net: SectionNet, song: SongAudio, timing: Timing) -> Form:
    """The form of an audio file. Raises AudioError as `decode`."""
    return find_form(net, song.mel(net.config.audio), song.audio(net.config.audio), timing)


def form_of(duration: float, bars: Bars, similar: NDArray[np.float32], intensity: NDArray[np.float64]) -> Form:
    """The form that follows from how alike bars are, (bars, bars), and from how intense they are, (bars,)."""
    change = np.sum([novelty(similar, reach) for reach in _REACHES], axis=0)
    return Form(duration, bars, similar, change, intensity, _sections(bars, similar, change, intensity))


def _sections(
    bars: Bars, similar: NDArray[np.float32], change: NDArray[np.float64], intensity: NDArray[np.float64]
) -> tuple[Section, ...]:
    if not len(bars):
        return ()
    edges = boundaries(change)
    low, high = float(intensity.min()), float(intensity.max())
    means = [float(intensity[start:end].mean()) for start, end in pairwise(edges)]
    return tuple(
        Section(
            float(bars.edges[start]),
            float(bars.edges[end]),
            int(bars.measures[start]),
            int(bars.measures[end]),
            _letters(label),
            (mean - low) / (high - low) if high > low else 0.0,
        )
        for start, end, label, mean in zip(edges[:-1], edges[1:], labels(similar, edges), means, strict=True)
    )


def _letters(number: int) -> str:
    """A to Z, then AA, AB …."""
    before, last = divmod(number, len(ascii_uppercase))
    return (_letters(before - 1) if before else "") + ascii_uppercase[last]
