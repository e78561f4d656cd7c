"""The bootstrap over shows."""

from learning.evaluation.bootstrap import bootstrap_intervals
from learning.evaluation.metrics import OutcomeCounts


def counts(matched: int, *, highlights: int = 10) -> OutcomeCounts:
    return OutcomeCounts(highlights=highlights, truths=10, matched_at_50=matched, seconds=100.0, right_seconds=50.0)


def test_shows_that_are_all_alike_leave_no_room() -> None:
    found = bootstrap_intervals([counts(6)] * 4)
    assert found is not None
    assert (found.low.f1_at_50, found.high.f1_at_50) == (0.6, 0.6)


def test_an_interval_holds_the_pooled_measure_and_reaches_towards_both_kinds_of_show() -> None:
    found = bootstrap_intervals([counts(2)] * 5 + [counts(8)] * 5)
    assert found is not None
    assert found.low.f1_at_50 is not None
    assert found.high.f1_at_50 is not None
    assert 0.2 <= found.low.f1_at_50 < 0.5 < found.high.f1_at_50 <= 0.8


def test_the_same_shows_give_the_same_interval() -> None:
    shows = [counts(2), counts(5), counts(9)]
    assert bootstrap_intervals(shows) == bootstrap_intervals(shows)


def test_one_show_says_nothing_of_others() -> None:
    assert bootstrap_intervals([counts(5)]) is None


def test_a_measure_that_no_draw_has_has_no_interval() -> None:
    found = bootstrap_intervals([counts(0, highlights=0), counts(0, highlights=0)])
    assert found is not None
    assert (found.low.seek_precision, found.high.seek_precision) == (None, None)
