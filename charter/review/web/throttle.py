"""Guessing is made slow: who was wrong some times has to wait, longer each time."""

import ipaddress
import math
import threading
import time

from charter.review.errors import TooMany

_FREE = 5
_LONGEST_SECONDS = 60
_MOST_ADDRESSES = 10_000


class Attempts:
    """Wrong tokens by the address that they came from; a right one wipes them out."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[int, float]] = {}  # how many, and until when to wait
        self._lock = threading.Lock()

    def begin(self, address: str) -> None:
        """Count an attempt as a wrong one until `right` says otherwise: many at once are no way around.

        Raises TooMany while the address has to wait.
        """
        place = _place(address)
        with self._lock:
            count, until = self._wrong.pop(place, (0, 0.0))
            left = until - time.monotonic()
            if left <= 0:
                count += 1
                until = time.monotonic() + min(2 ** min(count - _FREE, 10), _LONGEST_SECONDS) * (count >= _FREE)
            if len(self._wrong) >= _MOST_ADDRESSES:
                del self._wrong[next(iter(self._wrong))]
            self._wrong[place] = (count, until)
        if left > 0:
            raise TooMany(f"too many wrong tokens; wait {math.ceil(left)} seconds and try again")

    def right(self, address: str) -> None:
        """The attempt was right."""
        with self._lock:
            self._wrong.pop(_place(address), None)


def _place(address: str) -> str:
    """An address, or the network of an IPv6 one: whoever has one has them all."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
