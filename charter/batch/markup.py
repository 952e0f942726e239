"""HTML text that holds whatever a file may say."""

import html

# A control character is an error in HTML even when escaped; the pictures of the first 32 and of DEL show which it was.
_CONTROLS = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
}


def escaped(text: str) -> str:
    """Text to stand between tags or in a quoted attribute."""
    return html.escape(text.translate(_CONTROLS))


def element(tag: str, text: str, css: str = "", *, foreign: bool = False) -> str:
    """An element with nothing but text in it; empty text makes none.

    foreign: from a file, so in any language and direction
    """
    if not text:
        return ""
    attributes = (f' class="{css}"' if css else "") + (' dir="auto"' if foreign else "")
    return f"<{tag}{attributes}>{escaped(text)}</{tag}>"


def clock(seconds: float) -> str:
    """Minutes and seconds, such as ``3:07``."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def counted(count: int, noun: str) -> str:
    """Such as ``1 song`` or ``1,000 songs``; of ``piece of advice``, ``2 pieces of advice``."""
    counted_word, *rest = noun.split(" ")
    return " ".join([f"{count:,}", counted_word + ("" if count == 1 else "s"), *rest])
