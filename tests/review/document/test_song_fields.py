from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from charter.errors import CharterError, TimingError
from charter.notation import Pause, Span, Tempo, Timing
from charter.review.document.codec import LAST_TICK, timing_json
from charter.review.document.song_fields import checked_field, shifted_fields, shifted_timing

ticks = st.integers(0, 400)
bpms = st.floats(40, 300)
pauses = st.lists(st.builds(Pause, ticks, st.floats(0, 3)), max_size=3).map(lambda made: tuple(sorted(made)))
spans = st.lists(st.builds(Span, ticks, st.integers(0, 60)), max_size=2).map(lambda made: tuple(sorted(made)))
changes = st.lists(st.builds(Tempo, st.integers(1, 400), bpms), max_size=3).map(lambda made: tuple(sorted(made)))
timings = st.builds(
    lambda bpm, later, *rest: Timing((Tempo(0, bpm), *later), *rest),
    bpms, changes, st.floats(-2, 2), pauses, pauses, spans, spans,
)  # fmt: skip


@given(timings, st.integers(1, 400))
def test_all_sounds_when_it_did_after_beat_0_moved_earlier(timing: Timing, shift: int) -> None:
    moved = shifted_timing(timing, shift)
    on = np.arange(0, 500)
    np.testing.assert_allclose(moved.seconds_at(on + shift), timing.seconds_at(on), atol=1e-6)
    np.testing.assert_array_equal(moved.hittable(on + shift), timing.hittable(on))


@given(timings, st.integers(1, 400))
def test_beat_0_moves_back_to_where_it_was(timing: Timing, shift: int) -> None:
    assume(len({tempo.tick for tempo in timing.tempos}) == len(timing.tempos))
    back = shifted_timing(shifted_timing(timing, shift), -shift)
    assert back.offset == pytest.approx(timing.offset)
    assert (back.tempos, back.stops, back.warps) == (timing.tempos, timing.stops, timing.warps)


@pytest.mark.parametrize(
    "timing",
    [
        Timing((Tempo(0, 120), Tempo(48, 90))),
        Timing((Tempo(0, 120),), stops=(Pause(40, 1.0),)),
        Timing((Tempo(0, 120),), warps=(Span(10, 48),)),
    ],
)
def test_beat_0_does_not_move_behind_what_is_timed(timing: Timing) -> None:
    with pytest.raises(TimingError, match="would be before it"):
        shifted_timing(timing, -48)


def test_beat_0_does_not_move_what_is_timed_behind_the_last_tick() -> None:
    with pytest.raises(TimingError, match="would be behind the last beat"):
        shifted_timing(Timing((Tempo(0, 120), Tempo(LAST_TICK - 3, 90))), 5)


def test_of_a_songs_fields_the_timing_is_shifted() -> None:
    fields = {"title": "x", "timing": timing_json(Timing.constant(120, 0.5))}
    assert shifted_fields(fields, 48) == {"title": "x", "timing": timing_json(Timing.constant(120, 1.0))}


@pytest.mark.parametrize(
    "name, value, kept",
    [
        ("title", "  A <script> \u00e9 ", "A <script> \u00e9"),
        ("preview", None, None),
        ("preview", [30, 12], [30.0, 12.0]),
        ("timing", timing_json(Timing.constant(120)), timing_json(Timing.constant(120))),
    ],
)
def test_a_field_is_kept(name: str, value: Any, kept: Any) -> None:
    assert checked_field(name, value) == kept


@pytest.mark.parametrize(
    "name, value",
    [
        ("music", "../../etc/passwd"),
        ("title", "a\nb"),
        ("title", 5),
        ("title", "x" * 301),
        ("preview", [1]),
        ("preview", {}),
        ("preview", "ab"),
        ("preview", [-1, 5]),
        ("preview", [1, 0]),
        ("preview", [float("nan"), 5]),
        ("preview", [True, 5]),
        ("preview", [0, float("inf")]),
        ("timing", None),
        ("timing", {**timing_json(Timing.constant(120)), "tempos": []}),
        ("timing", {**timing_json(Timing.constant(120)), "tempos": [[0, 0]]}),
        ("timing", {**timing_json(Timing.constant(120)), "offset": float("nan")}),
        ("timing", {**timing_json(Timing.constant(120)), "offset": 1e9}),
        ("timing", {**timing_json(Timing.constant(120)), "stops": [[0, 0.1]] * 20_001}),
        ("timing", {**timing_json(Timing.constant(120)), "tempos": [[0, 1e-306]]}),
        ("timing", {**timing_json(Timing.constant(120)), "tempos": [[0, 120], [48, 1e308]]}),
        ("timing", {**timing_json(Timing.constant(120)), "stops": [[0, 1e308]]}),
    ],
)
def test_a_field_that_no_song_can_have_is_refused(name: str, value: Any) -> None:
    with pytest.raises(CharterError):
        checked_field(name, value)
