"""Browsers that came in by a one-time link: what the links are, and the cookies that they are exchanged for.

All of it is in memory: a server that is stopped forgets its browsers, and prints a new link when it begins anew.
"""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.ledger.tokens import SECRET_BYTES, Scope, digest_of

LINK_LIFETIME_S = 600.0
COOKIE_LIFETIME_S = 12 * 3600.0  # a long working day


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whose browser it is, and what they may do. `until`: by this server's clock."""

    name: str
    scopes: tuple[Scope, ...]
    until: float


@dataclass(slots=True)
class Browsers:
    """Threads may share it. Secrets are kept as digests only."""

    now: Callable[[], float] = time.monotonic
    _links: dict[str, Visitor] = field(default_factory=dict)
    _cookies: dict[str, Visitor] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def invite(self, name: str, scopes: tuple[Scope, ...]) -> str:
        """The key of a link that works once, for ten minutes."""
        return self._keep(self._links, Visitor(name, scopes, self.now() + LINK_LIFETIME_S))

    def come_in(self, key: str) -> str | None:
        """The secret of a cookie for whoever shows a link's key first; None for all others."""
        with self._lock:
            invited = self._links.pop(digest_of(key), None)
        if invited is None or invited.until <= self.now():
            return None
        return self._keep(self._cookies, Visitor(invited.name, invited.scopes, self.now() + COOKIE_LIFETIME_S))

    def visitor(self, secret: str) -> Visitor | None:
        """Whose cookie it is, while it is good."""
        with self._lock:
            found = self._cookies.get(digest_of(secret))
        return found if found is not None and found.until > self.now() else None

    def _keep(self, where: dict[str, Visitor], visitor: Visitor) -> str:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        with self._lock:
            for gone in [digest for digest, each in where.items() if each.until <= self.now()]:
                del where[gone]
            where[digest_of(secret)] = visitor
        return secret
