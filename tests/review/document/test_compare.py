from hypothesis import given
from hypothesis import strategies as st

from charter.review.document.changes import Cell, Notes, Symbol, notes_by_cell
from charter.review.document.compare import FARTHEST_MOVE, compared

_BEFORE = notes_by_cell(
    [[0, 0, "1", None], [48, 1, "1", None], [96, 2, "2", 144], [192, 3, "1", None], [240, 0, "1", None]]
)


def test_each_row_is_told_what_became_of_it() -> None:
    after = notes_by_cell(
        [
            [0, 0, "1", None],  # kept
            [48, 2, "1", None],  # another panel: rewritten
            [108, 2, "2", 156],  # a hold moved by a 16th, its tail with it
            [300, 3, "1", None],  # farther than a beat from where such a row was: that one is removed, this one added
            [240, 0, "1", None],
            [240, 1, "1", None],  # a jump of it: rewritten
        ]
    )
    found = compared(_BEFORE, after)
    assert found.kept == (0,)
    assert found.rewritten == (48, 240)
    assert found.moved == ((96, 108),)
    assert found.removed == (192,)
    assert found.added == (300,)
    assert found.json() == {"kept": 1, "moved": [[96, 108]], "added": [300], "removed": [192], "rewritten": [48, 240]}


def test_a_hold_of_another_length_is_rewritten() -> None:
    after = {**_BEFORE, Cell(96, 2): Symbol("2", 160)}
    assert compared(_BEFORE, after).rewritten == (96,)


def test_the_closest_of_two_pair_off() -> None:
    before = notes_by_cell([[100, 0, "1", None]])
    after = notes_by_cell([[70, 0, "1", None], [112, 0, "1", None]])
    found = compared(before, after)
    assert (found.moved, found.added, found.removed) == (((100, 112),), (70,), ())


notes = st.dictionaries(
    st.builds(Cell, st.integers(0, 200), st.integers(0, 1)), st.just(Symbol("1", None)), max_size=25
)


@given(notes, notes)
def test_every_row_is_counted_once_and_back_is_the_mirror(before: Notes, after: Notes) -> None:
    there, back = compared(before, after), compared(after, before)
    gone, came = [tick for tick, _ in there.moved], [tick for _, tick in there.moved]
    assert sorted([*there.kept, *there.rewritten, *gone, *there.removed]) == sorted({cell.tick for cell in before})
    assert sorted([*there.kept, *there.rewritten, *came, *there.added]) == sorted({cell.tick for cell in after})
    assert all(0 < abs(to - tick) <= FARTHEST_MOVE for tick, to in there.moved)
    assert len(back.moved) == len(there.moved)
    assert (back.kept, back.rewritten) == (there.kept, there.rewritten)
