"""Sign-in of browsers: one-time links, and the cookies that they are exchanged for.

Both are in memory: a server that stops forgets its browsers, and prints a new link when it starts again.
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
    """The name and the scopes of a browser. `expires_at`: by this server's monotonic clock."""

    name: str
    scopes: tuple[Scope, ...]
    expires_at: float


@dataclass(slots=True)
class BrowserSessions:
    """All links and cookies of a server. Thread-safe; secrets are kept as digests only."""

    now: Callable[[], float] = time.monotonic
    _links: dict[str, BrowserSession] = field(default_factory=dict)
    _cookies: dict[str, BrowserSession] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def create_link(self, name: str, scopes: tuple[Scope, ...]) -> str:
        """The key of a new link, which works once within `LINK_LIFETIME_S`."""
        return self._store(self._links, BrowserSession(name, scopes, self.now() + LINK_LIFETIME_S))

    def redeem_link(self, link_key: str) -> str | None:
        """The secret of a new cookie, for the first use of a link's key; None for an unknown, used or expired key."""
        with self._lock:
            invitation = self._links.pop(secret_digest(link_key), None)
        if invitation is None or invitation.expires_at <= self.now():
            return None
        return self._store(
            self._cookies, BrowserSession(invitation.name, invitation.scopes, self.now() + COOKIE_LIFETIME_S)
        )

    def find_session(self, secret: str) -> BrowserSession | None:
        """The session of a cookie; None for an unknown or expired one."""
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
