"""A song as an arrangement for the five voices of a 2A03."""

import numpy as np
from scipy.ndimage import uniform_filter1d

from charter.arrange.chords import chord_strikes, chord_tone
from charter.arrange.drums import DrumKind, find_drums
from charter.arrange.line import LineNote
from charter.arrange.listening import SlotSounds, listen
from charter.arrange.voices import bass_line, lead_line, second_line, tones, volume
from charter.audio import Audio
from charter.notation import Chart, PreviewWindow, Timing
from export.chiptune.instruments import (
    BASS,
    COUNTER,
    HAT,
    KICK,
    KICK_SAMPLE,
    LEAD,
    OPEN_HAT,
    SNARE,
    SNARE_SAMPLE,
)
from export.chiptune.score import Drum, Hit, Score, Tone, Trigger

_NOISE_DRUMS: dict[DrumKind, Drum] = {
    DrumKind.KICK: KICK,
    DrumKind.SNARE: SNARE,
    DrumKind.HAT: HAT,
    DrumKind.OPEN_HAT: OPEN_HAT,
}
_SAMPLES = {DrumKind.KICK: KICK_SAMPLE, DrumKind.SNARE: SNARE_SAMPLE}
# Who gets the noise voice, and who the samples: kick and hat, or kick and snare, sound together.
_FIRST_ON_NOISE = (DrumKind.SNARE, DrumKind.OPEN_HAT, DrumKind.HAT, DrumKind.KICK)

# A second line takes the chords' voice where it sounds for so much of four stretches of harmony and moves in them.
_SECOND_STRETCHES, _SECOND_SHARE, _SECOND_NOTES = 4, 0.45, 1.25
_SHORTEST_SECONDS = 0.05  # below it there is no note to hear
MARGIN_SECONDS = 1.0  # listened to on both sides of a passage


def cover(audio: Audio, timing: Timing, chart: Chart | None = None, passage: PreviewWindow | None = None) -> Score:
    """The song, or a passage of it, for two pulses, triangle, noise and DMC; without title and artist.

    audio: at charter's rate, 24 kHz; timing: of the chart, on this audio; chart: its rows say where attacks are
    passage: seconds of the audio; what it does not hold of the audio is left out. Second 0 of the score is its start.
    """
    start, end = 0.0, audio.duration
    if passage is not None:
        start = min(max(passage.start, 0.0), audio.duration)
        end = min(max(passage.start + passage.length, start), audio.duration)
    from_ = max(start - MARGIN_SECONDS, 0.0)
    samples = audio.samples[round(from_ * audio.rate) : round((end + MARGIN_SECONDS) * audio.rate)]
    if end - start < _SHORTEST_SECONDS:
        return Score(duration=end - start)
    timing = timing.shifted(-from_)
    heard = listen(Audio(samples, audio.rate), timing, chart.hit_ticks(timing) if chart else ())
    lead, bass = lead_line(heard), bass_line(heard)
    noise, dmc = _drums(heard)
    score = Score(
        duration=end - from_,
        pulse_1=tones(lead, heard, LEAD),
        pulse_2=_second_pulse(heard, lead),
        triangle=tones(bass, heard, BASS),
        noise=noise,
        dmc=dmc,
    )
    return score.between(start - from_, end - from_)


def _second_pulse(heard: SlotSounds, lead: list[LineNote]) -> tuple[Tone, ...]:
    """The second line where there is one, chords elsewhere."""
    grid = heard.grid
    second = second_line(heard, lead)
    stretches = int(grid.harmonies[-1]) + 1
    covered, starts = np.zeros(stretches), np.zeros(stretches)
    for note in second:
        np.add.at(covered, grid.harmonies[note.first : note.end], grid.lengths[note.first : note.end])
        starts[grid.harmonies[note.first]] += 1
    share = covered / np.bincount(grid.harmonies, grid.lengths, stretches)
    share, starts = (uniform_filter1d(values, _SECOND_STRETCHES) for values in (share, starts))
    is_line = (share >= _SECOND_SHARE) & (starts >= _SECOND_NOTES)
    melodic = [note for note in second if is_line[grid.harmonies[note.first]]]
    played = [*tones(melodic, heard, COUNTER)]
    played += [chord_tone(heard, *strike) for strike in chord_strikes(heard) if not is_line[grid.harmonies[strike[0]]]]
    return tuple(sorted(played))


def _drums(heard: SlotSounds) -> tuple[tuple[Hit, ...], tuple[Trigger, ...]]:
    """The drums on the noise voice, one at a time, with the samples of kick and snare under them."""
    starts = heard.grid.edges
    by_slot: dict[int, list[DrumKind]] = {}
    for hit in find_drums(heard):
        by_slot.setdefault(hit.slot, []).append(hit.kind)
    hits, triggers = [], []
    for slot, kinds in sorted(by_slot.items()):
        start = float(starts[slot])
        on_noise = min(kinds, key=_FIRST_ON_NOISE.index)
        hits.append(Hit(start, _NOISE_DRUMS[on_noise], volume(heard, slot, slot + 1)))
        sampled = min(kinds)
        if sampled in _SAMPLES:
            triggers.append(Trigger(start, _SAMPLES[sampled]))
    return tuple(hits), tuple(triggers)
