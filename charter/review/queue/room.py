"""How much may wait in the queue, and who works."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from charter.review.errors import TooMany
from charter.review.queue.kinds import KINDS, Lane, kinds_of
from charter.review.store import jobs


class TooManyJobs(TooMany):
    """More jobs wait than may: of one person, or songs in all."""


@dataclass(frozen=True)
class QueueSettings:
    """How much may wait, and who works.

    workers: processes for drafts, None for what the machine has room for; ray: address of a cluster that charts
    uploads instead, empty for none
    most_of_person: waiting jobs of one person in the artist's lane; most_in_all: of everybody there
    most_songs: songs that wait in all
    """

    workers: int | None = None
    ray: str = ""
    most_of_person: int = 30
    most_in_all: int = 500
    most_songs: int = 2000


def check_room(session: Session, settings: QueueSettings, kind: str, author_id: int | None) -> None:
    """Raises TooManyJobs where one more job of a kind by someone is too much; reads alone."""
    lane = KINDS[kind].lane
    names = kinds_of(lane)
    if lane is Lane.DRAFTS:
        if jobs.count_waiting(session, names) >= settings.most_songs:
            raise TooManyJobs(f"{settings.most_songs} songs wait already; add more when some of them are done")
        return
    if jobs.count_waiting(session, names, author_id) >= settings.most_of_person:
        raise TooManyJobs(f"{settings.most_of_person} jobs of yours wait already; wait for one, or cancel some")
    if jobs.count_waiting(session, names) >= settings.most_in_all:
        raise TooManyJobs(f"{settings.most_in_all} jobs of all people wait already; try again in a minute")
