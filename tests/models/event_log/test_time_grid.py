"""The grid of time on which event logs are compared with the show."""

import numpy as np

from models.event_log.time_grid import GRID_PADDING, GRID_STEP_S, probabilities_on_grid, to_time_grid
from models.event_log.timed_events import ExplanationPosteriors

STARTS = np.arange(0.0, 60.0, 6.0)
POSTERIORS = ExplanationPosteriors(STARTS, STARTS + 6.0, np.random.default_rng(0).uniform(0.1, 0.4, (10, 2)))


def test_the_belief_at_a_time_is_that_of_its_unit() -> None:
    on_grid = probabilities_on_grid(POSTERIORS)
    np.testing.assert_array_equal(on_grid[GRID_PADDING + round(12.0 / GRID_STEP_S)], POSTERIORS.probabilities[2])
    np.testing.assert_array_equal(on_grid[GRID_PADDING + round(15.0 / GRID_STEP_S)], POSTERIORS.probabilities[2])


def test_nothing_is_probable_outside_the_show() -> None:
    on_grid = probabilities_on_grid(POSTERIORS)
    assert not on_grid[:GRID_PADDING].any()
    assert not on_grid[GRID_PADDING + round(60.0 / GRID_STEP_S) :].any()


def test_all_that_begins_somewhere_is_on_the_grid() -> None:
    grid = to_time_grid(POSTERIORS.openings, 500)
    np.testing.assert_allclose(grid.sum(axis=0), POSTERIORS.openings.probabilities.sum(axis=0))


def test_where_a_product_becomes_likely_it_begins_and_where_it_fades_it_ends() -> None:
    chances = np.array([[0.0], [0.8], [0.8], [0.1]])
    show = ExplanationPosteriors(STARTS[:4], STARTS[1:5], chances)
    np.testing.assert_allclose(show.openings.probabilities[:, 0], [0.0, 0.8, 0.0, 0.0])
    np.testing.assert_allclose(show.closings.probabilities[:, 0], [0.0, 0.0, 0.7, 0.1])
