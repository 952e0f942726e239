"""One server at a time."""

from pathlib import Path

import pytest

from charter.errors import RequestError
from charter.review.store.database import Database


def test_two_servers_on_one_file_are_refused_whatever_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    one = Database(f"sqlite:///{tmp_path}/review.sqlite3")
    other = Database(f"sqlite:///file:{tmp_path}/link/review.sqlite3?uri=true")
    with one.held(), pytest.raises(RequestError, match="another server uses this database"), other.held():
        pass
    with other.held():
        pass
    with Database("sqlite://").held():
        pass
    one.close()
    other.close()


def test_two_servers_on_one_postgresql_are_refused(postgresql: str) -> None:
    one, other = Database(postgresql), Database(postgresql)
    with one.held(), pytest.raises(RequestError, match="another server uses this database"), other.held():
        pass
    one.close()
    with other.held():
        pass
    other.close()
