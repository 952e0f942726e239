"""One server at a time."""

import os

import pytest

from charter.errors import RequestError
from charter.review.store.database import Database

_POSTGRESQL = os.environ.get("CHARTER_TEST_POSTGRESQL")


@pytest.mark.skipif(not _POSTGRESQL, reason="CHARTER_TEST_POSTGRESQL names no server")
def test_two_servers_on_one_postgresql_are_refused() -> None:
    one, other = Database(str(_POSTGRESQL)), Database(str(_POSTGRESQL))
    with one.held(), pytest.raises(RequestError, match="another server uses this database"), other.held():
        pass
    one.close()
    with other.held():
        pass
    other.close()
