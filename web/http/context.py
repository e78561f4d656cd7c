"""What one server serves, and how routes get it: a folder of results, its ledger, browsers, metrics, caches."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi import Path as InPath

from domain.session import MAX_ID_BYTES
from pipeline.ledger.database import Ledger
from pipeline.network.webhook import NO_WEBHOOK, WebhookSender
from pipeline.outputs.layout import PUBLISHED_DIR, TAKES_FILE
from pipeline.review.draft import is_session_id
from web.http.browser_sessions import BrowserSessions
from web.http.metrics import Metrics
from web.http.problems import NotFoundError
from web.http.response_cache import ResponseCache

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class AppContext:
    """`out` is absolute. `allowed_hosts` are the names by which requests may address this server.

    A draft is written into results under `draft_lock`, so that no older one overwrites a later one. `webhook_sender`
    announces publications; `deliveries_pending` is set when there is one to announce.
    """

    out: Path
    ledger: Ledger
    allowed_hosts: frozenset[str] = LOOPBACK_HOSTS
    webhook_sender: WebhookSender = NO_WEBHOOK
    browser_sessions: BrowserSessions = field(default_factory=BrowserSessions)
    metrics: Metrics = field(default_factory=Metrics)
    response_cache: ResponseCache = field(default_factory=ResponseCache)
    draft_lock: threading.Lock = field(default_factory=threading.Lock)
    deliveries_pending: threading.Event = field(default_factory=threading.Event)

    @property
    def published_folder(self) -> Path:
        return self.out / PUBLISHED_DIR

    def session_ids(self) -> list[str]:
        """Ids of all sessions that have results, sorted."""
        folder_names = sorted(file.parent.name for file in self.out.glob(f"*/{TAKES_FILE}"))
        return [name for name in folder_names if name != PUBLISHED_DIR and is_session_id(name)]

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
    if not is_session_id(session_id):
        raise NotFoundError("session", "cannot have this id", "GET /v1/sessions lists all ids")
    return session_id


Context = Annotated[AppContext, Depends(_app_context)]
SessionId = Annotated[str, Depends(_checked_session_id)]
