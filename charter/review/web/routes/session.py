"""Signing in and out, and who is there."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.responses import JSONResponse

from charter.review.store.logins import all_people
from charter.review.web.context import Asker, TheReview
from charter.review.web.guard import GuardSettings
from charter.review.web.routes import shapes
from charter.review.web.routes.values import answer
from charter.review.web.session import LASTS_SECONDS, Sessions
from charter.review.web.throttle import Attempts

router = APIRouter(prefix="/api")


class LoginBody(BaseModel):
    """A name, and a token where one is needed."""

    model_config = ConfigDict(extra="forbid")
    name: str
    token: str = ""


@router.post("/login", response_model=shapes.Person)
def _login(body: LoginBody, request: Request, response: Response) -> dict[str, Any]:
    sessions: Sessions = request.app.state.sessions
    settings: GuardSettings = request.app.state.guard
    attempts: Attempts = request.app.state.attempts
    address = request.client.host if request.client else ""
    if settings.accounts.need_token:
        attempts.begin(address)
    who, cookie = sessions.sign_in(body.name, body.token)
    attempts.right(address)
    response.set_cookie(
        settings.cookie,
        cookie,
        max_age=LASTS_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return {"id": who.id, "name": who.name}


@router.post("/logout", response_model=shapes.Nothing)
def _logout(request: Request, response: Response, who: Asker, review: TheReview) -> dict[str, Any]:
    sessions: Sessions = request.app.state.sessions
    settings: GuardSettings = request.app.state.guard
    cookie = request.cookies.get(settings.cookie, "")
    sessions.sign_out(who, cookie)
    review.live.sign_out(cookie)
    response.delete_cookie(settings.cookie, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return {}


@router.get("/me", response_model=shapes.Me)
def _me(request: Request, who: Asker) -> dict[str, Any]:
    settings: GuardSettings = request.app.state.guard
    return {
        "id": who.id,
        "name": who.name,
        "needs_token": settings.accounts.need_token,
        "most_upload": settings.most_upload,
    }


@router.get("/people", response_model=list[shapes.Person])
def _people(review: TheReview) -> JSONResponse:
    with review.database.read() as session:
        return answer(all_people(session))
