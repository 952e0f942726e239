"""The timing of a recording, with its rivals, and how sure each is."""

from dataclasses import dataclass, replace

import numpy as np

from charter.audio import audible_span
from charter.audio.song_audio import SongAudio
from charter.errors import TimingError
from charter.model.beats import BeatNet
from charter.notation import BEATS_PER_MEASURE, Timing
from charter.tempo.candidates import candidate_pulses
from charter.tempo.changes import beats_along, follow
from charter.tempo.choice import shares
from charter.tempo.downbeat import first_downbeat
from charter.tempo.pulse import Pulse
from charter.tempo.recording import Recording
from charter.tempo.segments import changing_timing
from charter.tempo.tempo_range import TempoRange

SHORTEST_SECONDS = 4.0
# Below it a user is warned. At and above it 24 of 25 one-tempo songs were right that the beat net had not heard.
SURE = 0.9
_FEWEST_ONSETS = 8
_ALWAYS_SHOWN, _WORTH_SHOWING = 3, 0.01  # so many candidates, and those of at least this probability
_LEAST_TRUST = 0.2  # probability that the pulses of a range have at least between them before it was asked for
# Probabilities of a beat: the mean on the beats, where noise reaches .10 and passages of songs .12 at least; what one
# token in twenty exceeds, where noise reaches .14 and all songs but one soft piano .2.
_LEAST_BEAT, _LEAST_PEAK, _PEAK_PERCENTILE = 0.11, 0.17, 95
_STEADY_RIVALS = 3  # pulses that a path of changes is measured against
_CHANGING = 2.2  # evidence per hop from which a song changes its tempo: steady songs reach 1.9 on valid
_NEAR_HALF = 0.1  # beats
_EARLY_SECONDS = 0.05  # a soft first attack becomes audible only after its beat


@dataclass(frozen=True)
class TimingCandidate:
    """A timing that the song may have.

    confidence: 0..1, the probability that a person would chart it so
    relation: to the likeliest candidate, as in ``×2 tempo`` or ``off-beat``; empty for that one
    """

    timing: Timing
    confidence: float
    relation: str


@dataclass(frozen=True)
class FoundTiming:
    """What was found, likeliest first; at least three unless little was left to find."""

    candidates: tuple[TimingCandidate, ...]

    @property
    def timing(self) -> Timing:
        """The likeliest."""
        return self.candidates[0].timing

    @property
    def confidence(self) -> float:
        """Of the likeliest, 0..1."""
        return self.candidates[0].confidence

    @property
    def is_sure(self) -> bool:
        """Whether nobody need be warned."""
        return self.confidence >= SURE

    @property
    def doubt(self) -> str:
        """How unsure it is, what else it may be, and what to do, in one line."""
        return f"{self.unsure}; if it is wrong, give --bpm, --bpm-range or --timing"

    @property
    def unsure(self) -> str:
        """How unsure it is, and what else it may be."""
        rivals = ", ".join(
            f"{rival.timing.tempos[0].bpm:.6g} ({rival.relation}) {rival.confidence:.0%}"
            for rival in self.candidates[1:3]
        )
        return (
            f"its timing is unsure: {self.timing.tempos[0].bpm:.6g} BPM, confidence {self.confidence:.0%}"
            f"{f' (else {rivals})' if rivals else ''}"
        )


def find_timing(song: SongAudio, net: BeatNet, tempos: TempoRange | None = None) -> FoundTiming:
    """The song's beats, its tempo changes and stops; beat 0 is a downbeat at the start of the music or just before.

    tempos: what the user knows of the tempo; a single one is taken as it is, through the whole song

    Raises TimingError where no beat is found: in silence, noise, speech, or less than 4 s of music. The message names
    no file.
    """
    span = audible_span(song.audio(net.config.audio))
    if span is None or span.end - span.start < SHORTEST_SECONDS:
        raise TimingError(f"under {SHORTEST_SECONDS:g} s of music: no beat found; give --bpm and --offset")
    return timing_of(Recording.of(song, net, span), tempos or TempoRange())


def timing_of(recording: Recording, tempos: TempoRange) -> FoundTiming:
    """As `find_timing`, of a recording that was heard already."""
    pulses, probabilities = _ranked(recording, tempos)
    best = pulses[0]
    if not tempos.is_known and not _has_beat(recording, best):
        raise TimingError("its sounds keep to no beat that could be found; give --bpm and --offset")
    timings = [_steady_timing(recording, pulse) for pulse in pulses]
    if not tempos.is_known:
        path = follow(recording, pulses[:_STEADY_RIVALS])
        beats = beats_along(path, recording) if path.gain > _CHANGING else np.zeros(0)
        if len(beats) >= 2 * BEATS_PER_MEASURE:
            timings[0] = changing_timing(beats, first_downbeat(recording, beats))
    return FoundTiming(
        tuple(
            TimingCandidate(_in_file(timing, recording), probability, relation(pulse, best))
            for rank, (timing, probability, pulse) in enumerate(zip(timings, probabilities, pulses, strict=True))
            if rank < _ALWAYS_SHOWN or probability >= _WORTH_SHOWING
        )
    )


def _in_file(timing: Timing, recording: Recording) -> Timing:
    """A recording's timing as that of its file, the offset to a tenth of a millisecond."""
    return replace(timing, offset=round(timing.offset - recording.start, 4))


def _ranked(recording: Recording, asked: TempoRange) -> tuple[list[Pulse], list[float]]:
    """The candidates in a range, likeliest first, and the probability of each to be the beat."""
    pulses = candidate_pulses(recording, asked)
    probabilities = shares(recording, pulses)
    inside = [i for i in np.argsort(-probabilities) if asked.is_known or pulses[i].bpm in asked]
    if not inside:
        raise TimingError(f"no beat from {asked.slowest:g} to {asked.fastest:g} BPM found; widen the range")
    # Told the range, a user is believed; but one that all the evidence speaks against is not made certain by it.
    total = max(float(probabilities[inside].sum()), _LEAST_TRUST)
    return [pulses[i] for i in inside], [float(probabilities[i]) / total for i in inside]


def _has_beat(recording: Recording, pulse: Pulse) -> bool:
    beats = recording.activation.beat_at(pulse.beats_in(*recording.span))
    peaks = float(np.percentile(recording.activation.beat, _PEAK_PERCENTILE))
    enough = len(beats) > 0 and len(recording.onsets.times) >= _FEWEST_ONSETS
    return enough and float(beats.mean()) >= _LEAST_BEAT and peaks >= _LEAST_PEAK


def _steady_timing(recording: Recording, pulse: Pulse) -> Timing:
    beats = pulse.beats_in(*recording.span)
    measure = BEATS_PER_MEASURE * pulse.period
    downbeat = float(beats[first_downbeat(recording, beats)])
    # The last downbeat before the music, so that a pick-up lies behind beat 0 too.
    measures = np.floor((recording.span.start + _EARLY_SECONDS - downbeat) / measure)
    return Timing.constant(pulse.bpm, offset=-float(downbeat + measures * measure))


def relation(pulse: Pulse, best: Pulse) -> str:
    """How one pulse stands to another, in words."""
    if pulse == best:
        return ""
    beats_off = abs(best.off(pulse.at)) / best.period
    names = {
        1.0: "off-beat" if abs(beats_off - 0.5) < _NEAR_HALF else "another phase",
        2.0: "×2 tempo",
        0.5: "÷2 tempo",
        1.5: "3:2 tempo",
        2 / 3: "2:3 tempo",
    }
    names |= {0.75: "3:4 tempo", 4 / 3: "4:3 tempo", 3.0: "×3 tempo", 1 / 3: "÷3 tempo"}
    ratio = pulse.bpm / best.bpm
    nearest = min(names, key=lambda known: abs(known - ratio))
    return names[nearest] if abs(nearest / ratio - 1) < 0.01 else "another tempo"
