"""HTTP itself: a socket, and uvicorn on it, ended by a signal."""

import contextlib
import errno
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import uvicorn
from starlette.types import ASGIApp

from charter.errors import RequestError
from charter.review.web.patience import PatientProtocol, PatientSocket

_GRACE_SECONDS = 5
_MOST_MESSAGE = 65_536  # bytes that a page may say at once over its WebSocket


class Certificate(NamedTuple):
    """Of TLS, with its key; PEM files."""

    file: Path
    key: Path


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that takes connections. Raises RequestError that names the host and port, and the cause."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        listener = socket.create_server(
            address[:2], family=family, backlog=2048, dualstack_ipv6=host == "::" and socket.has_dualstack_ipv6()
        )
    except OSError as error:
        cause = "it is in use; try another --port" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        raise RequestError(f"{host} port {port}: cannot be served on ({cause})") from error
    # Inherited by every connection. asyncio would see to it, but not for a socket that was made without naming TCP; and
    # an answer whose head and body are sent apart waits 40 ms for the other side to acknowledge the head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listener:
        yield listener


def run(
    app: ASGIApp, listener: socket.socket, begun: Callable[[], None], certificate: Certificate | None = None
) -> None:
    """Run the application until a signal says to end. Raises RequestError for a certificate that is none."""
    server = make_server(app, begun, certificate)
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        # Once it has ended, uvicorn sends itself the signal that it was ended by.
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
    finally:
        signal.signal(signal.SIGTERM, before)


def make_server(app: ASGIApp, begun: Callable[[], None], certificate: Certificate | None = None) -> uvicorn.Server:
    """A server of the application, not yet started; begun: is called when it can be asked. Raises as `run`."""
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws=PatientSocket,
        ws_max_size=_MOST_MESSAGE,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_certfile=certificate.file if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # what fails is told by the guard
    try:
        config.load()
    except OSError as error:
        file = certificate.file if certificate else "TLS"
        raise RequestError(f"{file}: is no certificate with its key ({error})") from error
    return _Server(config, begun)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class _Server(uvicorn.Server):
    """A server that says when it can be asked."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._begun()
