"""Notes written as a chart file writes them."""

from charter.notation import Note, NoteKind


def notes_of(text: str, spacing: int = 48, start: int = 0) -> tuple[Note, ...]:
    """Rows of a character for each panel, ``spacing`` ticks apart from ``start`` on; 0 is nothing."""
    return tuple(
        Note(start + place * spacing, panel, NoteKind(character))
        for place, row in enumerate(text.split())
        for panel, character in enumerate(row)
        if character != "0"
    )
