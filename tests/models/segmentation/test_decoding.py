"""Decoding without false bundles."""

from dataclasses import replace

import numpy as np
import pytest

from domain.evidence import ProductScores
from fixtures.scored_show import MODEL, NAME, SETTINGS, scored_show
from models.segmentation.calibration import ConfidenceModel, untrained_model
from models.segmentation.decoding import DecodedShow, decode_show, merge_segments
from models.segmentation.semi_markov import DecodedSegment
from models.segmentation.state_space import SegmentState

LIBERAL_BUNDLES = -3.0  # nats for a bundle, so that decoding is tempted to take everything for one


def tempted(show: ProductScores) -> ProductScores:
    return replace(show, bundle_entry_score=LIBERAL_BUNDLES)


def decoded(show: ProductScores, model: ConfidenceModel = MODEL) -> DecodedShow:
    return decode_show(show, model, SETTINGS.min_duration_s)


def segments(show: ProductScores, model: ConfidenceModel = MODEL) -> list[tuple[int, int, SegmentState]]:
    """First unit, unit after the last, and products of each."""
    found = decoded(show, model)
    return [(each.start, each.end, found.states[each.state]) for each in found.segments]


def quick_turns(*products: int, units: int = 4, nats: float = 3.0) -> ProductScores:
    """The products one after the other, `units` each, from unit 10 on; nobody opens or closes a turn."""
    show = scored_show(60)
    for turn, product in enumerate(products):
        show.evidence[10 + turn * units : 10 + (turn + 1) * units, product, NAME] = nats
    return tempted(show)


# --- what is no bundle


def test_one_product_then_the_other_are_two_explanations() -> None:
    show = scored_show(60, (10, 20, 1), (20, 30, 2))
    assert segments(tempted(show)) == [(10, 20, (1,)), (20, 30, (2,))]


def test_a_product_that_is_interrupted_by_another_has_two_explanations_and_is_no_bundle() -> None:
    assert [products for _, _, products in segments(quick_turns(1, 2, 1))] == [(1,), (2,), (1,)]


def test_turns_of_twenty_seconds_each_are_found_where_they_are() -> None:
    assert segments(quick_turns(1, 2, 1)) == [(10, 14, (1,)), (14, 18, (2,)), (18, 22, (1,))]


def test_a_product_that_is_named_once_beside_another_is_no_part_of_a_bundle() -> None:
    show = scored_show(60, (20, 32, 1))
    show.evidence[25, 2, NAME] = 6.0
    assert segments(tempted(show)) == [(20, 32, (1,))]


@pytest.mark.parametrize("seed", range(8))
def test_a_model_that_knows_no_bundles_finds_none_however_many_are_tempting(seed: int) -> None:
    show = scored_show(80, products=6)
    show.evidence[:, :, NAME] = np.random.default_rng(seed).uniform(-2.0, 4.0, (80, 6))
    tempting = replace(show, bundle_entry_score=2.0)
    assert any(len(state) == 2 for state in decoded(tempting).states)
    assert all(len(products) == 1 for _, _, products in segments(tempting, untrained_model()))


# --- what is one


def together(first: int, after: int, products: tuple[int, int], show: ProductScores) -> None:
    """Both products in every unit, one more in some, the other in others."""
    show.evidence[first:after, list(products), NAME] = 2.0
    show.evidence[first:after:3, products[0], NAME] = 4.5
    show.evidence[first + 1 : after : 3, products[1], NAME] = 4.5
    show.opening[first] = 2.0


def test_products_explained_together_are_a_bundle() -> None:
    show = scored_show(60)
    together(20, 32, (1, 2), show)
    assert segments(tempted(show)) == [(20, 32, (1, 2))]


def test_a_false_bundle_elsewhere_does_not_forbid_a_true_one() -> None:
    show = quick_turns(1, 2, 1)
    together(40, 52, (1, 2), show)
    assert [products for _, _, products in segments(show)] == [(1,), (2,), (1,), (1, 2)]


def test_explanations_of_each_before_one_of_both_stay_apart_from_it() -> None:
    show = scored_show(80, (10, 20, 1), (20, 30, 2))
    together(40, 52, (1, 2), show)
    assert segments(tempted(show)) == [(10, 20, (1,)), (20, 30, (2,)), (40, 52, (1, 2))]


def test_where_a_bundle_was_ruled_out_it_is_not_believed_in_afterwards() -> None:
    found = decoded(quick_turns(1, 2, 1))
    bundle = found.states.index((1, 2))
    assert found.posteriors.unit_probabilities[10:22, bundle].max() < 1e-6


# --- the smallest shows


def test_a_show_of_one_product_has_no_bundle() -> None:
    assert segments(tempted(scored_show(40, (10, 20, 0), products=1))) == [(10, 20, (0,))]


def test_one_unit_may_be_one_explanation() -> None:
    show = replace(scored_show(1, (0, 1, 0), nats=20.0), unit_ends=np.array([60.0]))
    assert segments(show) == [(0, 1, (0,))]


def test_one_unit_about_two_products_is_explained_once() -> None:
    show = replace(scored_show(1, (0, 1, 0), (0, 1, 1), nats=20.0), unit_ends=np.array([60.0]))
    assert len(segments(tempted(show))) == 1


def test_without_evidence_nothing_is_explained() -> None:
    assert segments(scored_show(100)) == []


def test_what_is_not_listed_is_no_segment() -> None:
    show = replace(scored_show(60), unlisted_unit_score=3.0)
    assert segments(show) == []


# --- merging


def merged(*spans: tuple[int, int, int], gap: float = 20.0) -> list[tuple[int, int, int]]:
    found = decoded(scored_show(60))
    given = [DecodedSegment(*span) for span in spans]
    return [(each.start, each.end, each.state) for each in merge_segments(given, found, gap, SETTINGS.min_duration_s)]


def test_segments_of_one_product_with_a_short_gap_become_one() -> None:
    assert merged((10, 20, 1), (24, 30, 1)) == [(10, 30, 1)]


def test_segments_with_a_long_gap_stay_two() -> None:
    assert merged((10, 20, 1), (25, 30, 1)) == [(10, 20, 1), (25, 30, 1)]


def test_a_word_about_another_product_between_is_swallowed() -> None:
    assert merged((10, 20, 1), (20, 21, 2), (21, 30, 1)) == [(10, 30, 1)]


def test_an_explanation_of_another_product_between_is_not() -> None:
    assert merged((10, 20, 1), (20, 22, 2), (22, 30, 1)) == [(10, 20, 1), (20, 22, 2), (22, 30, 1)]


def test_many_pieces_become_one() -> None:
    assert merged((10, 12, 1), (13, 15, 1), (16, 18, 1), (30, 32, 1)) == [(10, 18, 1), (30, 32, 1)]
