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

NEVER = -np.inf
NEXT_TO_NEVER = -1e30  # instead of NEVER where differences are taken
LEAST = 1e-290  # sums below it have lost digits
MOST_ABOVE = 300.0  # nats above the top by which rows are scaled: exp() overflows at 709
RENEWED_AFTER = 16  # rows: then scaling all anew costs little beside the products
MIDDLE_LOG_SECONDS = 4.2  # about the logarithm of the median explanation, 66 s: keeps the features small


def duration_features(seconds: FloatArray) -> FloatArray:
    """(..., 3) of seconds of any shape: the logarithm, its square, and hundreds of seconds up to 400."""
    log = np.log(np.maximum(seconds, 0.5)) - MIDDLE_LOG_SECONDS
    return np.stack([log, log**2, np.minimum(seconds, 400.0) / 100], axis=-1)


@dataclass(frozen=True, eq=False)
class Grid:
    """Where segments may begin and end. `boundaries`: (units + 1,), seconds, rising; `longest`: seconds a segment may
    last."""

    boundaries: FloatArray
    longest: float

    @property
    def units(self) -> int:
        return len(self.boundaries) - 1

    @cached_property
    def first_starts(self) -> list[int]:
        """Of each boundary: the earliest unit that a segment which ends there may begin with; itself for the first."""
        first = np.searchsorted(self.boundaries, self.boundaries - self.longest, side="left")
        return [min(int(unit), max(0, end - 1)) for end, unit in enumerate(first)]

    @cached_property
    def last_ends(self) -> list[int]:
        """Of each unit: the last boundary at which a segment that begins with it may end; at least the next."""
        last = np.searchsorted(self.first_starts, np.arange(self.units), side="right") - 1
        return [int(end) for end in last]

    @cached_property
    def features(self) -> list[FloatArray]:
        """Of each unit: (ends, 3), the duration features of the segments that begin with it, shortest first."""
        ends = self.last_ends
        return [
            duration_features(self.boundaries[start + 1 : ends[start] + 1] - self.boundaries[start])
            for start in range(self.units)
        ]


@dataclass(frozen=True, eq=False)
class Lattice:
    """What is decoded. `log_odds`, `opening`: (units, states), nats; `closing`: (units,), nats; `duration_weights`:
    (3,), of `duration_features`; `entry`: (states,), nats for every segment."""

    log_odds: FloatArray
    opening: FloatArray
    closing: FloatArray
    grid: Grid
    duration_weights: FloatArray
    entry: FloatArray

    @property
    def units(self) -> int:
        return len(self.log_odds)

    @property
    def states(self) -> int:
        return int(self.log_odds.shape[1])

    @cached_property
    def sums(self) -> FloatArray:
        """Prefix sums of `log_odds`: (units + 1, states)."""
        return np.vstack([np.zeros(self.states), np.cumsum(self.log_odds, axis=0)])

    @cached_property
    def lengths(self) -> list[FloatArray]:
        """Of each unit: (ends,), nats for the duration of segments that begin with it, shortest first."""
        return [features @ self.duration_weights for features in self.grid.features]

    @cached_property
    def lengths_back(self) -> list[FloatArray]:
        """Of each boundary: (starts,), the same for the segments that end there, longest first."""
        first, lengths = self.grid.first_starts, self.lengths
        return [
            np.array([lengths[start][end - start - 1] for start in range(first[end], end)])
            for end in range(self.units + 1)
        ]


@dataclass(frozen=True, slots=True)
class Segment:
    """Units start..end-1 are about `state` (its column)."""

    start: int
    end: int
    state: int


def best_path(lattice: Lattice) -> tuple[Segment, ...]:
    """The segments of the highest-scoring path, in order; what they leave out is nothing."""
    units, states, sums = lattice.units, lattice.states, lattice.sums
    nothing, explained = np.full(units + 1, NEVER), np.full((units + 1, states), NEVER)
    came_from = np.zeros((units + 1, states), dtype=np.int32)
    nothing[0] = 0.0
    entering = np.full((units + 1, states), NEVER)  # best score before a segment of k begins, less the sums so far
    for end in range(1, units + 1):
        before = _best_other(nothing[end - 1], explained[end - 1])
        entering[end - 1] = before + lattice.opening[end - 1] + lattice.entry - sums[end - 1]
        first = lattice.grid.first_starts[end]
        scores = entering[first:end] + lattice.lengths_back[end][:, None]
        came_from[end] = first + np.argmax(scores, axis=0)
        explained[end] = scores.max(axis=0) + sums[end] + lattice.closing[end - 1]
        nothing[end] = max(nothing[end - 1], explained[end - 1].max(initial=NEVER))
    return _trace(nothing, explained, came_from)


def _best_other(nothing: float, explained: FloatArray) -> FloatArray:
    """For every state, the best score of nothing and any state but itself. `explained`: (states,)."""
    best = np.full(len(explained), nothing)
    if len(explained) > 1:
        first = int(np.argmax(explained))
        second = np.max(np.delete(explained, first))
        others = np.full(len(explained), explained[first])
        others[first] = second
        best = np.maximum(best, others)
    return best


def _trace(nothing: FloatArray, explained: FloatArray, came_from: NDArray[np.int32]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    end, barred = len(nothing) - 1, -1
    while end > 0:
        scores = explained[end].copy()
        if barred >= 0:
            scores[barred] = NEVER  # the segment after this one is of the same state: they must not touch
        state = int(np.argmax(scores)) if len(scores) else -1
        if state < 0 or nothing[end] >= scores[state]:
            end, barred = end - 1, -1
            continue
        start = int(came_from[end, state])
        segments.append(Segment(start, end, state))
        end, barred = start, state
    return tuple(reversed(segments))


@dataclass(frozen=True, eq=False)
class Posteriors:
    """Chances under the lattice. `starts`, `ends`: (units + 1, states): that a segment of the state begins, or has
    ended, at that boundary. `units`: (units, states): that the unit is about the state. `log_total`: the log-sum of
    all paths. `durations`: (3,), expected sum of `duration_features` over the segments, from `passes` when asked for.
    """

    starts: FloatArray
    ends: FloatArray
    units: FloatArray
    log_total: float
    passes: "_Passes | None"

    @cached_property
    def durations(self) -> FloatArray:
        """(3,): only learning asks for them. InvalidValue where the passes were not kept."""
        if self.passes is None and self.units.shape[1]:
            raise InvalidValue("posteriors that are not for learning tell no durations")
        return _expected_durations(self.passes) if self.passes else np.zeros(3)


@dataclass(frozen=True, eq=False)
class _Passes:
    """Both ways over a lattice."""

    lattice: Lattice
    forward: "_Forward"
    backward: "_Backward"


def posteriors(lattice: Lattice, *, for_learning: bool = True) -> Posteriors:
    """Forward-backward over the lattice. Unless it is `for_learning`, less memory is held and `durations` are none."""
    if not lattice.states:
        none = np.zeros((lattice.units + 1, 0))
        return Posteriors(none, none, none[1:], 0.0, None)
    forward, backward = _Forward(lattice), _Backward(lattice)
    before, explained, passes = forward.before, forward.explained, None
    if for_learning:
        before, explained, passes = before.copy(), explained.copy(), _Passes(lattice, forward, backward)
    starts, ends = (
        _chances(before, backward.begin, forward.total),
        _chances(explained, backward.after, forward.total),
    )
    units = starts - ends
    np.cumsum(units, axis=0, out=units)
    return Posteriors(starts, ends, np.clip(units[:-1], 0.0, 1.0, out=units[:-1]), forward.total, passes)


def _chances(until: FloatArray, after: FloatArray, total: float) -> FloatArray:
    """In place of `until`: the chances of paths, given in logs up to a boundary and from there on."""
    until += after
    until -= total
    np.minimum(until, 0.0, out=until)
    return np.asarray(np.exp(until, out=until))


class _Forward:
    """Log-sums over all paths up to each boundary: `before` a segment of k begins there, `explained` where one ended.

    `entering`: what a segment of k that begins there has so far, less the sums of `log_odds` up to there. Everything
    stays in logs, state by state: over a long show the sums of two states drift thousands of nats apart.
    """

    def __init__(self, lattice: Lattice) -> None:
        units, states, sums = lattice.units, lattice.states, lattice.sums
        self.before = np.full((units + 1, states), NEXT_TO_NEVER)
        self.explained = np.full((units + 1, states), NEXT_TO_NEVER)
        self.entering = np.full((units + 1, states), NEXT_TO_NEVER)
        window = _Window(self.entering)
        nothing = np.full(units + 1, NEVER)
        nothing[0] = 0.0
        for end in range(1, units + 1):
            self.before[end - 1] = _log_sum_of_others(nothing[end - 1], self.explained[end - 1])
            self.entering[end - 1] = self.before[end - 1] + lattice.opening[end - 1] + lattice.entry - sums[end - 1]
            starts = slice(lattice.grid.first_starts[end], end)
            summed = window.log_sum(lattice.lengths_back[end], starts, end - 1)
            self.explained[end] = summed + sums[end] + lattice.closing[end - 1]
            nothing[end] = np.logaddexp(nothing[end - 1], np.logaddexp.reduce(self.explained[end - 1]))
        self.before[units] = _log_sum_of_others(nothing[units], self.explained[units])
        self.total = float(np.logaddexp(nothing[units], np.logaddexp.reduce(self.explained[units])))


class _Backward:
    """Log-sums over all futures of each boundary: `begin` with a segment of k, `after` those that do not begin with
    k. `leaving`: what a segment of k that ends there has from there on, and the sums of `log_odds` up to there."""

    def __init__(self, lattice: Lattice) -> None:
        units, states, sums = lattice.units, lattice.states, lattice.sums
        self.begin, self.after = np.full((units + 1, states), NEXT_TO_NEVER), np.zeros((units + 1, states))
        self.leaving = np.full((units + 1, states), NEXT_TO_NEVER)
        window = _Window(self.leaving)
        any_future = np.zeros(units + 1)
        for start in range(units, -1, -1):
            if start < units:
                ends = slice(start + 1, lattice.grid.last_ends[start] + 1)
                summed = window.log_sum(lattice.lengths[start], ends, start + 1)
                self.begin[start] = summed + lattice.entry + lattice.opening[start] - sums[start]
                any_future[start] = np.logaddexp(any_future[start + 1], np.logaddexp.reduce(self.begin[start]))
                self.after[start] = _log_sum_of_others(any_future[start + 1], self.begin[start])
            if start > 0:
                self.leaving[start] = sums[start] + lattice.closing[start - 1] + self.after[start]


class _Window:
    """Log-sums over a few rows of a growing array of logs, (boundaries, states), as products of what was exponentiated
    before. Each state is scaled by its own top, renewed every few rows; what underflows all the same is summed anew.
    """

    def __init__(self, rows: FloatArray) -> None:
        self._rows, self._scaled = rows, np.zeros_like(rows)
        self._tops = np.zeros(rows.shape[1])
        self._age = RENEWED_AFTER

    def log_sum(self, logs: FloatArray, window: slice, newest: int) -> FloatArray:
        """(states,): log(sum of exp(logs + rows)) over the rows of `window`, of which `newest` has just been set."""
        self._take_in(window, newest)
        top = logs.max()
        summed = np.exp(logs - top) @ self._scaled[window]
        if summed.min() < LEAST:
            return _log_sum(logs[:, None] + self._rows[window])
        return np.asarray(np.log(summed) + top + self._tops)

    def _take_in(self, window: slice, newest: int) -> None:
        above = self._rows[newest] - self._tops
        self._age += 1
        if self._age < RENEWED_AFTER and above.max() < MOST_ABOVE:
            self._scaled[newest] = np.exp(above)
            return
        self._tops, self._age = self._rows[window].max(axis=0), 0
        self._scaled[window] = np.exp(self._rows[window] - self._tops)


def _expected_durations(passes: _Passes) -> FloatArray:
    lattice, forward, backward = passes.lattice, passes.forward, passes.backward
    total = np.zeros(3)
    for start in range(lattice.units):
        ends = slice(start + 1, lattice.grid.last_ends[start] + 1)
        logs = lattice.lengths[start][:, None] + backward.leaving[ends] + (forward.entering[start] - forward.total)
        total += np.exp(np.minimum(logs, 0.0)).sum(axis=1) @ lattice.grid.features[start]
    return total


def _log_sum(logs: FloatArray) -> FloatArray:
    """log(sum of exp(logs)) over the first axis: (n, states) to (states,)."""
    top = logs.max(axis=0)
    return np.asarray(np.log(np.exp(logs - top).sum(axis=0)) + top)


def _log_sum_of_others(nothing: float, explained: FloatArray) -> FloatArray:
    """For every state, log(sum(exp)) over nothing and all states but itself. `explained`: (states,)."""
    dominant = int(explained.argmax())
    top = max(nothing, float(explained[dominant]))
    weights = np.exp(explained - top)
    rest = weights.sum() + np.exp(nothing - top) - weights
    rest[dominant] = 1.0  # a difference would cancel to nothing here
    others = np.log(rest) + top
    others[dominant] = np.logaddexp.reduce(np.append(np.delete(explained, dominant), nothing))
    return np.asarray(others)
