"""The timing of a recording that was heard already: its rivals, its range, its changes and its refusals."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.errors import TimingError
from charter.model.beats import BeatNet
from charter.model.config import BeatConfig
from charter.notation import TICKS_PER_MEASURE, Timing
from charter.tempo.find import SURE, FoundTiming, TimingCandidate, find_timing, relation, timing_of
from charter.tempo.pulse import Pulse
from charter.tempo.tempo_range import TempoRange
from tests.tempo.beats import off_beats

ANY = TempoRange()


@pytest.mark.parametrize("bpm", [95.0, 128.0, 151.79, 180.0])
@pytest.mark.parametrize("downbeat", [0, 3])
def test_a_steady_song(hear, steady, bpm, downbeat):
    beats = steady(bpm, 2.3, 40)
    found = timing_of(hear(beats, downbeat=downbeat), ANY)
    assert len(found.timing.tempos) == 1
    assert found.timing.stops == ()
    assert found.timing.tempos[0].bpm == pytest.approx(bpm, abs=0.01)
    assert off_beats(found.timing, beats).max() < 0.002
    measures = float(found.timing.ticks_at(beats[downbeat])) / TICKS_PER_MEASURE
    assert measures == pytest.approx(round(measures), abs=0.01)


@pytest.mark.parametrize("downbeat", [0, 1, 2, 3])
def test_beat_0_is_a_downbeat_at_the_start_of_the_music_or_just_before(hear, steady, downbeat):
    beats = steady(120, 10.0, 40)
    zero = -timing_of(hear(beats, downbeat=downbeat), ANY).timing.offset
    assert zero == pytest.approx(10.0 - (-downbeat % 4) * 0.5, abs=0.002)


def test_a_soft_start_is_not_before_beat_0(hear, steady):
    """Its first attack becomes audible a few blocks late."""
    found = timing_of(hear(steady(120, 10.0, 40), start=10.03), ANY)
    assert -found.timing.offset == pytest.approx(10.0, abs=0.002)


def test_candidates_are_ranked_and_share_one(hear, steady):
    found = timing_of(hear(steady(128, 0.4, 40)), ANY)
    confidences = [candidate.confidence for candidate in found.candidates]
    assert len(confidences) >= 3
    assert confidences == sorted(confidences, reverse=True)
    assert 0.9 < sum(confidences) <= 1.0 + 1e-9  # what is hardly likely is left out
    assert found.confidence == confidences[0]
    assert [candidate.relation == "" for candidate in found.candidates] == [True] + [False] * (len(confidences) - 1)
    told = {candidate.relation for candidate in found.candidates}
    assert {"×2 tempo", "÷2 tempo"} <= told


@pytest.mark.parametrize(("low", "high", "bpm"), [(200, 300, 256), (50, 80, 64), (120, 140, 128)])
def test_a_range_is_respected(hear, steady, low, high, bpm):
    found = timing_of(hear(steady(128, 0.4, 40)), TempoRange(low, high))
    assert found.timing.tempos[0].bpm == pytest.approx(bpm, abs=0.02)
    assert all(low <= candidate.timing.tempos[0].bpm <= high for candidate in found.candidates)
    assert 0 < found.confidence <= 1 + 1e-9


def test_a_range_that_all_evidence_speaks_against_makes_nothing_certain(hear, steady):
    recording = hear(steady(128, 0.4, 60), between=0.2)
    assert not timing_of(recording, TempoRange(250, 260)).is_sure


def test_a_range_without_a_beat_is_told(hear, steady):
    with pytest.raises(TimingError, match=r"no beat from 345 to 370 BPM found; widen the range"):
        timing_of(hear(steady(128, 0.4, 40)), TempoRange(345, 370))


@pytest.mark.parametrize("bpm", [20.0, 127.9, 128.0, 1000.0])
def test_a_known_tempo_is_written_as_it_is(hear, steady, bpm):
    found = timing_of(hear(steady(128, 0.4, 40)), TempoRange(bpm, bpm))
    assert {tempo.bpm for candidate in found.candidates for tempo in candidate.timing.tempos} == {bpm}
    if bpm == 128:
        assert off_beats(found.timing, np.array([0.4, 30.4])).max() < 0.002


def test_a_known_tempo_is_kept_through_a_song_that_changes(hear):
    beats = 0.4 + np.concatenate([np.arange(70) * 0.5, 35 + np.arange(70) * 0.4])
    assert timing_of(hear(beats), TempoRange(120, 120)).timing.tempos == Timing.constant(120).tempos


def test_a_jump_of_tempo_is_two_segments(hear):
    beats = 0.4 + np.concatenate([np.arange(80) * 60 / 128, 80 * 60 / 128 + np.arange(80) * 60 / 140])
    found = timing_of(hear(beats), ANY)
    assert 2 <= len(found.timing.tempos) <= 4
    assert found.timing.tempos[0].bpm == pytest.approx(128, abs=0.5)
    assert found.timing.tempos[-1].bpm == pytest.approx(140, abs=0.5)
    assert (off_beats(found.timing, beats) < 0.02).mean() > 0.97


def test_a_pause_is_a_stop_or_a_change_and_the_beats_after_it_are_right(hear, steady):
    early = steady(128, 0.4, 45)
    beats = np.concatenate([early, early[-1] + 60 / 128 + 0.2 + np.arange(90) * 60 / 128])
    found = timing_of(hear(beats), ANY)
    assert len(found.timing.tempos) + len(found.timing.stops) <= 4
    assert (off_beats(found.timing, beats) < 0.02).mean() > 0.97


def test_no_beat_heard_is_refused(hear, steady):
    recording = hear(steady(128, 0.4, 40))
    recording.activation.beat[:] = 0.03
    with pytest.raises(TimingError, match=r"keep to no beat that could be found; give --bpm and --offset"):
        timing_of(recording, ANY)
    assert timing_of(recording, TempoRange(128, 128)).timing.tempos[0].bpm == 128, "but the user may know better"


def test_beats_without_a_sound_are_refused(hear, steady):
    """A hum: the net may hear what it likes."""
    recording = hear(steady(128, 0.4, 40))
    recording.envelope[:] = 0
    with pytest.raises(TimingError, match="keep to no beat"):
        timing_of(recording, ANY)


@pytest.fixture
def untaught() -> BeatNet:
    torch.manual_seed(0)
    return BeatNet(BeatConfig(AudioSpec(mels=16), channels=4, width=8, scales=5)).eval()


@pytest.mark.parametrize(
    "samples",
    [np.zeros(1000), np.zeros(20 * 8000), np.sin(np.arange(3.5 * 8000) * 0.3), np.eye(1, 20 * 8000)[0]],
    ids=["a blink", "silence", "too short", "a click"],
)
@pytest.mark.parametrize("tempos", [None, TempoRange(128, 128)])
def test_under_four_seconds_of_music_have_no_timing(tmp_path, untaught, samples, tempos):
    soundfile.write(tmp_path / "a.wav", samples, 8000)
    with pytest.raises(TimingError, match=r"^under 4 s of music: no beat found; give --bpm and --offset$"):
        find_timing(SongAudio(tmp_path / "a.wav"), untaught, tempos)


def test_a_net_that_has_learnt_nothing_breaks_nothing(tmp_path: Path, untaught, drums, steady):
    audio = drums(steady(128, 0.4, 8))
    soundfile.write(tmp_path / "a.wav", audio.samples, audio.rate)
    found = find_timing(SongAudio(tmp_path / "a.wav"), untaught, TempoRange(128, 128))
    assert off_beats(found.timing, np.array([0.4, 4.15])).max() < 0.25


@pytest.mark.parametrize(
    ("ratio", "shift", "words"),
    [
        (1, 0, ""),
        (1, 0.5, "off-beat"),
        (2, 0, "×2 tempo"),
        (0.5, 0.3, "÷2 tempo"),
        (1.5, 0, "3:2 tempo"),
        (2 / 3, 0, "2:3 tempo"),
        (0.75, 0, "3:4 tempo"),
        (4 / 3, 0, "4:3 tempo"),
        (3, 0, "×3 tempo"),
        (1 / 3, 0, "÷3 tempo"),
        (1.1, 0, "another tempo"),
    ],
)
def test_how_a_candidate_stands_to_the_best(ratio, shift, words):
    assert relation(Pulse(0.4 + shift * 0.5, 0.5 / ratio), Pulse(0.4, 0.5)) == words


def candidate(bpm: float, confidence: float, words: str) -> TimingCandidate:
    return TimingCandidate(Timing.constant(bpm), confidence, words)


def test_doubt_is_one_line_that_says_what_else_it_may_be():
    found = FoundTiming(
        (
            candidate(140, 0.55, ""),
            candidate(70, 0.3, "÷2 tempo"),
            candidate(140, 0.1, "off-beat"),
            candidate(99, 0, "?"),
        )
    )
    assert not found.is_sure
    assert found.doubt == (
        "its timing is unsure: 140 BPM, confidence 55% (else 70 (÷2 tempo) 30%, 140 (off-beat) 10%);"
        " if it is wrong, give --bpm, --bpm-range or --timing"
    )


@pytest.mark.parametrize(("confidence", "sure"), [(SURE, True), (SURE - 0.01, False), (1.0, True)])
def test_sure_is_above_the_line(confidence, sure):
    assert FoundTiming((candidate(140, confidence, ""),)).is_sure is sure
