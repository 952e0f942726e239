"""A generated song on disk: a folder with music, simfiles and a record, whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from charter import __version__
from charter.audio.music import write_music
from charter.decode.meter import meter_of
from charter.decode.rules import RULES, StepRules
from charter.errors import ChartError, OutputError, RequestError
from charter.files import make_folder, write_text
from charter.generate import Generated
from charter.notation import Difficulty, Song
from charter.preview.sound import write_chip_sound
from export.names import safe_name
from export.stepmania.save import FORMATS, save_song

RECORD_NAME = "charter.json"


@dataclass(frozen=True, eq=False)
class SavedSong:
    """What was written. left_out: formats that cannot hold the song, with the reason."""

    source: Path
    folder: Path
    files: tuple[Path, ...]
    generated: Generated
    song: Song
    left_out: dict[str, str]

    def summary(self) -> str:
        """One line for a person."""
        tempos = self.song.timing.tempos
        bpm = f"{tempos[0].bpm:.6g} BPM" + (f" and {len(tempos) - 1} changes" if len(tempos) > 1 else "")
        charts = ", ".join(f"{_level(chart.difficulty)} {chart.meter}" for chart in self.song.charts)
        short = "".join(f"; {reason}" for reason in self._short_of_request())
        left = "".join(f"; no .{name}: {reason}" for name, reason in self.left_out.items())
        return f"{self.source} -> {self.folder} ({bpm}; {charts}{short}{left})"

    def _short_of_request(self) -> list[str]:
        """What is to be said of charts that have over a tenth fewer rows, or are over a meter easier, than asked."""
        request = self.generated.request
        seconds = self.generated.music.end - self.generated.music.start
        reasons = []
        for chart in self.song.charts:
            ticks = chart.hit_ticks(self.song.timing)
            name, density = _level(chart.difficulty), len(ticks) / seconds
            asked = request.densities.get(chart.difficulty, 0.0) if chart.difficulty is not None else 0.0
            meter = meter_of(self.song.timing.seconds_at(ticks))
            if density < 0.9 * asked:
                reasons.append(f"{name} has {density:.2f} rows per second, as many as fit, not {asked:.2f}")
            if chart.difficulty in request.meters and meter < chart.meter - 1:
                reasons.append(f"{name} has as many rows as fit, which are a meter of {meter}, not {chart.meter}")
        return reasons

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "source": str(self.source),
            "folder": str(self.folder),
            "files": [str(path) for path in self.files],
            "left_out": self.left_out,
            **record(self.generated, self.song),
        }


def record(generated: Generated, song: Song) -> dict[str, Any]:
    """What it takes to make the same charts again, and what they are; plain JSON values."""
    request = generated.request
    seconds = generated.music.end - generated.music.start
    return {
        "charter": __version__,
        "audio_hash": generated.source_hash,
        "title": song.title,
        "artist": song.artist,
        "seed": request.seed,
        "weights": generated.fingerprints,
        "options": {
            "difficulties": [_level(level) for level in request.difficulties],
            "meters": {_level(level): meter for level, meter in request.meters.items()},
            "densities": {_level(level): density for level, density in request.densities.items()},
            "tempos": [request.tempos.slowest, request.tempos.fastest] if request.tempos else None,
            "timing": "given" if request.timing else "found",
            "sync": request.sync,
            "rules": _own_rules(request.rules),
            "style_amount": generated.style_amount,
            "preview": request.preview,
        },
        "timing": asdict(song.timing),
        "timing_confidence": round(generated.found.confidence, 3) if generated.found else None,
        "music": generated.music._asdict(),
        "duration": generated.duration,
        "preview": song.preview._asdict() if song.preview else None,
        "charts": [
            {
                "difficulty": _level(chart.difficulty),
                "meter": chart.meter,
                "rows": (rows := len(chart.hit_ticks(song.timing))),
                "density": round(rows / seconds, 3),
            }
            for chart in song.charts
        ],
    }


def _own_rules(rules: Mapping[Difficulty, StepRules]) -> dict[str, dict[str, Any]]:
    """The rules that are not those of the table, by difficulty."""
    return {
        _level(level): changed
        for level, own in rules.items()
        if (changed := {key: value for key, value in asdict(own).items() if value != getattr(RULES[level], key)})
    }


def _level(level: Any) -> str:
    return "edit" if level is None else str(level.name).lower()


def prepare_output(out: Path, formats: Sequence[str]) -> None:
    """Make the output folder, and check before any work that it can be written to.

    Raises OutputError for the folder, RequestError for a format that is not known.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise RequestError(f"no format is called {''.join(unknown[:1])!r}; there are {', '.join(FORMATS)}")
    make_folder(out)
    _draft_folder(out).rmdir()


def save(
    generated: Generated, source: Path, out: Path, formats: Sequence[str], *, taken: Collection[Path] = ()
) -> SavedSong:
    """Write a song's folder below ``out``: a new one appears whole, one of an earlier run is replaced file by file.

    taken: folders written in this run, which a second song of the same name must not touch; nor does it touch a folder
    that holds another song
    Raises AudioError, ChartError or OutputError.
    """
    name = _free_name(safe_name(generated.song.title), out, taken, generated.source_hash)
    song = replace(generated.song, music=f"{name}.ogg", preview_music=_tune_name(name) if generated.tune else "")
    draft = _draft_folder(out)
    try:
        write_music(source, draft / song.music)
        if generated.tune:
            write_chip_sound(draft / song.preview_music, generated.tune)
        left_out: dict[str, str] = {}
        for number, format_name in enumerate(formats):
            try:
                save_song(song, draft, [format_name], stem=name, duration=generated.duration)
            except ChartError as error:
                if number == len(formats) - 1 and len(left_out) == number:
                    raise  # no format at all could hold it
                left_out[format_name] = str(error)
        write_text(draft / RECORD_NAME, json.dumps(record(generated, song), indent=1) + "\n")
        folder = out / name
        files = _publish(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return SavedSong(source, folder, files, generated, song, left_out)


def _tune_name(name: str) -> str:
    return f"{name} (chiptune).ogg"


def _draft_folder(out: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=".charter-", dir=out))
    except OSError as error:
        raise OutputError(f"{out}: cannot be written to ({error.strerror or error})") from error


def _free_name(name: str, out: Path, taken: Collection[Path], source_hash: str) -> str:
    """The name, or with a number behind it where it is another song's. Names that differ only in case count as one."""
    used = {path.name.casefold() for path in taken if path.parent == out}
    number = 1
    free = name
    while free.casefold() in used or not _may_replace(out / free, source_hash):
        number += 1
        free = f"{name} ({number})"
    return free


def _may_replace(folder: Path, source_hash: str) -> bool:
    """Whether a folder is absent, empty, or an earlier result for the same audio."""
    try:
        if not folder.is_dir() or not any(folder.iterdir()):
            return True
        return bool(json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))["audio_hash"] == source_hash)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _publish(draft: Path, folder: Path) -> tuple[Path, ...]:
    """Move the finished files into place; simfiles last, so that they never name music that is not there."""
    order = sorted((path.name for path in draft.iterdir()), key=lambda name: (name.endswith((".ssc", ".sm")), name))
    ours = {*(f"{folder.name}.{name}" for name in FORMATS), _tune_name(folder.name)}
    stale = ours - set(order)  # of an earlier run, not asked for now
    try:
        if not folder.exists():
            draft.chmod(0o755)  # a draft is for the owner alone
            draft.rename(folder)
        else:
            for name in order:
                os.replace(draft / name, folder / name)
            for name in stale:
                (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written to ({error.strerror or error})") from error
    return tuple(folder / name for name in order)
