"""People as others see them, by their numbers."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.review.store.tables import Person

Names = dict[int, str]


def names(session: Session) -> Names:
    """The names of all people; there are as many as a team has."""
    return dict(session.execute(select(Person.id, Person.name)).all())


def who(known: Names, person_id: int | None) -> dict[str, Any] | None:
    """A person as ``{id, name}``; None for nobody."""
    return None if person_id is None else {"id": person_id, "name": known.get(person_id, "")}
