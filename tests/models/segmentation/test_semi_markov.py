"""The decoder against enumerating every segmentation of a few units."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence import FloatArray
from models.segmentation.semi_markov import (
    DURATION_FEATURES,
    LONG_S,
    DecodedSegment,
    SegmentGrid,
    SegmentLattice,
    best_path,
    duration_features,
    posteriors,
)

Path_ = tuple[DecodedSegment, ...]


def lattice_of(units: int, states: int, seed: int) -> SegmentLattice:
    random = np.random.default_rng(seed)
    return SegmentLattice(
        log_odds=random.normal(0, 2, (units, states)),
        opening=random.normal(0, 1, (units, states)),
        closing=random.normal(0, 1, units),
        grid=SegmentGrid(np.concatenate([[0.0], np.cumsum(random.uniform(1, 6, units))]), max_duration_s=14.0),
        duration_weights=random.normal(0, 0.3, len(DURATION_FEATURES)),
        entry=random.normal(-1, 0.5, states),
    )


def every_path(lattice: SegmentLattice, unit: int = 0, last: DecodedSegment | None = None) -> Iterator[Path_]:
    """All ways to fill units from `unit` on: nothing, or a segment of a state that does not touch its like."""
    if unit == lattice.unit_count:
        yield ()
        return
    yield from every_path(lattice, unit + 1)
    for end in range(unit + 1, lattice.unit_count + 1):
        if seconds(lattice, DecodedSegment(unit, end, 0)) > lattice.grid.max_duration_s and end > unit + 1:
            break
        for state in range(lattice.state_count):
            if last is None or last.state != state:
                segment = DecodedSegment(unit, end, state)
                for rest in every_path(lattice, end, segment):
                    yield (segment, *rest)


def seconds(lattice: SegmentLattice, segment: DecodedSegment) -> float:
    return float(lattice.grid.boundaries[segment.end] - lattice.grid.boundaries[segment.start])


def features(lattice: SegmentLattice, segment: DecodedSegment) -> FloatArray:
    return duration_features(np.array(seconds(lattice, segment)))


def score(lattice: SegmentLattice, path: Path_) -> float:
    return float(sum(segment_score(lattice, segment) for segment in path))


def segment_score(lattice: SegmentLattice, segment: DecodedSegment) -> float:
    start, end, state = segment.start, segment.end, segment.state
    inside = lattice.log_odds[start:end, state].sum()
    edges = lattice.opening[start, state] + lattice.closing[end - 1] + lattice.entry[state]
    return float(inside + edges + features(lattice, segment) @ lattice.duration_weights)


def chances_of(lattice: SegmentLattice) -> list[tuple[Path_, float]]:
    """Every path and its share of all paths."""
    paths = list(every_path(lattice))
    scores = np.array([score(lattice, path) for path in paths])
    weights = np.exp(scores - scores.max())
    return list(zip(paths, (weights / weights.sum()).tolist(), strict=True))


def assert_as_enumerated(lattice: SegmentLattice) -> None:
    """Starts, ends and units of `posteriors` are the shares of the paths that have them."""
    starts = np.zeros((lattice.unit_count + 1, lattice.state_count))
    ends, units = np.zeros_like(starts), np.zeros((lattice.unit_count, lattice.state_count))
    for path, chance in chances_of(lattice):
        for segment in path:
            starts[segment.start, segment.state] += chance
            ends[segment.end, segment.state] += chance
            units[segment.start : segment.end, segment.state] += chance
    found = posteriors(lattice)
    np.testing.assert_allclose(found.start_probabilities, starts, atol=1e-9)
    np.testing.assert_allclose(found.end_probabilities, ends, atol=1e-9)
    np.testing.assert_allclose(found.unit_probabilities, units, atol=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_the_best_path_scores_as_high_as_the_best_of_all_segmentations(seed: int) -> None:
    lattice = lattice_of(units=6, states=1 + seed % 3, seed=seed)
    best = max(score(lattice, path) for path in every_path(lattice))
    assert score(lattice, best_path(lattice)) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(8))
def test_posteriors_are_the_shares_of_all_segmentations(seed: int) -> None:
    assert_as_enumerated(lattice_of(units=5, states=1 + seed % 3, seed=seed))


@pytest.mark.parametrize("seed", range(6))
def test_the_total_is_the_log_sum_of_all_segmentations(seed: int) -> None:
    lattice = lattice_of(units=5, states=1 + seed % 3, seed=seed)
    scores = [score(lattice, path) for path in every_path(lattice)]
    assert posteriors(lattice).log_partition == pytest.approx(float(np.logaddexp.reduce(scores)))


@pytest.mark.parametrize("seed", range(6))
def test_posteriors_are_right_where_states_are_hundreds_of_nats_apart(seed: int) -> None:
    """A second product or the unlisted falls behind by a little in every unit, over thousands of them."""
    lattice = lattice_of(units=5, states=3, seed=seed)
    lattice.log_odds[0] += [0.0, -900.0, -1500.0]
    lattice.log_odds[3] += [-800.0, 1000.0, 1000.0]
    assert_as_enumerated(lattice)


def plain_total(lattice: SegmentLattice) -> float:
    """The log-sum of all paths, one segment at a time."""
    nothing = [0.0] + [-np.inf] * lattice.unit_count
    explained = np.full((lattice.unit_count + 1, lattice.state_count), -np.inf)
    for end in range(1, lattice.unit_count + 1):
        for state in range(lattice.state_count):
            ways = [
                np.logaddexp.reduce([nothing[start], *np.delete(explained[start], state)])
                + segment_score(lattice, DecodedSegment(start, end, state))
                for start in range(lattice.grid.first_starts[end], end)
            ]
            explained[end, state] = np.logaddexp.reduce(ways)
        nothing[end] = float(np.logaddexp.reduce([nothing[end - 1], *explained[end - 1]]))
    return float(np.logaddexp.reduce([nothing[-1], *explained[-1]]))


@pytest.mark.parametrize("drift", [0.0, 4.0, 60.0, 900.0])
def test_a_long_show_is_summed_as_segment_by_segment(drift: float) -> None:
    lattice = lattice_of(units=60, states=3, seed=11)
    lattice = replace(lattice, grid=replace(lattice.grid, max_duration_s=80.0))
    lattice.log_odds[:30, 1] += drift
    lattice.log_odds[30:, 1] -= drift
    lattice.log_odds[:, 2] -= drift / 2
    found = posteriors(lattice)
    assert found.log_partition == pytest.approx(plain_total(lattice), rel=1e-12)
    for unit, state in ((0, 1), (29, 1), (31, 0), (59, 2)):  # the chance of a unit is the slope of the total
        raised = replace(lattice, log_odds=lattice.log_odds.copy())
        raised.log_odds[unit, state] += 1e-4
        slope = (plain_total(raised) - found.log_partition) / 1e-4
        assert found.unit_probabilities[unit, state] == pytest.approx(slope, abs=1e-3)


def test_chances_add_up_to_one_at_most_in_a_long_show_that_one_state_falls_behind_in() -> None:
    lattice = replace(lattice_of(units=1500, states=2, seed=3), duration_weights=np.zeros(len(DURATION_FEATURES)))
    lattice.log_odds[:, 1] -= 2.0
    found = posteriors(lattice)
    assert found.unit_probabilities.sum(axis=1).max() <= 1 + 1e-6
    assert found.start_probabilities.sum() == pytest.approx(found.end_probabilities.sum())


def test_overwhelming_evidence_for_one_state_keeps_posteriors_finite() -> None:
    lattice = lattice_of(units=6, states=2, seed=1)
    lattice.log_odds[:, 0] += 400.0
    found = posteriors(replace(lattice, grid=replace(lattice.grid, max_duration_s=1000.0)))
    assert all(
        np.isfinite(each).all()
        for each in (
            found.start_probabilities,
            found.end_probabilities,
            found.unit_probabilities,
        )
    )
    assert found.unit_probabilities[:, 0].min() > 0.99


def test_overwhelming_evidence_against_every_state_leaves_nothing() -> None:
    lattice = lattice_of(units=6, states=2, seed=1)
    lattice.log_odds[:] -= 900.0
    found = posteriors(lattice)
    assert found.log_partition == pytest.approx(0.0)
    assert found.unit_probabilities.max() == 0.0


def test_segments_of_one_state_never_touch() -> None:
    for seed in range(20):
        path = best_path(lattice_of(units=12, states=2, seed=seed))
        assert not any(a.end == b.start and a.state == b.state for a, b in pairwise(path))


def test_a_show_of_no_states_is_nothing() -> None:
    lattice = lattice_of(units=4, states=0, seed=0)
    found = posteriors(lattice)
    assert best_path(lattice) == ()
    assert (found.start_probabilities.shape, found.unit_probabilities.shape, found.log_partition) == (
        (5, 0),
        (4, 0),
        0.0,
    )


@given(st.lists(st.floats(0, 30), min_size=1, max_size=30), st.floats(1, 60))
def test_starts_and_ends_agree_on_which_segments_there_are(steps: list[float], longest: float) -> None:
    grid = SegmentGrid(np.concatenate([[0.1], 0.1 + np.cumsum(steps)]), longest)
    by_start = {(start, end) for start in range(grid.unit_count) for end in range(start + 1, grid.last_ends[start] + 1)}
    by_end = {(start, end) for end in range(grid.unit_count + 1) for start in range(grid.first_starts[end], end)}
    assert by_start == by_end


def test_a_unit_longer_than_the_longest_segment_may_still_be_one() -> None:
    grid = SegmentGrid(np.array([0.0, 10.0, 100.0, 110.0]), max_duration_s=30.0)
    assert (grid.first_starts, grid.last_ends) == ([0, 0, 1, 2], [1, 2, 3])


def test_duration_features_rise_to_their_cap() -> None:
    found = duration_features(np.array([[0.0, 50.0], [400.0, 9000.0]]))
    assert found.shape == (2, 2, len(DURATION_FEATURES))
    assert np.isfinite(found).all()
    assert found[..., DURATION_FEATURES.index("hundred_seconds")].tolist() == [[0.0, 0.5], [4.0, 4.0]]


def test_a_segment_is_long_by_what_it_lasts_beyond_the_usual() -> None:
    found = duration_features(np.array([10.0, LONG_S, LONG_S + 250.0]))
    assert found[:, DURATION_FEATURES.index("hundred_seconds_over_long")].tolist() == [0.0, 0.0, 2.5]
