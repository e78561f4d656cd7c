"""Takes that cannot be are refused; chances belong together."""

import pytest

from domain.clock import Span
from domain.errors import InvalidValue
from domain.highlight import Highlight, Take, Takes


def take(*product_ids: str, product: float = 0.9, start: float = 0.5, is_tie: bool = False) -> Take:
    return Take(product_ids, Span(10, 40), 10, product, start, take_number=1, is_best=True, is_tie=is_tie)


def test_a_take_needs_a_product() -> None:
    with pytest.raises(InvalidValue, match="at least one product"):
        take()


@pytest.mark.parametrize("chance", [-0.1, 1.1, float("nan")])
def test_each_confidence_is_a_probability(chance: float) -> None:
    with pytest.raises(InvalidValue, match="confidence"):
        take("精华", product=chance)
    with pytest.raises(InvalidValue, match="confidence"):
        take("精华", start=chance)


def test_a_take_is_right_where_its_product_and_its_start_are() -> None:
    assert take("精华", product=0.8, start=0.5).confidence == pytest.approx(0.4)


def test_a_tie_is_a_suggestion_and_never_published() -> None:
    tie = take("精华", "毛巾", is_tie=True)
    assert Takes((), (tie,)).suggestions == (tie,)
    with pytest.raises(InvalidValue, match="never published"):
        Takes((tie,), ())


def test_a_highlight_whose_chances_were_never_told_apart_shares_its_confidence_between_them() -> None:
    highlight = Highlight("h1", ("锅",), 10, 60, 10, 0.81, "铁锅", "", (), (), None, 1, True, "auto")
    assert (highlight.product_confidence, highlight.start_confidence) == (0.9, 0.9)


def test_chances_that_were_told_stay() -> None:
    told = Highlight(
        *("h1", ("锅",), 10, 60, 10, 0.0, "铁锅", "", (), (), None, 1, True, "auto"),
        product_confidence=0.92,
        start_confidence=0.0,
    )
    assert (told.product_confidence, told.start_confidence) == (0.92, 0.0)
