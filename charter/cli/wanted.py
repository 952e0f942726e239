"""What options say of the charts that are wanted, as values."""

from collections.abc import Sequence
from typing import Any, TypeVar

from charter.errors import RequestError
from charter.notation import Difficulty
from export.formats import FORMATS, check_formats

T = TypeVar("T")


def difficulties_of(words: str) -> tuple[Difficulty, ...]:
    """``easy,hard`` as difficulties, easiest first. Raises RequestError for a word that is none."""
    return tuple(sorted({Difficulty.parse(word) for word in words.split(",")}))


def formats_of(words: str, *, preview: bool) -> tuple[str, ...]:
    """``ssc,sm`` as formats. Raises RequestError for an unknown one, and a preview that none of them can name."""
    asked = words.split(",")
    check_formats(asked)
    formats = tuple(name for name in FORMATS if name in asked)
    if preview and "ssc" not in formats:
        raise RequestError("--preview needs a .ssc to name the tune in; add ssc to --formats")
    return formats


def by_difficulty(option: str, words: Sequence[str] | None, number: type[T]) -> dict[Difficulty, T]:
    """``hard=5.5`` (several with commas) as values by difficulty. Raises RequestError that names the option."""
    values: dict[Difficulty, Any] = {}
    kind = "a whole number" if number is int else "a number"
    for word in ",".join(words).split(",") if words else []:
        name, equals, value = word.partition("=")
        if not equals:
            raise RequestError(f"{option} {word!r}: expected a difficulty and a number, such as hard=8")
        level = Difficulty.parse(name)
        if level in values:
            raise RequestError(f"{option} {word!r}: {level.name.lower()} has one already ({values[level]:g})")
        try:
            values[level] = number(value)  # type: ignore[call-arg]
        except ValueError:
            raise RequestError(f"{option} {word!r}: {value!r} is not {kind}") from None
    return values
