"""What a title's characters ask of whoever sets them: order, joining, and where lines may break."""

import unicodedata

ELLIPSIS = "…"

# Characters that do not stand first, or last, in a line of Japanese or Chinese.
_NOT_FIRST = frozenset("、。，．・：；？！)）］｝」』】〉》〕゛゜ー々〜～…!?,.:;")  # noqa: RUF001
_SMALL_KANA = frozenset("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")
_NOT_LAST = frozenset("（「『【〈《〔［｛(")  # noqa: RUF001
_JOINERS = "\u200c\u200d"


def clean(text: str) -> str:
    """In NFC, on one line, without control characters and such as only steer the layout."""
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in composed)
    steering = {one for one in spaced if unicodedata.category(one) in ("Cf", "Cs", "Co", "Cn") and one not in _JOINERS}
    return " ".join("".join(one for one in spaced if one not in steering and not _picks_a_variant(one)).split())


def is_right_to_left(text: str) -> bool:
    """Whether it is read from right to left: what its first letter says."""
    directions = (unicodedata.bidirectional(one) for one in text)
    return next((direction != "L" for direction in directions if direction in ("L", "R", "AL")), False)


def is_complex(text: str) -> bool:
    """Whether letters have to be joined, stacked or turned round, so that one drawn after the other would be wrong."""
    return any(
        unicodedata.bidirectional(one) in ("R", "AL", "AN") or unicodedata.category(one) in ("Mn", "Mc", "Me")
        for one in text
    )


def without_marks(text: str) -> str:
    """Latin letters without their accents, wide ones narrow; all else as it is."""
    return "".join(_plain(one) for one in text)


def pieces(text: str) -> list[str]:
    """A text cut wherever a line may end; the pieces, joined, are the text again."""
    found: list[str] = []
    for one in text:
        if found and not _may_part(found[-1][-1], one):
            found[-1] += one
        else:
            found.append(one)
    return found


def _may_part(before: str, after: str) -> bool:
    if after == " " or after in _NOT_FIRST | _SMALL_KANA or before in _NOT_LAST:
        return False
    # The strokes are for titles that are file names.
    return before in " -_/" or _is_wide(before) or _is_wide(after)


def _is_wide(one: str) -> bool:
    # Hangul is wide too, but is written in words.
    return unicodedata.east_asian_width(one) in ("W", "F") and not unicodedata.name(one, "").startswith("HANGUL")


def _plain(one: str) -> str:
    parts = unicodedata.normalize("NFKD", one)
    return parts[0] if parts[0].isascii() and not any(map(str.isalnum, parts[1:])) else one


def _picks_a_variant(one: str) -> bool:
    return "\ufe00" <= one <= "\ufe0f"
