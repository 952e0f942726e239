"""What charts are called."""

from charter.notation import Song, slot_label


def chart_names(song: Song) -> list[str]:
    """A name for each chart that no other of the song has: its difficulty, numbered where that comes again."""
    slots = [slot_label(chart.difficulty) for chart in song.charts]
    counts = [slots[:index].count(slot) for index, slot in enumerate(slots)]
    return [f"{slot} ({count + 1})" if count else slot for slot, count in zip(slots, counts, strict=True)]
