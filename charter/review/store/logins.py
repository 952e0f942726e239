"""People, and the browsers that they are signed in with."""

import hashlib
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from charter.review.errors import TooMany
from charter.review.store.database import now
from charter.review.store.tables import Login, Person

LASTS = timedelta(days=30)
_MOST_PEOPLE = 1_000


class SignedIn(NamedTuple):
    """Who a login is of."""

    id: int
    name: str


def all_people(session: Session) -> list[dict[str, Any]]:
    """Everyone who ever signed in or was named, by name."""
    rows = session.execute(select(Person.id, Person.name).order_by(Person.name))
    return [{"id": row.id, "name": row.name} for row in rows]


def person_named(session: Session, name: str) -> SignedIn:
    """The person of a name, in whatever case it is written; a new one where there is none. Raises TooMany."""
    wanted = name.casefold()
    found = [row for row in session.execute(select(Person.id, Person.name)) if row.name.casefold() == wanted]
    if found:
        return SignedIn(found[0].id, found[0].name)
    if (session.scalar(select(func.count()).select_from(Person)) or 0) >= _MOST_PEOPLE:
        raise TooMany(f"{_MOST_PEOPLE} people have signed in here; no more names are taken")
    person = Person(name=name, created=now())
    session.add(person)
    session.flush()
    return SignedIn(person.id, person.name)


def name_of(session: Session, person_id: int) -> str | None:
    """The name of a person; None where there is none of that number."""
    return session.scalar(select(Person.name).where(Person.id == person_id))


def add_login(session: Session, person_id: int, secret: str) -> None:
    """Keep that someone is signed in with whatever knows the secret. Those that ended go."""
    session.execute(delete(Login).where(Login.expires < now()))
    session.add(
        Login(secret_hash=secret_hash(secret), person_id=person_id, created=now(), expires=now() + LASTS),
    )


def holds(session: Session, person_id: int, secret: str) -> bool:
    """Whether the secret is of a login of that person that has not ended."""
    wanted = select(Login.secret_hash).where(
        Login.secret_hash == secret_hash(secret), Login.person_id == person_id, Login.expires >= now()
    )
    return session.scalar(wanted) is not None


def end_login(session: Session, secret: str) -> None:
    """Sign out whatever knows the secret."""
    session.execute(delete(Login).where(Login.secret_hash == secret_hash(secret)))


def secret_hash(secret: str) -> str:
    """What is kept of a secret: who reads the database cannot sign in with it."""
    return hashlib.sha256(secret.encode()).hexdigest()
