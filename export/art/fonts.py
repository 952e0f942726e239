"""Fonts with the glyphs of a text: Pillow's own for plain Latin, those of the system for all else."""

import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont, Layout

_TRIAL_SIZE = 40
_NO_CHARACTER = "\uffff"  # what every font shows its box for, or nothing
_ANSWER_SECONDS = 10

# Where there is no fontconfig: what Windows, macOS and common Linux systems come with, bold where there is a choice.
# Pillow looks for a name in the system's own folders.
_KNOWN_FILES = (
    *("segoeuib.ttf", "arialbd.ttf", "YuGothB.ttc", "meiryob.ttc", "malgunbd.ttf", "msyhbd.ttc", "msjhbd.ttc"),
    *("LeelaUIb.ttf", "NirmalaB.ttf", "Nirmala.ttc", "seguisym.ttf"),
    *("ヒラギノ角ゴシック W6.ttc", "AppleSDGothicNeo.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc", "Arial Bold.ttf"),
    *("Arial Unicode.ttf", "GeezaPro.ttc", "Thonburi.ttc", "Kohinoor.ttc", "Apple Symbols.ttf"),
    *("NotoSansCJK-Bold.ttc", "NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf"),
)


@dataclass(frozen=True)
class Face:
    """A font. file: its path or name, empty for Pillow's own; index: which of those in the file."""

    file: str = ""
    index: int = 0

    def at(self, size: int, layout: Layout) -> FreeTypeFont:
        """The font in a size (pixels). Raises OSError where its file is no font with outlines."""
        return _font(self, size, layout)

    def has(self, character: str) -> bool:
        """Whether the font shows it, and not the box for what it has not."""
        return _has(self, character)


BUILT_IN = Face()


def faces_for(characters: frozenset[str], language: str) -> Iterator[Face]:
    """Fonts that may have them all, the likeliest first. language: as ``ja``, where a script is written in several."""
    yield BUILT_IN
    for face in (*_of_fontconfig(characters, language), *(Face(name) for name in _KNOWN_FILES)):
        if _is_there(face):
            yield face


@lru_cache(maxsize=32)  # of all the sizes that names are set in, few are needed again
def _font(face: Face, size: int, layout: Layout) -> FreeTypeFont:
    if not face.file:
        own = ImageFont.load_default(size)
        if not isinstance(own, FreeTypeFont):
            raise OSError("Pillow was built without FreeType")
        return own if layout == Layout.RAQM else own.font_variant(layout_engine=layout)
    return ImageFont.truetype(face.file, size, index=face.index, layout_engine=layout)


@cache
def _is_there(face: Face) -> bool:
    try:
        face.at(_TRIAL_SIZE, Layout.BASIC)
    except (OSError, ValueError):
        return False
    return True


@cache
def _has(face: Face, character: str) -> bool:
    if character in " \u200c\u200d":  # seen in what they do to others
        return True
    glyph = _glyph(face, character)
    return glyph != _glyph(face, _NO_CHARACTER) and any(glyph[0])


def _glyph(face: Face, character: str) -> tuple[bytes, tuple[float, float, float, float]]:
    font = face.at(_TRIAL_SIZE, Layout.BASIC)
    return bytes(font.getmask(character)), font.getbbox(character)


@cache
def _of_fontconfig(characters: frozenset[str], language: str) -> tuple[Face, ...]:
    """The system's own choice of a bold sans serif with most of the characters; nothing where fontconfig is not."""
    codes = " ".join(f"{ord(character):x}" for character in sorted(characters))
    pattern = f"sans:bold:lang={language}:charset={codes}" if language else f"sans:bold:charset={codes}"
    try:
        done = subprocess.run(
            ["fc-match", "--format", "%{file}\t%{index}", pattern],
            capture_output=True,
            timeout=_ANSWER_SECONDS,
            check=True,
        )
        file, index = done.stdout.decode().split("\t")
        return (Face(file, int(index)),)
    except (OSError, subprocess.SubprocessError, ValueError):
        return ()


def language_of(text: str) -> str:
    """The language of a text in East Asian script, whose characters look different from country to country; else empty.

    Without kana or hangul it is taken for Japanese, as most titles of dance games are.
    """
    names = {unicodedata.name(character, "").partition(" ")[0] for character in text}
    if "HANGUL" in names:
        return "ko"
    return "ja" if names & {"HIRAGANA", "KATAKANA", "CJK"} else ""
