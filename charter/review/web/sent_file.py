"""A file as an answer, whole or in ranges; a range that it cannot be had in is refused as all else is, in JSON."""

from fastapi.responses import FileResponse
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

_LINES = {400: "the Range header cannot be understood", 416: "the file has no such range"}


class _Refused(Exception):  # noqa: N818  # no error: an answer that is not sent
    """What Starlette was about to refuse in its own words. start: the message that would begin its answer."""

    def __init__(self, start: Message) -> None:
        super().__init__()
        self.start = start


class SentFile(FileResponse):
    """A file, or as much of it as the asker's ``Range`` says."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or say why not."""

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in _LINES:
                raise _Refused(message)
            await send(message)

        try:
            await super().__call__(scope, receive, answered)
        except _Refused as refused:
            status = refused.start["status"]
            answer = JSONResponse({"error": _LINES[status]}, status)
            size = [header for header in refused.start["headers"] if header[0] == b"content-range"]
            answer.raw_headers += size  # how long the file is, which a client may ask by
            await answer(scope, receive, send)
