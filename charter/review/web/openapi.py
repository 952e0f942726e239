"""What the OpenAPI page says beside what routes say of themselves: files, and how a request is refused."""

from collections.abc import Collection
from typing import Any

from fastapi import FastAPI

_FILE: dict[str, Any] = {"type": "string", "format": "binary"}
_REFUSAL: dict[str, Any] = {
    "title": "Refusal",
    "description": "Why a request is refused, in one line for a person; a conflict has beside it what is there now.",
    "type": "object",
    "properties": {"error": {"type": "string"}},
    "required": ["error"],
    "additionalProperties": True,
}
_REASONS = {
    400: "It cannot be understood, or holds what cannot be kept",
    401: "Nobody is signed in",
    403: "Not for this person, or not from this page",
    404: "There is nothing of that number",
    409: "The thing changed meanwhile; beside the line stands what it is now",
    413: "More bytes than are taken",
    416: "The file has no such range",
    422: "Understood, but it cannot be done",
    429: "More at once, or more often, than is allowed",
    500: "charter failed, which is a fault of its own",
    503: "The database or the disk cannot be used",
    507: "The disk is full",
}
_OF_ALL = (400, 403, 422, 500, 503)
_OF_CHANGES = (409, 413, 429, 507)

Responses = dict[int | str, dict[str, Any]]


def refusals(*statuses: int) -> Responses:
    """Statuses by which a route refuses, beside those that all of its kind have."""
    schema = {"$ref": "#/components/schemas/Refusal"}
    return {
        status: {"description": _REASONS[status], "content": {"application/json": {"schema": schema}}}
        for status in statuses
    }


def files(types: Collection[str], status: int = 200) -> Responses:
    """That a route answers files of some media types."""
    return {status: {"description": "The file", "content": {each: {"schema": _FILE} for each in sorted(types)}}}


def ranges(types: Collection[str]) -> Responses:
    """That a route answers files of some media types, whole or in ranges."""
    return {**files(types), **files(types, 206), **refusals(416)}


def file_body() -> dict[str, Any]:
    """That a route takes a file as it is."""
    return {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _FILE}}}}


def describe(app: FastAPI, open_paths: Collection[str]) -> None:
    """Have the page of an application's routes say how each refuses. open_paths: for those who are not signed in."""
    drawn = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            page = drawn()
            for path, operations in page["paths"].items():
                for method, operation in operations.items():
                    refused = refusals(*_statuses(path, method, is_open=path in open_paths))
                    answers = operation["responses"]
                    for status, each in refused.items():
                        said = answers.setdefault(str(status), each)
                        said["description"] = each["description"]
                        said["content"] = {**said.get("content", {}), **each["content"]}
                    operation["responses"] = dict(sorted(answers.items()))
            shown = page["components"]["schemas"]
            for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own, which ours are not answered with
                shown.pop(name, None)
            shown["Refusal"] = _REFUSAL
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]  # as FastAPI says to


def _statuses(path: str, method: str, *, is_open: bool) -> set[int]:
    """How a route may refuse, by its address and method."""
    of_change = _OF_CHANGES if method != "get" else ()
    return {*_OF_ALL, *of_change, *(() if is_open else (401,)), *((404,) if "{" in path else ())}
