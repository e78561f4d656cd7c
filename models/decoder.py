"""Exact semi-Markov decoding of a show into nothing and explanations, each of one product.

A segment (i, j, k) covers units i..j-1 with product k and scores

    sum of log_odds[i:j, k] + opening[i] + closing[j-1] + log_duration(boundary[j] - boundary[i]) + entry

"Nothing" scores 0 a unit. Two segments of one product never touch. Best path: O(units * longest * products) time by
prefix sums, O(units * products) memory. Posteriors: the same recursion with log-sum-exp, forward and backward
(Sarawagi & Cohen 2004, semi-Markov conditional random fields).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.evidence import FloatArray

NEVER = -np.inf


@dataclass(frozen=True, eq=False)
class Lattice:
    """What is decoded. `log_odds`: (units, products), nats; `opening`, `closing`: (units,), nats; `boundaries`:
    (units + 1,), seconds, rising; `log_duration` maps seconds (any shape) to nats; `entry`: nats for every segment;
    `longest`: seconds a segment may last."""

    log_odds: FloatArray
    opening: FloatArray
    closing: FloatArray
    boundaries: FloatArray
    log_duration: Callable[[FloatArray], FloatArray]
    entry: float
    longest: float

    @property
    def units(self) -> int:
        return len(self.log_odds)

    @property
    def products(self) -> int:
        return int(self.log_odds.shape[1])

    def sums(self) -> FloatArray:
        """Prefix sums of `log_odds`: (units + 1, products)."""
        return np.vstack([np.zeros(self.products), np.cumsum(self.log_odds, axis=0)])

    def first_start(self, end: int) -> int:
        """The earliest unit a segment that ends before unit `end` may begin with."""
        return int(np.searchsorted(self.boundaries, self.boundaries[end] - self.longest, side="left"))

    def lengths_ending(self, end: int) -> FloatArray:
        """Log probability of each duration of segments that end before unit `end`: (starts, 1)."""
        first = self.first_start(end)
        return self.log_duration(self.boundaries[end] - self.boundaries[first:end])[:, None] + self.entry


@dataclass(frozen=True, slots=True)
class Segment:
    """Units start..end-1 are about `product` (its column)."""

    start: int
    end: int
    product: int


def best_path(lattice: Lattice) -> tuple[Segment, ...]:
    """The segments of the highest-scoring path, in order; what they leave out is nothing."""
    units, products = lattice.units, lattice.products
    sums = lattice.sums()
    nothing, explained = np.full(units + 1, NEVER), np.full((units + 1, products), NEVER)
    came_from = np.zeros((units + 1, products), dtype=np.int64)
    nothing[0] = 0.0
    entering = np.full((units + 1, products), NEVER)  # best score before a segment of k begins, less the sums so far
    for end in range(1, units + 1):
        entering[end - 1] = _best_other(nothing[end - 1], explained[end - 1]) + lattice.opening[end - 1] - sums[end - 1]
        first = lattice.first_start(end)
        scores = entering[first:end] + lattice.lengths_ending(end)
        came_from[end] = first + np.argmax(scores, axis=0)
        explained[end] = scores.max(axis=0) + sums[end] + lattice.closing[end - 1]
        nothing[end] = max(nothing[end - 1], explained[end - 1].max(initial=NEVER))
    return _trace(nothing, explained, came_from)


def _best_other(nothing: float, explained: FloatArray) -> FloatArray:
    """For every product, the best score of any state but itself. `explained`: (products,)."""
    best = np.full(len(explained), nothing)
    if len(explained) > 1:
        first = int(np.argmax(explained))
        second = np.max(np.delete(explained, first))
        others = np.full(len(explained), explained[first])
        others[first] = second
        best = np.maximum(best, others)
    return best


def _trace(nothing: FloatArray, explained: FloatArray, came_from: NDArray[np.int64]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    end, barred = len(nothing) - 1, -1
    while end > 0:
        scores = explained[end].copy()
        if barred >= 0:
            scores[barred] = NEVER  # the segment after this one is of the same product: they must not touch
        product = int(np.argmax(scores)) if len(scores) else -1
        if product < 0 or nothing[end] >= scores[product]:
            end, barred = end - 1, -1
            continue
        start = int(came_from[end, product])
        segments.append(Segment(start, end, product))
        end, barred = start, product
    return tuple(reversed(segments))


@dataclass(frozen=True, eq=False)
class Posteriors:
    """Chances under the lattice. `starts`, `ends`: (units + 1, products): that a segment of the product begins, or has
    ended, at that boundary. `units`: (units, products): that the unit is about the product."""

    starts: FloatArray
    ends: FloatArray
    units: FloatArray


def posteriors(lattice: Lattice) -> Posteriors:
    """Forward-backward over the lattice."""
    nothing, explained, total = _forward(lattice)
    begin, after = _backward(lattice)
    boundaries = range(lattice.units + 1)
    before = np.stack([_log_sum_of_others(nothing[i], explained[i]) for i in boundaries])
    starts = np.exp(before + begin - total)
    ends = np.exp(explained + after - total)
    units = np.clip(np.cumsum(starts - ends, axis=0)[:-1], 0.0, 1.0)
    return Posteriors(starts, ends, units)


def _forward(lattice: Lattice) -> tuple[FloatArray, FloatArray, float]:
    """Log-sums over all paths that end at a boundary: in nothing, in each product; and over all whole paths."""
    units, products = lattice.units, lattice.products
    sums = lattice.sums()
    nothing, explained = np.full(units + 1, NEVER), np.full((units + 1, products), NEVER)
    nothing[0] = 0.0
    entering = np.full((units + 1, products), NEVER)
    for end in range(1, units + 1):
        others = _log_sum_of_others(nothing[end - 1], explained[end - 1])
        entering[end - 1] = others + lattice.opening[end - 1] - sums[end - 1]
        first = lattice.first_start(end)
        scores = entering[first:end] + lattice.lengths_ending(end)
        explained[end] = _log_sum(scores) + sums[end] + lattice.closing[end - 1]
        nothing[end] = np.logaddexp(nothing[end - 1], _log_sum(explained[end - 1][:, None])[0])
    total = float(np.logaddexp(nothing[units], _log_sum(explained[units][:, None])[0]))
    return nothing, explained, total


def _backward(lattice: Lattice) -> tuple[FloatArray, FloatArray]:
    """`begin`: (units + 1, products), log-sums of futures that begin with a segment of k at a boundary; `after`: the
    same shape, log-sums of futures that do not begin with k."""
    units, products = lattice.units, lattice.products
    sums = lattice.sums()
    begin, after = np.full((units + 1, products), NEVER), np.full((units + 1, products), 0.0)
    idle = np.full(units + 1, NEVER)  # futures that begin with a unit of nothing
    begin_any = np.zeros(units + 1)  # all futures
    for start in range(units - 1, -1, -1):
        last = int(np.searchsorted(lattice.boundaries, lattice.boundaries[start] + lattice.longest, side="right")) - 1
        ends = np.arange(start + 1, max(start + 1, last) + 1)
        lengths = lattice.log_duration(lattice.boundaries[ends] - lattice.boundaries[start])[:, None] + lattice.entry
        scores = sums[ends] - sums[start] + lattice.closing[ends - 1][:, None] + lengths + after[ends]
        begin[start] = _log_sum(scores) + lattice.opening[start]
        idle[start] = begin_any[start + 1]
        begin_any[start] = np.logaddexp(idle[start], _log_sum(begin[start][:, None])[0])
        after[start] = _log_sum_of_others(idle[start], begin[start])
    return begin, after


def _log_sum(scores: FloatArray) -> FloatArray:
    """log(sum(exp)) over the first axis; -inf where all are."""
    if scores.shape[0] == 0:
        return np.full(scores.shape[1:], NEVER)
    top = scores.max(axis=0)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(scores - safe).sum(axis=0)) + safe)


def _log_sum_of_others(nothing: float, explained: FloatArray) -> FloatArray:
    """For every product, log(sum(exp)) over nothing and all products but itself. `explained`: (products,)."""
    states = np.concatenate([[nothing], explained])
    top = states.max()
    if not np.isfinite(top):
        return np.full(len(explained), NEVER)
    weights = np.exp(states - top)
    rest = weights.sum() - weights[1:]
    dominant = int(np.argmax(weights))
    if dominant > 0:
        rest[dominant - 1] = np.delete(weights, dominant).sum()  # a difference would cancel to nothing here
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(rest) + top)
