"""One database for a review: SQLite in a file, or PostgreSQL by its URL."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from charter.errors import CharterError, RequestError
from charter.lock import locked
from charter.review.store.tables import Table

_BUSY_SECONDS = 10
_TAKEN = "another server uses this database; end that, or give this one another"
_SERVER_LOCK = 0x63686172746572  # "charter"; an advisory lock is of one database


class StoreError(CharterError):
    """The database cannot be read or written: a full disk, a server that is gone."""


class Database:
    """Sessions of one database, its tables made. Raises RequestError for a URL that leads to none."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            if parsed.get_backend_name() == "postgresql":
                parsed = parsed.set(drivername="postgresql+psycopg")
            self.engine = create_engine(parsed, pool_pre_ping=not self.is_sqlite, **self._options())
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise RequestError(f"{url}: is no database that can be used here ({error})") from error
        # SQLite lets one connection write at a time; who waits here goes on at once, not when it looks again.
        self._writing = threading.Lock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
        try:
            Table.metadata.create_all(self.engine)
        except DBAPIError as error:
            raise RequestError(f"{parsed}: the database cannot be opened ({_said(error)})") from error

    def _options(self) -> dict[str, Any]:
        # "connect_args" of pysqlite: seconds to wait for another process's write
        return {"connect_args": {"timeout": _BUSY_SECONDS}} if self.is_sqlite else {"pool_size": 20}

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that may change things: kept as a whole when the block ends well, else not at all.

        When it has returned, a crash takes nothing of it back. Raises StoreError.
        """
        with self._writing, self._session() as session:
            if self.is_sqlite:
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session
            session.commit()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent look at the database. Raises StoreError."""
        with self._session() as session:
            if self.is_sqlite:
                session.connection().exec_driver_sql("BEGIN")
            else:  # its own way is that every statement looks anew: notes of one version, and the number of another
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self.engine, expire_on_commit=False) as session:
                yield session
        except DBAPIError as error:
            raise StoreError(f"the database cannot be used ({_said(error)})") from error

    @contextmanager
    def held(self) -> Iterator[None]:
        """The database for this server alone: pages of another would not hear of what this one changes.

        Raises RequestError where another server has it.
        """
        if self.is_sqlite:
            with self._held_file():
                yield
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.execute(select(func.pg_try_advisory_lock(_SERVER_LOCK))).scalar_one():
                shown = self.engine.url.render_as_string(hide_password=True)
                raise RequestError(f"{shown}: {_TAKEN}")
            yield  # the lock goes with the connection, also if this process is killed

    @contextmanager
    def _held_file(self) -> Iterator[None]:
        """SQLite's file, whatever URL leads to it and whichever folder the server's other files are in."""
        with self.engine.connect() as connection:
            file = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]  # "main" is first
        if not file:  # in memory
            yield
            return
        with locked(Path(f"{Path(file).resolve()}.lock"), Path(file), _TAKEN, RequestError):
            yield

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where `Database` says, not where the driver guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _said(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0] if error.orig is not None else str(error)
