"""How much sets in when: to the millisecond, whatever the level, the length and the block."""

import numpy as np
import pytest

from charter.audio import Audio
from charter.tempo import envelope
from charter.tempo.envelope import RATE, find_onsets, onset_envelope

AT = 24_000


def lone(sound: np.ndarray, times: np.ndarray, rate: int = AT, level: float = 1.0) -> Audio:
    samples = np.zeros(round((times[-1] + 0.8) * rate), np.float32)
    for second in times:
        start = round(second * rate)
        samples[start : start + len(sound)] += level * sound.astype(np.float32)
    return Audio(samples, rate)


@pytest.mark.parametrize("name", ["kick", "snare", "hat"])
@pytest.mark.parametrize("rate", [8_000, 24_000, 48_000])
def test_a_lone_sound_sets_in_at_its_attack(struck, name, rate):
    times = 0.3 + np.arange(12) * 0.4801
    onsets = find_onsets(onset_envelope(lone(struck(name, rate), times, rate)))
    strong = onsets.times[onsets.strengths > onsets.strengths.max() / 2]
    assert strong == pytest.approx(times, abs=0.004)


def test_one_value_a_millisecond(struck):
    audio = lone(struck("kick", AT), np.array([0.5]))
    flux = onset_envelope(audio)
    assert len(flux) == 1 + len(audio.samples) // (AT // RATE)
    assert flux.dtype == np.float32


def test_a_quiet_copy_has_the_same_onsets(struck):
    times = 0.3 + np.arange(8) * 0.5
    loud, quiet = (onset_envelope(lone(struck("snare", AT), times, level=level)) for level in (0.9, 0.01))
    assert quiet == pytest.approx(loud, abs=1e-4)
    assert loud.max() > 0.1


def test_blocks_have_no_seams(struck, monkeypatch):
    audio = lone(struck("snare", AT), 0.3 + np.arange(9) * 0.37)
    whole = onset_envelope(audio)
    monkeypatch.setattr(envelope, "_BLOCK_SECONDS", 1)
    assert onset_envelope(audio) == pytest.approx(whole, abs=1e-6)


@pytest.mark.parametrize("length", [1, 100, AT])
def test_silence_has_no_onsets(length):
    flux = onset_envelope(Audio(np.zeros(length, np.float32), AT))
    assert len(flux) == 1 + length // 24
    assert not flux.any()
    assert find_onsets(flux).times.size == 0


def test_a_rate_without_a_whole_millisecond_is_no_users_mistake():
    with pytest.raises(ValueError, match="22050 Hz is no whole number"):
        onset_envelope(Audio(np.zeros(100, np.float32), 22_050))
