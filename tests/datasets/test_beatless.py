"""Recordings without a beat: sound, and the same for the same seed."""

import numpy as np

from charter.audio import audible_span
from datasets.beatless import beatless_recordings

RATE = 8_000


def test_as_many_of_each_kind_as_asked():
    recordings = beatless_recordings(2, 6.0, RATE)
    assert len(recordings) == 8
    for audio in recordings:
        assert audio.rate == RATE
        assert audio.samples.dtype == np.float32
        assert len(audio.samples) == 6 * RATE
        assert np.isfinite(audio.samples).all()
        assert 0.29 < np.abs(audio.samples).max() < 0.31
        span = audible_span(audio)
        assert span is not None
        assert span.end - span.start > 3


def test_seeds_tell_them_apart():
    one, again, other = (beatless_recordings(1, 3.0, RATE, seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(one, again, strict=True))
    assert not any(np.array_equal(a.samples, b.samples) for a, b in zip(one, other, strict=True))


def test_no_two_are_the_same():
    recordings = beatless_recordings(2, 3.0, RATE)
    assert len({audio.samples.tobytes() for audio in recordings}) == 8
