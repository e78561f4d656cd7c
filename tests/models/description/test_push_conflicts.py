"""Which pushes contradict takes, and the warning about them."""

import pytest

from domain.clock import Seconds, Span
from domain.highlight import Take, Takes
from models.description.push_conflicts import MAX_LISTED_PUSHES, push_conflict_warnings
from models.description.reasons import ProductPush

TITLES = {"pan": "Granite pan", "pot": "锅"}


def take(start: Seconds, end: Seconds, *products: str) -> Take:
    return Take(products, Span(start, end), start, 0.9, 1.0, 1, is_best=True)


SHOW = Takes((take(100, 200, "pan"), take(400, 500, "pot", "lid")), (take(250, 300, "jar"),))


def warnings(*pushes: tuple[Seconds, str]) -> tuple[str, ...]:
    return push_conflict_warnings([ProductPush(product, time) for time, product in pushes], SHOW, TITLES)


def test_a_push_of_something_else_than_what_is_explained_is_reported() -> None:
    (told,) = warnings((110.0, "pan"), (150.0, "pot"))
    assert told == (
        "1 of 2 pushes of the room fit nothing that was found to be explained near them and were doubted: 2:30 锅"
    )


@pytest.mark.parametrize(
    ("time", "product"),
    [
        pytest.param(120.0, "pan", id="its own take"),
        pytest.param(420.0, "lid", id="the second of a bundle"),
        pytest.param(85.0, "pan", id="early"),
        pytest.param(350.0, "cup", id="while nothing is explained"),
    ],
)
def test_a_push_that_may_be_right_is_no_conflict(time: Seconds, product: str) -> None:
    assert warnings((time, product)) == ()


def test_a_suggestion_speaks_for_a_push_too() -> None:
    show = Takes((take(100, 200, "pan"),), (take(210, 260, "jar"),))
    assert push_conflict_warnings([ProductPush("jar", 190.0)], show, TITLES) == ()


def test_a_wrong_push_that_is_put_right_is_reported_all_the_same() -> None:
    (told,) = warnings((110.0, "pot"), (120.0, "pan"))
    assert told.startswith("1 of 2 pushes")


def test_a_push_that_is_repeated_is_one() -> None:
    (told,) = warnings(*((110.0 + 5 * i, "pot") for i in range(6)))
    assert told.startswith("1 of 1 pushes")


def test_of_many_only_the_first_are_named() -> None:
    (told,) = warnings(*((101.0 + i, f"ware {i}") for i in range(40)))
    assert told.startswith("40 of 40 pushes")
    assert told.endswith(f"ware {MAX_LISTED_PUSHES - 1} and 35 more")


def test_titles_are_cut_to_a_line() -> None:
    (told,) = push_conflict_warnings([ProductPush("x", 150.0)], SHOW, {"x": "很长的名字" * 50 + "\n"})
    assert len(told) < 150
    assert "\n" not in told


def test_no_pushes_no_conflicts() -> None:
    assert warnings() == ()
