"""What errors are answered with."""

import errno
import sqlite3

import pytest
from sqlalchemy.exc import DataError, OperationalError

from charter.errors import AudioError, ChartError, OutputError, RequestError
from charter.files import write_text
from charter.review.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge, TooMany
from charter.review.store.database import Database, StoreError
from charter.review.store.logins import person_named
from charter.review.web.failures import failure, one_line, status_of


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


class FullDiskError(Exception):
    sqlstate = "53100"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AudioError("x"), 400),
        (ChartError("x"), 400),
        (RequestError("x"), 400),
        (NotFound("x"), 404),
        (Forbidden("x"), 403),
        (Conflict("x"), 409),
        (Invalid("x"), 422),
        (TooLarge("x"), 413),
        (TooMany("x"), 429),
        (StoreError("x"), 503),
        (OutputError("x"), 503),
        (caused(OutputError("x"), OSError(errno.ENOSPC, "full")), 507),
        (caused(OutputError("x"), OSError(errno.EDQUOT, "quota")), 507),
        (caused(OutputError("x"), OSError(errno.EACCES, "no")), 503),
        (caused(StoreError("x"), OperationalError("", {}, FullDiskError())), 507),
        (caused(StoreError("x"), OperationalError("", {}, Exception("gone"))), 503),
        (caused(StoreError("x"), DataError("", {}, Exception("out of range"))), 400),
    ],
)
def test_each_error_has_its_status(error, status):
    assert status_of(error) == status


def test_details_stand_beside_the_line():
    assert failure(Conflict("changed", {"version": 5, "error": "x"})) == (409, {"version": 5, "error": "changed"})
    assert failure(Invalid("no", {"ticks": [1]})) == (422, {"ticks": [1], "error": "no"})


def test_lines_are_single_and_short():
    assert one_line("a\nb\t c") == "a b c"
    assert len(one_line("x" * 5000)) == 300


def test_a_database_without_room_says_so(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite3'}")

    def fill():
        with database.write() as session:
            session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
            for number in range(10_000):
                person_named(session, f"{number}" * 100)

    with pytest.raises(StoreError) as error:
        fill()
    assert isinstance(error.value.__cause__.orig, sqlite3.OperationalError)
    assert failure(error.value)[0] == 507
    database.close()


def test_a_folder_that_cannot_be_written_to_is_no_full_disk(tmp_path):
    with pytest.raises(OutputError) as error:
        write_text(tmp_path / "none" / "file", "x")
    assert status_of(error.value) == 503
