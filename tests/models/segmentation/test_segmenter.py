"""From scores to takes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from domain.clock import Span
from domain.evidence import ProductScores
from domain.highlight import PublishingThresholds, Take
from fixtures.scored_show import MODEL, NAME, SETTINGS, UNIT_S, scored_show
from models.segmentation.calibration import TIE_NATS, untrained_model
from models.segmentation.segmenter import MIN_START_CONFIDENCE, SegmentationSettings, segment_takes
from models.segmentation.state_space import MAX_BUNDLES_PER_HOUR, MIN_BUNDLE_CANDIDATES, candidate_states

EVERYTHING = replace(SETTINGS, publish_at=0.0, suggest_at=0.0)


def takes(show: ProductScores, settings: SegmentationSettings = SETTINGS) -> tuple[Take, ...]:
    return segment_takes(show, MODEL, settings).takes


def published(show: ProductScores, settings: SegmentationSettings = SETTINGS) -> list[tuple[str, float]]:
    """The product and end of every take."""
    return [(take.product_ids[0], take.span.end) for take in takes(show, settings)]


def lands_right(seek: float, start: float) -> bool:
    """The measure: a seek from 5 s before the true start to 10 s after it is right."""
    return -5.0 <= seek - start <= 10.0


def test_an_explanation_becomes_a_take_of_its_product() -> None:
    (take,) = takes(scored_show(60, (20, 32, 1)))
    assert (take.product_ids, take.span.end) == (("p1",), 160.0)
    assert lands_right(take.seek, 100.0)


def test_two_explanations_become_two_takes_by_time() -> None:
    assert published(scored_show(80, (40, 52, 0), (10, 22, 2))) == [("p2", 110.0), ("p0", 260.0)]


def test_two_takes_split_by_a_short_aside_become_one() -> None:
    aside = scored_show(60, (10, 20, 1), (23, 33, 1))
    aside.evidence[20:23, 1, NAME] = -4.0
    (take,) = takes(aside)
    assert take.span.end == 165.0
    assert lands_right(take.seek, 50.0)
    assert len(published(aside, replace(SETTINGS, merge_gap_s=0.0))) == 2


def test_two_takes_split_by_a_word_about_another_product_become_one() -> None:
    aside = scored_show(60, (10, 20, 1), (20, 21, 2), (21, 33, 1))
    aside.evidence[20, :, NAME] = [0.0, -20.0, 15.0]
    (take,) = takes(aside)
    assert (take.product_ids, take.span.end) == (("p1",), 165.0)
    assert lands_right(take.seek, 50.0)


def test_two_takes_split_by_another_take_stay_two() -> None:
    between = scored_show(60, (10, 20, 1), (20, 24, 2), (24, 36, 1))
    between.evidence[20:24, :, NAME] = [0.0, -20.0, 9.0]
    assert [product for product, _ in published(between)] == ["p1", "p2", "p1"]


def test_a_long_break_ends_a_take() -> None:
    assert len(published(scored_show(100, (10, 22, 1), (60, 72, 1)))) == 2


def pitches(count: int, *others: tuple[int, int, int]) -> ProductScores:
    """`count` pitches of one product, 250 s each, an aside of 15 s between two."""
    show = scored_show(60 + 53 * count, *((10 + 53 * i, 60 + 53 * i, 1) for i in range(count)), *others)
    for i in range(1, count):
        show.evidence[7 + 53 * i : 10 + 53 * i, 1, NAME] = -9.0
    return show


def test_in_a_room_of_one_product_each_pitch_is_a_take() -> None:
    segmented = takes(pitches(3))
    assert [take.product_ids for take in segmented] == [("p1",)] * 3
    assert all(lands_right(take.seek, 50.0 + 265.0 * i) for i, take in enumerate(segmented))


def test_beside_other_products_pitches_of_one_that_follow_at_once_are_one_take() -> None:
    show = pitches(3, (176, 206, 2))
    assert [product for product, _ in published(show)] == ["p1", "p2"]


def test_a_short_show_of_one_product_is_no_room_of_pitches() -> None:
    assert len(takes(pitches(2))) == 1


def test_a_product_that_soon_returns_is_not_landed_on_at_its_first_take() -> None:
    show = scored_show(60, (10, 15, 1), (21, 40, 1), nats=6.0)
    show.evidence[15:21, 1, NAME] = -20.0
    first, second = takes(show)
    assert lands_right(first.seek, 50.0)
    assert lands_right(second.seek, 105.0)


def test_what_is_not_listed_is_no_take() -> None:
    show = replace(scored_show(60), unlisted_unit_score=3.0)
    assert segment_takes(show, MODEL, EVERYTHING).takes == ()


# --- numbers, best takes, suggestions


def test_a_product_that_returns_has_takes_one_and_two_and_exactly_one_best() -> None:
    segmented = takes(scored_show(120, (10, 22, 1), (40, 52, 0), (80, 92, 1)))
    assert [(take.product_ids[0], take.take_number) for take in segmented] == [("p1", 1), ("p0", 1), ("p1", 2)]
    assert sum(take.is_best for take in segmented if take.product_ids == ("p1",)) == 1


def test_the_best_take_is_the_surest() -> None:
    returning = scored_show(120, (10, 22, 1), (80, 92, 1))
    returning.evidence[10:22, 1, NAME] = 1.5
    first, second = takes(returning)
    assert first.confidence < second.confidence
    assert (first.is_best, second.is_best) == (False, True)


def test_uncertain_takes_become_suggestions() -> None:
    show = scored_show(60, (20, 32, 1))
    (sure,) = takes(show, EVERYTHING)
    chance = sure.product_confidence
    strict = segment_takes(show, MODEL, replace(SETTINGS, publish_at=chance + 1e-6, suggest_at=chance))
    assert (strict.takes, strict.suggestions) == ((), (sure,))


def test_a_take_is_published_by_the_chance_of_its_product_though_its_start_is_unsure() -> None:
    unsure_start = replace(MODEL, start=replace(MODEL.start, bias=-3.5))
    (take,) = segment_takes(scored_show(60, (20, 32, 1)), unsure_start, replace(SETTINGS, publish_at=0.7)).takes
    assert take.product_confidence > 0.7
    assert MIN_START_CONFIDENCE < take.start_confidence < 0.4


def test_a_take_whose_start_is_hopeless_is_only_suggested_however_sure_its_product() -> None:
    hopeless_start = replace(MODEL, start=replace(MODEL.start, bias=-9.0))
    segmented = segment_takes(scored_show(60, (20, 32, 1)), hopeless_start, EVERYTHING)
    assert segmented.takes == ()
    (take,) = segmented.suggestions
    assert take.start_confidence < MIN_START_CONFIDENCE < 0.7 < take.product_confidence


def test_a_sure_start_publishes_no_unsure_product() -> None:
    unsure_product = replace(MODEL, product=replace(MODEL.product, bias=-6.0))
    segmented = segment_takes(scored_show(60, (20, 32, 1)), unsure_product, replace(SETTINGS, publish_at=0.5))
    assert segmented.takes == ()
    (take,) = segmented.suggestions
    assert take.product_confidence < 0.5 < take.start_confidence


def hesitating(nats: float) -> ProductScores:
    """For a minute, the second product is nearly as likely as nothing at all."""
    show = scored_show(60)
    show.evidence[20:32, 1, NAME] = nats
    return show


def test_what_decoding_passed_over_but_may_well_be_is_suggested_and_never_published() -> None:
    segmented = segment_takes(hesitating(0.6), MODEL, replace(SETTINGS, publish_at=0.05))
    assert segmented.takes == ()
    (guess,) = segmented.suggestions
    assert (guess.product_ids, guess.take_number, guess.is_best) == (("p1",), 1, True)
    assert lands_right(guess.seek, 20 * UNIT_S)


def test_what_decoding_passed_over_is_no_surer_than_decoding_is_of_its_units() -> None:
    sure = replace(MODEL, product=replace(MODEL.product, bias=9.0))
    (guess,) = segment_takes(hesitating(0.6), sure, SETTINGS).suggestions
    assert guess.product_confidence < 0.5


def test_what_is_hardly_likely_is_not_suggested() -> None:
    assert segment_takes(hesitating(0.2), MODEL, EVERYTHING).suggestions == ()


def test_a_product_that_has_a_take_is_not_suggested_there_again() -> None:
    show = scored_show(60, (20, 32, 1))
    show.evidence[20:32, 2, NAME] = 2.5
    segmented = segment_takes(show, MODEL, EVERYTHING)
    both = [take for take in (*segmented.takes, *segmented.suggestions) if "p1" in take.product_ids]
    assert len(both) == 1


def test_what_is_even_less_certain_is_dropped() -> None:
    segmented = segment_takes(scored_show(60, (20, 32, 1)), MODEL, replace(SETTINGS, publish_at=1.0, suggest_at=1.0))
    assert (segmented.takes, segmented.suggestions) == ((), ())


def test_a_suggestion_never_has_the_number_of_a_take_or_is_best_beside_one() -> None:
    mixed = scored_show(160, (10, 22, 1), (60, 72, 1), (110, 122, 1))
    mixed.evidence[60:72, 1, NAME] = 1.2
    weakest = min(takes(mixed, EVERYTHING), key=lambda take: take.product_confidence)
    assert 300 <= weakest.seek < 360
    segmented = segment_takes(mixed, MODEL, replace(EVERYTHING, publish_at=weakest.product_confidence + 1e-6))
    assert [take.take_number for take in segmented.takes] == [1, 2]
    assert [(take.take_number, take.is_best) for take in segmented.suggestions] == [(3, False)]


def test_a_take_shorter_than_the_shortest_vanishes() -> None:
    show = scored_show(60, (20, 32, 1))
    assert len(published(show)) == 1
    segmented = segment_takes(show, MODEL, replace(EVERYTHING, min_duration_s=80.0))
    assert (segmented.takes, segmented.suggestions) == ((), ())


# --- bundles and ties


def test_two_products_explained_together_are_one_take_of_both() -> None:
    show = scored_show(60, (20, 32, 1))
    show.evidence[20:32, 2, NAME] = 2.9
    show.evidence[20:32:3, 2, NAME] = 4.0
    (take,) = takes(replace(show, bundle_entry_score=-2.0))
    assert set(take.product_ids) == {"p1", "p2"}
    assert lands_right(take.seek, 100.0)


def test_the_product_of_a_bundle_with_most_evidence_is_the_main_one() -> None:
    show = scored_show(60, (20, 32, 2), nats=4.0)
    show.evidence[20:32, 1, NAME] = 2.0
    show.evidence[20:32:4, 1, NAME] = 6.0
    (take,) = takes(replace(show, bundle_entry_score=-2.0))
    assert take.product_ids == ("p2", "p1")


NEAR_DUPLICATES = {"p1": frozenset({"p2"}), "p2": frozenset({"p1"})}


def two_alike(lead: float) -> ProductScores:
    """p1 is `lead` nats before p2; together they are no bundle."""
    show = scored_show(60, (20, 32, 1), (20, 32, 2))
    show.evidence[25, 1, NAME] += lead
    return replace(show, bundle_entry_score=-50.0)


def test_near_duplicates_that_nothing_tells_apart_are_named_both_and_never_published() -> None:
    segmented = segment_takes(two_alike(0.1), MODEL, EVERYTHING, NEAR_DUPLICATES)
    assert segmented.takes == ()
    (take,) = segmented.suggestions
    assert take.product_ids == ("p1", "p2")
    assert take.is_tie
    assert "p2" not in [other.product_id for other in take.other_products]


def test_near_duplicates_that_were_taken_for_a_bundle_are_a_tie_when_nothing_speaks_for_one_alone() -> None:
    together = replace(two_alike(0.1), bundle_entry_score=-2.0)
    assert segment_takes(together, MODEL, EVERYTHING, NEAR_DUPLICATES).takes == ()
    of_both = replace(together, evidence=together.evidence.copy())
    of_both.evidence[20:32:3, 2, NAME] += 4.0
    (bundle,) = segment_takes(of_both, MODEL, EVERYTHING, NEAR_DUPLICATES).takes
    assert set(bundle.product_ids) == {"p1", "p2"}


def test_a_near_duplicate_that_is_a_nat_behind_is_distinguished() -> None:
    (take,) = segment_takes(two_alike(TIE_NATS + 0.01), MODEL, EVERYTHING, NEAR_DUPLICATES).takes
    assert take.product_ids == ("p1",)
    assert not take.is_tie


def test_a_close_rival_that_is_no_near_duplicate_makes_no_tie_but_lowers_the_confidence() -> None:
    (close,) = segment_takes(two_alike(0.1), MODEL, EVERYTHING).takes
    (clear,) = segment_takes(replace(scored_show(60, (20, 32, 1)), bundle_entry_score=-50.0), MODEL, EVERYTHING).takes
    assert close.product_ids == ("p1",)
    assert close.product_confidence < clear.product_confidence


def test_a_product_that_is_well_behind_is_no_rival() -> None:
    clear = scored_show(60, (20, 32, 1))
    clear.evidence[20:32, 2, NAME] = 2.0
    (take,) = takes(replace(clear, bundle_entry_score=-50.0))
    assert take.product_ids == ("p1",)


# --- chances


def test_more_evidence_makes_a_take_surer() -> None:
    weak, strong = (takes(scored_show(60, (20, 32, 1), nats=nats), EVERYTHING)[0] for nats in (1.5, 4.0))
    assert weak.product_confidence < strong.product_confidence


def test_a_model_that_knows_nothing_gives_every_take_one_half() -> None:
    segmented = segment_takes(scored_show(80, (40, 52, 0), (10, 22, 2)), untrained_model(), SETTINGS).takes
    assert [(take.product_confidence, take.start_confidence) for take in segmented] == [(0.5, 0.5), (0.5, 0.5)]
    assert [take.confidence for take in segmented] == [0.25, 0.25]


# --- odd shows


def test_a_show_without_evidence_has_no_takes() -> None:
    segmented = segment_takes(scored_show(200), MODEL, EVERYTHING)
    assert (segmented.takes, segmented.suggestions) == ((), ())


def test_a_show_of_one_unit_may_be_one_take() -> None:
    show = replace(scored_show(1, (0, 1, 0), products=1, nats=20.0), unit_ends=np.array([60.0]))
    (take,) = takes(show)
    assert (take.span, take.seek, take.take_number, take.is_best) == (Span(0, 60), 0.0, 1, True)


@pytest.mark.parametrize(("units", "products"), [(0, 3), (1, 3), (4, 0), (0, 0)])
def test_a_show_of_nothing_has_no_takes(units: int, products: int) -> None:
    assert segment_takes(scored_show(units, products=products), MODEL, EVERYTHING).takes == ()


@pytest.mark.parametrize("products", [0, 3])
def test_takes_say_what_parted_them_from_suggestions_even_where_there_are_none(products: int) -> None:
    said = segment_takes(scored_show(4, products=products), MODEL, SETTINGS).thresholds
    assert said == PublishingThresholds(SETTINGS.publish_at, MIN_START_CONFIDENCE, SETTINGS.suggest_at)


def test_units_of_no_length_do_no_harm() -> None:
    starts = np.array([0.0, 10.0, 10.0, 10.0, 40.0])
    show = scored_show(5, (1, 4, 0), nats=9.0)
    (take,) = takes(replace(show, unit_starts=starts, unit_ends=np.array([10.0, 10.0, 10.0, 40.0, 50.0])))
    assert take.span.end == 40.0


def random_scores(seed: int) -> ProductScores:
    random = np.random.default_rng(seed)
    show = scored_show(120, products=4)
    starts = np.concatenate([[0.0], np.cumsum(random.uniform(0.5, 12, 120))])
    show.evidence[:, :, NAME] = random.normal(-1.0, 2.5, (120, 4))
    opening = random.normal(-1, 1.5, 120)
    return replace(show, unit_starts=starts[:-1], unit_ends=starts[1:], opening=opening, entry_score=-2.0)


def everything(show: ProductScores) -> Sequence[Take]:
    segmented = segment_takes(show, MODEL, SETTINGS)
    return [*segmented.takes, *segmented.suggestions]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_scores_every_take_is_sound(seed: int) -> None:
    show = random_scores(seed)
    assert everything(show)
    for take in everything(show):
        assert 0 <= take.confidence <= min(take.product_confidence, take.start_confidence)
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
    show = scored_show(600, (100, 120, 299), (300, 320, 7), products=300)
    assert published(show) == [("p299", 600.0), ("p7", 1600.0)]
    show.evidence[:, :, NAME] = 3.0  # all are spoken of together
    assert len(candidate_states(show)) - 301 <= MIN_BUNDLE_CANDIDATES + MAX_BUNDLES_PER_HOUR
