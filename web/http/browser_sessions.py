"""Browsers that came in by a one-time link: what the links are, and the cookies that they are exchanged for.

All of it is in memory: a server that is stopped forgets its browsers, and prints a new link when it begins anew.
"""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.ledger.tokens import SECRET_BYTES, Scope, secret_digest

LINK_LIFETIME_S = 600.0
COOKIE_LIFETIME_S = 12 * 3600.0  # a long working day


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """Whose browser it is, and what they may do. `expires_at`: by this server's clock."""

    name: str
    scopes: tuple[Scope, ...]
    expires_at: float


@dataclass(slots=True)
class BrowserSessions:
    """Threads may share it. Secrets are kept as digests only."""

    now: Callable[[], float] = time.monotonic
    _links: dict[str, BrowserSession] = field(default_factory=dict)
    _cookies: dict[str, BrowserSession] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def create_link(self, name: str, scopes: tuple[Scope, ...]) -> str:
        """The key of a link that works once, for ten minutes."""
        return self._store(self._links, BrowserSession(name, scopes, self.now() + LINK_LIFETIME_S))

    def redeem_link(self, link_key: str) -> str | None:
        """The secret of a cookie for whoever shows a link's key first; None for all others."""
        with self._lock:
            invitation = self._links.pop(secret_digest(link_key), None)
        if invitation is None or invitation.expires_at <= self.now():
            return None
        return self._store(
            self._cookies, BrowserSession(invitation.name, invitation.scopes, self.now() + COOKIE_LIFETIME_S)
        )

    def find_session(self, secret: str) -> BrowserSession | None:
        """Whose cookie it is, while it is good."""
        with self._lock:
            browser_session = self._cookies.get(secret_digest(secret))
        return browser_session if browser_session is not None and browser_session.expires_at > self.now() else None

    def _store(self, sessions: dict[str, BrowserSession], browser_session: BrowserSession) -> str:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        with self._lock:
            for expired in [digest for digest, each in sessions.items() if each.expires_at <= self.now()]:
                del sessions[expired]
            sessions[secret_digest(secret)] = browser_session
        return secret
