"""Exact semi-Markov decoding of a show into nothing and explanations, each of one state (a product, a bundle, ...).

A segment (i, j, k) covers units i..j-1 with state k and scores

    sum of log_odds[i:j, k] + opening[i, k] + closing[j-1] + log_duration[i, j] + entry[k]

"Nothing" scores 0 a unit. Two segments of one state never touch. Best path: O(units^2 * states) time by prefix sums,
of which `longest` bounds one factor. Posteriors: the same recursion with sums instead of maxima, forward and backward
(Sarawagi & Cohen 2004, semi-Markov conditional random fields), in logs.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidValue
from domain.evidence import FloatArray

LOG_ZERO = -np.inf
LOG_NEAR_ZERO = -1e30  # instead of NEVER where differences are taken
MIN_PRECISE_SUM = 1e-290  # sums below it have lost digits
MAX_NATS_ABOVE_SCALE = 300.0  # nats above the top by which rows are scaled: exp() overflows at 709
RESCALE_AFTER_ROWS = 16  # rows: then scaling all anew costs little beside the products
MEDIAN_LOG_SECONDS = 4.2  # about the logarithm of the median explanation, 66 s: keeps the features small


def duration_features(seconds: FloatArray) -> FloatArray:
    """(..., 3) of seconds of any shape: the logarithm, its square, and hundreds of seconds up to 400."""
    log = np.log(np.maximum(seconds, 0.5)) - MEDIAN_LOG_SECONDS
    return np.stack([log, log**2, np.minimum(seconds, 400.0) / 100], axis=-1)


@dataclass(frozen=True, eq=False)
class SegmentGrid:
    """Where segments may begin and end. `boundaries`: (units + 1,), seconds, rising; `max_duration_s`: seconds a
    segment may last.
    """

    boundaries: FloatArray
    max_duration_s: float

    @property
    def unit_count(self) -> int:
        return len(self.boundaries) - 1

    @cached_property
    def first_starts(self) -> list[int]:
        """Of each boundary: the earliest unit that a segment which ends there may begin with; itself for the first."""
        first = np.searchsorted(self.boundaries, self.boundaries - self.max_duration_s, side="left")
        return [min(int(unit), max(0, end - 1)) for end, unit in enumerate(first)]

    @cached_property
    def last_ends(self) -> list[int]:
        """Of each unit: the last boundary at which a segment that begins with it may end; at least the next."""
        last = np.searchsorted(self.first_starts, np.arange(self.unit_count), side="right") - 1
        return [int(end) for end in last]

    @cached_property
    def duration_features_by_start(self) -> list[FloatArray]:
        """Of each unit: (ends, 3), the duration features of the segments that begin with it, shortest first."""
        ends = self.last_ends
        return [
            duration_features(self.boundaries[start + 1 : ends[start] + 1] - self.boundaries[start])
            for start in range(self.unit_count)
        ]


@dataclass(frozen=True, eq=False)
class SegmentLattice:
    """What is decoded. `log_odds`, `opening`: (units, states), nats; `closing`: (units,), nats; `duration_weights`:
    (3,), of `duration_features`; `entry`: (states,), nats for every segment."""

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
        """Of each unit: (ends,), nats for the duration of segments that begin with it, shortest first."""
        return [features @ self.duration_weights for features in self.grid.duration_features_by_start]

    @cached_property
    def duration_nats_by_end(self) -> list[FloatArray]:
        """Of each boundary: (starts,), the same for the segments that end there, longest first."""
        first, lengths = self.grid.first_starts, self.duration_nats_by_start
        return [
            np.array([lengths[start][end - start - 1] for start in range(first[end], end)])
            for end in range(self.unit_count + 1)
        ]


@dataclass(frozen=True, slots=True)
class DecodedSegment:
    """Units start..end-1 are about `state` (its column)."""

    start: int
    end: int
    state: int


def best_path(lattice: SegmentLattice) -> tuple[DecodedSegment, ...]:
    """The segments of the highest-scoring path, in order; what they leave out is nothing."""
    units, states, sums = lattice.unit_count, lattice.state_count, lattice.prefix_sums
    unexplained, state_scores = np.full(units + 1, LOG_ZERO), np.full((units + 1, states), LOG_ZERO)
    backpointers = np.zeros((units + 1, states), dtype=np.int32)
    unexplained[0] = 0.0
    entry_scores = np.full(
        (units + 1, states), LOG_ZERO
    )  # best score before a segment of k begins, less the sums so far
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
    """For every state, the best score of nothing and any state but itself. `state_scores`: (states,)."""
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
            scores[next_state] = LOG_ZERO  # the segment after this one is of the same state: they must not touch
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
    """Chances under the lattice. `start_probabilities`, `end_probabilities`: (units + 1, states): that a segment of the
    state begins, or has ended, at that boundary. `unit_probabilities`: (units, states): that the unit is about the
    state. `log_partition`: the log-sum of all paths. `expected_durations`: (3,), expected sum of `duration_features`
    over the segments, from `forward_backward` when asked for.
    """

    start_probabilities: FloatArray
    end_probabilities: FloatArray
    unit_probabilities: FloatArray
    log_partition: float
    forward_backward: "_ForwardBackward | None"

    @cached_property
    def expected_durations(self) -> FloatArray:
        """(3,): only learning asks for them. InvalidValue where the passes were not kept."""
        if self.forward_backward is None and self.unit_probabilities.shape[1]:
            raise InvalidValue("posteriors that are not for learning tell no durations")
        return _expected_durations(self.forward_backward) if self.forward_backward else np.zeros(3)


@dataclass(frozen=True, eq=False)
class _ForwardBackward:
    """Both ways over a lattice."""

    lattice: SegmentLattice
    forward: "_SegmentForward"
    backward: "_SegmentBackward"


def posteriors(lattice: SegmentLattice, *, with_durations: bool = True) -> SegmentPosteriors:
    """Forward-backward over the lattice. Unless it is `with_durations`, less memory is held and `durations` are
    none.
    """
    if not lattice.state_count:
        no_states = np.zeros((lattice.unit_count + 1, 0))
        return SegmentPosteriors(no_states, no_states, no_states[1:], 0.0, None)
    forward, backward = _SegmentForward(lattice), _SegmentBackward(lattice)
    before, explained, passes = forward.log_before_start, forward.log_after_end, None
    if with_durations:
        before, explained, passes = before.copy(), explained.copy(), _ForwardBackward(lattice, forward, backward)
    starts, ends = (
        _probabilities_in_place(before, backward.log_from_start, forward.log_partition),
        _probabilities_in_place(explained, backward.log_from_end, forward.log_partition),
    )
    units = starts - ends
    np.cumsum(units, axis=0, out=units)
    return SegmentPosteriors(starts, ends, np.clip(units[:-1], 0.0, 1.0, out=units[:-1]), forward.log_partition, passes)


def _probabilities_in_place(log_before: FloatArray, log_after: FloatArray, log_partition: float) -> FloatArray:
    """In place of `log_before`: the chances of paths, given in logs up to a boundary and from there on."""
    log_before += log_after
    log_before -= log_partition
    np.minimum(log_before, 0.0, out=log_before)
    return np.asarray(np.exp(log_before, out=log_before))


class _SegmentForward:
    """Log-sums over all paths up to each boundary: `log_before_start` a segment of k begins there, `log_after_end`
    where one ended.

    `log_entering`: what a segment of k that begins there has so far, less the sums of `log_odds` up to there.
    Everything stays in logs, state by state: over a long show the sums of two states drift thousands of nats apart.
    """

    def __init__(self, lattice: SegmentLattice) -> None:
        units, states, sums = lattice.unit_count, lattice.state_count, lattice.prefix_sums
        self.log_before_start = np.full((units + 1, states), LOG_NEAR_ZERO)
        self.log_after_end = np.full((units + 1, states), LOG_NEAR_ZERO)
        self.log_entering = np.full((units + 1, states), LOG_NEAR_ZERO)
        window = _LogSumWindow(self.log_entering)
        unexplained = np.full(units + 1, LOG_ZERO)
        unexplained[0] = 0.0
        for end in range(1, units + 1):
            self.log_before_start[end - 1] = _log_sum_exp_of_others(unexplained[end - 1], self.log_after_end[end - 1])
            self.log_entering[end - 1] = (
                self.log_before_start[end - 1] + lattice.opening[end - 1] + lattice.entry - sums[end - 1]
            )
            starts = slice(lattice.grid.first_starts[end], end)
            summed = window.log_sum(lattice.duration_nats_by_end[end], starts, end - 1)
            self.log_after_end[end] = summed + sums[end] + lattice.closing[end - 1]
            unexplained[end] = np.logaddexp(unexplained[end - 1], np.logaddexp.reduce(self.log_after_end[end - 1]))
        self.log_before_start[units] = _log_sum_exp_of_others(unexplained[units], self.log_after_end[units])
        self.log_partition = float(np.logaddexp(unexplained[units], np.logaddexp.reduce(self.log_after_end[units])))


class _SegmentBackward:
    """Log-sums over all futures of each boundary: `log_from_start` with a segment of k, `log_from_end` those that do
    not begin with k. `log_leaving`: what a segment of k that ends there has from there on, and the sums of `log_odds`
    up to there.
    """

    def __init__(self, lattice: SegmentLattice) -> None:
        units, states, sums = lattice.unit_count, lattice.state_count, lattice.prefix_sums
        self.log_from_start, self.log_from_end = (
            np.full((units + 1, states), LOG_NEAR_ZERO),
            np.zeros((units + 1, states)),
        )
        self.log_leaving = np.full((units + 1, states), LOG_NEAR_ZERO)
        window = _LogSumWindow(self.log_leaving)
        any_future = np.zeros(units + 1)
        for start in range(units, -1, -1):
            if start < units:
                ends = slice(start + 1, lattice.grid.last_ends[start] + 1)
                summed = window.log_sum(lattice.duration_nats_by_start[start], ends, start + 1)
                self.log_from_start[start] = summed + lattice.entry + lattice.opening[start] - sums[start]
                any_future[start] = np.logaddexp(any_future[start + 1], np.logaddexp.reduce(self.log_from_start[start]))
                self.log_from_end[start] = _log_sum_exp_of_others(any_future[start + 1], self.log_from_start[start])
            if start > 0:
                self.log_leaving[start] = sums[start] + lattice.closing[start - 1] + self.log_from_end[start]


class _LogSumWindow:
    """Log-sums over a few rows of a growing array of logs, (boundaries, states), as products of what was exponentiated
    before. Each state is scaled by its own top, renewed every few rows; what underflows all the same is summed anew.
    """

    def __init__(self, rows: FloatArray) -> None:
        self._rows, self._scaled = rows, np.zeros_like(rows)
        self._tops = np.zeros(rows.shape[1])
        self._age = RESCALE_AFTER_ROWS

    def log_sum(self, logs: FloatArray, window: slice, newest: int) -> FloatArray:
        """(states,): log(sum of exp(logs + rows)) over the rows of `window`, of which `newest` has just been set."""
        self._scale_newest(window, newest)
        top = logs.max()
        summed = np.exp(logs - top) @ self._scaled[window]
        if summed.min() < MIN_PRECISE_SUM:
            return _log_sum_exp(logs[:, None] + self._rows[window])
        return np.asarray(np.log(summed) + top + self._tops)

    def _scale_newest(self, window: slice, newest: int) -> None:
        nats_above_top = self._rows[newest] - self._tops
        self._age += 1
        if self._age < RESCALE_AFTER_ROWS and nats_above_top.max() < MAX_NATS_ABOVE_SCALE:
            self._scaled[newest] = np.exp(nats_above_top)
            return
        self._tops, self._age = self._rows[window].max(axis=0), 0
        self._scaled[window] = np.exp(self._rows[window] - self._tops)


def _expected_durations(forward_backward: _ForwardBackward) -> FloatArray:
    lattice, forward, backward = forward_backward.lattice, forward_backward.forward, forward_backward.backward
    total = np.zeros(3)
    for start in range(lattice.unit_count):
        ends = slice(start + 1, lattice.grid.last_ends[start] + 1)
        logs = (
            lattice.duration_nats_by_start[start][:, None]
            + backward.log_leaving[ends]
            + (forward.log_entering[start] - forward.log_partition)
        )
        total += np.exp(np.minimum(logs, 0.0)).sum(axis=1) @ lattice.grid.duration_features_by_start[start]
    return total


def _log_sum_exp(logs: FloatArray) -> FloatArray:
    """log(sum of exp(logs)) over the first axis: (n, states) to (states,)."""
    top = logs.max(axis=0)
    return np.asarray(np.log(np.exp(logs - top).sum(axis=0)) + top)


def _log_sum_exp_of_others(unexplained: float, state_scores: FloatArray) -> FloatArray:
    """For every state, log(sum(exp)) over nothing and all states but itself. `state_scores`: (states,)."""
    dominant = int(state_scores.argmax())
    top = max(unexplained, float(state_scores[dominant]))
    weights = np.exp(state_scores - top)
    rest = weights.sum() + np.exp(unexplained - top) - weights
    rest[dominant] = 1.0  # a difference would cancel to nothing here
    others = np.log(rest) + top
    others[dominant] = np.logaddexp.reduce(np.append(np.delete(state_scores, dominant), unexplained))
    return np.asarray(others)
