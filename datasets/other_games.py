"""Songs of other rhythm games, in one neutral form: `chart.json` beside the audio, in a folder each.

A chart.json holds, of what is read here, ``bpms`` as [[seconds, bpm], …], ``offset_s`` (seconds of beat 0) and
``sync_lag_ms`` (to add to its times for those of the audio).
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from charter.errors import ChartError, TimingError
from charter.notation import TICKS_PER_BEAT, Tempo, Timing
from export.stepmania.music import AUDIO_SUFFIXES

CHART_NAME = "chart.json"


def timed_recordings(folder: Path) -> Iterator[tuple[str, Path, Timing]]:
    """(id, audio, timing of the audio) of every song below a folder, in order of their names.

    Raises ChartError or TimingError that names the file.
    """
    for chart in sorted(folder.glob(f"*/{CHART_NAME}")):
        audio = [path for path in sorted(chart.parent.iterdir()) if path.suffix.lower() in AUDIO_SUFFIXES]
        if len(audio) != 1:
            raise ChartError(f"{chart.parent}: holds {len(audio)} audio files; a song has one")
        yield chart.parent.name, audio[0], _read_timing(chart)


def _read_timing(path: Path) -> Timing:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return _timing(values)
    except OSError as error:
        raise ChartError(f"{path}: cannot be read ({error.strerror or error})") from error
    except TimingError as error:
        raise TimingError(f"{path}: {error}") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ChartError(f"{path}: is no chart in the neutral form ({error!r})") from error


def _timing(values: dict[str, Any]) -> Timing:
    offset, lag = float(values["offset_s"]), float(values["sync_lag_ms"]) / 1000
    changes: Sequence[tuple[float, float]] = [(float(second), float(bpm)) for second, bpm in values["bpms"]]
    tempos: list[Tempo] = []
    tick, start = 0, offset
    for number, (_, bpm) in enumerate(changes):
        if number + 1 == len(changes):
            tempos.append(Tempo(tick, bpm))
            break
        # A change lies on a tick; the tempo before it is bent by what rounding moved it, so that seconds stay exact.
        end = changes[number + 1][0]
        ticks = round((end - start) * bpm / 60 * TICKS_PER_BEAT)
        if ticks > 0:
            tempos.append(Tempo(tick, ticks / TICKS_PER_BEAT * 60 / (end - start)))
            tick, start = tick + ticks, end
    return Timing(tuple(tempos), offset=-(offset + lag))
