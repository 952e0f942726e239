"""The body of a request, read whole: no larger than it may be, and no slower."""

import asyncio
import json
import re
from typing import Any

from starlette.types import Receive

from charter.errors import RequestError
from charter.review.errors import TooLarge

_LARGEST_INTEGER = 2**53  # as a page has them
_SECONDS = 20.0
_LEAST_RATE = 100_000  # bytes a second that a connection brings, or it does not work with it
_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class Gone(Exception):  # noqa: N818  # no error: the asker left
    """The other side went away."""


async def read_body(receive: Receive, length: str | None, most: int) -> bytes:
    """A request's whole body.

    length: its ``Content-Length`` header; most: bytes
    Raises TooLarge, RequestError where it does not come, Gone.
    """
    refuse_length(length, most)
    parts, size = [], 0
    try:
        async with asyncio.timeout(_SECONDS + most / _LEAST_RATE):
            more = True
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    raise Gone
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most:
                    raise too_large(most)
                more = message.get("more_body", False)
    except TimeoutError:
        raise RequestError("the request came too slowly; try again") from None
    return b"".join(parts)


def refuse_length(length: str | None, most: int) -> None:
    """Refuse a body by what its header says, before any of it is read. Raises TooLarge, RequestError."""
    if length is None:
        return
    if not (length.isascii() and length.isdigit()):
        raise RequestError("the request's Content-Length is no number")
    if len(length) > 15 or int(length) > most:
        raise too_large(most)


def too_large(most: int) -> TooLarge:
    """The error of more than ``most`` bytes."""
    size = f"{most / 1e6:.3g} MB" if most >= 1e6 else f"{most / 1e3:.3g} kB"
    return TooLarge(f"that is too large; at most {size} are taken here")


def check_json(body: bytes) -> None:
    """Refuse JSON with what no database and no other JSON can hold: NaN, huge numbers, half characters, NUL.

    Raises RequestError.
    """
    try:
        # In UTF-8 alone: of bytes, json would take UTF-16 too, and halves of characters as they are.
        value = json.loads(body.decode(), parse_constant=_refused, parse_float=_finite, parse_int=_integer)
        if _ESCAPED.search(body):
            said = json.dumps(value, ensure_ascii=False).encode()  # raises UnicodeEncodeError for half a character
            if b"\\u0000" in said.replace(b"\\\\", b""):
                raise ValueError("NUL")
    except (ValueError, RecursionError):
        raise RequestError("the request's body is no JSON, or holds values that cannot be kept") from None


def _refused(word: str) -> Any:
    raise ValueError(word)


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return value


def _integer(text: str) -> int:
    value = int(text)
    if abs(value) > _LARGEST_INTEGER:
        raise ValueError(text)
    return value
