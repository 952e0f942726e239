"""Signing in: a name, a token where one is needed, and a cookie that says so afterwards."""

import re
import secrets
import threading
import time

from charter.review.store.database import Database
from charter.review.store.logins import LASTS, add_login, end_login, holds, name_of, person_named, secret_hash
from charter.review.web.accounts import Accounts
from charter.review.web.context import Who

LASTS_SECONDS = int(LASTS.total_seconds())
_COOKIE = re.compile(r"(?P<person>[1-9][0-9]{0,8})\.[A-Za-z0-9_-]{43}")
_REMEMBERED_SECONDS = 60.0
_MOST_REMEMBERED = 10_000


class Sessions:
    """The logins of a database, most of them remembered for a minute: a page asks often.

    A login hangs on the token that it was made with: another token, or a name that was struck off, ends it.
    """

    def __init__(self, database: Database, accounts: Accounts) -> None:
        self.accounts = accounts
        self._database = database
        self._known: dict[str, tuple[Who, float]] = {}
        self._lock = threading.Lock()

    def sign_in(self, name: str, token: str) -> tuple[Who, str]:
        """Who it is, and the value of their cookie. Raises Forbidden, RequestError, TooMany."""
        name = self.accounts.signed(name, token)
        random = secrets.token_urlsafe(32)
        with self._database.write() as session:
            person = person_named(session, name)
            cookie = f"{person.id}.{random}"
            add_login(session, person.id, self._secret(cookie, self.accounts.credential(person.name) or ""))
        return Who(person.id, person.name), cookie

    def remembered(self, cookie: str) -> Who | None:
        """Who a cookie is of, where that was found lately; asks no database."""
        with self._lock:
            who, until = self._known.get(secret_hash(cookie), (None, 0.0))
        return who if time.monotonic() < until else None

    def find(self, cookie: str) -> Who | None:
        """Who a cookie is of; None for one that was forged, has ended, or is of an account that changed."""
        shape = _COOKIE.fullmatch(cookie)
        if not shape:
            return None
        person_id = int(shape["person"])
        with self._database.read() as session:
            name = name_of(session, person_id)
            credential = self.accounts.credential(name) if name is not None else None
            if name is None or credential is None:
                return None
            if not holds(session, person_id, self._secret(cookie, credential)):
                return None
        who = Who(person_id, name)
        with self._lock:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[secret_hash(cookie)] = (who, time.monotonic() + _REMEMBERED_SECONDS)
        return who

    def sign_out(self, who: Who, cookie: str) -> None:
        """End a login."""
        with self._database.write() as session:
            end_login(session, self._secret(cookie, self.accounts.credential(who.name) or ""))
        with self._lock:
            self._known.pop(secret_hash(cookie), None)

    @staticmethod
    def _secret(cookie: str, credential: str) -> str:
        return f"{cookie}\n{credential}"
