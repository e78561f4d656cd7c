"""What one server serves: a folder of results, its ledger, who may come in, and what was counted."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi import Path as InPath

from domain.errors import InvalidValue
from domain.session import MAX_ID_BYTES, check_session_id
from pipeline.ledger.database import Ledger
from pipeline.network.webhook import NO_WEBHOOK, WebhookSender
from pipeline.outputs.layout import PUBLISHED_DIR, TAKES_FILE
from web.http.browser_sessions import BrowserSessions
from web.http.metrics import Metrics
from web.http.problems import NotFoundError
from web.http.response_cache import ResponseCache

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class AppContext:
    """`out` is absolute. `allowed_hosts` are the names that requests may call this server by.

    Who holds `draft_lock` may write drafts into results, so that no older one is written over a later one.
    `notifier` is told of publications; `deliveries_pending` is set when there is something to tell.
    """

    out: Path
    ledger: Ledger
    allowed_hosts: frozenset[str] = LOOPBACK_HOSTS
    notifier: WebhookSender = NO_WEBHOOK
    browser_sessions: BrowserSessions = field(default_factory=BrowserSessions)
    metrics: Metrics = field(default_factory=Metrics)
    response_cache: ResponseCache = field(default_factory=ResponseCache)
    draft_lock: threading.Lock = field(default_factory=threading.Lock)
    deliveries_pending: threading.Event = field(default_factory=threading.Event)

    @property
    def published_folder(self) -> Path:
        return self.out / PUBLISHED_DIR

    def results_folder(self, session_id: str) -> Path:
        """The folder of a session's results. Raises NotFoundError where it has none."""
        folder = self.out / session_id
        if session_id == PUBLISHED_DIR or not (folder / TAKES_FILE).is_file():
            raise NotFoundError(f"session {session_id}", "has no results", "GET /v1/sessions lists those that have")
        return folder


def set_app_context(app: FastAPI, context: AppContext) -> None:
    """Let the routes of `app` serve `context`."""
    app.state.context = context


async def _app_context(request: Request) -> AppContext:
    context: AppContext = request.app.state.context
    return context


async def _checked_session_id(
    session_id: Annotated[str, InPath(max_length=MAX_ID_BYTES, description="The session's id.")],
) -> str:
    try:
        check_session_id(session_id)
    except InvalidValue as problem:
        raise NotFoundError("session", "cannot have this id", "GET /v1/sessions lists all ids") from problem
    return session_id


Context = Annotated[AppContext, Depends(_app_context)]
SessionId = Annotated[str, Depends(_checked_session_id)]
