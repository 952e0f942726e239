import numpy as np
import pytest

from charter.arrange.pitch import HOP_SECONDS, LOWEST, hear_pitches
from charter.audio import Audio

RATE = 24_000


def played(notes: list[tuple[float, float]], seconds: float, cents: float = 0.0) -> Audio:
    """A bright tone for each (MIDI number, start in seconds), each half a second long."""
    time = np.arange(round(seconds * RATE)) / RATE
    samples = np.zeros(len(time))
    for pitch, start in notes:
        sounds = (time >= start) & (time < start + 0.5)
        hertz = 440 * 2 ** ((pitch - 69 + cents / 100) / 12)
        for harmonic in range(1, 11):
            if harmonic * hertz < RATE / 2:
                samples += sounds * 0.1 * np.sin(2 * np.pi * harmonic * hertz * time) / harmonic
    return Audio(samples.astype(np.float32), RATE)


@pytest.mark.parametrize("cents", [-30.0, 0.0, 25.0])
def test_notes_of_every_register_in_any_tuning(cents: float) -> None:
    notes = [(31, 0.5), (43, 1.0), (55, 1.5), (67, 2.0), (76, 2.5), (88, 3.0)]
    heard = hear_pitches(played(notes, 4.0, cents))
    assert heard.cents == pytest.approx(cents, abs=4)
    for pitch, start in notes:
        frame = heard.activations[round((start + 0.25) / HOP_SECONDS)]
        assert frame.argmax() + LOWEST == pitch, "neither its octave nor its twelfth"


def test_a_chord_is_its_notes() -> None:
    heard = hear_pitches(played([(60, 0.5), (64, 0.5), (67, 0.5), (40, 0.5)], 1.5))
    strongest = np.argsort(heard.activations[round(0.75 / HOP_SECONDS)])[-4:] + LOWEST
    assert sorted(strongest.tolist()) == [40, 60, 64, 67]


def test_blocks_have_no_seams() -> None:
    """A held tone is heard alike at the seam between two blocks of 30 s."""
    samples = np.sin(2 * np.pi * 440 * np.arange(32 * RATE) / RATE).astype(np.float32)
    heard = hear_pitches(Audio(samples, RATE)).activations[:, 69 - LOWEST]
    around = heard[round(29.5 / HOP_SECONDS) : round(30.5 / HOP_SECONDS)]
    assert around.min() > 0.8 * np.median(heard)
    assert around.max() < 1.2 * np.median(heard)
