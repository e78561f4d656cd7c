"""Forward-backward over a batch gives what models/segmentation/semi_markov.py gives for each lattice."""

from dataclasses import replace

import numpy as np
import pytest

from learning.training.batched_forward_backward import SegmentBands, expected_counts
from models.segmentation.semi_markov import SegmentGrid, SegmentLattice, posteriors

DURATIONS = np.array([0.4, -0.9, -0.3, -0.2])


def lattice(seed: int, units: int, states: int, nats: float) -> SegmentLattice:
    """Noise of about so many nats a unit, over units of 3 to 9 seconds."""
    random = np.random.default_rng(seed)
    boundaries = np.concatenate([[0.0], np.cumsum(random.uniform(3, 9, units))])
    return SegmentLattice(
        log_odds=random.normal(-0.5, nats, (units, states)),
        opening=random.normal(0, nats, (units, states)),
        closing=random.normal(0, nats, (units, states)),
        grid=SegmentGrid(boundaries, 60.0),
        duration_weights=DURATIONS,
        entry=random.normal(-3, 1, states),
    )


@pytest.mark.parametrize("nats", [0.1, 3.0, 40.0, 400.0])
def test_shows_of_any_size_come_out_as_one_by_one(nats: float) -> None:
    sizes = ((40, 3), (7, 1), (25, 6), (1, 2), (60, 4))
    lattices = [lattice(seed, units, states, nats) for seed, (units, states) in enumerate(sizes)]
    together = expected_counts(SegmentBands(tuple(one.grid for one in lattices)), lattices)
    for one, counts in zip(lattices, together, strict=True):
        alone = posteriors(one)
        assert counts.log_score == pytest.approx(alone.log_partition, rel=1e-12, abs=1e-9)
        np.testing.assert_allclose(counts.starts, alone.start_probabilities, atol=1e-8)
        np.testing.assert_allclose(counts.ends, alone.end_probabilities, atol=1e-8)
        np.testing.assert_allclose(counts.units, alone.unit_probabilities, atol=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_expected_durations_are_the_slopes_of_the_log_partition(seed: int) -> None:
    one = lattice(seed, 40, 4, 1.0)
    (counts,) = expected_counts(SegmentBands((one.grid,)), [one])
    step = 1e-5
    for feature, expected in enumerate(counts.durations.tolist()):
        higher, lower = (
            posteriors(
                replace(one, duration_weights=DURATIONS + sign * step * np.eye(len(DURATIONS))[feature])
            ).log_partition
            for sign in (1, -1)
        )
        assert (higher - lower) / (2 * step) == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_other_lattices_of_a_batch_change_almost_nothing() -> None:
    one, loud = lattice(1, 30, 3, 1.0), lattice(2, 80, 8, 300.0)
    (alone,) = expected_counts(SegmentBands((one.grid,)), [one])
    beside, _ = expected_counts(SegmentBands((one.grid, loud.grid)), [one, loud])
    assert beside.log_score == pytest.approx(alone.log_score, rel=1e-12)
    np.testing.assert_allclose(beside.units, alone.units, atol=1e-9)


def test_a_segment_lasts_no_longer_than_its_grid_allows() -> None:
    one = lattice(3, 50, 2, 0.0)
    (counts,) = expected_counts(SegmentBands((one.grid,)), [one])
    sure = SegmentLattice(np.full((50, 2), 5.0), one.opening, one.closing, one.grid, DURATIONS, one.entry)
    (long,) = expected_counts(SegmentBands((sure.grid,)), [sure])
    assert counts.starts.sum() < long.starts.sum()
    assert long.starts.sum() >= (one.grid.boundaries[-1] - 60.0) / 60.0 - 1
