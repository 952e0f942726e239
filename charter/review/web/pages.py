"""The pages: four shells, and the scripts and styles that they load."""

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request, Response

from charter.review.errors import NotFound

FOLDER = Path(__file__).parents[1] / "pages"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class _Loaded:
    changed: int
    data: bytes
    tag: str


class Pages:
    """The files of a folder by their addresses: what it does not list cannot be asked for, whatever the address."""

    def __init__(self, folder: Path = FOLDER) -> None:
        files = (path for path in folder.rglob("*") if path.suffix in _TYPES and path.is_file())
        self._files = {path.relative_to(folder).as_posix(): path for path in files}
        self._loaded: dict[str, _Loaded] = {}
        self._lock = threading.Lock()

    def answer(self, name: str, request: Request) -> Response:
        """The file of that name; nothing but its tag where the asker has it. Raises NotFound."""
        path = self._files.get(name)
        if path is None:
            raise NotFound("there is nothing at this address")
        loaded = self._load(name, path)
        # The browser asks each time whether it changed, so that pages and scripts are always of one release.
        headers = {"etag": loaded.tag, "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == loaded.tag:
            return Response(status_code=304, headers=headers)
        return Response(loaded.data, headers=headers, media_type=_TYPES[path.suffix])

    def _load(self, name: str, path: Path) -> _Loaded:
        changed = path.stat().st_mtime_ns
        with self._lock:
            known = self._loaded.get(name)
        if known and known.changed == changed:
            return known
        data = path.read_bytes()
        loaded = _Loaded(changed, data, f'"{hashlib.sha256(data).hexdigest()[:24]}"')
        with self._lock:
            self._loaded[name] = loaded
        return loaded


def _page(request: Request, name: str) -> Response:
    pages: Pages = request.app.state.pages
    return pages.answer(name, request)


@router.get("/")
def _index(request: Request) -> Response:
    return _page(request, "index.html")


@router.get("/login")
def _login(request: Request) -> Response:
    return _page(request, "login.html")


@router.get("/run/{run}")
def _run(request: Request, run: int) -> Response:
    return _page(request, "run.html")


@router.get("/chart/{chart}")
def _chart(request: Request, chart: int) -> Response:
    return _page(request, "chart.html")


@router.get("/{name:path}")
def _file(request: Request, name: str) -> Response:
    return _page(request, name if not name.endswith(".html") else "")
