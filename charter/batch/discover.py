"""Which songs lie in a folder, told by what its files are."""

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from charter.audio.decode import opened, stated_duration
from charter.batch.source import Source
from charter.batch.walk import path_order, walk
from charter.errors import AudioError, ChartError, RequestError, TimingError
from charter.song_draft import is_simfile
from export.stepmania.companions import companions
from export.stepmania.music import AUDIO_SUFFIXES, audio_beside, find_music, is_named
from export.stepmania.read import file_content, opened_simfile, timing_of

_COVER_NAMES = ("cover", "folder", "front", "album", "jacket")
_COVER_SUFFIXES = (".jpg", ".jpeg", ".png")
# Never opened, by their suffixes: pictures, texts, charts, what is told of music, archives, what music is made with,
# programs and their data.
_NO_AUDIO_NAMES = """
    bmp gif heic ico jpeg jpg png psd svg tif tiff webp xcf
    cfg css csv doc docx htm html ini js json log lrc lua md nfo odt pdf py rtf srt tex toml txt url xml yaml yml
    ats bak bme bms dwi edit ksf ksh kson old osb osu qua sm sma ssc
    cue m3u m3u8 md5 pls sfv sha1 sha256 torrent xspf
    7z bz2 gz iso jar osz qp rar smzip tar tgz xz zip zst
    als cpr flp logicx mid midi ptx reapeaks rpp sf2
    bat bin cmd dat db dll dylib exe lnk npy npz otf pt pyc safetensors sh so sqlite sys tmp ttf
"""
_NO_AUDIO = frozenset(f".{name}" for name in _NO_AUDIO_NAMES.split())
_HEAD_BYTES = 4096
_LONGEST_PREVIEW = 45.0  # seconds
_MOST_NAMED = 5
# Texts that FFmpeg would play by opening the files and addresses in them.
_LISTS = (b"#EXTM3U", b"ffconcat", b"v=0", b"[playlist]", b"<")


@dataclass(frozen=True)
class Found:
    """The songs of a folder.

    sources: in order of their music's path
    faults: one line each, in order of the path at fault: what cannot be read, a simfile that is damaged or has no music
    oddities: one line each: links in a loop, pipes and the like, which are passed over
    no_audio: how many files by suffix (empty for none) are neither music nor lie with a simfile
    beside: audio that lies with a simfile, or below one, and is no song: what it plays besides, and short sounds
    """

    sources: tuple[Source, ...]
    faults: dict[Path, str]
    oddities: tuple[str, ...] = ()
    no_audio: Mapping[str, int] = field(default_factory=dict)
    beside: tuple[Path, ...] = ()

    def passed_over(self) -> str:
        """What is left alone, in one line; empty where there is nothing to tell."""
        parts = []
        if count := sum(self.no_audio.values()):
            kinds = sorted(self.no_audio.items(), key=lambda kind: (-kind[1], kind[0]))
            named = ", ".join(f"{number} {suffix or 'without a suffix'}" for suffix, number in kinds)
            parts.append(f"{count} file{'s are' if count > 1 else ' is'} no audio ({named})")
        if count := len(self.beside):
            named = ", ".join(path.name for path in self.beside[:_MOST_NAMED]) + (", …" if count > _MOST_NAMED else "")
            parts.append(f"{count} audio file{'s belong' if count > 1 else ' belongs'} to songs beside them ({named})")
        return "; ".join(parts)


def discover(folder: Path, *, leave_out: Path) -> Found:
    """The songs below a folder.

    leave_out: is not looked into: the output, which may lie in the folder

    A folder with simfiles is a song: its music is what they name; other audio in it that they need or that is short,
    and all below it, belongs to the song. Simfiles of one folder that name different music are different songs. A
    simfile that cannot be read, or has no music, is a fault, and nothing is charted in its place. Any other audio file
    is a song, told by its suffix or else by its content.

    Raises RequestError for a folder that is none, or in which there is nothing to chart and nothing at fault.
    """
    _check(folder, leave_out)
    walked = walk(folder, leave_out)
    search = _Search(folder, walked.faults)
    charted = {each for each, files in walked.files.items() if any(is_simfile(path.name) for path in files)}
    for each, files in walked.files.items():
        if each in charted:
            search.charted(each, files)
        else:
            # A folder of simfiles is a song with all that is below it; the input is more than a song.
            search.loose(files, is_part=any(above in charted for above in each.parents if above != folder))
    sources = tuple(sorted(search.sources, key=lambda source: (path_order(source.music), source.simfiles)))
    faults = {path: search.faults[path] for path in sorted(search.faults, key=path_order)}
    found = Found(sources, faults, tuple(walked.oddities.values()), search.no_audio, tuple(search.beside))
    if not sources and not found.faults:
        raise RequestError(f"{folder}: holds no song{': ' + found.passed_over() if found.passed_over() else ''}")
    return found


def _check(folder: Path, leave_out: Path) -> None:
    if not folder.exists():
        raise RequestError(f"{folder}: no such folder; is the name spelt right?")
    if not folder.is_dir():
        raise RequestError(f"{folder}: is a file; name the folder that it lies in")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise RequestError(f"{folder}: may not be read; check the folder's permissions")
    if folder.resolve() == leave_out.resolve():
        raise RequestError(f"{folder}: is both where the songs are and where the pack should go; name another output")


@dataclass
class _Search:
    """What has been found so far; fields as in `Found`."""

    folder: Path
    faults: dict[Path, str]
    sources: list[Source] = field(default_factory=list)
    no_audio: Counter[str] = field(default_factory=Counter)
    beside: list[Path] = field(default_factory=list)

    def charted(self, folder: Path, files: Sequence[Path]) -> None:
        """Take in a folder that holds simfiles."""
        simfiles = sorted(
            (path for path in files if is_simfile(path.name)),
            key=lambda path: (path.suffix.lower() != ".ssc", path_order(path)),  # as the game reads them
        )
        names = {path: name for path in simfiles if (name := self._music_name(path)) is not None}
        audio = audio_beside(folder)
        songs: dict[Path, list[Path]] = {}
        for path, name in names.items():
            music = self._music(folder, name, audio, set(names.values()) - {name})
            if music is None:
                named = f"#MUSIC names {name!r}" if name else "#MUSIC is empty"
                self.faults[path] = f"{path}: its music is not beside it ({named})"
            elif self._readable(music):
                songs.setdefault(music, []).append(path)
        self.sources += [Source(music, tuple(of), _cover(music, files)) for music, of in songs.items()]
        left = [path for path in files if path.suffix.lower() in AUDIO_SUFFIXES and path not in songs]
        own = [] if any(path in self.faults for path in simfiles) else self._own_songs(folder, left, simfiles)
        self.sources += [Source(path, (), _cover(path, files)) for path in own]
        self.beside += [path for path in left if path not in own]

    def loose(self, files: Sequence[Path], *, is_part: bool) -> None:
        """Take in a folder without simfiles; is_part: it is part of one that has some."""
        if is_part:
            self.beside += [path for path in files if path.suffix.lower() in AUDIO_SUFFIXES]
            return
        songs = [Source(path, (), _cover(path, files)) for path in files if self._is_song(path)]
        taken = {path for song in songs for path in (song.music, song.cover)}
        self.sources += songs
        self.no_audio.update(path.suffix.lower() for path in files if path not in taken and path not in self.faults)

    def _is_song(self, path: Path) -> bool:
        suffix = path.suffix.lower()
        if suffix in _NO_AUDIO or not self._readable(path):
            return False
        return suffix in AUDIO_SUFFIXES or holds_audio(path)

    def _readable(self, path: Path) -> bool:
        if not os.access(path, os.R_OK):
            self.faults[path] = f"{path}: may not be read; check the file's permissions"
        return path not in self.faults

    def _own_songs(self, folder: Path, left: Sequence[Path], simfiles: Sequence[Path]) -> list[Path]:
        """Of audio that no simfile has as its music, what is a song by itself: somebody mended one of an album."""
        if not left:
            return []
        needed = {each for path in simfiles for each in companions(folder, file_content(path), path).files.values()}
        return [path for path in left if path not in needed and self._readable(path) and _is_long(path)]

    def _music_name(self, simfile: Path) -> str | None:
        """What a simfile names as its music; None where it cannot be read, which is a fault."""
        try:
            source = opened_simfile(file_content(simfile), simfile)
            timing_of(source, simfile)
        except (ChartError, TimingError) as error:
            self.faults[simfile] = f"{error}; mend it or take it away: its song is left alone"
            return None
        return (source.get("MUSIC") or "").strip()

    def _music(self, folder: Path, name: str, audio: Sequence[Path], others: Collection[str]) -> Path | None:
        """The audio that a simfile names; audio: all in its folder; others: what the simfiles beside it name."""
        music = find_music(folder, name, audio)
        if music is None or not music.is_file():
            return None
        # A name may lead out of the song's folder, not out of what is to be charted.
        if not Path(os.path.normpath(music)).is_relative_to(os.path.normpath(self.folder)):
            return None
        belongs = any(is_named(music, other) and Path(other).stem != Path(name).stem for other in others)
        return None if belongs and not is_named(music, name) else music


def _is_long(path: Path) -> bool:
    """Whether audio lasts longer than what plays in the song wheel; what cannot be decoded is told later."""
    try:
        return (stated_duration(path) or 0.0) > _LONGEST_PREVIEW
    except AudioError:
        return True


def holds_audio(path: Path) -> bool:
    """Whether a file's content is sound that can be decoded, or a video with sound: no list of other files to play."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        if not head or _is_text(head):
            return False
        with opened(path):
            return True
    except (AudioError, OSError, ValueError):
        return False


def _is_text(head: bytes) -> bool:
    """Whether a file that begins so is a text."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_LISTS):
        return True
    text = head.decode(errors="ignore")
    return len(text.encode()) > len(head) - 4 and all(character >= " " or character in "\t\n\r\f" for character in text)


def _cover(music: Path, files: Sequence[Path]) -> Path | None:
    """Of the files beside a song, the picture of it or of its album; its own first."""
    return min(_covers(music, files), default=(0, None))[1]


def _covers(music: Path, files: Sequence[Path]) -> Iterator[tuple[int, Path]]:
    stems = (music.stem.casefold(), *_COVER_NAMES)
    for path in files:
        stem = path.stem.casefold()
        if path.suffix.lower() in _COVER_SUFFIXES and stem in stems and os.access(path, os.R_OK):
            yield stems.index(stem), path
