"""What `python -m datasets` says of a corpus: as one object for programs, as a table for people."""

from collections import Counter
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from charter.notation import Difficulty
from datasets.corpus import Corpus
from datasets.sift import row_count
from datasets.skipped import Skipped


def index(corpus: Corpus) -> dict[str, Any]:
    """What can be learnt from: songs, their hours, and charts and rows by difficulty."""
    charts = [pair for song in corpus.songs for pair in song.charts.items()]
    by_difficulty = {
        difficulty.label: {
            "charts": sum(d is difficulty for d, _ in charts),
            "rows": sum(row_count(chart) for d, chart in charts if d is difficulty),
        }
        for difficulty in Difficulty
    }
    return {
        "songs": len(corpus.songs),
        "songs_with_audio": sum(song.audio is not None for song in corpus.songs),
        "hours": round(sum(song.duration for song in corpus.songs) / 3600, 3),
        "charts": len(charts),
        "rows": sum(row_count(chart) for _, chart in charts),
        "difficulties": by_difficulty,
        "skipped": len(corpus.skipped),
    }


def check(corpus: Corpus) -> dict[str, Any]:
    """What is left out: how often for which reason, and every file and chart."""
    counts = Counter(skipped.reason.value for skipped in corpus.skipped)
    return {
        "songs": len(corpus.songs),
        "charts": sum(len(song.charts) for song in corpus.songs),
        "counts": dict(counts.most_common()),
        "skipped": [_skip(corpus, skipped) for skipped in corpus.skipped],
    }


def index_table(facts: dict[str, Any]) -> RenderableType:
    """`index` for people."""
    table = Table("", "charts", "rows")
    for label, counts in facts["difficulties"].items():
        table.add_row(label, f"{counts['charts']:,}", f"{counts['rows']:,}")
    table.add_row("all", f"{facts['charts']:,}", f"{facts['rows']:,}")
    songs = f"{facts['songs']:,} songs ({facts['songs_with_audio']:,} with audio), {facts['hours']:.1f} h"
    return Group(Text(songs), table, Text(f"{facts['skipped']:,} files and charts are left out; see check"))


def check_table(facts: dict[str, Any]) -> RenderableType:
    """`check` for people."""
    # Text, not markup: titles and paths may hold square brackets.
    lines = [Text(f"{_where(skip)}: {skip['reason']}{_detail(skip)}") for skip in facts["skipped"]]
    table = Table("left out", "count")
    for reason, count in facts["counts"].items():
        table.add_row(reason, f"{count:,}")
    return Group(*lines, table, Text(f"{facts['charts']:,} charts of {facts['songs']:,} songs can be used"))


def _skip(corpus: Corpus, skipped: Skipped) -> dict[str, Any]:
    return {
        "path": skipped.path.relative_to(corpus.folder).as_posix(),
        "chart": skipped.chart,
        "reason": skipped.reason.value,
        "detail": skipped.detail,
    }


def _where(skip: dict[str, Any]) -> str:
    return f"{skip['path']} {skip['chart']}" if skip["chart"] else str(skip["path"])


def _detail(skip: dict[str, Any]) -> str:
    return f" ({skip['detail']})" if skip["detail"] else ""
