"""Published answers of the last two seconds: many ask the same, and what is published changes rarely."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from anyio import CapacityLimiter, to_thread

LIFETIME_S = 2.0  # latest.json itself is kept for five by whoever has it
MOST = 2000  # answers
LOOKERS = 4  # threads; more only take Python from the one that answers


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, and the ETag it has, if any."""

    body: bytes
    etag: str = ""


@dataclass(slots=True)
class Recent:
    """Threads may share it. An error is never kept."""

    now: Callable[[], float] = time.monotonic
    _kept: dict[tuple[str, ...], tuple[float, Told]] = field(default_factory=dict)
    _lookers: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(LOOKERS))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def told(self, key: tuple[str, ...], look: Callable[[], Told]) -> Told:
        """What `look` found at most two seconds ago; looks in a thread of its own where nobody did.

        While one looks anew, others get what was found before.
        """
        kept = self._kept.get(key)
        if kept is not None and kept[0] > self.now():
            return kept[1]
        if kept is not None:
            self._keep(key, kept[1])
        try:
            found = await to_thread.run_sync(look, limiter=self._lookers)
        except BaseException:
            with self._lock:
                self._kept.pop(key, None)
            raise
        self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, ...], told: Told) -> None:
        with self._lock:
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = (self.now() + LIFETIME_S, told)

    def forget(self) -> None:
        """Something was published."""
        with self._lock:
            self._kept.clear()
