"""The web application: its routes, behind its guard."""

from fastapi import FastAPI

from charter import __version__
from charter.review.web import pages
from charter.review.web.context import Review
from charter.review.web.failures import add_handlers
from charter.review.web.guard import OPEN_PATHS, Guard, GuardSettings
from charter.review.web.openapi import describe
from charter.review.web.routes import charts, jobs, live, media, out, runs, session, songs, uploads
from charter.review.web.session import Sessions
from charter.review.web.throttle import Attempts
from charter.review.web.uploads import Uploads

_ROUTES = (session, runs, songs, charts, jobs, out, media, uploads, live)


def create_app(review: Review, guard: GuardSettings) -> FastAPI:
    """The application that serves a review to those whom the guard lets in."""
    # The pages that FastAPI draws of its routes load scripts from elsewhere, which ours never do.
    app = FastAPI(title="charter review", version=__version__, docs_url=None, redoc_url=None)
    sessions = Sessions(review.database, guard.accounts)
    app.state.review = review
    app.state.guard = guard
    app.state.sessions = sessions
    app.state.attempts = Attempts()
    app.state.uploads = Uploads(review.data, guard.most_upload)
    app.state.pages = pages.Pages()
    for module in _ROUTES:
        app.include_router(module.router)
    app.include_router(pages.router)  # last: it takes every other address
    describe(app, OPEN_PATHS)
    add_handlers(app)
    app.add_middleware(Guard, settings=guard, sessions=sessions)
    return app
