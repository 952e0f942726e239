"""The one path from a chart file to a preview of it."""

from dataclasses import dataclass, replace
from pathlib import Path

from charter.audio.decode import decode
from charter.audio.spec import AudioSpec
from charter.errors import ChartError, RequestError, TimingError
from charter.files import make_folder, write_bytes
from charter.notation import Chart, PreviewWindow, Timing
from charter.preview.played import Played
from charter.preview.request import TUNE_SUFFIXES, Mode, PreviewRequest, check_name
from charter.preview.sound import Tell, write_chip_sound, write_mix
from export.chiptune.driver import register_log
from export.chiptune.hardware import Region
from export.chiptune.nsf import nsf_bytes, nsfe_bytes
from export.chiptune.score import Score
from export.chiptune.steps import step_score
from export.chiptune.vgm import vgm_bytes
from export.chiptune.xm import check_fits, xm_bytes
from export.stepmania.patch import steps_types
from export.stepmania.read import file_content, parse_song


@dataclass(frozen=True)
class Previewed:
    """What was written. window: of the song's seconds; rows: how many of the chart's fall in it."""

    path: Path
    chart: Chart
    window: PreviewWindow
    rows: int


def write_preview(path: Path, request: PreviewRequest, out: Path, tell: Tell) -> Previewed:
    """Play a chart file into a sound file or, as a chip tune, into a file for players of such; the suffix says which.

    tell: is called with the share that is done, 0 to 1, as a sound grows
    Raises ChartError, TimingError, AudioError, RequestError or OutputError that names the file.
    """
    check_name(out, request.mode)
    data = file_content(path)
    song = parse_song(data, path)
    try:
        played = Played.of(song, path.parent, request, steps_types(data))
        if played.music is not None and out.exists() and out.samefile(played.music):
            raise RequestError(f"--out {out} is the song's own music; it would be lost")
        make_folder(out.parent)
        if out.suffix.lower() == ".xm":  # told before all the listening
            check_fits(played.timing.shifted(-played.window.start), played.window.length)
        if request.mode is Mode.MIX:
            window = write_mix(out, played, song, tell)
        else:
            window = played.window
            score = replace(_score(played, request.mode), title=song.title, artist=song.artist)
            _write_score(out, score, played.timing.shifted(-played.window.start), request.region, tell)
    except (ChartError, RequestError, TimingError) as error:
        raise type(error)(f"{path}: {error}") from error
    return Previewed(out, played.chart, window, len(played.rows()))


def _score(played: Played, mode: Mode) -> Score:
    start, length = played.window
    if mode is Mode.STEPS:
        return step_score(played.chart, played.timing).between(start, start + length)
    # Imported here: it brings in torch, seconds for those who play the steps.
    from charter.arrange.cover import MARGIN_SECONDS, cover  # noqa: PLC0415

    assert played.music is not None
    from_ = max(start - MARGIN_SECONDS, 0.0)
    audio = decode(played.music, AudioSpec().sample_rate, (from_, start + length + MARGIN_SECONDS))
    return cover(audio, played.timing.shifted(-from_), played.chart, PreviewWindow(start - from_, length))


def _write_score(out: Path, score: Score, timing: Timing, region: Region, tell: Tell) -> None:
    suffix = out.suffix.lower()
    if suffix == ".xm":
        write_bytes(out, xm_bytes(score, timing))
    elif suffix in TUNE_SUFFIXES:
        tune = {".nsf": nsf_bytes, ".nsfe": nsfe_bytes, ".vgm": vgm_bytes}[suffix]
        write_bytes(out, tune(register_log(score, region), score.title, score.artist))
    else:
        write_chip_sound(out, score, region, tell)
