"""The WebSocket that pages hear of changes by."""

import asyncio
import json
import logging
import time
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool

from charter.errors import CharterError
from charter.review.store.visits import add_seconds
from charter.review.web.context import Review, Who
from charter.review.web.live import Listener, Place
from charter.review.web.routes.values import LARGEST

router = APIRouter(prefix="/api")
_log = logging.getLogger("charter.review")

_MOST_A_SECOND = 50
_POLICY, _AGAIN_LATER = 1008, 1013


@router.websocket("/live")
async def _live(socket: WebSocket, run: int) -> None:
    review: Review = socket.app.state.review
    listener = Listener(socket.state.who, socket.state.cookie)
    if not 0 < run <= LARGEST or not review.live.join(run, listener):
        await socket.close(_POLICY)
        return
    try:
        await socket.accept()
        hearing = asyncio.create_task(_hear(socket, review, run, listener))
        try:
            await _tell(socket, listener)
        finally:
            hearing.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect):
                await hearing
    except (WebSocketDisconnect, RuntimeError):  # the latter from a socket that closes while it is sent to
        pass
    finally:
        review.live.leave(run, listener)


async def _tell(socket: WebSocket, listener: Listener) -> None:
    while (text := await listener.heard()) is not None:
        await socket.send_text(text)
    await socket.close(_AGAIN_LATER)


async def _hear(socket: WebSocket, review: Review, run: int, listener: Listener) -> None:
    """Take what a page says until it is closed; one that says what none of ours would is sent away."""
    second, count = 0, 0
    try:
        while True:
            message = json.loads(await socket.receive_text())
            count = count + 1 if int(time.monotonic()) == second else 0
            second = int(time.monotonic())
            if count > _MOST_A_SECOND:
                raise ValueError("too often")
            if message["type"] == "here":
                review.live.move(run, listener, _place(message))
            elif message["type"] == "active":
                await run_in_threadpool(_keep, review, run, listener.who, message)
    except (ValueError, TypeError, KeyError, RecursionError):
        listener.end()
    except (WebSocketDisconnect, RuntimeError):
        listener.end()


def _place(message: Any) -> Place:
    chart, tick = message["chart"], message.get("tick", 0)
    if not (chart is None or (type(chart) is int and 0 < chart <= LARGEST)):
        raise ValueError(chart)
    if type(tick) is not int or not 0 <= tick <= LARGEST:
        raise ValueError(tick)
    return Place(chart, tick)


def _keep(review: Review, run: int, who: Who, message: Any) -> None:
    """Keep the time that someone worked on a chart."""
    chart, said = message["chart"], message["seconds"]
    if type(chart) is not int or not 0 < chart <= LARGEST or type(said) not in (int, float) or not said > 0:
        raise ValueError(message)
    seconds = review.live.worked(who, chart, said)
    if not seconds:
        return
    try:
        with review.database.write() as session:
            add_seconds(session, chart, who.id, seconds)
    except CharterError as error:  # a chart that is gone, a full disk: no reason to send the page away
        _log.warning("the time of %s on chart %d was not kept: %s", who.name, chart, error)
