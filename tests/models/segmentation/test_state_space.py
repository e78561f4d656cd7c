"""What a stretch may be about."""

import numpy as np
import pytest

from domain.evidence import Scores
from models.segmentation.state_space import FEWEST_BUNDLES, LIKELIEST, UNLISTED, candidate_states, lattice_of

UNIT = 5.0  # seconds


def scores(units: int = 20, products: int = 4) -> Scores:
    """Nothing speaks for any product."""
    starts = UNIT * np.arange(units, dtype=np.float64)
    return Scores(
        product_ids=tuple(f"p{i}" for i in range(products)),
        starts=starts,
        ends=starts + UNIT,
        talk=np.zeros(units),
        opening=np.zeros(units),
        closing=np.zeros(units),
        identity=np.zeros((units, products)),
        opening_of=np.zeros((units, products)),
        durations=np.array([0.1, -0.2, 0.3]),
        entry=-4.0,
        bundle_entry=-5.0,
        unlisted_entry=-6.0,
        unlisted=0.5,
        has_pictures=False,
        has_log=False,
    )


def test_every_product_and_the_unlisted_are_candidates() -> None:
    assert candidate_states(scores()) == ((0,), (1,), (2,), (3,), UNLISTED)


def test_products_named_in_the_same_units_are_a_candidate_bundle() -> None:
    show = scores()
    show.identity[5:8, [1, 3]] = 2.0
    assert candidate_states(show) == ((0,), (1,), (2,), (3,), (1, 3), UNLISTED)


def test_products_named_one_right_after_the_other_may_be_a_bundle_too() -> None:
    show = scores()
    show.identity[5, 1] = show.identity[6, 3] = 2.0
    assert (1, 3) in candidate_states(show)


def test_products_named_far_apart_are_no_bundle() -> None:
    show = scores()
    show.identity[5, 1] = show.identity[9, 3] = 9.0
    assert all(len(state) < 2 for state in candidate_states(show))


def test_evidence_against_products_makes_no_bundle() -> None:
    show = scores()
    show.identity[:] = -9.0
    assert all(len(state) < 2 for state in candidate_states(show))


def test_there_are_not_more_bundles_than_a_show_of_its_length_may_have() -> None:
    show = scores(products=12)
    show.identity[:] = 2.0
    assert sum(len(state) == 2 for state in candidate_states(show)) <= FEWEST_BUNDLES + 1


def test_bundles_are_found_among_the_likeliest_of_many_products() -> None:
    show = scores(products=LIKELIEST + 30)
    show.identity[5:8, [2, LIKELIEST + 29]] = 2.0
    assert (2, LIKELIEST + 29) in candidate_states(show)


def test_candidates_leave_the_scores_as_they_were() -> None:
    show = scores()
    show.identity[5:8, [1, 3]] = 9.0
    before = show.identity.copy()
    candidate_states(show)
    np.testing.assert_array_equal(show.identity, before)


@pytest.mark.parametrize(("units", "products"), [(1, 1), (1, 3), (5, 1)])
def test_the_smallest_shows_have_candidates(units: int, products: int) -> None:
    assert candidate_states(scores(units, products))[-1] == UNLISTED


def test_a_bundle_is_in_each_unit_as_likely_as_the_likelier_of_its_two() -> None:
    show = scores(units=2, products=2)
    show.talk[:] = [0.0, 10.0]
    show.identity[:] = [[1.0, 2.0], [4.0, 3.0]]
    assert lattice_of(show, ((0,), (1,), (0, 1), UNLISTED)).log_odds.tolist() == [[1, 2, 2, 0.5], [14, 13, 14, 10.5]]


def test_an_opening_counts_for_all_states_and_one_of_a_product_for_its_own() -> None:
    show = scores(units=1, products=2)
    show.opening[:] = 1.0
    show.opening_of[:] = [[0.0, 3.0]]
    assert lattice_of(show, ((0,), (1,), (0, 1), UNLISTED)).opening.tolist() == [[1, 4, 4, 1]]


def test_entries_are_those_of_a_product_a_bundle_and_the_unlisted() -> None:
    assert lattice_of(scores(), ((0,), (0, 1), UNLISTED)).entry.tolist() == [-4, -5, -6]


def test_the_grid_is_the_units_of_the_show() -> None:
    assert lattice_of(scores(units=3), (UNLISTED,)).grid.boundaries.tolist() == [0, 5, 10, 15]
