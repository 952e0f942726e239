"""The tempos to look among: what a user knows of a song before it is heard."""

from dataclasses import dataclass

from charter.errors import RequestError

LOWEST_BPM, HIGHEST_BPM = 20.0, 1000.0
SLOWEST_LIKELY_BPM, FASTEST_LIKELY_BPM = 40.0, 330.0
_ROUNDING = 1e-9


@dataclass(frozen=True)
class TempoRange:
    """From ``slowest`` to ``fastest`` BPM; a single tempo where the two are the same.

    Raises RequestError where they are out of order or out of the range of tempos.
    """

    slowest: float = SLOWEST_LIKELY_BPM
    fastest: float = FASTEST_LIKELY_BPM

    def __post_init__(self) -> None:
        for bpm in (self.slowest, self.fastest):
            if not LOWEST_BPM <= bpm <= HIGHEST_BPM:
                raise RequestError(f"a BPM of {bpm:g} is out of range; it goes from {LOWEST_BPM:g} to {HIGHEST_BPM:g}")
        if self.slowest > self.fastest:
            raise RequestError(
                f"the BPM range {self.slowest:g}-{self.fastest:g} goes from fast to slow;"
                f" did you mean {self.fastest:g}-{self.slowest:g}?"
            )

    @classmethod
    def parse(cls, words: str) -> "TempoRange":
        """``90-180``. Raises RequestError."""
        slowest, dash, fastest = words.partition("-")
        try:
            if dash:
                return cls(float(slowest), float(fastest))
        except ValueError:
            pass
        raise RequestError(f"{words!r} is no range of BPM; expected the slowest and the fastest, such as 90-180")

    def __contains__(self, bpm: float) -> bool:
        return self.slowest * (1 - _ROUNDING) <= bpm <= self.fastest * (1 + _ROUNDING)

    @property
    def is_known(self) -> bool:
        """Whether it leaves nothing to find."""
        return self.slowest == self.fastest

    @property
    def searched(self) -> tuple[float, float]:
        """Where to look for the beat and its rivals: all likely tempos, and those of this range."""
        return min(self.slowest, SLOWEST_LIKELY_BPM), max(self.fastest, FASTEST_LIKELY_BPM)
