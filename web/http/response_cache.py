"""A cache of published answers for a few seconds: many callers ask the same, and publications are rare."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from anyio import to_thread

REFRESH_AFTER_S = 2.0
MAX_AGE_S = 5.0  # that of latest.json in browsers
MAX_ENTRIES = 2000
REFRESH_THREADS = 2  # more would only compete with the thread that answers

CacheKey = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """The body of an answer, and its ETag, if any."""

    body: bytes
    etag: str = ""


@dataclass(slots=True)
class _CacheEntry:
    response: CachedResponse
    loaded_at: float
    is_refreshing: bool = False


@dataclass(slots=True)
class ResponseCache:
    """Thread-safe. Errors are not cached."""

    now: Callable[[], float] = time.monotonic
    _entries: dict[CacheKey, _CacheEntry] = field(default_factory=dict)
    _generation: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _refreshers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(REFRESH_THREADS))

    async def get(self, key: CacheKey, load: Callable[[], CachedResponse]) -> CachedResponse:
        """The answer of `load`, or one that it gave at most `MAX_AGE_S` ago.

        An answer older than `REFRESH_AFTER_S` is returned at once and refreshed in the background.
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
        """Forget all answers, because something was published."""
        with self._lock:
            self._generation += 1
            self._entries.clear()

    def _load(self, key: CacheKey, load: Callable[[], CachedResponse]) -> CachedResponse:
        started_at, generation = self.now(), self._generation
        try:
            response = load()
        except BaseException:
            with self._lock:
                self._entries.pop(key, None)  # the next caller sees the error
            raise
        with self._lock:
            if generation == self._generation:
                if len(self._entries) >= MAX_ENTRIES:
                    self._entries.clear()
                self._entries[key] = _CacheEntry(response, started_at)
        return response
