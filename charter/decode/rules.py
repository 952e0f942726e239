"""What a chart of each difficulty may ask of two feet."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from charter.notation import Difficulty
from charter.notation.stances import CROSSOVERS, SWITCHES, Tech

# What no chart does to its dancer, whatever its difficulty.
NEVER = frozenset({Tech.DOUBLE_STEP, Tech.SPIN, Tech.TWIST, Tech.HOLD_SWITCH, Tech.UNREACHABLE})


@dataclass(frozen=True)
class StepRules:
    """Limits on the rows and steps of one difficulty.

    fastest_row: seconds; two rows never come faster, unless more are asked for than fit so
    longest_rest: seconds; two rows lie no further apart while the music plays, where there is a tick to hit, in a chart
        no sparser than its difficulty is (see `gaps`)
    fastest_jack: seconds; the same panel twice running never comes faster
    fastest_jump: seconds; a jump never follows a row, nor is followed by one, faster
    shortest_hold: seconds
    crossovers, footswitches, brackets: whether there are any; jumps_in_holds: jumps while a hold is down (brackets too)
    jumps, holds, rolls, mines: likewise
    """

    fastest_row: float
    longest_rest: float
    fastest_jack: float
    fastest_jump: float
    shortest_hold: float
    crossovers: bool = True
    footswitches: bool = True
    brackets: bool = True
    jumps_in_holds: bool = True
    jumps: bool = True
    holds: bool = True
    rolls: bool = True
    mines: bool = True

    @property
    def banned(self) -> frozenset[Tech]:
        """What its rows may not be."""
        banned = set(NEVER)
        if not self.crossovers:
            banned |= CROSSOVERS
        if not self.footswitches:
            banned |= SWITCHES
        if not self.brackets:
            banned.add(Tech.BRACKET)
        if not self.jumps_in_holds:
            banned.add(Tech.HAND)
        return frozenset(banned)


# As a guide, the human charts of the valid split (`charter evaluate` prints them): jacks under a quarter of a second
# are 0, 0, 1.0, 6.8 and 8.6 in a hundred rows, and brackets and hands stand in Challenge charts alone. The longest
# rests are what 95 in 100 human charts of the train split keep to (`python -m tests.benchmarks.densities`); a Challenge
# chart's is 5.7 s, but an easier chart takes its rows from the harder ones: these may not rest where it may not.
_FLAT = {"crossovers": False, "footswitches": False, "brackets": False, "jumps_in_holds": False, "mines": False}
RULES: Mapping[Difficulty, StepRules] = MappingProxyType(
    {
        Difficulty.BEGINNER: StepRules(0.24, 5.7, 0.45, 0.45, 0.35, **_FLAT),
        Difficulty.EASY: StepRules(0.17, 5.3, 0.30, 0.35, 0.30, **_FLAT),
        Difficulty.MEDIUM: StepRules(0.11, 5.2, 0.24, 0.24, 0.20, brackets=False, jumps_in_holds=False),
        Difficulty.HARD: StepRules(0.07, 4.0, 0.18, 0.18, 0.15, brackets=False, jumps_in_holds=False),
        Difficulty.CHALLENGE: StepRules(0.05, 4.0, 0.12, 0.14, 0.12),
    }
)


def level_of(difficulty: Difficulty | None) -> Difficulty:
    """The difficulty whose rules hold for a chart: an Edit, which has none, may ask what a Challenge chart may."""
    return Difficulty.CHALLENGE if difficulty is None else difficulty
