"""One song of a batch on the report's page."""

from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import quote

from charter.batch.curves import charts_table
from charter.batch.markup import clock, counted, element, escaped
from charter.batch.row import Row, RowFinding, RowTiming
from charter.batch.standing import severities
from charter.check.finding import MOST_OF_A_KIND, Severity

NOUNS = {Severity.VIOLATION: "violation", Severity.FAULT: "fault", Severity.ADVICE: "piece of advice"}
_KINDS_IN_SUMMARY = 4


def song_card(row: Row) -> str:
    """The song's block: what it is and what is wrong with it, beside its charts along the song."""
    return (
        f'<article class="song"{_figures(row)}><div class="words">'
        f"<h3><bdi>{escaped(row.title or row.source)}</bdi>{element('span', row.status, f'tag {row.status}')}</h3>"
        f"{element('p', row.artist, 'artist', foreign=True)}{_place(row)}"
        f"{element('p', row.error, 'error', foreign=True)}{_timing(row.timing)}{_notes(row.notes)}"
        f"{''.join(_findings(row))}{_work(row)}"
        f"</div>{charts_table(row)}</article>\n"
    )


def _figures(row: Row) -> str:
    """What the page's script orders by; a figure that is not known is left out."""
    sure = row.timing.confidence if row.timing else None
    sync = abs(row.timing.sync_ms) if row.timing and row.timing.sync_ms is not None else None
    figures = {"sure": sure, "sync": sync, "seconds": row.seconds}
    return "".join(f' data-{name}="{value:.4g}"' for name, value in figures.items() if value is not None)


def _place(row: Row) -> str:
    if not row.folder:
        return element("p", row.source if row.title else "", "place", foreign=True)
    address = quote(row.folder, errors="surrogateescape")
    link = f'<a href="{address}/" dir="auto">{escaped(row.folder)}</a>'
    return f'<p class="place">{link} from <bdi>{escaped(row.source)}</bdi></p>'


def _timing(timing: RowTiming | None) -> str:
    if timing is None:
        return ""
    parts = [f"{timing.bpm:.6g} BPM"]
    if timing.changes:
        parts.append(counted(timing.changes, "change"))
    if timing.stops:
        parts.append(counted(timing.stops, "stop"))
    parts.append(f"offset {timing.offset:.3f} s")
    if timing.sync_ms is not None:
        parts.append(f"sync {timing.sync_ms:+.1f} ms")
    if not timing.found:
        parts.append("timing was given")
    elif timing.confidence is not None:
        parts.append(f"{timing.confidence:.0%} sure")
    return element("p", " · ".join(parts), "timing") + element("p", timing.doubt, "doubt")


def _notes(notes: Iterable[str]) -> str:
    lines = "".join(element("li", note, foreign=True) for note in notes)
    return f'<ul class="notes">{lines}</ul>' if lines else ""


def _work(row: Row) -> str:
    parts = [f"{clock(row.duration)} of music"] if row.duration is not None else []
    if row.seconds is not None:
        parts.append(f"{row.seconds:.1f} s of work")
    if row.seed is not None:
        parts.append(f"seed {row.seed}")
    return element("p", " · ".join(parts), "work")


def _findings(row: Row) -> Iterator[str]:
    """A block for each severity, worst first; what the game would not take is open at once."""
    counts = severities(row)
    for severity in Severity:
        if not counts[severity]:
            continue
        kinds: dict[tuple[str, str], list[RowFinding]] = {}
        for finding in row.findings:
            if finding.severity == severity:
                kinds.setdefault((finding.chart, finding.kind), []).append(finding)
        title = counted(counts[severity], NOUNS[severity])
        is_open = " open" if severity is Severity.VIOLATION else ""
        yield (
            f'<details class="{severity}"{is_open}><summary><b>{title}</b> {_kinds(kinds)}</summary>'
            f"<ul>{''.join(_lines(kinds))}</ul></details>"
        )


def _kinds(kinds: dict[tuple[str, str], list[RowFinding]]) -> str:
    """Which there are most of, over all charts."""
    counts: dict[str, int] = {}
    for (_, kind), findings in kinds.items():
        counts[kind] = counts.get(kind, 0) + len(findings)
    ordered = sorted(counts, key=lambda kind: -counts[kind])
    told = ", ".join(f"{kind} {counts[kind]}" for kind in islice(ordered, _KINDS_IN_SUMMARY))
    return escaped(told + (", …" if len(ordered) > _KINDS_IN_SUMMARY else ""))


def _lines(kinds: dict[tuple[str, str], list[RowFinding]]) -> Iterator[str]:
    for (chart, kind), findings in kinds.items():
        where = element("b", chart or "Song")
        for finding in findings[:MOST_OF_A_KIND]:
            yield f"<li>{where} {escaped(finding.message)}{_at(finding)}</li>"
        if len(findings) > MOST_OF_A_KIND:
            yield f"<li>{where} and {len(findings) - MOST_OF_A_KIND:,} more of kind “{escaped(kind)}”</li>"


def _at(finding: RowFinding) -> str:
    if finding.beat is None:
        return ""
    time = "" if finding.second is None else f", {clock(finding.second)}"
    return f' <span class="at">beat {finding.beat:g}{time}</span>'
