"""A song as a `.mid` file (Standard MIDI File, format 1), to lie beside its audio in a sequencer.

Both are laid at the same place and then agree: MIDI second t is audio second t (see `export.midi.timeline`). The first
track holds title, tempos and time signatures; then every chart has a track named after its difficulty, on which each
panel is a pitch. Taps last a 32nd at most, holds and rolls as long as they are held.
"""

import io
from pathlib import Path

from mido import Message, MetaMessage, MidiFile, MidiTrack

from charter.errors import ChartError
from charter.files import write_bytes
from charter.notation import Chart, Song
from export.chart_names import chart_names
from export.chiptune.steps import PANEL_PITCHES
from export.midi.timeline import TICKS_PER_QUARTER, Timeline
from export.presses import presses
from export.texts import one_line

_TAP_TICKS = TICKS_PER_QUARTER // 8
_VELOCITY = 100
_CHANNELS = [channel for channel in range(16) if channel != 9]  # that one is for drums


def save_midi(song: Song, folder: Path, name: str) -> Path:
    """Write ``name`` into a folder.

    The tempos are the song's; of a chart with its own timing, notes are put on the MIDI tick nearest to their second.
    Raises ChartError for what a `.mid` cannot hold: notes before the audio, tempos below 3.58 BPM; OutputError.
    """
    path = folder / name
    write_bytes(path, midi_bytes(song))
    return path


def midi_bytes(song: Song) -> bytes:
    """The song as the content of a `.mid` file. Raises ChartError as `save_midi`."""
    try:
        timeline = Timeline(song.timing)
        tracks = [_tempo_track(song, timeline)]
        for number, (title, chart) in enumerate(zip(chart_names(song), song.charts, strict=True)):
            tracks.append(_chart_track(title, _CHANNELS[number % len(_CHANNELS)], _strokes(chart, song, timeline)))
    except ChartError as error:
        raise ChartError(f"{song.title}: {error}") from error
    # mido's own default is Latin-1, in which most titles have no place.
    file = MidiFile(type=1, ticks_per_beat=TICKS_PER_QUARTER, charset="utf-8", tracks=tracks)
    content = io.BytesIO()
    file.save(file=content)
    return content.getvalue()


def _strokes(chart: Chart, song: Song, timeline: Timeline) -> list[tuple[int, int, int]]:
    """Start, panel and end of all that sounds of a chart, in MIDI ticks."""
    own = chart.timing
    clock = timeline.at if own is None else lambda ticks: timeline.nearest(own.seconds_at(ticks))
    following: dict[int, int] = {}  # when a panel is next pressed, from the last press to the first
    strokes: list[tuple[int, int, int]] = []
    for press in reversed(presses(chart, song.timing_of(chart), clock)):
        end = press.end
        if end is None:
            end = min(press.start + _TAP_TICKS, following.get(press.panel, press.start + _TAP_TICKS))
        following[press.panel] = press.start
        strokes.append((press.start, press.panel, end))
    return strokes


def _tempo_track(song: Song, timeline: Timeline) -> MidiTrack:
    events = [(0, MetaMessage("track_name", name=one_line(song.title)))]
    events += [(0, MetaMessage("text", text=line)) for line in (one_line(song.artist), one_line(song.credit)) if line]
    events += [
        (tick, MetaMessage("time_signature", numerator=beats, denominator=unit))
        for tick, beats, unit in timeline.signatures
    ]
    events += [(tick, MetaMessage("set_tempo", tempo=quarter)) for tick, quarter in timeline.tempos]
    return _track(events)


def _chart_track(title: str, channel: int, strokes: list[tuple[int, int, int]]) -> MidiTrack:
    events = []
    for start, panel, end in strokes:
        note = {"note": PANEL_PITCHES[panel], "channel": channel}
        events.append((start, Message("note_on", velocity=_VELOCITY, **note)))
        events.append((end, Message("note_off", velocity=0, **note)))
    # A note's end before the start of the next.
    events.sort(key=lambda event: (event[0], event[1].type == "note_on", event[1].note))
    return _track([(0, MetaMessage("track_name", name=title)), *events])


def _track(events: list[tuple[int, MetaMessage | Message]]) -> MidiTrack:
    """A track of messages at MIDI ticks; those of one tick in the order given."""
    track, now = MidiTrack(), 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=tick - now))
        now = tick
    return track
