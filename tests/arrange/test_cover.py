"""The example song, whose every note is known, comes back from its sound; what is no music gives no music."""

from collections.abc import Iterator

import numpy as np
import pytest
from scipy.signal import resample_poly

from charter.arrange import cover
from charter.arrange.listening import listen
from charter.audio import Audio
from charter.notation import Chart, Difficulty, Note, NoteKind, PreviewWindow, Timing
from examples import song
from examples.voices import hertz_of
from export.chiptune.driver import register_log
from export.chiptune.instruments import KICK_SAMPLE, SNARE
from export.chiptune.score import LOUDEST, Score, Tone

RATE = 24_000
EIGHTH = 30 / song.BPM
BAR = 8 * EIGHTH
TIMING = Timing.constant(song.BPM, -song.FIRST_BEAT_SECONDS)
NEAR = 0.03


def section_starts() -> Iterator[tuple[song.Section, float]]:
    start = song.FIRST_BEAT_SECONDS
    for section in song.SECTIONS:
        yield section, start
        start += section.bars * BAR


def midi(name: str) -> int:
    return round(69 + 12 * np.log2(hertz_of(name) / 440))


def melody() -> list[tuple[float, float, int]]:
    """Start, end and pitch of the melody's notes."""
    notes = []
    for section, start in section_starts():
        words, at = section.melody.split(), start
        for name, eighths in zip(words[::2], map(int, words[1::2]), strict=True):
            if name != "-":
                notes.append((at, at + eighths * EIGHTH, midi(name)))
            at += eighths * EIGHTH
    return notes


def bars() -> list[tuple[song.Section, str, float]]:
    """Section, chord and start of each bar."""
    return [
        (section, chord, start + number * BAR)
        for section, start in section_starts()
        for number, chord in enumerate(section.chords.split())
    ]


def struck(voice: str) -> np.ndarray:
    """When a drum or the bass is struck."""
    hits = [
        start + step * EIGHTH / 2
        for section, _, start in bars()
        for step in range(16)
        if getattr(section, voice)[step] in "xo"
    ]
    if voice == "snare":  # the rolls at the ends of sections
        for section, start in section_starts():
            steps = {"intro": 4, "verse": 4, "break": 16}.get(section.name, 0)
            hits += [start + section.bars * BAR - (step + 1) * EIGHTH / 2 for step in range(steps)]
    return np.array(sorted(hits))


def sounding(voice: tuple[Tone, ...], moment: float) -> float | None:
    """The pitch that a voice plays at a moment."""
    return next((tone.pitches[0] for tone in voice if tone.start <= moment < tone.end), None)


def f1(truth: np.ndarray, found: np.ndarray) -> float:
    near = np.abs(truth[:, None] - found) <= NEAR
    return 2 * near.any(axis=1).mean() * near.any(axis=0).mean() / (near.any(axis=1).mean() + near.any(axis=0).mean())


@pytest.fixture(scope="module")
def recording() -> Audio:
    return Audio(resample_poly(song.render().mean(axis=1), 80, 147).astype(np.float32), RATE)


@pytest.fixture(scope="module")
def score(recording: Audio) -> Score:
    return cover(recording, TIMING)


@pytest.mark.slow
def test_the_lead_plays_the_melody(score: Score) -> None:
    right = [sounding(score.pulse_1, (start + end) / 2) == pitch for start, end, pitch in melody()]
    assert np.mean(right) >= 0.9
    starts = np.array([start for start, _, _ in melody()])
    assert f1(starts, np.array([tone.start for tone in score.pulse_1])) >= 0.9


def test_the_triangle_plays_the_roots_of_the_bass(score: Score) -> None:
    right = []
    for section, chord, start in bars():
        root = midi(song._ROOTS[chord])
        for step in (step for step in range(16) if section.bass[step] == "x"):
            pitch = sounding(score.triangle, start + step * EIGHTH / 2 + 0.08)
            right.append(pitch is not None and (pitch - root) % 12 == 0)
    assert np.mean(right) >= 0.85


def test_arpeggios_are_the_songs_chords(score: Score) -> None:
    chords = {round(start, 3): {midi(note) % 12 for note in song._CHORDS[chord].split()} for _, chord, start in bars()}
    right = []
    for tone in score.pulse_2:
        bar = max((start for start in chords if start <= tone.start + NEAR), default=None)
        if len(tone.pitches) > 1 and bar is not None:
            right.append({round(pitch) % 12 for pitch in tone.pitches} == chords[bar])
    assert len(right) > 30
    assert np.mean(right) >= 0.9


def test_kicks_and_snares_stand_where_they_are_struck(score: Score) -> None:
    kicks = np.array([trigger.start for trigger in score.dmc if trigger.sample == KICK_SAMPLE])
    snares = np.array([hit.start for hit in score.noise if hit.drum == SNARE])
    assert f1(struck("kick"), kicks) >= 0.85
    assert f1(struck("snare"), snares) >= 0.8


def test_notes_are_in_tempo_and_none_flickers(score: Score) -> None:
    for voice in (score.pulse_1, score.pulse_2, score.triangle):
        assert voice
        starts = np.array([tone.start for tone in voice])
        ticks = TIMING.ticks_at(starts)
        assert np.abs(ticks / 4 - np.round(ticks / 4)).max() < 0.01, "twelfths of a beat"
        assert np.mean(np.abs(ticks / 12 - np.round(ticks / 12)) < 0.01) > 0.9, "most on sixteenths"
        assert min(tone.end - tone.start for tone in voice) > 0.04
        assert (np.diff(starts) > 0).all()


def test_dynamics_follow_the_song(score: Score) -> None:
    def loudness(name: str) -> float:
        spans = [(start, start + section.bars * BAR) for section, start in section_starts() if section.name == name]
        return np.mean([t.volume for t in score.pulse_1 if any(a <= t.start < b for a, b in spans)])

    assert loudness("chorus") > loudness("intro") + 2
    assert all(1 <= tone.volume <= LOUDEST for tone in (*score.pulse_1, *score.pulse_2, *score.triangle))


def test_a_passage_is_the_same_music_from_its_start(recording: Audio, score: Score) -> None:
    passage = PreviewWindow(song.FIRST_BEAT_SECONDS + 12 * BAR, 6 * BAR)
    short = cover(recording, TIMING, passage=passage)
    assert short.duration == pytest.approx(passage.length)
    moments = np.arange(0.05, passage.length, 0.1)
    same = [sounding(short.pulse_1, t) == sounding(score.pulse_1, t + passage.start) for t in moments]
    assert np.mean(same) >= 0.9
    starts = [note.start for voice in (short.pulse_1, short.triangle, short.noise, short.dmc) for note in voice]
    assert min(starts) == pytest.approx(0, abs=0.01), "the downbeat's own notes are in it"
    assert max(starts) < passage.length


def test_a_chart_of_other_music_does_not_spoil_the_melody(recording: Audio) -> None:
    """Rows say where attacks are likely; what is heard decides."""
    rows = tuple(Note(tick, 0, NoteKind.TAP) for tick in range(12, 48 * 144, 24))
    score = cover(recording, TIMING, Chart(Difficulty.HARD, 9, rows))
    right = [sounding(score.pulse_1, (start + end) / 2) == pitch for start, end, pitch in melody()]
    assert np.mean(right) >= 0.9


def test_a_charts_rows_make_attacks_likelier(recording: Audio) -> None:
    part = Audio(recording.samples[: 10 * RATE], RATE)
    without, heard = listen(part, TIMING, ()), listen(part, TIMING, (48, 60))
    louder = np.flatnonzero(heard.attacks > without.attacks + 0.5)
    assert heard.grid.ticks[louder] == pytest.approx([48, 60])


def test_silence_gives_an_empty_score() -> None:
    score = cover(Audio(np.zeros(10 * RATE, np.float32), RATE), Timing.constant(120))
    assert score == Score(duration=10.0)


@pytest.mark.parametrize("kind", ["white", "brown"])
def test_noise_gives_no_pitches(kind: str) -> None:
    hiss = np.random.default_rng(3).normal(0, 0.1, 20 * RATE)
    samples = hiss if kind == "white" else 0.05 * np.cumsum(hiss)
    score = cover(Audio(samples.astype(np.float32), RATE), Timing.constant(120))
    assert score.pulse_1 == score.pulse_2 == score.triangle == ()


def test_a_pause_stays_silent(recording: Audio) -> None:
    samples = recording.samples.copy()
    samples[20 * RATE : 24 * RATE] = 0
    score = cover(Audio(samples, RATE), TIMING)
    for voice in (score.pulse_1, score.pulse_2, score.triangle):
        assert not [tone for tone in voice if tone.start < 23.5 and tone.end > 20.5]
        assert [tone for tone in voice if tone.start > 24]
    assert not [hit for hit in (*score.noise, *score.dmc) if 20.3 < hit.start < 23.7]


@pytest.mark.parametrize("bpm", [1.0, 999.0, 100_000.0])
def test_any_tempo_gives_a_bounded_score(recording: Audio, bpm: float) -> None:
    ten_seconds = Audio(recording.samples[24 * RATE : 34 * RATE], RATE)
    score = cover(ten_seconds, Timing.constant(bpm))
    for voice in (score.pulse_1, score.pulse_2, score.triangle, score.noise, score.dmc):
        assert len(voice) <= 20 * 10
    assert score.pulse_1
    assert register_log(score).seconds == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize("samples", [0, 1, 600, 2400, RATE])
def test_hardly_any_audio(recording: Audio, samples: int) -> None:
    start = 25 * RATE
    score = cover(Audio(recording.samples[start : start + samples], RATE), TIMING)
    assert score.duration == samples / RATE
    assert len(score.pulse_1) + len(score.pulse_2) + len(score.triangle) <= 30 * score.duration
    assert all(tone.end <= score.duration for tone in score.pulse_1)
