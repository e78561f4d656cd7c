"""The application: all routes of one server, behind what every request passes."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from pipeline.engine.tool_versions import version_of
from web import pages, published_files
from web.api import deliveries, drafts, edits, exports, health, highlights, search, sessions, transcripts
from web.http.context import Served
from web.http.middleware import LARGEST_BODY_BYTES, guarded
from web.http.problems import answer_problems
from web.openapi import describe


def create_app(served: Served) -> ASGIApp:
    """What a server such as uvicorn runs."""
    app = _routed()
    app.state.served = served
    return guarded(app, served)


@cache
def openapi_document() -> dict[str, Any]:
    """The API's own description. It does not depend on what is served."""
    return _routed().openapi()


def _routed() -> FastAPI:
    app = FastAPI(
        title="kandian",
        version=version_of("kandian"),
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        max_body_size=LARGEST_BODY_BYTES,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False},
    )
    for module in (
        health,
        sessions,
        highlights,
        search,
        transcripts,
        exports,
        drafts,
        edits,
        deliveries,
        published_files,
        pages,
    ):
        app.include_router(module.routes)
    answer_problems(app)
    describe(app)
    return app
