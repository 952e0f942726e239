"""The songs of a pack that a strict pack maker would send back first, and why.

    python -m tests.benchmarks.worst "Songs/My Pack" [--corpus data/songs --manifest data/songs.tsv] [--count 20]

Reads what `charter batch` left: ``report.jsonl`` and the song folders. With a corpus, from whose audio the pack was
made (a file named by its song's id, or in a folder named so), timing and density are set beside people's too. A song's
score is the sum of the points of its reasons, which `REASONS` lists. Prints the worst songs, and in how many songs of
all each reason occurs; asserts nothing.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer

from charter.audio import AudibleSpan
from charter.batch.report import Report
from charter.batch.row import Row, Status
from charter.check.finding import Severity
from charter.decode.gaps import LONGEST_INTRO, LONGEST_OUTRO
from charter.notation import BEATS_PER_MEASURE, PANELS, TICKS_PER_BEAT, TICKS_PER_MEASURE, Chart, Song, Timing
from charter.notation.hit_rows import hit_rows
from charter.song_draft import read_record, simfiles_in
from charter.tempo.find import SURE
from datasets.beats import beats_within
from datasets.songs import LabelledSong, labelled_songs
from export.stepmania import read_song
from tests.benchmarks.timing import DOWNBEAT_NEAR, NEAR, RIGHT_SHARE, grid, nearest

LONGEST_REST, LONGEST_JACK, MOST_OF_A_PANEL, LEAST_STEP, FAR = 8.0, 8, 0.4, 1.1, 1.5
# Points of each reason, once for every chart that has it.
REASONS = {
    "failed": 20.0,
    "violation": 10.0,
    "fault": 3.0,
    "advice": 0.5,
    "unsure timing": 4.0,  # times what confidence is missing
    "preview beyond the music": 3.0,
    "rest": 2.0,
    "begins late": 1.0,
    "ends early": 1.0,
    "one panel": 1.0,
    "long jack": 1.0,
    "hardly harder": 1.0,
    # Beside people's:
    "beats elsewhere": 6.0,  # times the share of their beats that are missed
    "half or double": 2.0,
    "downbeat": 2.0,
    "density": 1.0,
}


class Reason(NamedTuple):
    """name: of `REASONS`; words: what exactly; weight: of its points"""

    name: str
    words: str = ""
    weight: float = 1.0

    @property
    def points(self) -> float:
        return REASONS[self.name] * self.weight


def of_row(row: Row) -> Iterator[Reason]:
    """What the batch's report says."""
    if row.status is Status.FAILED:
        yield Reason("failed", row.error)
    for (severity, chart, kind), _ in groupby(sorted((f.severity, f.chart, f.kind) for f in row.findings)):
        yield Reason(Severity(severity).value, f"{chart} {kind}".strip())
    confidence = row.timing.confidence if row.timing else None
    if row.timing and confidence is not None and confidence < SURE:
        yield Reason("unsure timing", f"{row.timing.bpm:.6g} BPM, {confidence:.0%}", 1 - confidence)


def of_song(song: Song, music: AudibleSpan) -> Iterator[Reason]:
    """What its charts look like. music: where it sounds"""
    if song.preview and (song.preview.start < music.start - 0.5 or sum(song.preview) > music.end + 0.5):
        yield Reason("preview beyond the music", f"{song.preview.start:.1f} s, {song.preview.length:.1f} s long")
    for chart in song.charts:
        yield from of_chart(chart, song, music)
    rows = [(_name(chart), len(chart.hit_ticks(song.timing_of(chart)))) for chart in song.charts]
    for (easier, few), (harder, many) in pairwise(rows):
        if many < LEAST_STEP * few:
            yield Reason("hardly harder", f"{harder} {many} rows, {easier} {few}")


def of_chart(chart: Chart, song: Song, music: AudibleSpan) -> Iterator[Reason]:
    rows, name = hit_rows(chart, song.timing_of(chart)), _name(chart)
    seconds = np.array([row.second for row in rows])
    rest = float(np.diff(seconds).max(initial=0))
    if rest > LONGEST_REST:
        yield Reason("rest", f"{name} {rest:.1f} s at {seconds[np.diff(seconds).argmax()]:.0f} s")
    if seconds[0] - music.start > LONGEST_INTRO + 0.1:
        yield Reason("begins late", f"{name} {seconds[0] - music.start:.1f} s")
    if music.end - seconds[-1] > LONGEST_OUTRO + 0.1:
        yield Reason("ends early", f"{name} {music.end - seconds[-1]:.1f} s")
    shares = np.bincount([panel for row in rows for panel in row.panels], minlength=PANELS)
    if shares.max() > MOST_OF_A_PANEL * shares.sum():
        yield Reason("one panel", f"{name} {shares.max() / shares.sum():.0%}")
    longest = max(len(list(run)) for _, run in groupby(rows, key=lambda row: row.panels))
    if longest >= LONGEST_JACK:
        yield Reason("long jack", f"{name} {longest} rows")


def beside_people(song: Song, people: LabelledSong, music: AudibleSpan) -> Iterator[Reason]:
    """How timing and density stand to a charter's, where the list knows enough of theirs."""
    if people.is_synced:
        yield from _beside_timing(song.timing, people.timing, music)
    for chart in song.charts:
        other = people.charts.get(chart.difficulty) if chart.difficulty is not None else None
        if other is not None and people.style == "pad":
            ratio = len(chart.hit_ticks(song.timing_of(chart))) / len(other.hit_ticks(people.timing))
            if not 1 / FAR <= ratio <= FAR:
                yield Reason("density", f"{_name(chart)} {ratio:.2f} of people's")


def _beside_timing(ours: Timing, theirs: Timing, music: AudibleSpan) -> Iterator[Reason]:
    """Half or double their tempo has its beats among theirs, or theirs among its own: that is not as bad as others."""
    beats, our_beats = (beats_within(timing, *music)[0] for timing in (theirs, ours))
    found = float((abs(nearest(our_beats, beats) - beats) <= NEAR).mean())
    true = float((abs(nearest(beats, our_beats) - our_beats) <= NEAR).mean())
    share = max(found, true)
    tempos = f"{_tempos(ours)} BPM, not {_tempos(theirs)}"
    if share < RIGHT_SHARE:
        yield Reason("beats elsewhere", f"{1 - share:.0%}; {tempos}", 1 - share)
    elif min(found, true) < RIGHT_SHARE:
        yield Reason("half or double", tempos)
    else:
        measures, our_measures = (grid(timing, music, TICKS_PER_MEASURE) for timing in (theirs, ours))
        if (abs(nearest(our_measures, measures) - measures) <= DOWNBEAT_NEAR).mean() <= 0.5:
            late = theirs.ticks_at(float(our_measures[len(our_measures) // 2])) / TICKS_PER_BEAT % BEATS_PER_MEASURE
            yield Reason("downbeat", f"on their beat {1 + float(late):.2g}")


def _tempos(timing: Timing) -> str:
    names = [f"{tempo.bpm:.6g}" for tempo in timing.tempos]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _name(chart: Chart) -> str:
    return chart.difficulty.name.lower() if chart.difficulty is not None else "edit"


def main(
    pack: Annotated[Path, typer.Argument()],
    *,
    corpus: Annotated[Path | None, typer.Option(help="Folder of the songs with people's charts.")] = None,
    manifest: Annotated[Path | None, typer.Option(help="Its list.")] = None,
    count: Annotated[int, typer.Option(help="So many of the worst.")] = 20,
) -> None:
    human = {song.id: song for song in labelled_songs(corpus, manifest)} if corpus else {}
    found: list[tuple[str, list[Reason]]] = []
    for row in Report(pack).rows():
        reasons = [*of_row(row)]
        simfile = next(iter(simfiles_in(pack / row.folder)), None) if row.folder else None
        if simfile is not None:
            song, music = read_song(simfile), AudibleSpan(**read_record(pack / row.folder)["music"])
            reasons += of_song(song, music)
            source = Path(row.source)
            people = human.get(source.stem) or human.get(source.parent.name)
            if people is not None:
                reasons += beside_people(song, people, music)
        found.append((row.source, reasons))
    found.sort(key=lambda each: -sum(reason.points for reason in each[1]))
    for name, reasons in found[:count]:
        typer.echo(f"{sum(reason.points for reason in reasons):5.1f}  {name}")
        for reason in sorted(reasons, key=lambda reason: -reason.points):
            typer.echo(f"       {reason.points:4.1f} {reason.name}: {reason.words}".rstrip(": "))
    songs = Counter(name for _, reasons in found for name in {reason.name for reason in reasons})
    typer.echo(f"\nof {len(found)} songs: " + ", ".join(f"{name} {number}" for name, number in songs.most_common()))


if __name__ == "__main__":
    typer.run(main)
