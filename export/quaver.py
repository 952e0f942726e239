"""A chart as a Quaver map of four keys (`.qua`): YAML, with the fields of Quaver's own `Quaver.API` (`Maps/Qua.cs`).

Notes are on whole milliseconds of the audio, timing points on thousandths. The scroll does not follow the tempo.
"""

from typing import Any

import yaml

from charter.errors import ChartError
from charter.notation import Chart, Song
from export.presses import Press
from export.stretches import BeatLine, beat_lines
from export.texts import one_line

# libyaml's, where PyYAML was built with it: ten times as fast.
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def qua_text(song: Song, chart: Chart, name: str, presses: list[Press]) -> str:
    """One chart of a song as the text of a `.qua` file, which names the song's music, background and banner.

    name: of the difficulty; presses: the chart's, in milliseconds
    Raises ChartError for notes before the music starts, which Quaver does not play.
    """
    if presses and presses[0].start < 0:
        raise ChartError(f"{song.title}, {name}: a .qua file cannot hold notes before the start of the music")
    fields = {
        "AudioFile": one_line(song.music),
        "SongPreviewTime": round(song.preview.start * 1000) if song.preview else 0,
        "BackgroundFile": one_line(song.background),
        "BannerFile": one_line(song.banner),
        "MapId": -1,  # not submitted
        "MapSetId": -1,
        "Mode": "Keys4",
        "Title": one_line(f"{song.title} {song.subtitle}").strip(),
        "Artist": one_line(song.artist).strip(),
        "Source": "",
        "Tags": one_line(song.genre).strip(),
        "Creator": one_line(song.credit).strip(),
        "DifficultyName": name,
        "Description": one_line(chart.description).strip(),
        "Genre": one_line(song.genre).strip(),
        "BPMDoesNotAffectScrollVelocity": True,
        "InitialScrollVelocity": 1.0,
        "EditorLayers": [],
        "CustomAudioSamples": [],
        "SoundEffects": [],
        "TimingPoints": [_timing_point(line) for line in beat_lines(song.timing_of(chart))],
        "SliderVelocities": [],
        "HitObjects": [_hit_object(press) for press in presses],
    }
    text: str = yaml.dump(fields, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1 << 20)
    return text


def _timing_point(line: BeatLine) -> dict[str, Any]:
    point: dict[str, Any] = {"StartTime": round(line.seconds * 1000, 3), "Bpm": line.bpm}
    return point if line.on_bar else point | {"Hidden": True}  # no bar line


def _hit_object(press: Press) -> dict[str, Any]:
    place: dict[str, Any] = {"StartTime": press.start, "Lane": press.panel + 1}
    return place | ({} if press.end is None else {"EndTime": press.end}) | {"KeySounds": []}
