"""A batch from its start to its report; who shows its progress takes the rows as they come."""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from charter.batch.job import Job, Settings
from charter.batch.pack import write_group_banner, write_pack_ini
from charter.batch.plan import Plan
from charter.batch.report import Report
from charter.batch.row import Row, Status
from charter.check.sync import TOLERANCE_MS
from charter.files import clear_drafts
from charter.lock import locked
from charter.request import SYNC_BIAS_SECONDS
from charter.song_draft import DRAFTS, is_finished, read_record

Crew = Callable[[Sequence[Job], Settings], Iterator[Row]]
_LOCK = ".charter.lock"
_MOST_NAMED = 5


@contextmanager
def held(pack: Path) -> Iterator[None]:
    """A pack's folder for one run alone, without half-written files before and after it. Raises OutputError."""
    with locked(pack / _LOCK, pack, "another batch is writing to it"):
        try:
            _clear(pack)
            yield
        finally:
            _clear(pack)
            (pack / _LOCK).unlink(missing_ok=True)


def _small_first(jobs: Sequence[Job]) -> Sequence[Job]:
    """The jobs, that with the smallest file first: somebody waits to see whether all is well."""
    smallest = min(jobs, key=lambda job: job.size, default=None)
    return [smallest, *(job for job in jobs if job is not smallest)] if smallest else jobs


def _clear(pack: Path) -> None:
    """Remove what killed workers left."""
    for folder in pack.glob("*/"):
        if folder.name.startswith(DRAFTS):
            shutil.rmtree(folder, ignore_errors=True)
        elif read_record(folder):
            clear_drafts(folder)
    clear_drafts(pack)


@dataclass
class Batch:
    """A batch under way.

    faults: what lies in the input and cannot be a song, with the reason
    counts: rows by status, so far; warnings: of the pack as a whole; seconds: how long the run took
    """

    settings: Settings
    faults: dict[Path, str]
    plan: Plan
    counts: Counter[Status] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def rows(self, crew: Crew) -> Generator[Row]:
        """Do the work; the row of every song that needed a look, as soon as it is in the report.

        Whoever stops taking them stops the work; the report then has what is done. Raises OutputError, WeightsError.
        """
        started = time.monotonic()
        report = Report(self.settings.pack)
        try:
            unknown = self._begin(report)
            yield from self._told(report, self._failures())
            yield from self._told(report, self.plan.rows)
            yield from self._told(report, crew(_small_first([*self.plan.jobs, *unknown]), self.settings))
            self._finish_pack()
        finally:
            self.seconds = time.monotonic() - started
            report.finish(self.seconds)

    def _begin(self, report: Report) -> list[Job]:
        """Start the report with what an earlier run wrote of songs that stay; those of which it wrote nothing."""
        waiting = {job.name: job for job, _ in self.plan.done}
        kept = {job.name for job, status in self.plan.done if status is Status.KEPT}
        report.begin(self._known(report.rows(), waiting, kept))
        return list(waiting.values())

    def _known(self, rows: Iterable[Row], waiting: dict[str, Job], kept: set[str]) -> Iterator[Row]:
        for row in rows:
            job = waiting.get(row.folder)
            if job is not None and row.folder in kept and row.key == job.key:
                del waiting[row.folder]
                self.counts[Status.KEPT] += 1
                yield replace(row, source=job.source.name_in(self.settings.folder), status=Status.KEPT, seconds=None)
            elif self._is_elsewhere(row):
                yield replace(row, status=Status.KEPT, seconds=None)

    def _is_elsewhere(self, row: Row) -> bool:
        """Whether a row is of a song that lies in the pack, but no longer in the input, or in that of another run."""
        if not row.folder or row.folder in self._folders or row.source in self._sources:
            return False
        record = read_record(self.settings.pack / row.folder)
        return is_finished(record) and record.get("audio_hash") == row.audio_hash

    @cached_property
    def _folders(self) -> set[str]:
        return {job.name for job in self.plan.jobs} | {job.name for job, _ in self.plan.done}

    @cached_property
    def _sources(self) -> set[str]:
        every = (*self.plan.jobs, *(job for job, _ in self.plan.done))
        return {job.source.name_in(self.settings.folder) for job in every} | {row.source for row in self.plan.rows}

    def _failures(self) -> Iterator[Row]:
        for path, error in self.faults.items():
            inside = path.relative_to(self.settings.folder) if path.is_relative_to(self.settings.folder) else path
            yield Row(str(inside), Status.FAILED, error=error)

    def _told(self, report: Report, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            report.add(row)
            self.counts[row.status] += 1
            yield row

    def _out_of_sync(self) -> str:
        """What to warn of songs whose steps stand otherwise to the sound than ``Pack.ini`` says of all."""
        wanted = SYNC_BIAS_SECONDS[self.settings.request.sync] * 1000
        rest = [bias * 1000 for bias in SYNC_BIAS_SECONDS.values() if bias * 1000 != wanted]
        names = []
        for row in Report(self.settings.pack).rows():
            lag = row.timing.sync_ms if row.timing else None
            if lag is not None and abs(lag - wanted) > TOLERANCE_MS and any(abs(lag - o) <= TOLERANCE_MS for o in rest):
                names.append(row.folder)
        if not names:
            return ""
        told = ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
        word = self.settings.request.sync.upper()
        return f"of {len(names)} of its songs the steps are not in the pack's SyncOffset, which is {word}: {told}"

    def _finish_pack(self) -> None:
        pack = self.settings.pack
        if any(self.counts[status] for status in (Status.CHARTED, Status.KEPT, Status.EDITED)):
            warnings = write_pack_ini(pack, self.settings.request.sync, self.settings.folder), write_group_banner(pack)
            self.warnings += filter(None, [*warnings, self._out_of_sync()])
