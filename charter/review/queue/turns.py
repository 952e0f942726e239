"""Whose turn it is."""

from collections.abc import Sequence


class Turns:
    """Of several people who wait, the one whose last turn is longest ago comes next."""

    def __init__(self) -> None:
        self._turn = 0
        self._last: dict[int | None, int] = {}

    def next_of(self, waiting: Sequence[tuple[int | None, int]]) -> int | None:
        """The number of the job that comes next; None where nobody waits.

        waiting: each person once, with the number of the first job of theirs
        """
        if not waiting:
            return None
        author, number = min(waiting, key=lambda each: (self._last.get(each[0], 0), each[1]))
        self._turn += 1
        self._last[author] = self._turn
        return number
