"""A `.sm` as `.ssc` and back, with all its tags and charts. Converting is simfile's; this module checks what came out.

Between the two, simfile passes over tags that only the other format has and that no step depends on, such as a preview
file or who wrote a chart.
"""

from dataclasses import replace
from pathlib import Path

from simfile.convert import InvalidPropertyException, sm_to_ssc, ssc_to_sm
from simfile.sm import SMSimfile
from simfile.ssc import AttachedSSCChart, SSCSimfile

from charter.errors import ChartError
from charter.notation import Song
from export.stepmania.read import opened_simfile, parse_song
from export.stepmania.write import NEUTRAL_LABELS, NEUTRAL_TIMING, escaped

# Tags that simfile knows by the newer name alone.
_OLD_NAMES = {"FREEZES": "STOPS", "ANIMATIONS": "BGCHANGES"}
# Of a blank file, a passage and a tempo that no song asked for.
_NOT_BLANK = ("SAMPLESTART", "SAMPLELENGTH", "BPMS")
# Where a song or chart says nothing, these are what it means.
_NEUTRAL = NEUTRAL_TIMING | NEUTRAL_LABELS


def converted(data: bytes, path: Path, suffix: str) -> bytes:
    """The content of a simfile as a file of the other suffix, ``.sm`` or ``.ssc``, in UTF-8; as it is if it is one.

    Raises ChartError that names the file for what the other format cannot say (a `.sm` no warps, fakes, scrolling or
    timing of a chart's own; a `.ssc` no BPM or stop below 0), and where it would not say the same song.
    """
    song = parse_song(data, path)
    source = opened_simfile(data, path)
    is_ssc = isinstance(source, SSCSimfile)
    if is_ssc == (suffix == ".ssc"):
        return data
    try:
        result = _sm(source) if isinstance(source, SSCSimfile) else _ssc(source)
        after = escaped(str(result)).encode()
    except NotImplementedError as error:
        cause = "warps" if is_ssc else "a BPM or stop below 0"
        raise ChartError(f"{path}: a {suffix} file cannot hold {cause}") from error
    except InvalidPropertyException as error:
        cause = str(error).removeprefix("cannot convert ").split(" ", 1)[0].strip("'")
        raise ChartError(f"{path}: a {suffix} file cannot hold its #{cause}") from error
    except (KeyError, ValueError, ArithmeticError) as error:
        raise ChartError(f"{path}: cannot be written as {suffix} ({error})") from error
    if _said(parse_song(after, path.with_suffix(suffix))) != _said(song):
        raise ChartError(f"{path}: would not mean the same as a {suffix} file")
    return after


def _ssc(source: SMSimfile) -> SSCSimfile:
    for old, new in _OLD_NAMES.items():
        if old in source and not (source.get(new) or "").strip():
            source[new] = source.pop(old)
    template = SSCSimfile.blank()
    for name in _NOT_BLANK:
        template[name] = ""
    return sm_to_ssc(source, simfile_template=template)


def _sm(source: SSCSimfile) -> SMSimfile:
    _neutral(source)
    for chart in source.charts:
        # Some editors repeat the song's timing in each chart.
        for name in [name for name in chart if name in source and chart[name].strip() == source[name].strip()]:
            if name not in ("DESCRIPTION", "STEPSTYPE", "DIFFICULTY", "METER", "RADARVALUES", "NOTES"):
                chart.pop(name)
        _neutral(chart)
    template = SMSimfile.blank()
    for name in _NOT_BLANK:
        template[name] = ""
    return ssc_to_sm(source, simfile_template=template)


def _neutral(source: SSCSimfile | AttachedSSCChart) -> None:
    """Have tags that say nothing in other words say it in those that simfile knows."""
    for name, value in _NEUTRAL.items():
        if name in source and _numbers(source[name]) in ([], _numbers(value)):
            source[name] = value


def _numbers(text: str) -> list[float | str]:
    numbers: list[float | str] = []
    for word in text.replace("=", ",").split(","):
        if not word.strip():
            continue
        try:
            numbers.append(float(word))
        except ValueError:
            numbers.append(word.strip())
    return numbers


def _said(song: Song) -> Song:
    """What both formats can say of a song."""
    charts = (replace(chart, credit="", timing=song.timing_of(chart)) for chart in song.charts)
    return replace(song, preview_music="", jacket="", charts=tuple(charts))
