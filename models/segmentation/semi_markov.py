"""Exact semi-Markov decoding of a show into nothing and explanations, each of one state (a product, a bundle, ...).

A segment (i, j, k) covers units i..j-1 with state k and scores

    sum of log_odds[i:j, k] + opening[i, k] + closing[j-1, k] + log_duration[i, j] + entry[k]

"Nothing" scores 0 a unit. Two segments of one state never touch. The best path takes O(units^2 * states) time with
prefix sums; `max_duration_s` bounds one of the two factors. The posteriors come from the same recursion with sums
instead of maxima, forward and backward, in logs (Sarawagi & Cohen 2004, semi-Markov conditional random fields).

learning/training/batched_forward_backward.py does the same for many lattices at once. A batch of one is no substitute
here. For twelve hours (10,800 units, 126 states, segments of up to 900 s) it takes as long, 1.7 s against 1.5 s of CPU
time, but it needs 332 MiB instead of 169 MiB of memory beside its input, because it holds the duration features of
every segment as an array; with 400 states it needs 500 MiB instead of 328 MiB. Its sums differ in the last digits, too.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from domain.evidence import FloatArray

LOG_ZERO = -np.inf
LOG_NEAR_ZERO = -1e30  # instead of LOG_ZERO where differences are taken
MIN_PRECISE_SUM = 1e-290  # smaller sums have lost digits
MAX_NATS_ABOVE_SCALE = 300.0  # nats above the maximum that rows are scaled by: exp() overflows at 709
RESCALE_AFTER_ROWS = 16  # rows: rescaling the window that often costs little beside the products
MEDIAN_LOG_SECONDS = 4.2  # about the logarithm of the median explanation, 66 s: keeps the features small
LONG_S = 180.0  # pitches of one product are rarely longer before the host begins anew
DURATION_FEATURES = ("log_seconds", "log_seconds_squared", "hundred_seconds", "hundred_seconds_over_long")
"""Columns of `duration_features`."""


def duration_features(seconds: FloatArray) -> FloatArray:
    """(..., DURATION_FEATURES) for seconds of any shape: the logarithm, its square, the time in hundreds of seconds, at
    most 4, and that beyond LONG_S.
    """
    log = np.log(np.maximum(seconds, 0.5)) - MEDIAN_LOG_SECONDS
    over_long = np.maximum(seconds - LONG_S, 0.0) / 100
    return np.stack([log, log**2, np.minimum(seconds, 400.0) / 100, over_long], axis=-1)


@dataclass(frozen=True, eq=False)
class SegmentGrid:
    """Where segments may begin and end. `boundaries`: (units + 1,), seconds, rising; `max_duration_s`: the longest
    that a segment may last, unless it is a single unit.
    """

    boundaries: FloatArray
    max_duration_s: float

    @property
    def unit_count(self) -> int:
        return len(self.boundaries) - 1

    @cached_property
    def first_starts(self) -> list[int]:
        """For each boundary, the earliest unit with which a segment that ends there may begin; 0 for the first."""
        first = np.searchsorted(self.boundaries, self.boundaries - self.max_duration_s, side="left")
        return [min(int(unit), max(0, end - 1)) for end, unit in enumerate(first)]

    @cached_property
    def last_ends(self) -> list[int]:
        """For each unit, the last boundary at which a segment that begins with it may end; at least the next."""
        last = np.searchsorted(self.first_starts, np.arange(self.unit_count), side="right") - 1
        return [int(end) for end in last]

    @cached_property
    def duration_features_by_start(self) -> list[FloatArray]:
        """For each unit, (ends, DURATION_FEATURES), of the segments that begin with it, shortest first."""
        ends = self.last_ends
        return [
            duration_features(self.boundaries[start + 1 : ends[start] + 1] - self.boundaries[start])
            for start in range(self.unit_count)
        ]


@dataclass(frozen=True, eq=False)
class SegmentLattice:
    """The decoder's input. `log_odds`, `opening`, `closing`: (units, states), nats; `duration_weights`:
    (DURATION_FEATURES,); `entry`: (states,), nats for every segment."""

    log_odds: FloatArray
    opening: FloatArray
    closing: FloatArray
    grid: SegmentGrid
    duration_weights: FloatArray
    entry: FloatArray

    @property
    def unit_count(self) -> int:
        return len(self.log_odds)

    @property
    def state_count(self) -> int:
        return int(self.log_odds.shape[1])

    @cached_property
    def prefix_sums(self) -> FloatArray:
        """Prefix sums of `log_odds`: (units + 1, states)."""
        return np.vstack([np.zeros(self.state_count), np.cumsum(self.log_odds, axis=0)])

    @cached_property
    def duration_nats_by_start(self) -> list[FloatArray]:
        """For each unit, (ends,): nats for the duration of segments that begin with it, shortest first."""
        return [features @ self.duration_weights for features in self.grid.duration_features_by_start]

    @cached_property
    def duration_nats_by_end(self) -> list[FloatArray]:
        """For each boundary, (starts,): the same for the segments that end there, longest first."""
        first, by_start = self.grid.first_starts, self.duration_nats_by_start
        return [
            np.array([by_start[start][end - start - 1] for start in range(first[end], end)])
            for end in range(self.unit_count + 1)
        ]


@dataclass(frozen=True, slots=True)
class DecodedSegment:
    """Units start..end-1 belong to `state`, a column of the lattice."""

    start: int
    end: int
    state: int


def best_path(lattice: SegmentLattice) -> tuple[DecodedSegment, ...]:
    """The segments of the highest-scoring path, in order. Units outside them are "nothing"."""
    units, states, sums = lattice.unit_count, lattice.state_count, lattice.prefix_sums
    unexplained, state_scores = np.full(units + 1, LOG_ZERO), np.full((units + 1, states), LOG_ZERO)
    backpointers = np.zeros((units + 1, states), dtype=np.int32)
    unexplained[0] = 0.0
    # The best score before a segment of each state begins, less the prefix sums there.
    entry_scores = np.full((units + 1, states), LOG_ZERO)
    for end in range(1, units + 1):
        before = _best_other_score(unexplained[end - 1], state_scores[end - 1])
        entry_scores[end - 1] = before + lattice.opening[end - 1] + lattice.entry - sums[end - 1]
        first = lattice.grid.first_starts[end]
        scores = entry_scores[first:end] + lattice.duration_nats_by_end[end][:, None]
        backpointers[end] = first + np.argmax(scores, axis=0)
        state_scores[end] = scores.max(axis=0) + sums[end] + lattice.closing[end - 1]
        unexplained[end] = max(unexplained[end - 1], state_scores[end - 1].max(initial=LOG_ZERO))
    return _trace_back(unexplained, state_scores, backpointers)


def _best_other_score(unexplained: float, state_scores: FloatArray) -> FloatArray:
    """For every state, the best score of nothing and of the other states. `state_scores`: (states,)."""
    best = np.full(len(state_scores), unexplained)
    if len(state_scores) > 1:
        first = int(np.argmax(state_scores))
        second = np.max(np.delete(state_scores, first))
        others = np.full(len(state_scores), state_scores[first])
        others[first] = second
        best = np.maximum(best, others)
    return best


def _trace_back(
    unexplained: FloatArray, state_scores: FloatArray, backpointers: NDArray[np.int32]
) -> tuple[DecodedSegment, ...]:
    segments: list[DecodedSegment] = []
    end, next_state = len(unexplained) - 1, -1
    while end > 0:
        scores = state_scores[end].copy()
        if next_state >= 0:
            scores[next_state] = LOG_ZERO  # the next segment has this state: the two must not touch
        state = int(np.argmax(scores)) if len(scores) else -1
        if state < 0 or unexplained[end] >= scores[state]:
            end, next_state = end - 1, -1
            continue
        start = int(backpointers[end, state])
        segments.append(DecodedSegment(start, end, state))
        end, next_state = start, state
    return tuple(reversed(segments))


@dataclass(frozen=True, eq=False)
class SegmentPosteriors:
    """Probabilities under the lattice. `start_probabilities`, `end_probabilities`: (units + 1, states): that a segment
    of the state begins, or has ended, at that boundary. `unit_probabilities`: (units, states): that the unit belongs to
    the state. `log_partition`: log of the summed exponentiated scores of all paths.
    """

    start_probabilities: FloatArray
    end_probabilities: FloatArray
    unit_probabilities: FloatArray
    log_partition: float


def posteriors(lattice: SegmentLattice) -> SegmentPosteriors:
    """Forward-backward over the lattice. The passes' arrays are overwritten with the probabilities to save memory."""
    if not lattice.state_count:
        no_states = np.zeros((lattice.unit_count + 1, 0))
        return SegmentPosteriors(no_states, no_states, no_states[1:], 0.0)
    forward, backward = _SegmentForward(lattice), _SegmentBackward(lattice)
    starts = _probabilities_in_place(forward.log_before_start, backward.log_from_start, forward.log_partition)
    ends = _probabilities_in_place(forward.log_after_end, backward.log_from_end, forward.log_partition)
    units = starts - ends
    np.cumsum(units, axis=0, out=units)
    return SegmentPosteriors(starts, ends, np.clip(units[:-1], 0.0, 1.0, out=units[:-1]), forward.log_partition)


def _probabilities_in_place(log_before: FloatArray, log_after: FloatArray, log_partition: float) -> FloatArray:
    """Probabilities of paths, from their logs up to a boundary and from there on. Overwrites `log_before`."""
    log_before += log_after
    log_before -= log_partition
    np.minimum(log_before, 0.0, out=log_before)
    return np.asarray(np.exp(log_before, out=log_before))


class _SegmentForward:
    """Log-sums over all paths up to each boundary, (units + 1, states).

    `log_before_start`: before a segment of the state begins there. `log_after_end`: after one has ended there. All stay
    in logs, state by state: over a long show the sums of two states drift thousands of nats apart.
    """

    def __init__(self, lattice: SegmentLattice) -> None:
        units, states, sums = lattice.unit_count, lattice.state_count, lattice.prefix_sums
        self.log_before_start = np.full((units + 1, states), LOG_NEAR_ZERO)
        self.log_after_end = np.full((units + 1, states), LOG_NEAR_ZERO)
        window = LogSumWindow((units + 1, states))
        unexplained = np.full(units + 1, LOG_ZERO)
        unexplained[0] = 0.0
        for end in range(1, units + 1):
            start = end - 1
            self.log_before_start[start] = _log_sum_exp_of_others(unexplained[start], self.log_after_end[start])
            entering = self.log_before_start[start] + lattice.opening[start] + lattice.entry - sums[start]
            starts = slice(lattice.grid.first_starts[end], end)
            window.set_row(entering, start, starts)
            summed = window.log_sum(lattice.duration_nats_by_end[end], starts)
            self.log_after_end[end] = summed + sums[end] + lattice.closing[start]
            unexplained[end] = np.logaddexp(unexplained[start], np.logaddexp.reduce(self.log_after_end[start]))
        self.log_before_start[units] = _log_sum_exp_of_others(unexplained[units], self.log_after_end[units])
        self.log_partition = float(np.logaddexp(unexplained[units], np.logaddexp.reduce(self.log_after_end[units])))


class _SegmentBackward:
    """Log-sums over all paths from each boundary on, (units + 1, states).

    `log_from_start`: those that begin with a segment of the state. `log_from_end`: those that do not.
    """

    def __init__(self, lattice: SegmentLattice) -> None:
        units, states, sums = lattice.unit_count, lattice.state_count, lattice.prefix_sums
        self.log_from_start = np.full((units + 1, states), LOG_NEAR_ZERO)
        self.log_from_end = np.zeros((units + 1, states))
        window = LogSumWindow((units + 1, states))
        any_future = np.zeros(units + 1)
        for start in range(units - 1, -1, -1):
            end = start + 1
            ends = slice(end, lattice.grid.last_ends[start] + 1)
            window.set_row(sums[end] + lattice.closing[start] + self.log_from_end[end], end, ends)
            summed = window.log_sum(lattice.duration_nats_by_start[start], ends)
            self.log_from_start[start] = summed + lattice.entry + lattice.opening[start] - sums[start]
            any_future[start] = np.logaddexp(any_future[end], np.logaddexp.reduce(self.log_from_start[start]))
            self.log_from_end[start] = _log_sum_exp_of_others(any_future[end], self.log_from_start[start])


class LogSumWindow:
    """Log-sums over a moving window of rows of logs, (..., rows, states), as products of exponentials made before.

    Each state is scaled by `row_maxima`, (..., states), which are renewed every few rows.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.rows, self.scaled = np.full(shape, LOG_NEAR_ZERO), np.zeros(shape)
        self.row_maxima = np.zeros((*shape[:-2], shape[-1]))
        self._rows_since_rescale = RESCALE_AFTER_ROWS

    def set_row(self, row: FloatArray, row_index: int, window: slice) -> None:
        """Set a row, (..., states). `window`: the rows that the next sum is about; it includes this one."""
        self.rows[..., row_index, :] = row
        rescaled_row = row - self.row_maxima
        self._rows_since_rescale += 1
        if self._rows_since_rescale < RESCALE_AFTER_ROWS and rescaled_row.max() < MAX_NATS_ABOVE_SCALE:
            self.scaled[..., row_index, :] = np.exp(rescaled_row)
            return
        rows = self.rows[..., window, :]
        self.row_maxima, self._rows_since_rescale = rows.max(axis=-2), 0
        self.scaled[..., window, :] = np.exp(rows - self.row_maxima[..., None, :])

    def log_sum(self, logs: FloatArray, window: slice) -> FloatArray:
        """(states,): log(sum of exp(logs + rows)) over the rows of `window`, (rows, states). Exact where sums of
        products underflow. `logs`: (rows,).
        """
        top = logs.max()
        summed = np.exp(logs - top) @ self.scaled[window]
        if summed.min() < MIN_PRECISE_SUM:
            return log_sum_exp(logs[:, None] + self.rows[window])
        return np.asarray(np.log(summed) + top + self.row_maxima)


def log_sum_exp(logs: FloatArray) -> FloatArray:
    """log(sum of exp(logs)) over the last axis but one: (..., n, states) to (..., states)."""
    top = logs.max(axis=-2)
    return np.asarray(np.log(np.exp(logs - top[..., None, :]).sum(axis=-2)) + top)


def _log_sum_exp_of_others(unexplained: float, state_scores: FloatArray) -> FloatArray:
    """For every state, log(sum(exp)) over nothing and the other states. `state_scores`: (states,)."""
    dominant = int(state_scores.argmax())
    top = max(unexplained, float(state_scores[dominant]))
    weights = np.exp(state_scores - top)
    rest = weights.sum() + np.exp(unexplained - top) - weights
    rest[dominant] = 1.0  # a difference would cancel here; recomputed below
    others = np.log(rest) + top
    others[dominant] = np.logaddexp.reduce(np.append(np.delete(state_scores, dominant), unexplained))
    return np.asarray(others)
