"""What a stretch may be about."""

import numpy as np
import pytest

from domain.evidence import EVIDENCE_KINDS, ProductScores
from models.segmentation.semi_markov import DURATION_FEATURES
from models.segmentation.state_space import (
    MAX_BUNDLE_PRODUCTS,
    MIN_BUNDLE_CANDIDATES,
    UNLISTED_STATE,
    build_lattice,
    candidate_states,
)

UNIT = 5.0  # seconds
NAME = EVIDENCE_KINDS.index("name")


def scores(units: int = 20, products: int = 4) -> ProductScores:
    """Nothing speaks for any product."""
    starts = UNIT * np.arange(units, dtype=np.float64)
    return ProductScores(
        product_ids=tuple(f"p{i}" for i in range(products)),
        unit_starts=starts,
        unit_ends=starts + UNIT,
        explanation=np.zeros(units),
        opening=np.zeros(units),
        closing=np.zeros(units),
        evidence=np.zeros((units, products, len(EVIDENCE_KINDS))),
        product_opening=np.zeros((units, products)),
        product_closing=np.zeros((units, products)),
        duration_weights=np.zeros(len(DURATION_FEATURES)),
        entry_score=-4.0,
        bundle_entry_score=-5.0,
        unlisted_entry_score=-6.0,
        unlisted_unit_score=0.5,
        has_video=False,
        has_event_log=False,
    )


def test_every_product_and_the_unlisted_are_candidates() -> None:
    assert candidate_states(scores()) == ((0,), (1,), (2,), (3,), UNLISTED_STATE)


def test_products_named_in_the_same_units_are_a_candidate_bundle() -> None:
    show = scores()
    show.evidence[5:8, [1, 3], NAME] = 2.0
    assert candidate_states(show) == ((0,), (1,), (2,), (3,), (1, 3), UNLISTED_STATE)


def test_products_named_one_right_after_the_other_may_be_a_bundle_too() -> None:
    show = scores()
    show.evidence[5, 1, NAME] = show.evidence[6, 3, NAME] = 2.0
    assert (1, 3) in candidate_states(show)


def test_products_named_far_apart_are_no_bundle() -> None:
    show = scores()
    show.evidence[5, 1, NAME] = show.evidence[9, 3, NAME] = 9.0
    assert all(len(state) < 2 for state in candidate_states(show))


def test_evidence_against_products_makes_no_bundle() -> None:
    show = scores()
    show.evidence[:, :, NAME] = -9.0
    assert all(len(state) < 2 for state in candidate_states(show))


def test_there_are_not_more_bundles_than_a_show_of_its_length_may_have() -> None:
    show = scores(products=12)
    show.evidence[:, :, NAME] = 2.0
    assert sum(len(state) == 2 for state in candidate_states(show)) <= MIN_BUNDLE_CANDIDATES + 1


def test_bundles_are_found_among_the_likeliest_of_many_products() -> None:
    show = scores(products=MAX_BUNDLE_PRODUCTS + 30)
    show.evidence[5:8, [2, MAX_BUNDLE_PRODUCTS + 29], NAME] = 2.0
    assert (2, MAX_BUNDLE_PRODUCTS + 29) in candidate_states(show)


def test_candidates_leave_the_scores_as_they_were() -> None:
    show = scores()
    show.evidence[5:8, [1, 3], NAME] = 9.0
    before = show.identity.copy()
    candidate_states(show)
    np.testing.assert_array_equal(show.identity, before)


@pytest.mark.parametrize(("units", "products"), [(1, 1), (1, 3), (5, 1)])
def test_the_smallest_shows_have_candidates(units: int, products: int) -> None:
    assert candidate_states(scores(units, products))[-1] == UNLISTED_STATE


def test_a_bundle_is_in_each_unit_as_likely_as_the_likelier_of_its_two() -> None:
    show = scores(units=2, products=2)
    show.explanation[:] = [0.0, 10.0]
    show.evidence[:, :, NAME] = [[1.0, 2.0], [4.0, 3.0]]
    assert build_lattice(show, ((0,), (1,), (0, 1), UNLISTED_STATE)).log_odds.tolist() == [
        [1, 2, 2, 0.5],
        [14, 13, 14, 10.5],
    ]


def test_an_opening_counts_for_all_states_and_one_of_a_product_for_its_own() -> None:
    show = scores(units=1, products=2)
    show.opening[:] = 1.0
    show.product_opening[:] = [[0.0, 3.0]]
    assert build_lattice(show, ((0,), (1,), (0, 1), UNLISTED_STATE)).opening.tolist() == [[1, 4, 4, 1]]


def test_an_end_counts_for_all_states_and_one_of_a_product_for_its_own() -> None:
    show = scores(units=1, products=2)
    show.closing[:] = 1.0
    show.product_closing[:] = [[-2.0, 3.0]]
    assert build_lattice(show, ((0,), (1,), (0, 1), UNLISTED_STATE)).closing.tolist() == [[-1, 4, 4, 1]]


def test_entries_are_those_of_a_product_a_bundle_and_the_unlisted() -> None:
    assert build_lattice(scores(), ((0,), (0, 1), UNLISTED_STATE)).entry.tolist() == [-4, -5, -6]


def test_the_grid_is_the_units_of_the_show() -> None:
    assert build_lattice(scores(units=3), (UNLISTED_STATE,)).grid.boundaries.tolist() == [0, 5, 10, 15]
