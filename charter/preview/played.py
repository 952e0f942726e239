"""Which part of which song is played."""

from dataclasses import dataclass
from pathlib import Path

from charter.audio.decode import decode, stated_duration
from charter.chart_choice import chosen_chart, hardest_chart
from charter.errors import AudioError, ChartError, RequestError
from charter.notation import Chart, PreviewWindow, Song, Timing
from charter.preview.request import Mode, PreviewRequest
from export.stepmania.music import find_music, is_named

LONGEST_SECONDS = 4 * 3600.0
LONGEST_COVER_SECONDS = 3600.0  # what is listened to is held in memory, about 2 GB for an hour
_SHORTEST_PASSAGE_SECONDS = 1.0
_BEHIND_SECONDS = 1.0  # of the last step, for it to ring
_LENGTH_RATE = 8_000  # at which a song is decoded for its length alone


@dataclass(frozen=True, eq=False)
class Played:
    """A chart, and the window of its song that is played; music: None where it is not needed and not there."""

    chart: Chart
    timing: Timing
    music: Path | None
    window: PreviewWindow

    @classmethod
    def of(cls, song: Song, folder: Path, request: PreviewRequest, types: list[str]) -> "Played":
        """What a request means for a song in a folder.

        types: the steps types of all the file's charts. Raises AudioError, ChartError or RequestError.
        """
        if request.difficulty is None and not request.edit:
            chart = hardest_chart(song, types)
        else:
            chart = chosen_chart(song, request.difficulty, types)[1]
        timing = song.timing_of(chart)
        ticks = chart.hit_ticks(timing)
        if not ticks and request.mode is not Mode.COVER:
            raise ChartError("the chart has no notes to play")
        music = _music(song, folder)
        if request.mode is Mode.STEPS:
            last = max(float(timing.seconds_at(ticks[-1])), 0.0)
            seconds = max(_duration_if_any(music), last + _BEHIND_SECONDS)
        elif music is not None:
            seconds = _duration(music)
        else:
            name = song.music or "#MUSIC is empty"
            raise ChartError(f"its music is not beside it ({name}); only --mode steps can do without")
        whole = PreviewWindow(0.0, seconds)
        window = _passage(song, timing, music, whole.length) if request.passage else whole
        most = LONGEST_COVER_SECONDS if request.mode is Mode.COVER else LONGEST_SECONDS
        if window.length > most:
            hours = window.length / 3600
            raise RequestError(f"lasts {hours:.1f} hours, a {request.mode} at most {most / 3600:g}; try --passage")
        return cls(chart, timing, music, window)

    def rows(self) -> list[int]:
        """Ticks of the chart's rows within the window."""
        ticks = self.chart.hit_ticks(self.timing)
        seconds = self.timing.seconds_at(ticks) - self.window.start
        return [tick for tick, second in zip(ticks, seconds, strict=True) if 0 <= second < self.window.length]


def _music(song: Song, folder: Path) -> Path | None:
    """The audio that the file names; unlike in a game, no other one in its place, which may be an earlier preview."""
    music = find_music(folder, song.music)
    other = music is not None and (not is_named(music, song.music) if song.music else music.name == song.preview_music)
    return None if other else music


def _duration(music: Path) -> float:
    """Seconds of audio. Raises AudioError."""
    stated = stated_duration(music)
    return stated if stated is not None else decode(music, _LENGTH_RATE).duration


def _duration_if_any(music: Path | None) -> float:
    """The same, 0 for what cannot be played."""
    try:
        return _duration(music) if music is not None else 0.0
    except AudioError:
        return 0.0


def _passage(song: Song, timing: Timing, music: Path | None, duration: float) -> PreviewWindow:
    """The window that the file names, or where the game would not play that, one found in the music."""
    window = song.preview
    if window is not None and window.length > 0 and 0 <= window.start <= duration - _SHORTEST_PASSAGE_SECONDS:
        return window._replace(length=min(window.length, duration - window.start))
    if music is None:
        raise ChartError("names no passage (#SAMPLESTART), and there is no music beside it to find one in")
    # Imported here: they bring in torch, seconds for those whose file names a passage.
    from charter.audio.song_audio import SongAudio  # noqa: PLC0415
    from charter.model.weights import load_sections  # noqa: PLC0415
    from charter.sections.form import hear_form  # noqa: PLC0415
    from charter.sections.passage import pick_passage  # noqa: PLC0415

    return pick_passage(hear_form(load_sections().net, SongAudio(music), timing))
