"""From scores to takes."""

import time
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from domain.clock import Span
from domain.evidence import Scores
from domain.highlight import Take
from models.take_cutter import CutSettings, cut

UNIT = 5.0  # seconds
SETTINGS = CutSettings(
    typical_s=60.0,
    spread=0.8,
    longest_s=1800.0,
    entry=-4.0,
    temper=1.0,
    rejoin_s=20.0,
    shortest_s=8.0,
    publish_at=0.2,
    suggest_at=0.05,
)


def scores(units: int, *evidence: tuple[int, int, int], products: int = 3, nats: float = 3.0) -> Scores:
    """A show of 5-s units; each of `evidence` is (first unit, unit after the last, product), opened clearly."""
    log_odds = np.full((units, products), -0.3)
    opening = np.full(units, -1.0)
    for first, after, product in evidence:
        log_odds[first:after, product] = nats
        opening[first] = 2.0
    starts = UNIT * np.arange(units, dtype=np.float64)
    ids = tuple(f"p{k}" for k in range(products))
    return Scores(ids, starts, starts + UNIT, log_odds, opening, np.zeros(units))


def published(show: Scores, settings: CutSettings = SETTINGS) -> list[tuple[str, float]]:
    """The product and end of every take."""
    return [(take.product_ids[0], take.span.end) for take in cut(show, settings).takes]


def lands_right(seek: float, start: float) -> bool:
    """The measure: a seek from 5 s before the true start to 10 s after it is right."""
    return -5.0 <= seek - start <= 10.0


def test_an_explanation_becomes_a_take_of_its_product() -> None:
    (take,) = cut(scores(60, (20, 32, 1)), SETTINGS).takes
    assert (take.product_ids, take.span.end) == (("p1",), 160.0)
    assert lands_right(take.seek, 100.0)


def test_two_explanations_become_two_takes_by_time() -> None:
    found = published(scores(80, (40, 52, 0), (10, 22, 2)))
    assert found == [("p2", 110.0), ("p0", 260.0)]


def test_two_takes_split_by_a_short_aside_become_one() -> None:
    aside = scores(60, (10, 20, 1), (23, 33, 1))
    aside.log_odds[20:23, 1] = -20.0
    (take,) = cut(aside, SETTINGS).takes
    assert take.span.end == 165.0
    assert lands_right(take.seek, 50.0)
    assert len(published(aside, replace(SETTINGS, rejoin_s=0.0))) == 2


def test_two_takes_split_by_a_word_about_another_product_become_one() -> None:
    aside = scores(60, (10, 20, 1), (20, 21, 2), (21, 33, 1))
    aside.log_odds[20] = [-0.3, -20.0, 15.0]
    (take,) = cut(aside, SETTINGS).takes
    assert (take.product_ids, take.span.end) == (("p1",), 165.0)
    assert lands_right(take.seek, 50.0)


def test_two_takes_split_by_another_take_stay_two() -> None:
    between = scores(60, (10, 20, 1), (20, 24, 2), (24, 36, 1))
    between.log_odds[20:24] = [-0.3, -20.0, 9.0]
    assert [product for product, _ in published(between)] == ["p1", "p2", "p1"]


def test_a_long_break_ends_a_take() -> None:
    assert len(published(scores(100, (10, 22, 1), (60, 72, 1)))) == 2


def test_a_product_that_soon_returns_is_not_landed_on_at_its_first_take() -> None:
    show = scores(60, (10, 15, 1), (21, 40, 1), nats=6.0)
    show.log_odds[15:21, 1] = -20.0
    first, second = cut(show, SETTINGS).takes
    assert lands_right(first.seek, 50.0)
    assert lands_right(second.seek, 105.0)


def test_a_product_that_returns_has_takes_one_and_two_and_exactly_one_best() -> None:
    returning = scores(120, (10, 22, 1), (40, 52, 0), (80, 92, 1))
    takes = cut(returning, SETTINGS).takes
    assert [(take.product_ids[0], take.number) for take in takes] == [("p1", 1), ("p0", 1), ("p1", 2)]
    assert sum(take.is_best for take in takes if take.product_ids == ("p1",)) == 1


def test_the_best_take_is_the_surest() -> None:
    returning = scores(120, (10, 22, 1), (80, 92, 1))
    returning.opening[10] = -1.0
    returning.log_odds[9, 1] = 0.5
    first, second = cut(returning, SETTINGS).takes
    assert first.confidence < second.confidence
    assert (first.is_best, second.is_best) == (False, True)


def test_doubtful_takes_become_suggestions() -> None:
    show = scores(60, (20, 32, 1), nats=1.2)
    sure = cut(show, replace(SETTINGS, publish_at=0.0, suggest_at=0.0)).takes
    (confidence,) = (take.confidence for take in sure)
    strict = cut(show, replace(SETTINGS, publish_at=min(1.0, confidence + 0.01), suggest_at=confidence - 0.01))
    assert strict.takes == ()
    assert [take.span for take in strict.suggestions] == [take.span for take in sure]


def test_what_is_more_than_doubtful_vanishes() -> None:
    show = replace(scores(60, (20, 32, 1), nats=1.2), opening=np.zeros(60))
    one = cut(show, replace(SETTINGS, publish_at=1.0, suggest_at=1.0))
    assert (one.takes, one.suggestions) == ((), ())


def test_a_suggestion_never_has_the_number_of_a_take_or_is_best_beside_one() -> None:
    mixed = scores(160, (10, 22, 1), (60, 72, 1), (110, 122, 1))
    mixed.log_odds[60:72, 1] = 1.0
    mixed.opening[55:65] = 0.0
    everything = cut(mixed, replace(SETTINGS, publish_at=0.0, suggest_at=0.0)).takes
    weakest = min(take.confidence for take in everything)
    found = cut(mixed, replace(SETTINGS, publish_at=weakest + 0.001, suggest_at=0.0))
    assert [take.number for take in found.takes] == [1, 2]
    assert [(take.number, take.is_best) for take in found.suggestions] == [(3, False)]


def test_a_take_shorter_than_the_shortest_vanishes() -> None:
    show = scores(60, (20, 32, 1))
    assert len(published(show)) == 1
    found = cut(show, replace(SETTINGS, shortest_s=80.0))
    assert (found.takes, found.suggestions) == ((), ())


def test_a_show_without_evidence_has_no_takes() -> None:
    found = cut(scores(200), SETTINGS)
    assert (found.takes, found.suggestions) == ((), ())


def test_a_show_of_one_unit_may_be_one_take() -> None:
    show = Scores(("p",), np.array([0.0]), np.array([60.0]), np.array([[20.0]]), np.array([2.0]), np.array([0.0]))
    (take,) = cut(show, SETTINGS).takes
    assert (take.span, take.seek, take.number, take.is_best) == (Span(0, 60), 0.0, 1, True)


def test_a_show_of_one_silent_unit_has_no_takes() -> None:
    assert cut(scores(1), SETTINGS).takes == ()


def test_a_show_without_units_has_no_takes() -> None:
    assert cut(scores(0), SETTINGS).takes == ()


def test_units_of_no_length_do_no_harm() -> None:
    starts = np.array([0.0, 10.0, 10.0, 10.0, 40.0])
    show = scores(5, (1, 4, 0), nats=9.0)
    (take,) = cut(replace(show, starts=starts, ends=np.array([10.0, 10.0, 10.0, 40.0, 50.0])), SETTINGS).takes
    assert take.span.end == 40.0


def random_scores(seed: int) -> Scores:
    random = np.random.default_rng(seed)
    show = scores(120, products=4)
    starts = np.concatenate([[0.0], np.cumsum(random.uniform(0.5, 12, 120))])
    log_odds = random.normal(-1.0, 2.5, (120, 4))
    return replace(show, starts=starts[:-1], ends=starts[1:], log_odds=log_odds, opening=random.normal(-1, 1.5, 120))


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_scores_every_take_is_sound(seed: int) -> None:
    show = random_scores(seed)
    found = cut(show, replace(SETTINGS, entry=-2.0))
    everything = [*found.takes, *found.suggestions]
    assert everything
    for take in everything:
        assert 0 <= take.confidence <= 1
        assert take.span.duration >= SETTINGS.shortest_s
        assert show.starts[0] <= take.span.start <= take.seek < take.span.end <= show.ends[-1]
    for takes in (found.takes, found.suggestions):
        assert list(takes) == sorted(takes, key=lambda take: take.span.start)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_scores_each_product_counts_its_takes_and_has_one_best(seed: int) -> None:
    found = cut(random_scores(seed), replace(SETTINGS, entry=-2.0))
    of_product: dict[str, list[Take]] = defaultdict(list)
    for take in (*found.takes, *found.suggestions):
        of_product[take.product_ids[0]].append(take)
    for own in of_product.values():
        assert [take.number for take in own] == list(range(1, len(own) + 1))
        assert sum(take.is_best for take in own) == 1


def test_a_viewer_lands_where_the_explanation_opens() -> None:
    show = scores(60, (20, 32, 1))
    show.log_odds[20:23, 1] = -0.3  # it opens 15 s before the first word of evidence
    (take,) = cut(show, SETTINGS).takes
    assert lands_right(take.seek, 100.0)


def test_a_clear_opening_is_surer_than_none() -> None:
    clear, vague = scores(60, (20, 32, 1)), scores(60, (20, 32, 1))
    vague.opening[:] = 0.0
    vague.log_odds[14:20, 1] = 0.3
    assert cut(vague, SETTINGS).takes[0].confidence < cut(clear, SETTINGS).takes[0].confidence


def test_the_telling_products_of_five_thousand_are_decoded_in_seconds() -> None:
    show = scores(600, (100, 120, 4321), (300, 320, 7), products=5000)
    began = time.process_time()
    found = published(show)
    assert time.process_time() - began < 20.0
    assert found == [("p4321", 600.0), ("p7", 1600.0)]
