import pytest

from charter.errors import ChartError
from charter.notation import Chart, Note, NoteKind, Pause, Span, Tempo, Timing
from export.chiptune.score import Score, Tone
from export.chiptune.steps import step_score

BEAT = 48
TIMING = Timing.constant(120.0, -1.0)  # beat n is heard at second 1 + n / 2


def score_of(*notes: Note, timing: Timing = TIMING) -> Score:
    return step_score(Chart(None, 1, tuple(sorted(notes))), timing)


def tap(beat: float, panel: int, kind: NoteKind = NoteKind.TAP) -> Note:
    return Note(round(beat * BEAT), panel, kind)


def tones(score: Score) -> list[Tone]:
    return sorted([*score.pulse_1, *score.pulse_2, *score.triangle])


def test_each_panel_is_a_pitch_of_its_own_at_its_row() -> None:
    played = tones(score_of(*(tap(beat, beat) for beat in range(4))))
    assert [tone.start for tone in played] == pytest.approx([1.0, 1.5, 2.0, 2.5])
    pitches = [tone.pitches for tone in played]
    assert len(set(pitches)) == 4
    assert pitches == sorted(pitches)


def test_a_jump_sounds_in_two_voices() -> None:
    score = score_of(tap(0, 0), tap(0, 3), tap(1, 1), tap(1, 2))
    for second in (1.0, 1.5):
        assert sum(tone.start == second for tone in tones(score)) == 2
        for voice in (score.pulse_1, score.pulse_2, score.triangle):
            assert sum(tone.start == second for tone in voice) <= 1


def test_a_hold_sustains_while_other_panels_are_tapped() -> None:
    score = score_of(tap(0, 0, NoteKind.HOLD), tap(4, 0, NoteKind.TAIL), *(tap(beat, 2) for beat in (1, 2, 3)))
    held = next(tone for tone in tones(score) if tone.start == 1.0)
    assert held.end == pytest.approx(3.0)
    voice = next(voice for voice in (score.pulse_1, score.pulse_2, score.triangle) if held in voice)
    assert voice == (held,)


def test_a_roll_repeats_to_its_tail() -> None:
    starts = [tone.start for tone in tones(score_of(tap(0, 1, NoteKind.ROLL), tap(1, 1, NoteKind.TAIL)))]
    assert starts == pytest.approx([1.0, 1.125, 1.25, 1.375, 1.5])


def test_mines_are_noise_and_no_tone() -> None:
    score = score_of(tap(0, 0), tap(1, 1, NoteKind.MINE), tap(1, 2, NoteKind.MINE))
    assert [hit.start for hit in score.noise] == [1.5]
    assert len(tones(score)) == 1


def test_stops_are_waited_for_and_what_cannot_be_hit_is_silent() -> None:
    timing = Timing((Tempo(0, 120.0),), 0.0, stops=(Pause(BEAT, 1.0),), warps=(Span(4 * BEAT, BEAT),))
    score = score_of(tap(1, 0), tap(2, 0), tap(4.5, 1), tap(4.5, 2, NoteKind.MINE), timing=timing)
    assert [tone.start for tone in tones(score)] == pytest.approx([0.5, 2.0])
    assert score.noise == ()


def test_what_lies_before_the_audio_is_left_out() -> None:
    score = score_of(tap(0, 0), tap(4, 0), timing=Timing.constant(120.0, 1.0))
    assert [tone.start for tone in tones(score)] == pytest.approx([1.0])


def test_a_chart_without_notes_is_an_error() -> None:
    with pytest.raises(ChartError, match="no notes"):
        score_of(tap(0, 0, NoteKind.MINE))


def test_the_tune_lasts_until_the_last_note_has_rung() -> None:
    score = score_of(tap(0, 0), tap(8, 3))
    assert 5.1 < score.duration < 6
