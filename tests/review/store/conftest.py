"""A database with a run and two people, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from charter.review.store.database import Database
from charter.review.store.tables import Table
from tests.postgres import postgres
from tests.review.store.stores import Store, filled


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a database that tests may empty."""
    with postgres() as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for a module, for a hundred examples share it."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path_factory.mktemp('store')}/review.sqlite3")
    else:
        database = Database(request.getfixturevalue("postgresql"))
        Table.metadata.drop_all(database.engine)
        Table.metadata.create_all(database.engine)
    yield filled(database)
    database.close()
