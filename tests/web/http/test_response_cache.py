"""Cached answers are refreshed as they get old, are never older than the limit, and are never errors."""

import threading
from collections.abc import Callable

import anyio
import pytest

from domain.errors import ToolError
from web.http.response_cache import MAX_AGE_S, REFRESH_AFTER_S, CachedResponse, ResponseCache

KEY = ("a",)


class Source:
    """Counts how often it was looked at, and answers by that number."""

    def __init__(self) -> None:
        self.looks, self.looked = 0, threading.Event()

    def __call__(self) -> CachedResponse:
        self.looks += 1
        self.looked.set()
        return CachedResponse(str(self.looks).encode())


def answer_of(recent: ResponseCache, look: Callable[[], CachedResponse]) -> bytes:
    async def ask() -> CachedResponse:
        return await recent.get(KEY, look)

    return anyio.run(ask).body


def test_a_fresh_answer_is_not_looked_up_again() -> None:
    source, recent = Source(), ResponseCache(now=lambda: 0.0)
    assert [answer_of(recent, source) for _ in range(3)] == [b"1"] * 3


def test_whoever_asks_for_an_answer_that_gets_old_has_it_at_once_and_the_next_has_a_new_one() -> None:
    clock, source = [0.0], Source()
    recent = ResponseCache(now=lambda: clock[0])
    answer_of(recent, source)
    clock[0] = REFRESH_AFTER_S
    source.looked.clear()
    assert answer_of(recent, source) == b"1"
    assert source.looked.wait(10)
    recent._refreshers.shutdown()
    assert answer_of(recent, source) == b"2"


def test_an_answer_that_is_too_old_is_waited_for() -> None:
    clock, source = [0.0], Source()
    recent = ResponseCache(now=lambda: clock[0])
    answer_of(recent, source)
    clock[0] = MAX_AGE_S
    assert answer_of(recent, source) == b"2"


def test_a_publication_ends_what_was_known_even_while_it_is_looked_up() -> None:
    source, recent = Source(), ResponseCache(now=lambda: 0.0)

    def published_meanwhile() -> CachedResponse:
        recent.clear()
        return CachedResponse(b"old")

    assert answer_of(recent, published_meanwhile) == b"old"
    assert answer_of(recent, source) == b"1"


def test_an_error_is_not_kept() -> None:
    def fail() -> CachedResponse:
        raise ToolError("ledger", "does not answer", "look at it")

    recent = ResponseCache()
    with pytest.raises(ToolError):
        answer_of(recent, fail)
    assert answer_of(recent, lambda: CachedResponse(b"back")) == b"back"
