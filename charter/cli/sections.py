"""`charter sections`: a song's sections, which of them are alike, and the passage that is played as its preview."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from charter.cli.errors import told_to_user
from charter.cli.known_timing import known_tempos, known_timing
from charter.cli.options import AsJson, BeatWeights, Bpm, BpmRange, Offset, TimingFile
from charter.cli.pictures import check_picture
from charter.cli.tables import show_table
from charter.errors import RequestError, TimingError
from charter.notation import PreviewWindow

if TYPE_CHECKING:
    from charter.sections.form import Form


def sections(
    song: Annotated[Path, typer.Argument(metavar="SONG", help="An audio file of any common format.")],
    *,
    bpm: Bpm = None,
    bpm_range: BpmRange = "",
    offset: Offset = None,
    timing: TimingFile = None,
    plot: Annotated[Path | None, typer.Option(help="Draw what is alike and what is new into this .png.")] = None,
    beat_weights: BeatWeights = None,
    as_json: AsJson = False,
) -> None:
    """Show a song's sections, which of them are alike, how intense they are, and the passage for its preview."""
    with told_to_user():
        # Imported here: they bring in torch, and `charter --help` has to answer at once.
        from charter.audio.song_audio import SongAudio  # noqa: PLC0415
        from charter.model.shipped import SHIPPED_BEATS  # noqa: PLC0415
        from charter.model.weights import load_beats, load_sections  # noqa: PLC0415
        from charter.sections.form import hear_form  # noqa: PLC0415
        from charter.sections.passage import pick_passage  # noqa: PLC0415

        if plot is not None:
            check_picture(plot)
        known = known_timing(bpm, offset, timing)
        if known is not None and bpm_range:
            raise RequestError("the timing is given; leave out --bpm-range")
        tempos = known_tempos(bpm, bpm_range) if known is None else None
        audio = SongAudio(song)
        if known is None:
            from charter.tempo.find import find_timing  # noqa: PLC0415

            try:
                known = find_timing(audio, load_beats(beat_weights or SHIPPED_BEATS).net, tempos).timing
            except TimingError as error:  # an AudioError names the file itself
                raise TimingError(f"{song}: {error}") from error
        form = hear_form(load_sections().net, audio, known)
        passage = pick_passage(form)
        if plot is not None:
            from charter.section_picture import draw_form  # noqa: PLC0415

            draw_form(plot, form, passage)
    if as_json:
        typer.echo(json.dumps(_as_dict(song, form, passage), indent=1))
    else:
        _show(song, form, passage)


def _as_dict(song: Path, form: "Form", passage: PreviewWindow) -> dict[str, Any]:
    return {
        "file": str(song),
        "duration": round(form.duration, 3),
        "preview": {"start": round(passage.start, 3), "length": round(passage.length, 3)},
        "sections": [
            {
                "label": section.label,
                "start": round(section.start, 3),
                "end": round(section.end, 3),
                "first_measure": section.first,
                "measures": section.last - section.first,
                "intensity": round(section.intensity, 3),
            }
            for section in form.sections
        ],
    }


def _show(song: Path, form: "Form", passage: PreviewWindow) -> None:
    end = passage.start + passage.length
    typer.echo(f"{song}: preview from {passage.start:.3f} s to {end:.3f} s ({passage.length:.3f} s)")
    lines = [
        [
            section.label,
            f"{section.start:.3f}",
            f"{section.end:.3f}",
            section.first,
            section.last - section.first,
            f"{section.intensity:.0%}",
            "preview" if section.start < end and section.end > passage.start else "",
        ]
        for section in form.sections
    ]
    show_table("sections", ["", "start", "end", "from measure", "measures", "intensity", "heard"], lines)
