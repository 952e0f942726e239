"""What a request is answered where it fails: one line for a person, never a traceback."""

import errno
import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from charter.errors import CharterError, OutputError
from charter.review.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge, TooMany
from charter.review.store.database import StoreError

_log = logging.getLogger("charter.review")

_STATUS: dict[type[CharterError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    TooLarge: 413,
    TooMany: 429,
}
_FULL = (errno.ENOSPC, errno.EDQUOT)
_LONGEST = 300
_WORDS = {404: "there is nothing at this address", 405: "this address does not take that kind of request"}
UNKNOWN = "charter failed on this; what went wrong is in the server's log"


def status_of(error: CharterError) -> int:
    """The HTTP status that an error is answered with."""
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            return status
    if isinstance(error, (StoreError, OutputError)):
        cause = error.__cause__
        if isinstance(cause, DataError):  # a value that the database's types cannot hold
            return 400
        return 507 if _is_full(cause) else 503
    return 400


def _is_full(cause: BaseException | None) -> bool:
    if isinstance(cause, OSError):
        return cause.errno in _FULL
    original = getattr(cause, "orig", None)
    # SQLite's own word for a full disk, and PostgreSQL's code for it.
    return getattr(original, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(original, "sqlstate", "") == "53100"


def failure(error: CharterError) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer to an error."""
    status = status_of(error)
    if status >= 500:
        _log.error("%s", error)
    line = "the disk is full: nothing was changed; make room and try again" if status == 507 else one_line(str(error))
    details = error.details if isinstance(error, (Conflict, Invalid)) else {}
    return status, {**details, "error": line}


def one_line(text: str) -> str:
    """The text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def add_handlers(app: FastAPI) -> None:
    """Have every failure of a route answered so. What is not known ends in the guard."""

    @app.exception_handler(CharterError)
    async def _known(_request: Request, error: CharterError) -> JSONResponse:
        status, body = failure(error)
        return JSONResponse(body, status)

    @app.exception_handler(RequestValidationError)
    async def _misshapen(_request: Request, error: RequestValidationError) -> JSONResponse:
        said = [f"{'.'.join(map(str, one['loc'][1:])) or one['loc'][0]}: {one['msg']}" for one in error.errors()[:3]]
        return JSONResponse({"error": one_line("; ".join(said))}, 422)

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        line = _WORDS.get(error.status_code, one_line(str(error.detail)))
        return JSONResponse({"error": line}, error.status_code, headers=error.headers)
