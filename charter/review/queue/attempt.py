"""One go at a job: from its request, by way of a worker, to what is kept of it."""

import logging
import shutil
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from charter.errors import CharterError
from charter.processes.worker import StoppedError
from charter.review.data_folder import song_drafts
from charter.review.errors import NotFound
from charter.review.queue.crew import Asked
from charter.review.queue.events import Event
from charter.review.queue.kinds import KINDS
from charter.review.queue.outcome import Outcome, keep_outcome
from charter.review.queue.progress import Progress
from charter.review.store import jobs
from charter.review.store.database import Database, StoreError
from charter.review.store.tables import Job

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Attempt:
    """One go at a job. number: which; stop: ends it; is_cancelled: somebody asked for that, not the server's end."""

    number: int
    stop: threading.Event = field(default_factory=threading.Event)
    is_cancelled: bool = False


def outcome_of(
    database: Database, data: Path, worker: Asked, job: Job, begun: Attempt, tell: Callable[[float, str], None]
) -> Outcome:
    """Do a job; what came of it, whatever happened. tell: hears of its progress, once a second at most.

    A process that is ended leaves a draft where songs are, also one in whose place a second did the job; it is removed.
    """
    kind = KINDS[job.kind]
    key = ""
    try:
        with database.read() as session:
            request = kind.ask(session, job, data)
        key = request.get("key", "")
        answer = worker.ask({"kind": job.kind, **request}, Progress(tell).tell, begun.stop, kind.most_seconds)
        outcome = Outcome(jobs.DONE, answer=answer)
    except StoppedError:
        outcome = Outcome(jobs.CANCELLED if begun.is_cancelled else jobs.WAITING)
    except CharterError as failure:
        outcome = Outcome.failed(failure)
    except Exception as failure:
        _log.exception("job %d", job.id)
        outcome = Outcome.broken(failure)
    if key:
        with suppress(OSError):  # the next start clears it away
            for draft in song_drafts(data, key):
                shutil.rmtree(draft, ignore_errors=True)
    return outcome


def kept(
    database: Database, data: Path, job_id: int, begun: Attempt, outcome: Outcome, goes_on: Callable[[], bool]
) -> Sequence[Event]:
    """Keep what came of a job; tries on while the tables cannot be written. What pages hear of it.

    goes_on: rests before another try; False where there is to be none
    """
    while True:
        try:
            return keep_outcome(database, data, job_id, begun.number, outcome)
        except StoreError:
            _log.exception("job %d: what came of it waits for the database", job_id)
            if not goes_on():  # it is still running there, and waits again at the next start
                return []
        except NotFound:
            if outcome.answer is None:  # the job is gone, with its run
                return []
            outcome = Outcome(jobs.FAILED, "what it was about is gone")
        except CharterError as failure:
            outcome = Outcome.failed(failure)
        except Exception as failure:
            _log.exception("job %d: what came of it cannot be kept", job_id)
            if outcome.state == jobs.FAILED:  # not even that: it is taken up again at the next start
                return []
            outcome = Outcome.broken(failure)
