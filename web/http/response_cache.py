"""Published answers of the last seconds: many ask the same, and what is published changes rarely."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from anyio import to_thread

REFRESH_AFTER_S = 2.0
MAX_AGE_S = 5.0  # as old as whoever has it lets latest.json get
MAX_ENTRIES = 2000  # answers
REFRESH_THREADS = 2  # threads; more only take Python from the one that answers

CacheKey = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """An answer, and the ETag it has, if any."""

    body: bytes
    etag: str = ""


@dataclass(slots=True)
class _CacheEntry:
    response: CachedResponse
    loaded_at: float
    is_refreshing: bool = False


@dataclass(slots=True)
class ResponseCache:
    """Threads may share it. An error is never kept."""

    now: Callable[[], float] = time.monotonic
    _entries: dict[CacheKey, _CacheEntry] = field(default_factory=dict)
    _generation: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _refreshers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(REFRESH_THREADS))

    async def get(self, key: CacheKey, load: Callable[[], CachedResponse]) -> CachedResponse:
        """What `load` finds, or found at most five seconds ago.

        Nobody waits for an answer that is only getting old: it is looked up anew meanwhile.
        """
        entry = self._entries.get(key)
        age_s = MAX_AGE_S if entry is None else self.now() - entry.loaded_at
        if entry is None or age_s >= MAX_AGE_S:
            return await to_thread.run_sync(self._load, key, load)
        if age_s >= REFRESH_AFTER_S and not entry.is_refreshing:
            entry.is_refreshing = True
            self._refreshers.submit(self._load, key, load)
        return entry.response

    def clear(self) -> None:
        """Something was published."""
        with self._lock:
            self._generation += 1
            self._entries.clear()

    def _load(self, key: CacheKey, load: Callable[[], CachedResponse]) -> CachedResponse:
        started_at, generation = self.now(), self._generation
        try:
            response = load()
        except BaseException:
            with self._lock:
                self._entries.pop(key, None)  # who asks next is told why
            raise
        with self._lock:
            if generation == self._generation:
                if len(self._entries) >= MAX_ENTRIES:
                    self._entries.clear()
                self._entries[key] = _CacheEntry(response, started_at)
        return response
