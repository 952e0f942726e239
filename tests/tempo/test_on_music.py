"""The shipped beat net and the search together, on music made by code whose timing is known."""

import numpy as np
import pytest
import soundfile

from charter.audio import Audio
from charter.audio.song_audio import SongAudio
from charter.errors import TimingError
from charter.model.beats import BeatNet
from charter.model.weights import load_beats
from charter.tempo.find import FoundTiming, find_timing
from charter.tempo.tempo_range import TempoRange
from datasets.beatless import beatless_recordings
from tests.tempo.beats import off_beats

pytestmark = pytest.mark.model
KINDS = ("noise", "chords", "clicks", "murmur")


@pytest.fixture(scope="module")
def net() -> BeatNet:
    return load_beats().net


@pytest.fixture
def found(tmp_path, net):
    def find(audio: Audio, tempos: TempoRange | None = None) -> FoundTiming:
        soundfile.write(tmp_path / "a.wav", audio.samples, audio.rate)
        return find_timing(SongAudio(tmp_path / "a.wav"), net, tempos)

    return find


@pytest.mark.parametrize("bpm", [116.0, 128.0, 151.787, 174.0])
def test_a_drum_loop(found, drums, steady, bpm):
    beats = steady(bpm, 1.234, 50)
    timing = found(drums(beats)).timing
    assert len(timing.tempos) == 1
    assert timing.stops == ()
    assert timing.tempos[0].bpm == pytest.approx(bpm, abs=0.05)
    assert off_beats(timing, beats).max() < 0.010
    assert -timing.offset == pytest.approx(1.234, abs=4.1 * 60 / bpm)


def test_a_slow_loop_is_itself_or_its_double(found, drums, steady):
    """Its hats play eighths at 90 BPM: at 180 a person would chart the same beats."""
    beats = steady(90.0, 1.234, 50)
    answer = found(drums(beats))
    assert answer.timing.tempos[0].bpm == pytest.approx(90, abs=0.05) or not (
        answer.timing.tempos[0].bpm == pytest.approx(180, abs=0.05) and answer.is_sure
    )
    assert 90 in [round(candidate.timing.tempos[0].bpm, 2) for candidate in answer.candidates[:2]]
    assert off_beats(answer.timing, beats).max() < 0.010
    told = found(drums(beats), TempoRange(70, 120)).timing
    assert told.tempos[0].bpm == pytest.approx(90, abs=0.05)
    assert off_beats(told, beats).max() < 0.010


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 96_000])
def test_the_files_rate_is_no_matter(found, drums, steady, rate):
    beats = steady(140, 0.5, 30)
    timing = found(drums(beats, rate=rate)).timing
    assert timing.tempos[0].bpm == pytest.approx(140, abs=0.05)
    assert off_beats(timing, beats).max() < 0.010


def test_a_quiet_copy_has_the_same_timing(found, drums, steady):
    beats = steady(140, 0.5, 30)
    timing = found(drums(beats, quiet=0.05)).timing
    assert timing.tempos[0].bpm == pytest.approx(140, abs=0.05)
    assert off_beats(timing, beats).max() < 0.010


@pytest.mark.parametrize(("low", "high", "bpm"), [(200, 300, 256), (50, 80, 64), (100, 180, 128)])
def test_a_range_is_respected(found, drums, steady, low, high, bpm):
    beats = steady(128, 0.5, 40)
    timing = found(drums(beats), TempoRange(low, high)).timing
    assert [tempo.bpm for tempo in timing.tempos] == pytest.approx([bpm], abs=0.05)
    if bpm >= 128:
        assert off_beats(timing, beats).max() < 0.010


def test_a_known_tempo_is_kept_and_its_place_is_found(found, drums, steady):
    beats = steady(128, 0.5, 40)
    timing = found(drums(beats), TempoRange(128, 128)).timing
    assert [tempo.bpm for tempo in timing.tempos] == [128.0]
    assert off_beats(timing, beats).max() < 0.010


def test_a_change_of_tempo_in_the_middle(found, drums):
    beats = 0.5 + np.concatenate([np.arange(72) * 60 / 128, 72 * 60 / 128 + np.arange(72) * 60 / 140])
    timing = found(drums(beats)).timing
    assert 2 <= len(timing.tempos) <= 5
    assert (off_beats(timing, beats) < 0.020).mean() > 0.95


def test_a_pause_in_the_middle(found, drums, steady):
    early = steady(128, 0.5, 40)
    beats = np.concatenate([early, early[-1] + 60 / 128 * 4.5 + np.arange(80) * 60 / 128])
    timing = found(drums(beats)).timing
    assert len(timing.tempos) + len(timing.stops) <= 5
    assert (off_beats(timing, beats) < 0.020).mean() > 0.95


@pytest.fixture(scope="module")
def beatless() -> list[Audio]:
    """Two of each kind, of another seed than those that the net was taught on."""
    return beatless_recordings(2, 30.0, 24_000, seed=77)


@pytest.mark.parametrize("number", range(8), ids=[f"{kind} {n}" for kind in KINDS for n in (1, 2)])
def test_sounds_without_a_beat_are_refused(found, beatless, number):
    with pytest.raises(TimingError, match="give --bpm and --offset"):
        found(beatless[number])


@pytest.mark.parametrize(
    "samples",
    [np.zeros(20 * 24_000), 0.5 * np.sin(np.arange(20 * 24_000) * 0.1)],
    ids=["silence", "a sine"],
)
def test_no_music_is_refused(found, samples):
    with pytest.raises(TimingError, match="give --bpm and --offset"):
        found(Audio(samples.astype(np.float32), 24_000))


@pytest.mark.parametrize("seconds", [5, 10, 20])
def test_hiss_is_refused(found, seconds):
    """White noise of one level, as between stations: of six, none has a beat."""
    accepted = []
    for seed in range(6):
        samples = np.random.default_rng(100 + seed).normal(0, 0.1, seconds * 24_000)
        try:
            answer = found(Audio(samples.astype(np.float32), 24_000))
        except TimingError:
            continue
        accepted.append((seed, answer.timing.tempos[0].bpm, round(answer.confidence, 2)))
    assert accepted == []
