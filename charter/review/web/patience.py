"""HTTP and WebSocket for those who ask: a connection that asks nothing for long, or takes no answer, is closed."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

HEAD_SECONDS = 20.0
_MOST_PINGS = 10_000  # whose answers nobody has read yet


class PatientProtocol(H11Protocol):
    """uvicorn's HTTP, which waits no longer than `HEAD_SECONDS` for the head of a request.

    Without that, connections that send a header's letter now and then would stay for good, until no more fit.
    """

    _due: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._due = self.loop.call_later(HEAD_SECONDS, self._late)

    def data_received(self, data: bytes) -> None:
        """Wait for the next request from its first byte on; the application waits for bodies."""
        super().data_received(data)
        is_asked = self.cycle is not None and not self.cycle.response_complete
        if is_asked or self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._stop()
        elif self._due is None:
            self._due = self.loop.call_later(HEAD_SECONDS, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop()
        super().connection_lost(exc)

    def _late(self) -> None:
        self._due = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def _stop(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None


class PatientSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which hangs up on who opens none, and on who pings without end.

    Without that, a head that websockets refuses (it takes less than our HTTP does) is not even answered, and whoever
    sends one, signed in or not, has a connection for good.
    """

    _pings = 0  # since everything that was sent had been read

    def data_received(self, data: bytes) -> None:
        """Take what came; a head comes at once, as HTTP has read it."""
        super().data_received(data)
        if not self.handshake_initiated:
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def handle_ping(self) -> None:
        """Answer, as long as the answers are read."""
        self._pings = self._pings + 1 if self.transport.get_write_buffer_size() else 0
        super().handle_ping()
        if self._pings > _MOST_PINGS:
            self.transport.abort()
