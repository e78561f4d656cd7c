"""What one server serves: a folder of results, its ledger, who may come in, and what was counted."""

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi import Path as InPath

from domain.errors import InvalidValue
from domain.session import LONGEST_ID_BYTES, check_session_id
from pipeline.ledger.database import Ledger
from pipeline.network.webhook import NOBODY, Teller
from pipeline.publishing.publish import FOLDER
from pipeline.review.draft import TAKES_FILE
from web.http.browser_sessions import Browsers
from web.http.metrics import Metrics
from web.http.problems import NotThere
from web.http.response_cache import Recent

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Served:
    """`out` is absolute. `hosts` are the names that requests may call this server by.

    Who holds `showing` may write drafts into results, so that no older one is written over a later one.
    `teller` is told of publications; `is_news` is set when there is something to tell.
    """

    out: Path
    ledger: Ledger
    hosts: frozenset[str] = LOOPBACK
    teller: Teller = NOBODY
    browsers: Browsers = field(default_factory=Browsers)
    metrics: Metrics = field(default_factory=Metrics)
    recent: Recent = field(default_factory=Recent)
    showing: threading.Lock = field(default_factory=threading.Lock)
    is_news: threading.Event = field(default_factory=threading.Event)

    @property
    def published(self) -> Path:
        return self.out / FOLDER

    def results_of(self, session_id: str) -> Path:
        """The folder of a session's results. Raises NotThere where it has none."""
        folder = self.out / session_id
        if session_id == FOLDER or not (folder / TAKES_FILE).is_file():
            raise NotThere(f"session {session_id}", "has no results", "GET /v1/sessions lists those that have")
        return folder


async def _served(request: Request) -> Served:
    served: Served = request.app.state.served
    return served


async def _session_id(
    session_id: Annotated[str, InPath(max_length=LONGEST_ID_BYTES, description="The session's id.")],
) -> str:
    try:
        check_session_id(session_id)
    except InvalidValue as problem:
        raise NotThere("session", "cannot have this id", "GET /v1/sessions lists all ids") from problem
    return session_id


Here = Annotated[Served, Depends(_served)]
SessionId = Annotated[str, Depends(_session_id)]
