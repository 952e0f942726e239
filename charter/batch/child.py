"""A process that charts songs one after the other, and may die of one of them without harm to the others."""

from collections.abc import Callable
from functools import partial

from charter.batch.factory import Chart, Factory
from charter.batch.job import Job, Settings
from charter.batch.row import Row
from charter.errors import CharterError
from charter.processes.worker import Limits, Tell, Worker, WorkError


class Child:
    """Charts songs in a process of its own, which starts with the first song and lives until one breaks it.

    The process ends when whoever owns the child does, however that ends. A song that is charted anew because its
    process died may have been written by then: to publish a song has to be one step that does no harm twice.
    """

    def __init__(self, settings: Settings, factory: Factory) -> None:
        self.settings = settings
        self.factory = factory
        limits = Limits(settings.most_memory, settings.most_seconds)
        self._worker = Worker(partial(_charting, settings, factory), limits, "chart")

    def chart(self, job: Job) -> Row:
        """The song's row. One that breaks its process, outgrows it or takes too long is a failed row with the reason.

        Raises what the factory does (CharterError), and RequestError where the process cannot be started.
        """
        try:
            row: Row = self._worker.ask(job)
        except WorkError as error:
            return job.failure(f"{job.source.music}: {error}", self.settings.folder)
        return row

    def close(self) -> None:
        """End the process, if there is one, for good; another thread may be waiting for its song."""
        self._worker.close()


def _charting(settings: Settings, factory: Factory) -> Callable[[Job, Tell], Row]:
    """What the process starts with. Raises what the factory does."""
    chart = factory(settings)
    return lambda job, _: _charted(chart, job, settings)


def _charted(chart: Chart, job: Job, settings: Settings) -> Row:
    """The song's row, also where it is none of ours to chart."""
    try:
        return chart(job)
    except CharterError as error:
        return job.failure(str(error), settings.folder)
