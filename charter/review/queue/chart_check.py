"""One check of a chart as it is now, from the request to what pages hear."""

import threading

from charter.errors import CharterError
from charter.processes.worker import StoppedError
from charter.review.queue import events
from charter.review.queue.crew import Asked
from charter.review.queue.kinds import MOST_CHECK_SECONDS
from charter.review.store.database import Database


def check_chart(
    database: Database, worker: Asked, chart_id: int, stop: threading.Event
) -> tuple[list[events.Event], bool]:
    """Check a chart and keep what was found; what pages hear of it, and whether the chart has changed since.

    Nothing of a chart that needs no check, or where it was stopped. Raises StoreError.
    """
    with database.read() as session:
        request = events.check_request(session, chart_id)
    if request is None:
        return [], False
    try:
        answer = worker.ask({"kind": "check", **request}, stop=stop, most_seconds=MOST_CHECK_SECONDS)
    except StoppedError:
        return [], False
    except CharterError as failure:
        answer = events.unchecked(str(failure))
    with database.write() as session:
        told = events.keep_check(session, request, answer)
        return told, events.check_request(session, chart_id) is not None
