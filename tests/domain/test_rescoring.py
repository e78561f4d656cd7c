"""Windows and hypotheses that cannot be are refused."""

import pytest

from domain.clock import Span
from domain.errors import InvalidValue
from domain.rescoring import Hypothesis, HypothesisTarget, RescoringCandidate, RescoringWindow


def window(*hypotheses: Hypothesis) -> RescoringWindow:
    return RescoringWindow(Span(10, 14), "zh", "吹大火的", hypotheses, ("炊大皇",))


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2)])
def test_a_hypothesis_replaces_at_least_one_character(start: int, end: int) -> None:
    with pytest.raises(InvalidValue, match="at least one character"):
        Hypothesis("炊大皇", start, end)


def test_a_hypothesis_ends_within_the_text_of_its_window() -> None:
    assert window(Hypothesis("炊大皇的", 0, 4)).hypotheses
    with pytest.raises(InvalidValue, match="4 characters"):
        window(Hypothesis("炊大皇的锅", 0, 5))


def test_every_hypothesis_of_a_candidate_needs_a_target() -> None:
    target = HypothesisTarget("name", ("锅",), Span(11, 12), 0)
    hypothesis = Hypothesis("炊大皇", 0, 3)
    assert RescoringCandidate(window(hypothesis), (target,)).targets == (target,)
    with pytest.raises(InvalidValue, match="1 hypotheses need as many targets, not 2"):
        RescoringCandidate(window(hypothesis), (target, target))
