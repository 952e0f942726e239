"""Holds that end nowhere: only a file can have them, a review cannot."""

from collections.abc import Sequence

from charter.notation import HEADS, Note, NoteKind, paired_holds


def closed_holds(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Notes as a review has them: heads without a tail are taps, as the game hits them, and tails without a head gone.

    notes: in file order
    """
    paired = {note for pair in paired_holds(notes) for note in pair}
    return tuple(
        note._replace(kind=NoteKind.TAP) if note.kind in HEADS and note not in paired else note
        for note in notes
        if note.kind is not NoteKind.TAIL or note in paired
    )
