"""What every route has at hand: the review that is served, and who asks."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from charter.review.store.database import Database

if TYPE_CHECKING:
    from charter.review.queue.runner import Runner
    from charter.review.web.live import Live


@dataclass(frozen=True, eq=False)
class Review:
    """What a server serves.

    data: the folder that `charter.review.data_folder` tells of
    live: tells pages what changed; runner: the queue's jobs
    """

    database: Database
    data: Path
    live: "Live"
    runner: "Runner"


@dataclass(frozen=True)
class Who:
    """Someone who is signed in."""

    id: int
    name: str


def _review(request: Request) -> Review:
    review: Review = request.app.state.review
    return review


def _who(request: Request) -> Who:
    who: Who = request.state.who  # set by the guard, before any route
    return who


TheReview = Annotated[Review, Depends(_review)]
Asker = Annotated[Who, Depends(_who)]
