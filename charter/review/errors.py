"""What is wrong with a request, by what the web has to answer.

CharterError
├── NotFound        404  nothing of that number
├── Forbidden       403  not for this person, or not from this page
├── Conflict        409  the thing changed meanwhile; details say what it is now
├── Invalid         422  understood, but it cannot be done; details say where
├── StoreError      503  (507 where the disk is full), of `charter.review.store.database`
└── RequestError    400
    ├── TooLarge    413  more bytes than are taken
    └── TooMany     429  more at once, or more often, than is allowed
"""

# ruff: noqa: N818  # named for what is the matter; routes read better so

from typing import Any

from charter.errors import CharterError, RequestError


class NotFound(CharterError):
    """There is no such run, song, chart, comment or job."""


class Forbidden(CharterError):
    """This person, or this page, may not do that."""


class _Detailed(CharterError):
    """An error with plain JSON values beside its line, which the answer has beside ``error``."""

    def __init__(self, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.details: dict[str, Any] = details or {}


class Conflict(_Detailed):
    """What was to be changed is no longer what the asker saw; details: what it is now."""


class Invalid(_Detailed):
    """Values that are understood and cannot be had; details: where they clash."""


class TooLarge(RequestError):
    """More bytes than are taken."""


class TooMany(RequestError):
    """More of it, at once or in a row, than is allowed."""
