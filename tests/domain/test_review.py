"""Operations of the review: what they refuse."""

from collections.abc import Callable

import pytest

from domain.clock import Span
from domain.errors import InvalidValue
from domain.review import (
    Add,
    Approve,
    ChangeProduct,
    Merge,
    Move,
    Operation,
    PersistentId,
    PublishedHighlights,
    Reject,
    Retitle,
    Split,
    check_times,
)


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (lambda: Approve("approve", " "), "a highlight's id must not be blank"),
        (lambda: Reject("reject", ""), "a highlight's id must not be blank"),
        (lambda: Move("move", "h1"), "a move needs a start, an end or a seek"),
        (lambda: Move("move", "h1", start=5.0, end=5.0), "must start before it ends"),
        (lambda: ChangeProduct("change_product", "h1", ()), "at least one product, and each once"),
        (lambda: ChangeProduct("change_product", "h1", ("1", "1")), "at least one product, and each once"),
        (lambda: Retitle("retitle", "h1"), "a retitle needs a title or a summary"),
        (lambda: Retitle("retitle", "h1", title=""), "a title must not be blank"),
        (lambda: Add("add", "h1", ("",), 0.0, 1.0, "毛巾"), "a product's id must not be blank"),
        (lambda: Add("add", "h1", ("1",), 2.0, 1.0, "毛巾"), "must start before it ends"),
        (lambda: Split("split", "h1", -1.0, "h2"), "start must be a time in the replay"),
        (lambda: Merge("merge", "h1", ()), "a merge needs other highlights"),
        (lambda: Merge("merge", "h1", ("h1",)), "a merge needs other highlights"),
        (lambda: Merge("merge", "h1", ("h2", "h2")), "a merge needs other highlights"),
    ],
)
def test_operations_that_say_nothing_or_the_impossible_are_refused(
    operation: Callable[[], Operation], message: str
) -> None:
    with pytest.raises(InvalidValue, match=message):
        operation()


def test_an_added_highlight_needs_no_title() -> None:
    assert Add("add", "h1", ("1",), 0.0, 1.0, "").title == ""


def test_a_retitle_may_empty_the_summary() -> None:
    assert Retitle("retitle", "h1", summary="").summary == ""


@pytest.mark.parametrize(
    ("start", "end", "seek"), [(None, None, None), (0.0, 1.0, 0.0), (None, 5.0, 4.9), (3.0, None, 3.0)]
)
def test_times_that_fit_are_taken(start: float | None, end: float | None, seek: float | None) -> None:
    check_times(start, end, seek)


@pytest.mark.parametrize(
    ("start", "end", "seek"),
    [(float("nan"), None, None), (float("inf"), None, None), (0.0, 1.0, 1.0), (3.0, None, 2.9), (None, 5.0, 5.0)],
)
def test_a_seek_lies_inside_and_times_are_finite(start: float | None, end: float | None, seek: float | None) -> None:
    with pytest.raises(InvalidValue):
        check_times(start, end, seek)


def test_viewers_keep_the_ids_of_every_revision() -> None:
    persistent = tuple(PersistentId(name, "1", Span(0, 1)) for name in ("h1", "h2"))
    assert PublishedHighlights(2, persistent_ids=persistent).published_highlight_ids == {"h1", "h2"}
