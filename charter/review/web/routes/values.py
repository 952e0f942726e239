"""What several routes take and give: numbers of rows, bodies without other keys, answers as they are."""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

LARGEST = 2**31 - 1  # of an integer column

Id = Annotated[int, Path(ge=1, le=LARGEST)]  # a row, in an address
RowNumber = Annotated[int, Field(ge=1, le=LARGEST)]  # likewise, in a body
Number = Annotated[int, Field(ge=0, le=LARGEST)]
VersionQuery = Annotated[int, Query(ge=0, le=LARGEST)]


class Body(BaseModel):
    """A JSON object with these keys, of these types, and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


def answer(value: Any) -> JSONResponse:
    """Plain values as JSON; not read through once more, for a run's songs are megabytes of them."""
    return JSONResponse(value)
