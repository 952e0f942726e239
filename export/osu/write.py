"""A chart as an osu!mania beatmap of four keys (`.osu`, version 14).

The format is described in the osu! wiki, "File formats/.osu". Times are whole milliseconds of the audio, so that no
offset is needed: beat 0 is the first timing point. What stands between beats is put right by points after every
tempo change, stop and warp; notes do not depend on them.
"""

from collections.abc import Iterable

from charter.notation import Chart, Difficulty, Song, Timing
from export.osu.timing import LONGEST_BEAT_MS, SHORTEST_BEAT_MS
from export.presses import Press
from export.stretches import BeatLine, beat_lines
from export.texts import ascii_text, one_line

_KEYS = 4
_COLUMN_PIXELS = 512 // _KEYS
_MIDDLE = 192  # of the playfield's height, which means nothing in osu!mania
_TAP, _HOLD = 1, 128
_OMIT_BAR_LINE = 8
_FASTEST_SCROLL, _SLOWEST_SCROLL = 10.0, 0.1
_LONGEST_TITLE = 255
# Drain and accuracy (0 to 10), no higher than osu!'s ranking criteria have them for its own ladder from Easy on.
_STRICTNESS = {
    Difficulty.BEGINNER: 6.0,
    Difficulty.EASY: 7.0,
    Difficulty.MEDIUM: 7.5,
    Difficulty.HARD: 8.0,
    Difficulty.CHALLENGE: 8.5,
    None: 8.0,
}


def osu_text(song: Song, chart: Chart, name: str, presses: Iterable[Press], *, music: str, background: str = "") -> str:
    """One chart of a song as the text of a `.osu` file.

    name: of the difficulty; presses: the chart's, in milliseconds; music, background: names of the files beside it
    """
    timing = song.timing_of(chart)
    played = list(presses)
    sections = {
        "General": [
            f"AudioFilename: {music}",
            "AudioLeadIn: 0",
            f"PreviewTime: {round(song.preview.start * 1000) if song.preview else -1}",
            "Countdown: 0",
            "SampleSet: Soft",
            "Mode: 3",
        ],
        "Editor": ["BeatDivisor: 4"],
        "Metadata": _metadata(song, name),
        "Difficulty": [
            f"HPDrainRate:{_STRICTNESS[chart.difficulty]:g}",
            f"CircleSize:{_KEYS}",
            f"OverallDifficulty:{_STRICTNESS[chart.difficulty]:g}",
            "ApproachRate:5",
            "SliderMultiplier:1.4",
            "SliderTickRate:1",
        ],
        "Events": [f'0,0,"{background}",0,0'] if background else [],
        "TimingPoints": _timing_points(timing, played[-1].start / 1000 if played else 0.0),
        "HitObjects": [_hit_object(press) for press in played],
    }
    parts = ["\n".join([f"[{title}]", *lines]) for title, lines in sections.items()]
    return "\n\n".join(["osu file format v14", *parts]) + "\n"


def _metadata(song: Song, name: str) -> list[str]:
    title, artist = one_line(f"{song.title} {song.subtitle}").strip(), one_line(song.artist).strip()
    return [
        f"Title:{ascii_text(title, _LONGEST_TITLE) or 'untitled'}",
        f"TitleUnicode:{title}",
        f"Artist:{ascii_text(artist, _LONGEST_TITLE) or 'unknown'}",
        f"ArtistUnicode:{artist}",
        f"Creator:{one_line(song.credit).strip()}",
        f"Version:{name}",
        "Source:",
        f"Tags:{one_line(song.genre).strip()}",
        "BeatmapID:0",
        "BeatmapSetID:-1",
    ]


def _hit_object(press: Press) -> str:
    place = f"{press.panel * _COLUMN_PIXELS + _COLUMN_PIXELS // 2},{_MIDDLE},{press.start}"
    if press.end is None:
        return f"{place},{_TAP},0,0:0:0:0:"
    return f"{place},{_HOLD},0,{press.end}:0:0:0:0:"


def _timing_points(timing: Timing, end: float) -> list[str]:
    """Points that set the tempo, each with one that takes its effect on the scroll back, as the criteria ask.

    end: seconds, up to where the most used tempo is counted
    """
    lines = beat_lines(timing)
    usual = _usual_bpm(lines, end)
    points: dict[int, list[str]] = {}  # of points on one millisecond the last counts
    for line in lines:
        time = round(line.seconds * 1000)
        beat = min(max(60_000 / line.bpm, SHORTEST_BEAT_MS), LONGEST_BEAT_MS)
        effects = 0 if line.on_bar else _OMIT_BAR_LINE
        points[time] = [f"{time},{_decimal(beat)},4,0,0,60,1,{effects}"]
        if line.bpm != usual:
            scroll = min(max(usual * beat / 60_000, _SLOWEST_SCROLL), _FASTEST_SCROLL)
            points[time].append(f"{time},{_decimal(-100 / scroll)},4,0,0,60,0,0")
    return [point for time in sorted(points) for point in points[time]]


def _usual_bpm(lines: list[BeatLine], end: float) -> float:
    """The tempo that holds for the longest."""
    lasts: dict[float, float] = {}
    ends = [line.seconds for line in lines[1:]] + [max(end, lines[-1].seconds)]
    for line, until in zip(lines, ends, strict=True):
        lasts[line.bpm] = lasts.get(line.bpm, 0.0) + max(min(until, end) - line.seconds, 0.0)
    return max(lasts, key=lambda bpm: lasts[bpm])


def _decimal(value: float) -> str:
    return f"{value:.12f}".rstrip("0").rstrip(".")
