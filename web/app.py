"""The application: all routes of one server, behind the middleware."""

from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from pipeline.engine.tool_versions import tool_version
from web import pages, published_files
from web.api import deliveries, drafts, edits, exports, health, highlights, search, sessions, transcripts
from web.http.context import AppContext, set_app_context
from web.http.middleware import MAX_BODY_BYTES, add_middleware
from web.http.problems import install_problem_handlers
from web.openapi import install_openapi


def create_app(context: AppContext) -> ASGIApp:
    """The application that serves `context`, for a server such as uvicorn."""
    app = _build_fastapi_app()
    set_app_context(app, context)
    install_problem_handlers(app, context.out)
    return add_middleware(app, context)


@cache
def openapi_document() -> dict[str, Any]:
    """The OpenAPI document. It does not depend on what is served."""
    return _build_fastapi_app().openapi()


def _build_fastapi_app() -> FastAPI:
    app = FastAPI(
        title="kandian",
        version=tool_version("kandian"),
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        max_body_size=MAX_BODY_BYTES,
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
    install_openapi(app)
    return app
