"""A whole song as a chip tune, to hear which notes the machine has heard in it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from charter.arrange.cover import cover
from charter.audio.decode import decode
from charter.audio.spec import AudioSpec
from charter.errors import AudioError
from charter.memory import release_memory
from charter.notation import Chart
from charter.preview.sound import write_chip_sound
from charter.processes.worker import Tell
from charter.review.data_folder import HEARING, song_folder
from charter.review.work.checking import chart_of, song_of
from charter.review.work.hearing import CHIP, heard_music

_LISTENED = 0.5  # of the work, when the chip begins to play


def chiptune(request: dict[str, Any], data: Path, tell: Tell) -> dict[str, Any]:
    """``{song: {key, fields}, charts}`` -> ``{}``, with ``hearing/chip.ogg`` in the song's folder.

    charts: the rows of the hardest say where attacks are. Raises AudioError, TimingError, ChartError or OutputError.
    """
    folder = song_folder(data, request["song"]["key"])
    charts = tuple(chart_of(each) for each in request["charts"])
    song = song_of(request["song"]["fields"], charts, "")
    music = heard_music(folder)
    if music is None:
        raise AudioError("the song has no music to be played")
    release_memory()
    tell(0.02, "listening")
    audio = decode(music, AudioSpec().sample_rate)
    chart = _hardest(charts)
    timing = song.timing_of(chart) if chart is not None else song.timing
    score = replace(cover(audio, timing, chart), title=song.title, artist=song.artist)
    tell(_LISTENED, "playing")
    write_chip_sound(
        folder / HEARING / CHIP, score, tell=lambda share: tell(_LISTENED + (1 - _LISTENED) * share, "playing")
    )
    return {}


def _hardest(charts: tuple[Chart, ...]) -> Chart | None:
    """The chart with most notes, for an Edit may be anything."""
    return max(charts, key=lambda chart: len(chart.notes), default=None)
