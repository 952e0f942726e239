"""`charter timing`: a song's tempo segments, offset, candidates and confidence."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from charter.cli.errors import told_to_user
from charter.cli.known_timing import known_tempos
from charter.cli.options import AsJson, BeatWeights, Bpm, BpmRange
from charter.cli.pictures import check_picture
from charter.cli.tables import show_table
from charter.errors import TimingError
from charter.notation import TICKS_PER_BEAT, Timing

if TYPE_CHECKING:
    from charter.tempo.find import FoundTiming


def timing(
    song: Annotated[Path, typer.Argument(metavar="SONG", help="An audio file of any common format.")],
    *,
    bpm: Bpm = None,
    bpm_range: BpmRange = "",
    plot: Annotated[Path | None, typer.Option(help="Draw the beats against the sound into this .png.")] = None,
    beat_weights: BeatWeights = None,
    as_json: AsJson = False,
) -> None:
    """Find a song's timing: tempo segments, stops, the offset, and what else it may be, with how sure that is."""
    with told_to_user():
        # Imported here: they bring in torch, and `charter --help` has to answer at once.
        from charter.audio.song_audio import SongAudio  # noqa: PLC0415
        from charter.model.shipped import SHIPPED_BEATS  # noqa: PLC0415
        from charter.model.weights import load_beats  # noqa: PLC0415
        from charter.tempo.find import find_timing  # noqa: PLC0415

        if plot is not None:
            check_picture(plot)
        tempos = known_tempos(bpm, bpm_range)
        net = load_beats(beat_weights or SHIPPED_BEATS).net
        audio = SongAudio(song)
        try:
            found = find_timing(audio, net, tempos)
        except TimingError as error:  # an AudioError names the file itself
            raise TimingError(f"{song}: {error}") from error
        if plot is not None:
            from charter.sync_picture import draw_sync  # noqa: PLC0415
            from charter.tempo.envelope import onset_envelope  # noqa: PLC0415

            draw_sync(plot, onset_envelope(audio.audio(net.config.audio)), found.timing)
    if as_json:
        typer.echo(json.dumps(_as_dict(song, found), indent=1))
    else:
        _show(song, found)


def _as_dict(song: Path, found: "FoundTiming") -> dict[str, Any]:
    return {
        "file": str(song),
        "confidence": round(found.confidence, 3),
        "sure": found.is_sure,
        **_segments(found.timing),
        "candidates": [
            {
                "confidence": round(candidate.confidence, 3),
                "relation": candidate.relation,
                **_segments(candidate.timing),
            }
            for candidate in found.candidates
        ],
    }


def _segments(timing: Timing) -> dict[str, Any]:
    """A timing as a simfile has it: beats, BPM and seconds."""
    return {
        "offset": timing.offset,
        "bpms": [{"beat": tempo.tick / TICKS_PER_BEAT, "bpm": tempo.bpm} for tempo in timing.tempos],
        "stops": [{"beat": stop.tick / TICKS_PER_BEAT, "seconds": stop.seconds} for stop in timing.stops],
    }


def _show(song: Path, found: "FoundTiming") -> None:
    best = found.timing
    tempos = f"{best.tempos[0].bpm:.6g} BPM"
    if len(best.tempos) > 1 or best.stops:
        tempos += f", {len(best.tempos) - 1} changes and {len(best.stops)} stops"
    sure = "" if found.is_sure else ": unsure, look at the candidates"
    typer.echo(f"{song}: {tempos}, offset {best.offset:.3f} (confidence {found.confidence:.0%}{sure})")
    if len(best.tempos) > 1:
        lines = [
            [f"{t.tick / TICKS_PER_BEAT:g}", f"{float(best.seconds_at(t.tick)):.3f}", f"{t.bpm:.3f}"]
            for t in best.tempos
        ]
        show_table("tempos", ["beat", "second", "BPM"], lines)
    if best.stops:
        lines = [
            [f"{s.tick / TICKS_PER_BEAT:g}", f"{float(best.seconds_at(s.tick)):.3f}", f"{s.seconds:.3f}"]
            for s in best.stops
        ]
        show_table("stops", ["beat", "second", "lasts"], lines)
    show_table(
        "candidates",
        ["", "BPM", "offset", "confidence"],
        [
            [c.relation or "found", f"{c.timing.tempos[0].bpm:.3f}", f"{c.timing.offset:.3f}", f"{c.confidence:.0%}"]
            for c in found.candidates
        ],
    )
