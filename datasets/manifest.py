"""Lists of songs as tab-separated text: which charts of a simfile to use, and how its audio lies to its timing."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from charter.errors import ChartError, RequestError
from charter.notation import Chart, Difficulty, Song
from datasets.sift import row_count

TRUSTED_CONTRAST = 1.5  # below it, a measured lag says more of the measuring than of the song
_COLUMNS = (
    "id",
    "split",
    "title",
    "artist",
    "charts",
    "duration_s",
    "sync_lag_ms",
    "sync_contrast",
    "style",
)


class ListedChart(NamedTuple):
    """A chart as a list names it. difficulty: None for the Edit slot; rows: those with a hit."""

    difficulty: Difficulty | None
    meter: int
    rows: int


class ManifestEntry(NamedTuple):
    """One song of a list.

    duration: seconds
    lag: seconds to add to a chart's times for those of the audio; 0 where it could not be measured well
    is_synced: whether it could
    """

    id: str
    split: str
    title: str
    artist: str
    charts: tuple[ListedChart, ...]
    duration: float
    lag: float
    is_synced: bool
    style: str


def read_manifest(path: Path) -> list[ManifestEntry]:
    """The songs of a list, in its order.

    The file is UTF-8, tab-separated with a header and without quoting. Raises ChartError that names the file, and the
    missing column or the line that cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:  # spreadsheets put a byte order mark first
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        raise ChartError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise ChartError(f"{path}: cannot be read ({error})") from error
    missing = [column for column in _COLUMNS if rows and column not in rows[0]]
    if missing or not rows:
        raise ChartError(f"{path}: lacks the column {missing[0]}" if missing else f"{path}: lists no songs")
    entries = []
    for number, row in enumerate(rows, start=2):
        try:
            if None in row or None in row.values():  # how csv marks fields too many or too few
                raise ValueError("it has not the header's number of columns")
            entries.append(_entry(row))
        except (ValueError, RequestError) as error:
            raise ChartError(f"{path}, line {number}: cannot be read ({error})") from error
    return entries


def manifest_text(rows: Iterable[Mapping[str, str]]) -> str:
    """A list as `read_manifest` reads it; rows: the text of every column of each song.

    Raises ChartError for an id that a list cannot hold.
    """
    lines = ["\t".join(_COLUMNS)]
    for row in rows:
        lines.append("\t".join(_cell(column, row[column]) for column in _COLUMNS))
    return "\n".join(lines) + "\n"


def _cell(column: str, text: str) -> str:
    """As it stands in a list; an id is the name of a folder, in which every space counts."""
    if column != "id":
        return " ".join(text.split())
    is_text = not any("\ud800" <= letter <= "\udfff" for letter in text)  # else a byte of another encoding
    if "\t" in text or len(text.splitlines()) != 1 or not is_text:
        raise ChartError(f"the name of the folder {text!r} stands in no list; rename it, in plain letters")
    return text


def listed_charts(song: Song, entry: ManifestEntry) -> dict[Difficulty, Chart]:
    """The charts of a song's file that the list names, by difficulty; the Edit slot is left out.

    A chart is the listed one if difficulty, meter and count of rows with a hit are the same.
    """
    charts: dict[Difficulty, Chart] = {}
    for chart in song.charts:
        listed = ListedChart(chart.difficulty, chart.meter, row_count(chart))
        if chart.difficulty is not None and listed in entry.charts:
            charts.setdefault(chart.difficulty, chart)
    return charts


def _entry(row: Mapping[str, str]) -> ManifestEntry:
    contrast = float(row["sync_contrast"] or 0)
    return ManifestEntry(
        id=row["id"],
        split=row["split"],
        title=row["title"],
        artist=row["artist"],
        charts=tuple(_listed(words) for words in row["charts"].split()),
        duration=float(row["duration_s"]),
        lag=float(row["sync_lag_ms"]) / 1000 if contrast >= TRUSTED_CONTRAST else 0.0,
        is_synced=contrast >= TRUSTED_CONTRAST,
        style=row["style"],
    )


def _listed(words: str) -> ListedChart:
    word, meter, rows = words.split(":")
    return ListedChart(None if word == "Edit" else Difficulty.parse(word), int(meter), int(rows))
