"""A server from its start to its end."""

import contextlib
import hashlib
import os
import secrets
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from charter.files import blamed, make_folder, whole_file
from charter.lock import locked
from charter.review.data_folder import folders
from charter.review.queue.packs import open_pack
from charter.review.queue.room import QueueSettings
from charter.review.queue.runner import Runner
from charter.review.store.database import Database
from charter.review.web.accounts import LEAST_TOKEN, Accounts, one_token, users_file
from charter.review.web.app import create_app
from charter.review.web.context import Review
from charter.review.web.guard import GuardSettings
from charter.review.web.hosts import Hosts, is_loopback, own_addresses
from charter.review.web.http_server import Certificate, listening, run
from charter.review.web.live import Live

_LOCK, _TOKEN = ".charter.lock", "token"
_ANY = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Serving:
    """What is asked of a server.

    data: its folder; database: URL, empty for SQLite in that folder
    token, users: who may come in; neither: on loopback whoever opens the page; elsewhere, and with sites, a token is
    made
    sites: other names that it is known by, such as a proxy's
    certificate: of TLS
    workers, ray: as `QueueSettings` has them; most_upload: bytes
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = 8765
    database: str = ""
    token: str = ""
    users: Path | None = None
    sites: tuple[str, ...] = ()
    certificate: Certificate | None = None
    workers: int | None = None
    ray: str = ""
    most_upload: int = 300_000_000


def serve(wanted: Serving, pack: Path | None, said: Callable[[Sequence[str]], None]) -> None:
    """Serve until Ctrl-C or SIGTERM, and end cleanly.

    pack: a pack to be reviewed; said: is told the addresses, the surest first, once they can be opened
    Raises RequestError (a port in use, a database that cannot be opened, users that cannot be read) and OutputError
    (a folder that cannot be used, or that another server uses).
    """
    _many_files()
    for folder in folders(wanted.data):
        make_folder(folder)
    taken = "another server uses it; end that, or give this one another --data"
    with locked(wanted.data / _LOCK, wanted.data, taken), listening(wanted.host, wanted.port) as listener:
        # A proxy with a name for this server is on this machine, and those behind it are not.
        is_for_others = not is_loopback(wanted.host) or bool(wanted.sites)
        token = wanted.token or (_own_token(wanted.data) if is_for_others and not wanted.users else "")
        accounts = users_file(wanted.users) if wanted.users else one_token(token) if token else Accounts()
        database = Database(wanted.database or f"sqlite:///{wanted.data / 'review.sqlite3'}")
        with contextlib.closing(database), database.held():
            live = Live()
            runner = Runner(database, wanted.data, live, QueueSettings(workers=wanted.workers, ray=wanted.ray))
            review = Review(database, wanted.data, live, runner)
            opened = open_pack(database, pack) if pack else None
            app = create_app(review, _guard(wanted, accounts))
            path = f"/login#token={quote(token)}" if token else "/" if opened is None else f"/run/{opened}"
            addresses = [f"{site}{path}" for site in _sites(wanted, listener)]
            runner.start()
            try:
                run(app, listener, lambda: said(addresses), wanted.certificate)
            finally:
                runner.close()


def _guard(wanted: Serving, accounts: Accounts) -> GuardSettings:
    names = {"localhost", *(site.lower() for site in wanted.sites)}
    open_to_others = not is_loopback(wanted.host)
    if open_to_others:
        names |= {name.lower() for name in (wanted.host, socket.gethostname(), socket.getfqdn()) if name}
        names.add(f"{socket.gethostname().lower()}.local")
    cookie = f"charter_{hashlib.sha256(str(wanted.data.resolve()).encode()).hexdigest()[:8]}"
    return GuardSettings(accounts, Hosts(frozenset(names), open_to_others), cookie, wanted.most_upload)


def _own_token(data: Path) -> str:
    """The token of a server that was given none, the same at each start. Raises OutputError."""
    path = data / _TOKEN
    with blamed(path):
        there = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    if len(there) >= LEAST_TOKEN:  # a disk that was full may have left less
        return there
    token = secrets.token_urlsafe(18)
    with whole_file(path) as draft:
        draft.chmod(0o600)
        draft.write_text(token + "\n", encoding="utf-8")
    return token


def _sites(wanted: Serving, listener: socket.socket) -> list[str]:
    """Where a browser finds the server; on every address of the machine, by numbers first: names may lead nowhere."""
    if wanted.host in _ANY:
        hosts = [*own_addresses(with_ipv6=wanted.host == "::"), socket.gethostname()]
    else:
        hosts = [wanted.host]
    scheme, port = "https" if wanted.certificate else "http", listener.getsockname()[1]
    # A proxy is what speaks https to others, on the port that browsers take.
    own = [f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}" for host in hosts]
    return own + [f"https://{site}" for site in wanted.sites]


def _many_files() -> None:
    """Take as many open files as the system gives: each page and each connection that does nothing is one."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def can_open_browser() -> bool:
    """Whether a browser would open a window, and not take over the terminal."""
    is_seen = sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    return is_seen and sys.stdout.isatty()
