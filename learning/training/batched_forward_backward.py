"""Forward-backward over many lattices at once: that of models/segmentation/semi_markov.py in batches, for training.

One lattice needs a few thousand short steps, whose time goes into calling numpy. Here lattices of about the same length
step together, padded with states that are never entered and with units in which nothing begins. semi_markov.py says why
the decoder does not use this with a batch of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.evidence import FloatArray
from models.segmentation.semi_markov import (
    DURATION_FEATURES,
    LOG_NEAR_ZERO,
    LOG_ZERO,
    MIN_PRECISE_SUM,
    LogSumWindow,
    SegmentGrid,
    SegmentLattice,
    duration_features,
    log_sum_exp,
)


class SegmentCounts(NamedTuple):
    """True or expected counts of a lattice. `starts`, `ends`: (units + 1, states); `units`: (units, states);
    `durations`: (DURATION_FEATURES,), the sum of `duration_features` over the segments; `log_score`: that of the true
    path, or the log partition.
    """

    starts: FloatArray
    ends: FloatArray
    units: FloatArray
    durations: FloatArray
    log_score: float


@dataclass(frozen=True, eq=False)
class SegmentBands:
    """The segments that `grids` allow, by first unit and length: what does not depend on weights."""

    grids: tuple[SegmentGrid, ...]

    @cached_property
    def units(self) -> int:
        return max(grid.unit_count for grid in self.grids)

    @cached_property
    def max_segment_units(self) -> int:
        """The length of the longest segment."""
        return max(end - start for grid in self.grids for start, end in enumerate(grid.last_ends))

    @cached_property
    def features(self) -> FloatArray:
        """(grids, units, widest, features): duration features of the segments; 0 where there is none."""
        features = np.zeros((len(self.grids), self.units, self.max_segment_units, len(DURATION_FEATURES)))
        for grid, of_grid in zip(self.grids, features, strict=True):
            starts, lengths = np.nonzero(_allowed_segments(grid, self.units, self.max_segment_units))
            boundaries = grid.boundaries
            of_grid[starts, lengths] = duration_features(boundaries[starts + lengths + 1] - boundaries[starts])
        return features

    @cached_property
    def forbidden(self) -> NDArray[np.bool_]:
        """(grids, units, widest): where there is no segment. A padding unit has one, so that sums are finite."""
        forbidden = ~np.stack([_allowed_segments(grid, self.units, self.max_segment_units) for grid in self.grids])
        for grid, of_grid in zip(self.grids, forbidden, strict=True):
            of_grid[grid.unit_count :, 0] = False
        return forbidden

    @cached_property
    def flat_index_by_end(self) -> NDArray[np.int64]:
        """(units + 1, widest): indices, in flat (units, widest), of the segments that end at a boundary, longest first;
        -1 for none.
        """
        lengths = np.arange(self.max_segment_units, 0, -1)
        starts = np.arange(self.units + 1)[:, None] - lengths
        return np.where(starts >= 0, starts * self.max_segment_units + lengths - 1, -1)

    def duration_scores(self, weights: FloatArray) -> FloatArray:
        """(grids, units, widest): nats for durations, by `weights`, (DURATION_FEATURES,)."""
        return np.where(self.forbidden, LOG_ZERO, self.features @ weights)

    def regroup_by_end(self, by_start: FloatArray, fill_value: float) -> FloatArray:
        """(grids, units + 1, widest) by last boundary, from values by first unit."""
        flat = by_start.reshape(len(by_start), -1)
        return np.where(self.flat_index_by_end < 0, fill_value, flat[:, self.flat_index_by_end])


def _allowed_segments(grid: SegmentGrid, units: int, max_segment_units: int) -> NDArray[np.bool_]:
    """(units, widest): whether a segment may begin with the unit and have one unit more than the second index."""
    allowed = np.zeros((units, max_segment_units), dtype=bool)
    for start, end in enumerate(grid.last_ends):
        allowed[start, : end - start] = True
    return allowed


def expected_counts(segment_bands: SegmentBands, lattices: Sequence[SegmentLattice]) -> list[SegmentCounts]:
    """The expected counts of each lattice. Their grids are those of `segment_bands`, and their duration weights are
    equal.
    """
    batch = _LatticeBatch(segment_bands, lattices)
    forward = _BatchForward(batch)
    backward = _BatchBackward(batch, forward)
    starts = np.exp(np.minimum(forward.before + backward.begin - forward.total[:, None, None], 0.0))
    ends = np.exp(np.minimum(forward.explained + backward.after - forward.total[:, None, None], 0.0))
    units = np.clip(np.cumsum(starts - ends, axis=1)[:, :-1], 0.0, 1.0)
    return [
        SegmentCounts(
            starts[i, : lattice.unit_count + 1, : lattice.state_count],
            ends[i, : lattice.unit_count + 1, : lattice.state_count],
            units[i, : lattice.unit_count, : lattice.state_count],
            backward.durations[i],
            float(forward.total[i]),
        )
        for i, lattice in enumerate(lattices)
    ]


class _LatticeBatch:
    """Lattices as arrays, (lattices, units, ...), padded."""

    def __init__(self, bands: SegmentBands, lattices: Sequence[SegmentLattice]) -> None:
        count, units, states = len(lattices), bands.units, max(lattice.state_count for lattice in lattices)
        self.bands, self.shape = bands, (count, units + 1, states)
        self.last_unit = np.array([lattice.unit_count for lattice in lattices])
        self.entry = np.full((count, units, states), LOG_NEAR_ZERO)  # with the opening scores
        self.closing, self.sums = np.zeros((count, units, states)), np.zeros(self.shape)
        for i, lattice in enumerate(lattices):
            self.entry[i, : lattice.unit_count, : lattice.state_count] = lattice.opening + lattice.entry
            self.closing[i, : lattice.unit_count, : lattice.state_count] = lattice.closing
            self.sums[i, : lattice.unit_count + 1, : lattice.state_count] = lattice.prefix_sums
            self.sums[i, lattice.unit_count + 1 :, : lattice.state_count] = lattice.prefix_sums[-1]
        self.duration_scores = bands.duration_scores(lattices[0].duration_weights)
        self.max_duration_score = float(self.duration_scores.max())
        self.duration_factors = np.exp(self.duration_scores - self.max_duration_score)


class _BatchForward:
    """Log-sums over all paths up to each boundary of every lattice, (lattices, units + 1, states)."""

    def __init__(self, batch: _LatticeBatch) -> None:
        count, boundaries, _ = batch.shape
        max_segment_units, lattice_indices = batch.bands.max_segment_units, np.arange(count)
        self.before, self.explained = np.full(batch.shape, LOG_NEAR_ZERO), np.full(batch.shape, LOG_NEAR_ZERO)
        nothing = np.full((count, boundaries), LOG_ZERO)
        nothing[:, 0] = 0.0
        duration_factors = batch.bands.regroup_by_end(batch.duration_factors, 0.0)
        window = LogSumWindow((count, boundaries + max_segment_units, batch.shape[2]))
        for end in range(1, boundaries):
            start = end - 1
            self.before[:, start], nothing[:, end] = _log_sums_of_others(nothing[:, start], self.explained[:, start])
            entering = self.before[:, start] + batch.entry[:, start] - batch.sums[:, start]
            starts = slice(end, end + max_segment_units)
            window.set_row(entering, start + max_segment_units, starts)
            window_sums = (duration_factors[:, end, None] @ window.scaled[:, starts])[:, 0]
            logs = np.log(np.maximum(window_sums, MIN_PRECISE_SUM)) + window.row_maxima + batch.max_duration_score
            if (window_sums[end <= batch.last_unit] < MIN_PRECISE_SUM).any():
                exact = batch.bands.regroup_by_end(batch.duration_scores, LOG_ZERO)[:, end]
                logs = log_sum_exp(exact[:, :, None] + window.rows[:, starts])
            self.explained[:, end] = logs + batch.sums[:, end] + batch.closing[:, start]
        last_unit = batch.last_unit
        self.before[lattice_indices, last_unit], self.total = _log_sums_of_others(
            nothing[lattice_indices, last_unit], self.explained[lattice_indices, last_unit]
        )


class _BatchBackward:
    """Log-sums over all paths from each boundary on, and the expected sums of duration features, (lattices, n)."""

    def __init__(self, batch: _LatticeBatch, forward: _BatchForward) -> None:
        count, boundaries, states = batch.shape
        max_segment_units, bands = batch.bands.max_segment_units, batch.bands
        self.begin, self.after = np.full(batch.shape, LOG_NEAR_ZERO), np.zeros(batch.shape)
        self.durations = np.zeros((count, len(DURATION_FEATURES)))
        duration_factors = np.concatenate(
            [batch.duration_factors[:, :, None], batch.duration_factors[:, :, None] * bands.features.swapaxes(2, 3)],
            axis=2,
        )
        window = LogSumWindow((count, boundaries + max_segment_units, states))
        any_future = np.zeros(count)
        for start in range(boundaries - 2, -1, -1):
            end = start + 1
            leaving = batch.sums[:, end] + batch.closing[:, start] + self.after[:, end]
            ends = slice(end, end + max_segment_units)
            window.set_row(leaving, end, ends)
            window_sums = duration_factors[:, start] @ window.scaled[:, ends]
            logs = np.log(np.maximum(window_sums[:, 0], MIN_PRECISE_SUM)) + window.row_maxima + batch.max_duration_score
            if (window_sums[:, 0] < MIN_PRECISE_SUM).any():
                window_sums, logs = _recompute_exactly(batch, window, start)
            self.begin[:, start] = logs + batch.entry[:, start] - batch.sums[:, start]
            self.after[:, start], any_future = _log_sums_of_others(any_future, self.begin[:, start])
            log_probability = forward.before[:, start] + self.begin[:, start] - forward.total[:, None]
            start_probability = np.exp(np.minimum(log_probability, 0.0))
            self.durations += np.einsum("bfs,bs->bf", window_sums[:, 1:], start_probability / window_sums[:, 0])


def _recompute_exactly(batch: _LatticeBatch, window: LogSumWindow, start: int) -> tuple[FloatArray, FloatArray]:
    """The sums of a window and their logs, where products of exponentials have underflowed: each state scaled by its
    own maximum.
    """
    logs = (
        batch.duration_scores[:, start, :, None] + window.rows[:, start + 1 : start + 1 + batch.bands.max_segment_units]
    )
    scaled = np.exp(logs - logs.max(axis=1, keepdims=True))
    features = batch.bands.features[:, start].swapaxes(1, 2)
    ones = np.ones((len(features), 1, features.shape[2]))
    return np.concatenate([ones, features], axis=1) @ scaled, log_sum_exp(logs)


def _log_sums_of_others(nothing: FloatArray, explained: FloatArray) -> tuple[FloatArray, FloatArray]:
    """For every state, log(sum(exp)) over nothing and the other states; and over all. `nothing`: (lattices,);
    `explained`: (lattices, states).
    """
    lattice_indices = np.arange(len(nothing))
    dominant = explained.argmax(axis=1)
    top = np.maximum(nothing, explained[lattice_indices, dominant])
    weights = np.exp(explained - top[:, None])
    total = weights.sum(axis=1) + np.exp(nothing - top)
    rest = total[:, None] - weights
    rest[lattice_indices, dominant] = 1.0  # a difference would cancel here; recomputed below
    others = np.log(rest) + top[:, None]
    without_dominant = explained.copy()
    without_dominant[lattice_indices, dominant] = nothing
    others[lattice_indices, dominant] = log_sum_exp(without_dominant[:, :, None])[:, 0]
    return others, np.log(total) + top
