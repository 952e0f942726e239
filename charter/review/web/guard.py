"""What stands before every route: who asks, from where, and how much.

In this order: a name of ours as ``Host``; from our own page, and by a script of it, where something is to be changed;
someone who is signed in; a body no larger than it may be. Only then is any of the body read.
"""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from charter.errors import CharterError, RequestError
from charter.review.errors import Forbidden
from charter.review.web.accounts import Accounts
from charter.review.web.bodies import Gone, check_json, read_body
from charter.review.web.context import Who
from charter.review.web.failures import UNKNOWN, failure
from charter.review.web.headers import guarded
from charter.review.web.hosts import Hosts
from charter.review.web.session import Sessions

_log = logging.getLogger("charter.review")

MARK = "x-charter"  # of our own scripts: other pages cannot send it without being asked first, and that we refuse
_READING = ("GET", "HEAD")
OPEN_PATHS = ("/api/login",)
_UPLOAD = re.compile(r"/api/runs/[0-9]+/songs")
_CHART_FILE = re.compile(r"/api/songs/[0-9]+/charts")
_MOST_JSON, _MOST_CHART_FILE, _MOST_LOGIN = 2_000_000, 16_000_000, 4_000
_CHART_FILES_AT_ONCE = 4  # held in memory
_NUMBER_LENGTH = 12  # ids of findings, in hex, are as long and may be digits alone; databases hold so many
_NUL = b"%00"


@dataclass(frozen=True)
class GuardSettings:
    """Who is let in.

    cookie: the name of the cookie; servers on other ports of one machine share a browser's cookies
    most_upload: the largest file of music, in bytes
    """

    accounts: Accounts = field(default_factory=Accounts)
    hosts: Hosts = field(default_factory=Hosts)
    cookie: str = "charter_review"
    most_upload: int = 300_000_000


class NotSignedIn(CharterError):  # noqa: N818  # as its neighbours of `charter.review.errors`
    """Nobody is signed in."""


class Guard:
    """The application behind the guard, as ASGI."""

    def __init__(self, app: ASGIApp, settings: GuardSettings, sessions: Sessions) -> None:
        self._app = app
        self._settings = settings
        self._sessions = sessions
        self._chart_files = asyncio.Semaphore(_CHART_FILES_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        began = False

        async def answered(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                guarded(MutableHeaders(raw=message["headers"]), self._host(headers) or "")
            await send(message)

        try:
            await self._let_in(scope, headers)
            await self._pass_on(scope, headers, receive, answered)
        except (Gone, ClientDisconnect):
            return
        except Exception as error:
            if began:  # too late for another answer: the connection is cut, so that nobody takes half for the whole
                raise
            await _answer(answered, *self._refusal(scope, error))

    async def _pass_on(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """Call the application, with a body of no more than may be."""
        path, length = scope["path"], headers.get("content-length")
        if scope["method"] in _READING or _UPLOAD.fullmatch(path):  # which counts what comes by itself
            await self._app(scope, receive, send)
        elif _CHART_FILE.fullmatch(path):
            async with self._chart_files:
                body = await read_body(receive, length, _MOST_CHART_FILE)
                await self._app(scope, _replay(body, receive), send)
        else:
            body = await read_body(receive, length, _MOST_LOGIN if path in OPEN_PATHS else _MOST_JSON)
            if body:
                await run_in_threadpool(check_json, body)
            await self._app(scope, _replay(body, receive), send)

    def _refusal(self, scope: Scope, error: Exception) -> tuple[int, dict[str, Any]]:
        """Status and body of the answer to whatever went wrong."""
        if isinstance(error, NotSignedIn):
            return 401, {"error": str(error), "needs_token": self._settings.accounts.need_token}
        if isinstance(error, CharterError):
            return failure(error)
        _log.error("charter failed on %s %r", scope["method"], scope["path"], exc_info=error)
        return 500, {"error": UNKNOWN}

    async def _let_in(self, scope: Scope, headers: Headers) -> None:
        """Check all but the body, and note who asks. Raises CharterError for whoever stays outside."""
        host, path = self._host(headers), scope["path"]
        if host is None:
            raise Forbidden("this server is not known by that name; open it by the address that it printed")
        if _means_nothing(scope):
            raise RequestError("the address holds a number or a character that means nothing here")
        if scope["method"] not in _READING:
            self._check_page(headers, host)
            if headers.get(MARK) != "1":
                raise Forbidden("only the pages of this server may change something (X-Charter is missing)")
        if (path.startswith("/api/") and path not in OPEN_PATHS) or path == "/openapi.json":
            scope.setdefault("state", {})["who"] = await self._who(headers)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        try:
            host = self._host(headers)
            if host is None or _means_nothing(scope):
                raise Forbidden("not a name of this server")
            self._check_page(headers, host)
            scope.setdefault("state", {})["who"] = await self._who(headers)
            scope["state"]["cookie"] = self._cookie(headers)
        except CharterError:
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: answered with 403
            return
        await self._app(scope, receive, send)

    def _host(self, headers: Headers) -> str | None:
        hosts = headers.getlist("host")
        return hosts[0] if len(hosts) == 1 and self._settings.hosts.know(hosts[0]) else None

    def _check_page(self, headers: Headers, host: str) -> None:
        origins = headers.getlist("origin")
        if any(not self._settings.hosts.are_asked_from(origin, host) for origin in origins):
            raise Forbidden("another page asked for this; open charter's own")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Forbidden("another page asked for this; open charter's own")

    def _cookie(self, headers: Headers) -> str:
        return cookie_parser(headers.get("cookie", "")).get(self._settings.cookie, "")

    async def _who(self, headers: Headers) -> Who:
        cookie = self._cookie(headers)
        who = self._sessions.remembered(cookie)
        if who is None and cookie:
            who = await run_in_threadpool(self._sessions.find, cookie)
        if who is None:
            raise NotSignedIn("sign in first")
        return who


def _means_nothing(scope: Scope) -> bool:
    """Whether an address holds what no database can: a number that is too long, or NUL."""
    query = scope["query_string"]
    values = [value for name, value in parse_qsl(query.decode("latin-1")) if name != "name"]
    parts = [*scope["path"].split("/"), *values]
    return (
        _NUL in query or "\0" in scope["path"] or any(len(part) > _NUMBER_LENGTH and part.isdigit() for part in parts)
    )


def _replay(body: bytes, receive: Receive) -> Receive:
    """A body that was read, as if it came now."""
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _answer(send: Send, status: int, body: Mapping[str, Any]) -> None:
    text = json.dumps(body, ensure_ascii=False, default=str).encode("utf-8", "replace")
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
