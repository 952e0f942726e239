"""What a run asks of the charts of new songs, from plain values."""

from collections.abc import Mapping
from typing import Any

from charter.errors import RequestError
from charter.notation import Difficulty
from charter.request import Request


def request_of(wanted: Mapping[str, Any], title: str) -> Request:
    """``{difficulties, seed, sync}``, each as far as it is there, as a `Request`. Raises RequestError.

    title: of the song
    """
    known = {"difficulties", "seed", "sync"}
    if strange := sorted(set(wanted) - known):
        raise RequestError(f"the run asks for {strange[0]!r}; there are {', '.join(sorted(known))}")
    made = Request(title=title)
    try:
        return Request(
            difficulties=tuple(Difficulty.parse(word) for word in wanted.get("difficulties") or ())
            or made.difficulties,
            seed=int(wanted.get("seed") or 0),
            sync=str(wanted.get("sync") or made.sync),
            title=title,
        )
    except (TypeError, ValueError, AttributeError):
        raise RequestError(f"{str(dict(wanted))[:80]} is nothing that a run can ask for") from None
