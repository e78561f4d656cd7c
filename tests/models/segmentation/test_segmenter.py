"""From scores to takes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from domain.clock import Span
from domain.evidence import ProductScores
from domain.highlight import Take
from models.segmentation.calibration import TIE_NATS, UNTRAINED_MODEL, ConfidenceModel
from models.segmentation.segmenter import CandidateTake, SegmentationSettings, candidate_takes, segment_takes
from models.segmentation.state_space import MAX_BUNDLES_PER_HOUR, MIN_BUNDLE_CANDIDATES, candidate_states

UNIT = 5.0  # seconds
SETTINGS = SegmentationSettings(merge_gap_s=20.0, min_duration_s=8.0, publish_at=0.2, suggest_at=0.05)
EVERYTHING = replace(SETTINGS, publish_at=0.0, suggest_at=0.0)
MODEL = ConfidenceModel(
    bias=-3.0,
    weights={
        "landing": 0.5,
        "inside": 0.4,
        "seconds": 0.2,
        "identity": 0.4,
        "margin": 0.5,
        "has_pictures": 0.0,
        "has_log": 0.0,
    },
    bundle_bias=-2.0,
    bundle_weights={"share": 0.3, "together": 3.0, "evidence": 0.1},
)
"""Hand-made: surer the more speaks for a take; a bundle if about half of the evidence is common."""


def scores(units: int, *evidence: tuple[int, int, int], products: int = 3, nats: float = 3.0) -> ProductScores:
    """A show of 5-s units; each of `evidence` is (first unit, unit after the last, product), opened clearly."""
    starts = UNIT * np.arange(units, dtype=np.float64)
    show = ProductScores(
        product_ids=tuple(f"p{k}" for k in range(products)),
        unit_starts=starts,
        unit_ends=starts + UNIT,
        explanation=np.full(units, -0.3),
        opening=np.full(units, -1.0),
        closing=np.zeros(units),
        identity=np.zeros((units, products)),
        product_opening=np.zeros((units, products)),
        duration_weights=np.array([0.0, -0.5, 0.0]),
        entry_score=-3.0,
        bundle_entry_score=-12.0,
        unlisted_entry_score=-5.0,
        unlisted_unit_score=-0.1,
        has_video=False,
        has_event_log=False,
    )
    for first, after, product in evidence:
        show.identity[first:after, product] = nats
        show.opening[first] = 2.0
    return show


def takes(show: ProductScores, settings: SegmentationSettings = SETTINGS) -> tuple[Take, ...]:
    return segment_takes(show, MODEL, settings).takes


def published(show: ProductScores, settings: SegmentationSettings = SETTINGS) -> list[tuple[str, float]]:
    """The product and end of every take."""
    return [(take.product_ids[0], take.span.end) for take in takes(show, settings)]


def the_candidate(show: ProductScores) -> CandidateTake:
    (only,) = candidate_takes(show, MODEL, SETTINGS)
    return only


def lands_right(seek: float, start: float) -> bool:
    """The measure: a seek from 5 s before the true start to 10 s after it is right."""
    return -5.0 <= seek - start <= 10.0


def test_an_explanation_becomes_a_take_of_its_product() -> None:
    (take,) = takes(scores(60, (20, 32, 1)))
    assert (take.product_ids, take.span.end) == (("p1",), 160.0)
    assert lands_right(take.seek, 100.0)


def test_two_explanations_become_two_takes_by_time() -> None:
    assert published(scores(80, (40, 52, 0), (10, 22, 2))) == [("p2", 110.0), ("p0", 260.0)]


def test_two_takes_split_by_a_short_aside_become_one() -> None:
    aside = scores(60, (10, 20, 1), (23, 33, 1))
    aside.identity[20:23, 1] = -4.0
    (take,) = takes(aside)
    assert take.span.end == 165.0
    assert lands_right(take.seek, 50.0)
    assert len(published(aside, replace(SETTINGS, merge_gap_s=0.0))) == 2


def test_two_takes_split_by_a_word_about_another_product_become_one() -> None:
    aside = scores(60, (10, 20, 1), (20, 21, 2), (21, 33, 1))
    aside.identity[20] = [0.0, -20.0, 15.0]
    (take,) = takes(aside)
    assert (take.product_ids, take.span.end) == (("p1",), 165.0)
    assert lands_right(take.seek, 50.0)


def test_two_takes_split_by_another_take_stay_two() -> None:
    between = scores(60, (10, 20, 1), (20, 24, 2), (24, 36, 1))
    between.identity[20:24] = [0.0, -20.0, 9.0]
    assert [product for product, _ in published(between)] == ["p1", "p2", "p1"]


def test_a_long_break_ends_a_take() -> None:
    assert len(published(scores(100, (10, 22, 1), (60, 72, 1)))) == 2


def test_a_product_that_soon_returns_is_not_landed_on_at_its_first_take() -> None:
    show = scores(60, (10, 15, 1), (21, 40, 1), nats=6.0)
    show.identity[15:21, 1] = -20.0
    first, second = takes(show)
    assert lands_right(first.seek, 50.0)
    assert lands_right(second.seek, 105.0)


def test_what_is_not_listed_is_no_take() -> None:
    show = replace(scores(60), unlisted_unit_score=3.0)
    assert segment_takes(show, MODEL, EVERYTHING).takes == ()


# --- numbers, best takes, suggestions


def test_a_product_that_returns_has_takes_one_and_two_and_exactly_one_best() -> None:
    segmented = takes(scores(120, (10, 22, 1), (40, 52, 0), (80, 92, 1)))
    assert [(take.product_ids[0], take.take_number) for take in segmented] == [("p1", 1), ("p0", 1), ("p1", 2)]
    assert sum(take.is_best for take in segmented if take.product_ids == ("p1",)) == 1


def test_the_best_take_is_the_surest() -> None:
    returning = scores(120, (10, 22, 1), (80, 92, 1))
    returning.identity[10:22, 1] = 1.5
    first, second = takes(returning)
    assert first.confidence < second.confidence
    assert (first.is_best, second.is_best) == (False, True)


def test_uncertain_takes_become_suggestions() -> None:
    show = scores(60, (20, 32, 1))
    (sure,) = takes(show, EVERYTHING)
    strict = segment_takes(
        show, MODEL, replace(SETTINGS, publish_at=sure.confidence + 1e-6, suggest_at=sure.confidence)
    )
    assert (strict.takes, strict.suggestions) == ((), (sure,))


def hesitating(nats: float) -> ProductScores:
    """For a minute, the second product is nearly as likely as nothing at all."""
    show = scores(60)
    show.identity[20:32, 1] = nats
    return show


def test_what_decoding_passed_over_but_may_well_be_is_suggested_and_never_published() -> None:
    segmented = segment_takes(hesitating(0.6), MODEL, replace(SETTINGS, publish_at=0.05))
    assert segmented.takes == ()
    (guess,) = segmented.suggestions
    assert (guess.product_ids, guess.take_number, guess.is_best) == (("p1",), 1, True)
    assert lands_right(guess.seek, 20 * UNIT)


def test_what_decoding_passed_over_is_no_surer_than_its_start_is_likely() -> None:
    sure = replace(MODEL, bias=9.0)
    (guess,) = segment_takes(hesitating(0.6), sure, SETTINGS).suggestions
    assert guess.confidence < 0.5


def test_what_is_hardly_likely_is_not_suggested() -> None:
    assert segment_takes(hesitating(0.2), MODEL, EVERYTHING).suggestions == ()


def test_a_product_that_has_a_take_is_not_suggested_there_again() -> None:
    show = scores(60, (20, 32, 1))
    show.identity[20:32, 2] = 2.5
    segmented = segment_takes(show, MODEL, EVERYTHING)
    both = [take for take in (*segmented.takes, *segmented.suggestions) if "p1" in take.product_ids]
    assert len(both) == 1


def test_what_is_even_less_certain_is_dropped() -> None:
    segmented = segment_takes(scores(60, (20, 32, 1)), MODEL, replace(SETTINGS, publish_at=1.0, suggest_at=1.0))
    assert (segmented.takes, segmented.suggestions) == ((), ())


def test_a_suggestion_never_has_the_number_of_a_take_or_is_best_beside_one() -> None:
    mixed = scores(160, (10, 22, 1), (60, 72, 1), (110, 122, 1))
    mixed.identity[60:72, 1] = 1.2
    weakest = min(takes(mixed, EVERYTHING), key=lambda take: take.confidence)
    assert 300 <= weakest.seek < 360
    segmented = segment_takes(mixed, MODEL, replace(EVERYTHING, publish_at=weakest.confidence + 1e-6))
    assert [take.take_number for take in segmented.takes] == [1, 2]
    assert [(take.take_number, take.is_best) for take in segmented.suggestions] == [(3, False)]


def test_a_take_shorter_than_the_shortest_vanishes() -> None:
    show = scores(60, (20, 32, 1))
    assert len(published(show)) == 1
    segmented = segment_takes(show, MODEL, replace(EVERYTHING, min_duration_s=80.0))
    assert (segmented.takes, segmented.suggestions) == ((), ())


# --- bundles and ties


def test_two_products_explained_together_are_one_take_of_both() -> None:
    show = scores(60, (20, 32, 1))
    show.identity[20:32, 2] = 2.9
    show.identity[20:32:3, 2] = 4.0
    (take,) = takes(replace(show, bundle_entry_score=-2.0))
    assert set(take.product_ids) == {"p1", "p2"}
    assert lands_right(take.seek, 100.0)


def test_the_product_of_a_bundle_with_most_evidence_is_the_main_one() -> None:
    show = scores(60, (20, 32, 2), nats=4.0)
    show.identity[20:32, 1] = 2.0
    show.identity[20:32:4, 1] = 6.0
    (take,) = takes(replace(show, bundle_entry_score=-2.0))
    assert take.product_ids == ("p2", "p1")


def test_a_product_that_is_named_once_beside_another_is_no_part_of_a_bundle() -> None:
    show = scores(60, (20, 32, 1))
    show.identity[25, 2] = 6.0
    (take,) = takes(replace(show, bundle_entry_score=-2.0))
    assert take.product_ids == ("p1",)


NEAR_DUPLICATES = {"p1": frozenset({"p2"}), "p2": frozenset({"p1"})}


def two_alike(lead: float) -> ProductScores:
    """p1 is `lead` nats before p2; together they are no bundle."""
    show = scores(60, (20, 32, 1), (20, 32, 2))
    show.identity[25, 1] += lead
    return replace(show, bundle_entry_score=-50.0)


def test_near_duplicates_that_nothing_tells_apart_are_named_both_and_never_published() -> None:
    segmented = segment_takes(two_alike(0.1), MODEL, EVERYTHING, NEAR_DUPLICATES)
    assert segmented.takes == ()
    (take,) = segmented.suggestions
    assert take.product_ids == ("p1", "p2")
    assert take.is_tie


def test_near_duplicates_that_were_taken_for_a_bundle_are_a_tie_when_nothing_speaks_for_one_alone() -> None:
    together = replace(two_alike(0.1), bundle_entry_score=-2.0)
    assert segment_takes(together, MODEL, EVERYTHING, NEAR_DUPLICATES).takes == ()
    together.identity[20:32:3, 2] += 4.0
    (bundle,) = segment_takes(together, MODEL, EVERYTHING, NEAR_DUPLICATES).takes
    assert set(bundle.product_ids) == {"p1", "p2"}


def test_a_near_duplicate_that_is_a_nat_behind_is_distinguished() -> None:
    (take,) = segment_takes(two_alike(TIE_NATS + 0.01), MODEL, EVERYTHING, NEAR_DUPLICATES).takes
    assert take.product_ids == ("p1",)
    assert not take.is_tie


def test_a_close_rival_that_is_no_near_duplicate_makes_no_tie_but_lowers_the_confidence() -> None:
    (close,) = segment_takes(two_alike(0.1), MODEL, EVERYTHING).takes
    (clear,) = segment_takes(replace(scores(60, (20, 32, 1)), bundle_entry_score=-50.0), MODEL, EVERYTHING).takes
    assert close.product_ids == ("p1",)
    assert close.confidence < clear.confidence


def test_a_product_that_is_well_behind_is_no_rival() -> None:
    clear = scores(60, (20, 32, 1))
    clear.identity[20:32, 2] = 2.0
    (take,) = takes(replace(clear, bundle_entry_score=-50.0))
    assert take.product_ids == ("p1",)
    assert the_candidate(replace(clear, bundle_entry_score=-50.0)).features.margin == pytest.approx(12.0)


def test_in_a_catalogue_of_one_product_all_that_speaks_for_it_is_its_lead() -> None:
    show = scores(60, (20, 32, 0), products=1)
    features = the_candidate(show).features
    assert features.margin == features.identity
    assert published(show) == [("p0", 160.0)]


# --- landing


def test_a_viewer_lands_where_the_explanation_opens() -> None:
    show = scores(60, (20, 32, 1))
    show.identity[20:23, 1] = 0.0  # it opens 15 s before the first word of evidence
    (take,) = takes(show)
    assert lands_right(take.seek, 100.0)


def test_what_speaks_for_a_start_of_this_product_moves_the_landing() -> None:
    show = scores(60, (20, 32, 1))
    show.opening[:] = -1.0
    show.product_opening[22, 1] = 12.0
    (take,) = takes(show)
    assert take.seek == 110.0


def test_a_clear_opening_is_surer_than_none() -> None:
    clear, vague = scores(60, (20, 32, 1)), scores(60, (20, 32, 1))
    vague.opening[:] = 0.0
    vague.identity[14:20, 1] = 0.6
    assert the_candidate(vague).features.landing < the_candidate(clear).features.landing
    assert takes(vague)[0].confidence < takes(clear)[0].confidence


def test_more_evidence_makes_a_take_surer() -> None:
    weak, strong = (takes(scores(60, (20, 32, 1), nats=nats), EVERYTHING)[0] for nats in (1.5, 4.0))
    assert weak.confidence < strong.confidence


def test_a_model_that_knows_nothing_gives_every_take_one_half() -> None:
    segmented = segment_takes(scores(80, (40, 52, 0), (10, 22, 2)), UNTRAINED_MODEL, SETTINGS).takes
    assert [take.confidence for take in segmented] == [0.5, 0.5]


# --- odd shows


def test_a_show_without_evidence_has_no_takes() -> None:
    segmented = segment_takes(scores(200), MODEL, EVERYTHING)
    assert (segmented.takes, segmented.suggestions) == ((), ())


def test_a_show_of_one_unit_may_be_one_take() -> None:
    show = replace(scores(1, (0, 1, 0), products=1, nats=20.0), unit_ends=np.array([60.0]))
    (take,) = takes(show)
    assert (take.span, take.seek, take.take_number, take.is_best) == (Span(0, 60), 0.0, 1, True)


@pytest.mark.parametrize(("units", "products"), [(0, 3), (1, 3), (4, 0), (0, 0)])
def test_a_show_of_nothing_has_no_takes(units: int, products: int) -> None:
    assert segment_takes(scores(units, products=products), MODEL, EVERYTHING).takes == ()


def test_units_of_no_length_do_no_harm() -> None:
    starts = np.array([0.0, 10.0, 10.0, 10.0, 40.0])
    show = scores(5, (1, 4, 0), nats=9.0)
    (take,) = takes(replace(show, unit_starts=starts, unit_ends=np.array([10.0, 10.0, 10.0, 40.0, 50.0])))
    assert take.span.end == 40.0


def random_scores(seed: int) -> ProductScores:
    random = np.random.default_rng(seed)
    show = scores(120, products=4)
    starts = np.concatenate([[0.0], np.cumsum(random.uniform(0.5, 12, 120))])
    identity, opening = random.normal(-1.0, 2.5, (120, 4)), random.normal(-1, 1.5, 120)
    return replace(
        show, unit_starts=starts[:-1], unit_ends=starts[1:], identity=identity, opening=opening, entry_score=-1.0
    )


def everything(show: ProductScores) -> Sequence[Take]:
    segmented = segment_takes(show, MODEL, SETTINGS)
    return [*segmented.takes, *segmented.suggestions]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_scores_every_take_is_sound(seed: int) -> None:
    show = random_scores(seed)
    assert everything(show)
    for take in everything(show):
        assert 0 <= take.confidence <= 1
        assert take.span.duration >= SETTINGS.min_duration_s
        assert show.unit_starts[0] <= take.span.start <= take.seek < take.span.end <= show.unit_ends[-1]
    segmented = segment_takes(show, MODEL, SETTINGS)
    for some in (segmented.takes, segmented.suggestions):
        assert list(some) == sorted(some, key=lambda take: take.span.start)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_scores_each_product_counts_its_takes_and_has_one_best(seed: int) -> None:
    of_product: dict[str, list[Take]] = defaultdict(list)
    for take in everything(random_scores(seed)):
        of_product[take.product_ids[0]].append(take)
    for own in of_product.values():
        assert [take.take_number for take in own] == list(range(1, len(own) + 1))
        assert sum(take.is_best for take in own) == 1


def test_a_show_of_three_hundred_products_has_few_states_more_and_is_cut() -> None:
    show = scores(600, (100, 120, 299), (300, 320, 7), products=300)
    assert published(show) == [("p299", 600.0), ("p7", 1600.0)]
    show.identity[:] = 3.0  # all are spoken of together
    assert len(candidate_states(show)) - 301 <= MIN_BUNDLE_CANDIDATES + MAX_BUNDLES_PER_HOUR
