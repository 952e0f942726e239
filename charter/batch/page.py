"""``report.html``: one page to look through a batch, what needs a look most at the top.

It needs nothing but itself: no other file, no network, and without its script only the box to search by is missing.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from charter.batch.markup import counted, element, escaped
from charter.batch.row import Row, Status
from charter.batch.song_card import NOUNS, song_card
from charter.batch.standing import Standing, Summary
from charter.check.finding import Severity

_HEADINGS = {
    Standing.FAILED: "Failed",
    Standing.DOUBTFUL: "Timing in doubt",
    Standing.VIOLATION: "With violations",
    Standing.FAULT: "With faults",
    Standing.ADVICE: "With advice",
    Standing.FINE: "Nothing found",
    Standing.REPEATED: "Repeated",
}
_MEANINGS = {
    Standing.FAILED: "Not charted, for the reason given; what an earlier run made of it is still in the pack.",
    Standing.DOUBTFUL: "Charted, but the beat may be another one: the first thing to listen to.",
    Standing.VIOLATION: "The game would not take these as they stand.",
    Standing.FAULT: "More than charts of their difficulty may ask of two feet.",
    Standing.ADVICE: "What a reviewer would frown at.",
    Standing.FINE: "",
    Standing.REPEATED: "The same audio as another song, so charted once only.",
}
_ORDERS = {"": "worst first", "title": "title", "sure": "least sure timing", "sync": "sync", "seconds": "most work"}
_GUIDE = """<details class="guide"><summary>How to read this</summary><ul>
<li>A curve shows a chart's rows per second along the song; all curves of one song have one scale. <b>mean</b> is
between the chart's first and last row, <b>peak</b> the densest four seconds.</li>
<li><b>beats</b> shows what sounds around every beat, from the song's start on the left to its end on the right, and
from 60 ms after the beat at the top to 60 ms before it at the bottom; the line is the beat. A bright level stripe is a
steady tempo, a slanting one a BPM that is slightly off, a jump a missing stop, no stripe a wrong tempo.</li>
<li><b>sync</b> is how far the sound comes after the steps, about 0 ms for null and 9 ms for ITG.</li>
<li>A chart that was <b>kept</b> lay in the folder and stands as it was. A song that was <b>kept</b> was finished by an
earlier run; one that was <b>edited</b> was changed by hand since, and left alone.</li>
</ul></details>"""


def page(name: str, summary: Summary, songs: Iterable[Row]) -> Iterator[str]:
    """The page, in parts to be written one after the other.

    name: the pack's; songs: by `charter.batch.standing.rank`, all that ``summary`` counts, or the first of them
    """
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark"><meta name="generator" content="charter">\n'
        f"<title>{escaped(name)}: charter's report</title><style>{style}</style></head>\n"
        f'<body><header><h1 dir="auto">{escaped(name)}</h1>\n{_figures(summary)}{_contents(summary)}{_GUIDE}</header>\n'
        f"{_search(summary.songs)}<main>\n"
    )
    shown = 0
    for standing, rows in groupby(songs, key=Standing.of):
        yield f'<section id="{standing.name.lower()}"><h2>{_HEADINGS[standing]} <span>{summary.standings[standing]:,}'
        yield f"</span></h2>{element('p', _MEANINGS[standing])}\n"
        for row in rows:
            yield song_card(row)
            shown += 1
        yield "</section>\n"
    if shown < summary.songs:
        left = f"{counted(summary.songs - shown, 'song')} more, of which less is to be said: see report.jsonl."
        yield element("p", left, "left")
    if not shown:
        yield element("p", "No song was found.", "left")
    yield f"</main><script>{script}</script></body></html>\n"


def _figures(summary: Summary) -> str:
    """What was done, in large figures."""
    figures = [("songs", f"{summary.songs:,}")]
    figures += [(status.value, f"{summary.statuses[status]:,}") for status in Status if summary.statuses[status]]
    figures.append(("hours of music", f"{summary.music / 3600:.1f}"))
    if summary.songs_per_minute is not None:
        figures.append(("songs a minute", f"{summary.songs_per_minute:.1f}"))
    if summary.real_time_factor is not None:
        figures.append(("times real time", f"{summary.real_time_factor:.0f}"))
    return f"<dl>{''.join(f'<div><dt>{name}</dt><dd>{figure}</dd></div>' for name, figure in figures)}</dl>\n"


def _contents(summary: Summary) -> str:
    """The sections that there are, with how many songs, and how many findings of a severity there are in all."""
    lines = []
    for standing in Standing:
        if songs := summary.standings[standing]:
            name = standing.name.lower()
            lines.append(f'<li class="{name}"><a href="#{name}">{_HEADINGS[standing]} <b>{songs:,}</b></a></li>')
    found = [counted(summary.findings[severity], NOUNS[severity]) for severity in Severity]
    in_all = element("p", f"In all {', '.join(found[:-1])} and {found[-1]}.", "found")
    return f'<nav aria-label="Sections"><ul>{"".join(lines)}</ul></nav>{in_all}\n'


def _search(songs: int) -> str:
    """Shown by the script, for it does nothing without."""
    options = "".join(f'<option value="{value}">{name}</option>' for value, name in _ORDERS.items())
    return (
        '<form role="search" hidden><label>Search <input type="search" autocomplete="off" '
        'placeholder="title, folder, crossover, doubt …"></label>'
        f"<label>Order <select>{options}</select></label>"
        f'<output aria-live="polite">{counted(songs, "song")}</output></form>\n'
    )


def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
