"""A generated song on disk: a folder with music, simfiles and a record, whole or not at all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from charter.audio.music import write_music
from charter.errors import ChartError
from charter.files import blamed, make_folder
from charter.generate import Generated
from charter.notation import Song, slot_word
from charter.preview.sound import write_chip_sound
from charter.song_draft import drafted, free_name, names_in, publish, read_record
from charter.song_record import record, shortfalls
from export.art.look import Role, art_name
from export.formats import check_formats, save_format
from export.names import folded, numbered, safe_name


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
        bpm = f"{tempos[0].bpm:.6g} BPM" + _changes(len(tempos) - 1)
        charts = ", ".join(f"{slot_word(chart.difficulty)} {chart.meter}" for chart in self.song.charts)
        remarks = "".join(f"; {remark}" for remark in remarks_of(self.generated, self.song, self.left_out))
        return f"{self.source} -> {self.folder} ({bpm}; {charts}{remarks})"

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "source": str(self.source),
            "folder": str(self.folder),
            "files": [str(path) for path in self.files],
            "left_out": self.left_out,
            **read_record(self.folder),
        }


def _changes(count: int) -> str:
    return f" and {count} change{'s' if count > 1 else ''}" if count else ""


def remarks_of(generated: Generated, song: Song, left_out: Mapping[str, str]) -> list[str]:
    """What a person should hear of a song that was written: charts short of what was asked, formats left out."""
    return shortfalls(generated, song) + [f"no .{name}: {reason}" for name, reason in left_out.items()]


@contextmanager
def output_folder(out: Path, formats: Sequence[str]) -> Iterator[None]:
    """Make the output folder, and check before any work that it can be written to; at the end an empty one is gone.

    Raises OutputError for the folder, RequestError for a format that is not known.
    """
    check_formats(formats)
    with blamed(out):
        made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        make_folder(out)
        with drafted(out):
            pass
        yield
    finally:
        with suppress(OSError):  # of the first that holds something, or is not there
            for folder in made:
                folder.rmdir()


def save(
    generated: Generated, source: Path, out: Path, formats: Sequence[str], *, taken: Collection[Path] = ()
) -> SavedSong:
    """Write a song's folder below ``out``: a new one appears whole, one of an earlier run is replaced file by file.

    taken: folders written in this run, which a second song of the same name must not touch; nor does it touch a folder
    that holds another song
    Raises AudioError, ChartError or OutputError.
    """
    make_folder(out)  # again: a run beside this one, which made it and failed, takes it away
    used = {folded(path.name) for path in taken if path.parent == out}
    names = numbered(safe_name(generated.song.title))
    name = free_name(names, out, names_in(out), used, generated.audio_hash)
    # Of a pack that `charter batch` made; by their names, the game would find them too.
    there = {role: art_name(name, role) for role in Role if (out / name / art_name(name, role)).is_file()}
    generated = replace(generated, song=with_pictures(generated.song, there))
    with drafted(out) as draft:
        song, left_out = write_song(draft, name, generated, source, formats)
        files = publish(draft, out / name, record(generated, song))
    return SavedSong(source, out / name, files, generated, song, left_out)


def write_song(
    draft: Path, name: str, generated: Generated, source: Path, formats: Sequence[str]
) -> tuple[Song, dict[str, str]]:
    """Write music, tune and simfiles into a folder; the song as written, and the formats that could not hold it.

    Art that the folder holds by the names that the song gives it goes into the formats that carry it.
    Raises AudioError, OutputError, and ChartError where no format at all can hold the song.
    """
    song = replace(generated.song, music=f"{name}.ogg", preview_music=tune_name(name) if generated.tune else "")
    write_music(source, draft / song.music)
    if generated.tune:
        write_chip_sound(draft / song.preview_music, generated.tune)
    left_out: dict[str, str] = {}
    for number, format_name in enumerate(formats):
        try:
            save_format(format_name, song, draft, stem=name, duration=generated.duration)
        except ChartError as error:
            if number == len(formats) - 1 and len(left_out) == number:
                raise
            left_out[format_name] = str(error)
    return song, left_out


def with_pictures(song: Song, names: Mapping[Role, str]) -> Song:
    """The song with other names for its pictures, or those that it had."""
    return replace(
        song,
        banner=names.get(Role.BANNER, song.banner),
        background=names.get(Role.BACKGROUND, song.background),
        jacket=names.get(Role.JACKET, song.jacket),
    )


def tune_name(name: str) -> str:
    """The file name of the chip tune of a song's preview passage."""
    return f"{name} (chiptune).ogg"
