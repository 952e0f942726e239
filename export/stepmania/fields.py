"""Where the parameters of a simfile stand in it, so that one can change and every other byte stay as it was.

It is asked of msdparser's lexer, which loses nothing of its input.
"""

from collections.abc import Iterator
from typing import NamedTuple

from msdparser.lexer import MSDToken, lex_msd

from export.stepmania.read import LOSSLESS, decoded


class Field(NamedTuple):
    """One component of a parameter: its text without comments, and where all of it stands in the file."""

    text: str
    start: int
    end: int


class Parameter(NamedTuple):
    """A tag: its name in capitals, the components behind it, and where it stands from its ``#`` to behind its ``;``."""

    name: str
    fields: list[Field]
    start: int
    end: int


def text_of(data: bytes) -> tuple[str, str]:
    """The content as it is read, if every byte of it comes back from that; else as Latin-1. And the encoding."""
    text, encoding = decoded(data)
    return (text, encoding) if text.encode(encoding) == data else (data.decode(LOSSLESS), LOSSLESS)


def line_end(text: str) -> str:
    """How the lines of a text end; a line feed where it has but one."""
    return "\r\n" if "\r\n" in text else "\n"


def parameters(text: str) -> Iterator[Parameter]:
    """Every parameter, in file order."""
    at = first = start = 0
    words: list[str] = []
    fields: list[Field] = []
    for token, part in lex_msd(string=text):
        if token is MSDToken.START_PARAMETER:
            words, fields, first, start = [], [], at, at + len(part)
        elif token in (MSDToken.NEXT_COMPONENT, MSDToken.END_PARAMETER):
            fields.append(Field("".join(words), start, at))
            words, start = [], at + len(part)
            if token is MSDToken.END_PARAMETER:
                yield Parameter(fields[0].text.strip().upper(), fields[1:], first, start)
                fields = []
        elif token is not MSDToken.COMMENT:
            words.append(part)
        at += len(part)
    if fields:  # the last parameter has no end
        yield Parameter(fields[0].text.strip().upper(), [*fields[1:], Field("".join(words), start, at)], first, at)
