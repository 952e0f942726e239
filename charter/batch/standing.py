"""How much a song of a batch needs a look, and the batch in figures."""

from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum

from charter.batch.row import Row, Status
from charter.check.finding import Severity


class Standing(IntEnum):
    """What a song is listed under, first what needs a look most."""

    FAILED = 0
    DOUBTFUL = 1
    VIOLATION = 2
    FAULT = 3
    ADVICE = 4
    FINE = 5
    REPEATED = 6

    @classmethod
    def of(cls, row: Row) -> "Standing":
        """The first that a row gives reason for."""
        if row.status is Status.FAILED:
            return cls.FAILED
        if row.status is Status.REPEATED:
            return cls.REPEATED
        if row.timing is not None and row.timing.doubt:
            return cls.DOUBTFUL
        counts = severities(row)
        worst = next((severity for severity in Severity if counts[severity]), None)
        return cls[worst.name] if worst else cls.FINE


def severities(row: Row) -> Counter[str]:
    """How many findings of each severity a song has."""
    return Counter(finding.severity for finding in row.findings)


Rank = tuple[Standing, float, tuple[int, ...], str]


def rank(row: Row) -> Rank:
    """To sort by, worst first: by standing, then the least sure timing of those in doubt, then by findings."""
    standing, counts = Standing.of(row), severities(row)
    confidence = row.timing.confidence if row.timing and standing is Standing.DOUBTFUL else None
    return standing, confidence or 0.0, tuple(-counts[severity] for severity in Severity), row.source


@dataclass
class Summary:
    """A batch in figures.

    statuses, standings, findings: songs by `Status`, songs by `Standing`, findings by severity
    music: seconds of music of all songs; charted_music: of those charted in this run
    run_seconds: how long this run took by the clock; None where nobody measured it
    """

    run_seconds: float | None = None
    statuses: Counter[Status] = field(default_factory=Counter)
    standings: Counter[Standing] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    music: float = 0.0
    charted_music: float = 0.0

    def add(self, row: Row) -> None:
        """Count a song in."""
        self.statuses[row.status] += 1
        self.standings[Standing.of(row)] += 1
        self.findings += severities(row)
        if row.status is not Status.REPEATED:
            self.music += row.duration or 0.0
        if row.status is Status.CHARTED:
            self.charted_music += row.duration or 0.0

    @property
    def songs(self) -> int:
        """How many there are."""
        return self.statuses.total()

    @property
    def songs_per_minute(self) -> float | None:
        """Charted in this run; None where it charted none or nobody took the time."""
        charted = self.statuses[Status.CHARTED]
        return 60 * charted / self.run_seconds if charted and self.run_seconds else None

    @property
    def real_time_factor(self) -> float | None:
        """Seconds of music charted in one second of this run; None as `songs_per_minute`."""
        return self.charted_music / self.run_seconds if self.charted_music and self.run_seconds else None
