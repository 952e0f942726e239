"""A manifest of a corpus as a training without one takes it: to choose splits and styles in, and to score by."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from datasets.corpus import discover
from datasets.manifest import manifest_text
from datasets.sift import row_count
from datasets.songs import splits_of
from datasets.sources import Source


def listing(folder: Path, watch: Callable[[Sequence[Source]], Iterable[Source]] = iter) -> str:
    """The text of the manifest: every fit song and chart, its split, and no sync or style, which nobody measured.

    watch: as `discover` has it. Raises as it does.
    """
    songs = discover(folder, watch).songs
    splits = splits_of([found.id for found in songs])
    return manifest_text(
        {
            "id": found.id,
            "split": splits[found.id],
            "title": found.song.title,
            "artist": found.song.artist,
            "charts": " ".join(
                f"{level.label}:{chart.meter}:{row_count(chart)}" for level, chart in found.charts.items()
            ),
            "duration_s": f"{found.duration:.2f}",
            "sync_lag_ms": "0",
            "sync_contrast": "0",
            "style": "",
        }
        for found in songs
    )
