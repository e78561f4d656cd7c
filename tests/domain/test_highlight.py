"""Takes that cannot be are refused."""

import pytest

from domain.clock import Span
from domain.errors import InvalidValue
from domain.highlight import Take, Takes


def take(*product_ids: str, confidence: float = 0.9, is_tie: bool = False) -> Take:
    return Take(product_ids, Span(10, 40), 10, confidence, 1.0, take_number=1, is_best=True, is_tie=is_tie)


def test_a_take_needs_a_product() -> None:
    with pytest.raises(InvalidValue, match="at least one product"):
        take()


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_is_a_probability(confidence: float) -> None:
    with pytest.raises(InvalidValue, match="confidence"):
        take("精华", confidence=confidence)


def test_a_tie_is_a_suggestion_and_never_published() -> None:
    tie = take("精华", "毛巾", is_tie=True)
    assert Takes((), (tie,)).suggestions == (tie,)
    with pytest.raises(InvalidValue, match="never published"):
        Takes((tie,), ())
