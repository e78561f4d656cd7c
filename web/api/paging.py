"""Pages: the limits of long answers, and where the next page begins."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query

T = TypeVar("T")
MAX_LIMIT, DEFAULT_LIMIT = 200, 50  # items of a page
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]


def first_page(items: Sequence[T], limit: int) -> tuple[tuple[T, ...], T | None]:
    """The first `limit` items, and the last of these if more follow: the next page begins after it."""
    return tuple(items[:limit]), items[limit - 1] if len(items) > limit else None
