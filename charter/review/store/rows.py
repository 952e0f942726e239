"""Rows by their numbers, and the one way to say that there is none."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.review.errors import NotFound
from charter.review.store.tables import Chart, Comment, Job, Run, Song

Row = TypeVar("Row", Chart, Comment, Job, Run, Song)
_WORDS = {Chart: "chart", Comment: "comment", Job: "job", Run: "run", Song: "song"}


def row_of(session: Session, table: type[Row], number: int) -> Row:
    """The row of a number. Raises NotFound."""
    row = session.get(table, number)
    if row is None:
        raise no_row(table, number)
    return row


def check_row(session: Session, table: type[Chart | Run | Song], number: int) -> None:
    """Raises NotFound where there is no row of a number; reads none of what it holds."""
    if session.scalar(select(table.id).where(table.id == number)) is None:
        raise no_row(table, number)


def no_row(table: type[Any], number: int) -> NotFound:
    """The error of a number that is no row's."""
    return NotFound(f"there is no {_WORDS[table]} {number}")
