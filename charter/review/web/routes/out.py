"""What leaves a review and what comes back: packs, edited charts, histories, the measure."""

import json
import shutil
from collections.abc import Collection, Iterator
from threading import BoundedSemaphore
from typing import Annotated, Any, BinaryIO, Literal
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from charter.errors import RequestError
from charter.review.data_folder import draft_folder, pack_path, song_folder
from charter.review.document.measure import PARTS, measured
from charter.review.document.text import shown_name
from charter.review.errors import Conflict, NotFound, TooMany
from charter.review.out.by_hand import slots_by_hand
from charter.review.out.history import history_lines
from charter.review.out.imports import without_fields
from charter.review.out.kept_imports import charts_under_review, keep_import
from charter.review.out.measure_csv import csv_lines
from charter.review.out.pack import song_zip
from charter.review.store.exported import accepted_count, working_copy
from charter.review.store.jobs import DONE
from charter.review.store.measures import measured_charts
from charter.review.store.rows import check_row, row_of
from charter.review.store.tables import Job, Run
from charter.review.web.context import Asker, Review, TheReview
from charter.review.web.disk import check_disk, size_of
from charter.review.web.openapi import file_body, files, ranges, refusals
from charter.review.web.routes import shapes
from charter.review.web.routes.chart_edits import tell_edit
from charter.review.web.routes.values import Body, Id, answer
from charter.review.web.sent_file import SentFile

router = APIRouter(prefix="/api")
_packing = BoundedSemaphore(4)
_PART = 1 << 18  # bytes


class ExportBody(Body):
    """What to export of a run."""

    only: Literal["accepted"] = "accepted"


class ImportQuery(BaseModel):
    """A file that comes in. dry: only tell what it would change; meters: take its meters and descriptions too"""

    name: Annotated[str, Field(max_length=300)]
    dry: bool = False
    meters: bool = True


@router.post("/runs/{run}/exports", response_model=shapes.Job)
def _export(run: Id, _body: ExportBody, review: TheReview, who: Asker) -> JSONResponse:
    with review.database.read() as session:
        found = row_of(session, Run, run)
        name, source, sync = found.name, found.source, found.request.get("sync", "null")
        if not accepted_count(session, run):
            raise RequestError("no chart of this run is accepted yet: there is nothing to export")
        review.runner.check_room(session, "export", who.id)  # who is refused does not hold up those who write
    request = {"file": uuid4().hex, "name": name, "source": source, "sync": sync if sync == "itg" else "null"}
    with review.database.write() as session:
        job = review.runner.submit(session, "export", request, run_id=run, author_id=who.id)
    review.runner.wake()
    review.live.publish(run, {"type": "job", "job": job})
    return answer(job)


@router.get(
    "/exports/{job}",
    response_class=Response,
    responses={**ranges(["application/zip"]), **refusals(409)},
)
def _exported(job: Id, review: TheReview, _who: Asker) -> Response:
    with review.database.read() as session:
        found = session.get(Job, job)
        if found is None or found.kind != "export":
            raise NotFound(f"there is no export {job}")
        if found.state != DONE:
            raise Conflict(f"this export is {found.state}", {"state": found.state})
        result = dict(found.result)
    path = pack_path(review.data, result["file"])
    if not path.is_file():
        raise NotFound("this export was removed; export again")
    return SentFile(path, media_type="application/zip", headers=_attached(result["name"]))


@router.get("/runs/{run}/measure")
def _measure(run: Id, review: TheReview, _who: Asker) -> JSONResponse:
    return answer(_measured(run, review))


@router.get("/runs/{run}/measure.csv", response_class=Response, responses=files(["text/csv"]))
def _measure_csv(run: Id, review: TheReview, _who: Asker) -> Response:
    return _download(csv_lines(_measured(run, review)["charts"]), "text/csv", f"measure-{run}.csv")


@router.get("/runs/{run}/measure.jsonl", response_class=Response, responses=files(["application/x-ndjson"]))
def _measure_jsonl(run: Id, review: TheReview, _who: Asker) -> Response:
    charts = _measured(run, review)["charts"]
    lines = (json.dumps(chart, ensure_ascii=False) + "\n" for chart in charts)
    return _download(lines, "application/x-ndjson", f"measure-{run}.jsonl")


@router.get("/runs/{run}/history.jsonl", response_class=Response, responses=files(["application/x-ndjson"]))
def _history(run: Id, review: TheReview, _who: Asker) -> Response:
    with review.database.read() as session:
        check_row(session, Run, run)
    return _download(history_lines(review.database, run), "application/x-ndjson", f"history-{run}.jsonl")


@router.get(
    "/songs/{song}/charts.zip",
    response_class=Response,
    responses={**files(["application/zip"]), **refusals(409, 429, 507)},
)
def _working_copy(song: Id, review: TheReview, _who: Asker) -> Response:
    """A song's folder with every chart as it is now, to be edited elsewhere and sent back."""
    with review.database.read() as session:
        values = working_copy(session, song)
    if not _packing.acquire(blocking=False):
        raise TooMany("several songs are being packed already; try again in a moment")
    folder = draft_folder(review.data, uuid4().hex)
    try:
        check_disk(review.data, size_of(song_folder(review.data, values["key"])))
        path = song_zip(values, review.data, folder)
        # The file has no name any more when it is sent: whatever becomes of the answer, nothing stays.
        file, size = path.open("rb"), path.stat().st_size
    finally:
        _packing.release()
        shutil.rmtree(folder, ignore_errors=True)
    return StreamingResponse(
        _parts(file), media_type="application/zip", headers={**_attached(path.name), "Content-Length": str(size)}
    )


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(_PART):
            yield part


async def _body(request: Request) -> bytes:
    return await request.body()  # the guard has refused what is too large


@router.post("/songs/{song}/charts", response_model=dict[str, Any], openapi_extra=file_body())
def _import(
    song: Id,
    how: Annotated[ImportQuery, Query()],
    data: Annotated[bytes, Depends(_body)],
    review: TheReview,
    who: Asker,
) -> JSONResponse:
    """Take in an edited simfile as new versions, or only tell what that would change."""
    return answer(_imported(review, song, how, data, who.id))


def _imported(review: Review, song: int, how: ImportQuery, data: bytes, author_id: int) -> dict[str, Any]:
    name = shown_name(how.name)
    with review.database.read() as session:
        fields, ours = charts_under_review(session, song)
    found = review.runner.read_file(data, name, fields, ours)  # seconds, for a file that is all notes
    if not how.meters:
        found = without_fields(found)
    versions = {made.chart.id: made.chart.version for made in found.charts}
    if not how.dry:
        with review.database.write() as session:
            kept = keep_import(session, found.charts, name, author_id)
        for made, edit in kept:
            versions[made.chart.id] = edit.edit["version"]
            tell_edit(review, made.chart.id, edit)
    return {
        "imports": [
            {
                "chart": made.chart.id,
                "slot": made.chart.slot,
                "from": made.chart.version,
                "version": versions[made.chart.id],
                "changed": made.is_new,
                "status": made.chart.status,
                "fields": {name: list(swap) for name, swap in made.changes.fields.items()},
                **{part: len(getattr(made.difference, part)) for part in PARTS},
            }
            for made in found.charts
        ],
        "timing": found.retimed,
        "shift": found.shift,
        "offered": found.offered,
        "left_out": list(found.left_out),
        "missing": [{"chart": chart.id, "slot": chart.slot, "meter": chart.meter} for chart in found.missing],
        "dry": how.dry,
    }


def _measured(run: int, review: Review) -> dict[str, Any]:
    def by_hand(key: str) -> Collection[str]:
        return slots_by_hand(song_folder(review.data, key))

    with review.database.read() as session:
        charts, labels = measured_charts(session, run, by_hand)
    return measured(run, charts, labels)


def _download(lines: Iterator[str], media_type: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse((line.encode() for line in lines), media_type=media_type, headers=disposition)


def _attached(name: str) -> dict[str, str]:
    # By hand, for a name may hold what a header cannot.
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
