"""What a chart of each difficulty may ask of two feet."""

from dataclasses import dataclass

from charter.notation import Difficulty


@dataclass(frozen=True)
class StepRules:
    """Limits on the rows and symbols of one difficulty.

    fastest_row: seconds; two rows never come faster, unless more are asked for than fit so
    longest_rest: seconds; two rows lie no further apart while the music plays, where there is a tick to hit, in a chart
        no sparser than its difficulty is (see `gaps`)
    fastest_jack: seconds; the same panel twice running never comes faster
    fastest_jump: seconds; a jump never follows a row, nor is followed by one, faster
    shortest_hold: seconds
    crossover_cost: taken off a symbol's log-probability; infinity forbids crossovers
    mines: whether there are any
    """

    fastest_row: float
    longest_rest: float
    fastest_jack: float
    fastest_jump: float
    shortest_hold: float
    crossover_cost: float
    mines: bool


# As a guide, the human charts of the valid split (`charter evaluate` prints them): jacks under a quarter of a second
# are 0, 0, 1.0, 6.8 and 8.6 in a hundred rows, crossovers .2, .6, 1.3, 2.1 and 1.6; beginners get neither. The longest
# rests are what 95 in 100 human charts of the train split keep to (`python -m tests.benchmarks.densities`); a Challenge
# chart's is 5.7 s, but an easier chart takes its rows from the harder ones: these may not rest where it may not.
RULES = {
    Difficulty.BEGINNER: StepRules(0.24, 5.7, 0.45, 0.45, 0.35, float("inf"), mines=False),
    Difficulty.EASY: StepRules(0.17, 5.3, 0.30, 0.35, 0.30, float("inf"), mines=False),
    Difficulty.MEDIUM: StepRules(0.11, 5.2, 0.24, 0.24, 0.20, 4.0, mines=True),
    Difficulty.HARD: StepRules(0.07, 4.0, 0.18, 0.18, 0.15, 3.0, mines=True),
    Difficulty.CHALLENGE: StepRules(0.05, 4.0, 0.12, 0.14, 0.12, 2.0, mines=True),
}
