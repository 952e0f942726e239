"""A database with a run and two people; on PostgreSQL too where ``CHARTER_TEST_POSTGRESQL`` says where one is."""

import os
from collections.abc import Iterator

import pytest

from charter.review.store.database import Database
from charter.review.store.tables import Table
from tests.review.store.stores import Store, filled

_POSTGRESQL = os.environ.get("CHARTER_TEST_POSTGRESQL")


@pytest.fixture(scope="module", params=["sqlite", *(["postgresql"] if _POSTGRESQL else [])])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for a module, for a hundred examples share it."""
    path = tmp_path_factory.mktemp("store")
    database = Database(f"sqlite:///{path}/review.sqlite3" if request.param == "sqlite" else str(_POSTGRESQL))
    if request.param == "postgresql":
        Table.metadata.drop_all(database.engine)
        Table.metadata.create_all(database.engine)
    yield filled(database)
    database.close()
