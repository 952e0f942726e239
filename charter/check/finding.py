"""One thing that a reviewer finds, and what kinds of them there are."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from charter.notation import to_beat

MOST_OF_A_KIND = 5  # findings of one chart that a person is shown


class Severity(StrEnum):
    """How bad it is, worst first."""

    VIOLATION = "violation"  # the game would not take it as it stands
    FAULT = "fault"  # more than charts of this difficulty may ask of feet
    ADVICE = "advice"  # a reviewer would frown at it


class Kind(StrEnum):
    """What it is, in a word that stays the same from version to version; `Tech` explains those of the feet."""

    FORMAT = "format"
    METADATA = "metadata"
    LADDER = "ladder"
    SYNC = "sync"
    DENSITY = "density"
    DOUBLE_STEP = "double-step"
    SPIN = "spin"
    TWIST = "twisted foot"
    UNREACHABLE = "unreachable row"
    HOLD_SWITCH = "hold switch"
    CROSSOVER = "crossover"
    FOOTSWITCH = "footswitch"
    SIDESWITCH = "sideswitch"
    BRACKET = "bracket"
    HAND = "hand"
    JUMP_IN_HOLD = "jump in hold"
    JACK = "jack"
    JUMP = "jump"
    HOLD = "hold"
    ROLL = "roll"
    MINE = "mine"


@dataclass(frozen=True)
class Finding:
    """One thing to put right.

    beat, second: where it is, or where a run of them begins; None where it concerns the whole chart or song
    """

    kind: Kind
    severity: Severity
    message: str
    beat: float | None = None
    second: float | None = None

    @classmethod
    def at(cls, kind: Kind, severity: Severity, message: str, tick: int, second: float) -> Self:
        """A finding at one place; seconds are told to the millisecond."""
        return cls(kind, severity, message, float(to_beat(tick)), round(second, 3))
