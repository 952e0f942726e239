"""What is asked of a generation, checked once at the border."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from charter.decode.density import check_density, check_ladder
from charter.decode.meter import density_of_meter
from charter.decode.rules import RULES, StepRules
from charter.errors import RequestError
from charter.notation import Difficulty, Timing
from charter.tempo.tempo_range import TempoRange

SYNC_BIAS_SECONDS = {"null": 0.0, "itg": 0.009}  # how much earlier than the sound a step stands


class WeightsFiles(NamedTuple):
    """Whose networks: files of one's own, None for those in the package. As `charter.generate.Models.load` takes them.

    symbols: also the name of a shipped style; style_amount: how much of it (0 to 1) there is in the steps, None for all
    """

    placement: Path | None = None
    symbols: Path | None = None
    beats: Path | None = None
    style_amount: float | None = None


@dataclass(frozen=True)
class Request:
    """The charts wanted of a song; whatever is left out is found.

    meters, densities: by difficulty, a density (rows per second) or the meter to come out, never both
    timing: the song's, written as it is, or tempos: what is known of its tempo; the rest is found
    require_timing: rather refuse than chart a song whose timing was found with doubt
    rules: what a chart of each difficulty may ask of two feet
    preview: a chip tune of the song's preview passage is wanted too
    sync: ``null`` (steps at the sound) or ``itg`` (9 ms before it); of a given timing, how it stands to the sound
    """

    difficulties: tuple[Difficulty, ...] = tuple(Difficulty)
    meters: Mapping[Difficulty, int] = field(default_factory=dict)
    densities: Mapping[Difficulty, float] = field(default_factory=dict)
    timing: Timing | None = None
    tempos: TempoRange | None = None
    require_timing: bool = False
    sync: str = "null"
    rules: Mapping[Difficulty, StepRules] = field(default_factory=lambda: RULES)
    seed: int = 0
    preview: bool = False
    title: str = ""
    artist: str = ""

    def __post_init__(self) -> None:
        """Raises RequestError for what contradicts itself or lies out of range."""
        if not self.difficulties:
            raise RequestError("no difficulty is asked for")
        for level in (*self.meters, *self.densities):
            if level not in self.difficulties:
                raise RequestError(f"{level.name.lower()} has a meter or density, but is not among the difficulties")
        both = set(self.meters) & set(self.densities)
        if both:
            raise RequestError(f"{min(both).name.lower()} has both a meter and a density; either says how hard it is")
        if self.tempos is not None and self.timing is not None:
            raise RequestError("both a tempo and a whole timing are given; either says the tempo")
        if self.sync not in SYNC_BIAS_SECONDS:
            raise RequestError(f"no sync is called {self.sync!r}; there are {', '.join(SYNC_BIAS_SECONDS)}")
        if self.seed < 0:
            raise RequestError(f"the seed is {self.seed}; it must be 0 or more")
        densities = {level: check_density(density) for level, density in self.densities.items()}
        check_ladder(densities | {level: density_of_meter(meter) for level, meter in self.meters.items()})

    def __getstate__(self) -> dict[str, Any]:
        # The table of rules is a read-only view, which does not pickle; workers in other processes need it.
        return vars(self) | {name: dict(getattr(self, name)) for name in ("meters", "densities", "rules")}
