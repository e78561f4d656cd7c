"""Published answers of the last seconds: many ask the same, and what is published changes rarely."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from anyio import to_thread

FRESH_S = 2.0
OLDEST_S = 5.0  # as old as whoever has it lets latest.json get
MOST = 2000  # answers
LOOKERS = 2  # threads; more only take Python from the one that answers

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, and the ETag it has, if any."""

    body: bytes
    etag: str = ""


@dataclass(slots=True)
class _Kept:
    told: Told
    at: float
    is_looked_after: bool = False


@dataclass(slots=True)
class Recent:
    """Threads may share it. An error is never kept."""

    now: Callable[[], float] = time.monotonic
    _kept: dict[Key, _Kept] = field(default_factory=dict)
    _published: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _lookers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(LOOKERS))

    async def told(self, key: Key, look: Callable[[], Told]) -> Told:
        """What `look` finds, or found at most five seconds ago.

        Nobody waits for an answer that is only getting old: it is looked up anew meanwhile.
        """
        kept = self._kept.get(key)
        age = OLDEST_S if kept is None else self.now() - kept.at
        if kept is None or age >= OLDEST_S:
            return await to_thread.run_sync(self._look, key, look)
        if age >= FRESH_S and not kept.is_looked_after:
            kept.is_looked_after = True
            self._lookers.submit(self._look, key, look)
        return kept.told

    def forget(self) -> None:
        """Something was published."""
        with self._lock:
            self._published += 1
            self._kept.clear()

    def _look(self, key: Key, look: Callable[[], Told]) -> Told:
        began, published = self.now(), self._published
        try:
            found = look()
        except BaseException:
            with self._lock:
                self._kept.pop(key, None)  # who asks next is told why
            raise
        with self._lock:
            if published == self._published:
                if len(self._kept) >= MOST:
                    self._kept.clear()
                self._kept[key] = _Kept(found, began)
        return found
