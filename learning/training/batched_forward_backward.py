"""Forward-backward over many lattices at once: what semi_markov.py does show by show, for hundreds of rounds.

A show's recursion is a few hundred short steps, whose time goes into calling numpy. So shows of about one length are
laid side by side, filled up with states that are never entered and units in which nothing begins, and stepped together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.evidence import FloatArray
from models.segmentation.semi_markov import (
    LEAST,
    MOST_ABOVE,
    NEVER,
    NEXT_TO_NEVER,
    RENEWED_AFTER,
    Grid,
    Lattice,
    duration_features,
)


class Expected(NamedTuple):
    """What a lattice expects, as `Posteriors` has it: `starts`, `ends`: (units + 1, states); `units`: (units, states);
    `durations`: (3,)."""

    starts: FloatArray
    ends: FloatArray
    units: FloatArray
    durations: FloatArray
    log_total: float


@dataclass(frozen=True, eq=False)
class Bands:
    """The segments that `grids` allow, by their first unit and how many units they have: what weights cannot change."""

    grids: tuple[Grid, ...]

    @cached_property
    def units(self) -> int:
        return max(grid.units for grid in self.grids)

    @cached_property
    def widest(self) -> int:
        """Units that the longest segment has."""
        return max(end - start for grid in self.grids for start, end in enumerate(grid.last_ends))

    @cached_property
    def features(self) -> FloatArray:
        """(grids, units, widest, 3): duration features of the segments; 0 where there is none."""
        found = np.zeros((len(self.grids), self.units, self.widest, 3))
        for grid, of_grid in zip(self.grids, found, strict=True):
            starts, lengths = np.nonzero(_allowed(grid, self.units, self.widest))
            boundaries = grid.boundaries
            of_grid[starts, lengths] = duration_features(boundaries[starts + lengths + 1] - boundaries[starts])
        return found

    @cached_property
    def barred(self) -> NDArray[np.bool_]:
        """(grids, units, widest): where there is no segment. A unit that fills up has one, so that sums are finite."""
        barred = ~np.stack([_allowed(grid, self.units, self.widest) for grid in self.grids])
        for grid, of_grid in zip(self.grids, barred, strict=True):
            of_grid[grid.units :, 0] = False
        return barred

    @cached_property
    def by_end(self) -> NDArray[np.int64]:
        """(units + 1, widest): places, in flat (units, widest), of what ends at a boundary, longest first; -1: none."""
        lengths = np.arange(self.widest, 0, -1)
        starts = np.arange(self.units + 1)[:, None] - lengths
        return np.where(starts >= 0, starts * self.widest + lengths - 1, -1)

    def lengths(self, weights: FloatArray) -> FloatArray:
        """(grids, units, widest): nats for durations by `weights`, (3,)."""
        return np.where(self.barred, NEVER, self.features @ weights)

    def turned(self, of_starts: FloatArray, nothing: float) -> FloatArray:
        """(grids, units + 1, widest), by boundaries where segments end, of what is by units where they begin."""
        flat = of_starts.reshape(len(of_starts), -1)
        return np.where(self.by_end < 0, nothing, flat[:, self.by_end])


def _allowed(grid: Grid, units: int, widest: int) -> NDArray[np.bool_]:
    """(units, widest): whether a segment may begin there and have one unit more than the place says."""
    allowed = np.zeros((units, widest), dtype=bool)
    for start, end in enumerate(grid.last_ends):
        allowed[start, : end - start] = True
    return allowed


def expected(bands: Bands, lattices: Sequence[Lattice]) -> list[Expected]:
    """Forward-backward over each of the lattices, whose grids are those of `bands` and whose weights of durations are
    the same."""
    stack = _Stack(bands, lattices)
    forward = _Forward(stack)
    backward = _Backward(stack, forward)
    starts = np.exp(np.minimum(forward.before + backward.begin - forward.total[:, None, None], 0.0))
    ends = np.exp(np.minimum(forward.explained + backward.after - forward.total[:, None, None], 0.0))
    units = np.clip(np.cumsum(starts - ends, axis=1)[:, :-1], 0.0, 1.0)
    return [
        Expected(
            starts[i, : one.units + 1, : one.states],
            ends[i, : one.units + 1, : one.states],
            units[i, : one.units, : one.states],
            backward.durations[i],
            float(forward.total[i]),
        )
        for i, one in enumerate(lattices)
    ]


class _Stack:
    """Lattices as arrays, (lattices, units, ...). States that fill up are never entered, units never begin anything."""

    def __init__(self, bands: Bands, lattices: Sequence[Lattice]) -> None:
        count, units, states = len(lattices), bands.units, max(lattice.states for lattice in lattices)
        self.bands, self.shape = bands, (count, units + 1, states)
        self.last = np.array([lattice.units for lattice in lattices])
        self.entry = np.full((count, units, states), NEXT_TO_NEVER)  # with what opening says
        self.closing, self.sums = np.zeros((count, units)), np.zeros(self.shape)
        for i, one in enumerate(lattices):
            self.entry[i, : one.units, : one.states] = one.opening + one.entry
            self.closing[i, : one.units] = one.closing
            self.sums[i, : one.units + 1, : one.states] = one.sums
            self.sums[i, one.units + 1 :, : one.states] = one.sums[-1]
        self.lengths = bands.lengths(lattices[0].duration_weights)
        self.top = float(self.lengths.max())
        self.shares = np.exp(self.lengths - self.top)


class _Forward:
    """Log-sums over all paths up to each boundary, as models/segmentation/semi_markov.py has them, of every lattice."""

    def __init__(self, stack: _Stack) -> None:
        count, boundaries, _ = stack.shape
        widest, everything = stack.bands.widest, np.arange(count)
        self.before, self.explained = np.full(stack.shape, NEXT_TO_NEVER), np.full(stack.shape, NEXT_TO_NEVER)
        nothing = np.full((count, boundaries), NEVER)
        nothing[:, 0] = 0.0
        shares = stack.bands.turned(stack.shares, 0.0)
        window = _Window((count, boundaries + widest, stack.shape[2]))
        for end in range(1, boundaries):
            start = end - 1
            self.before[:, start], nothing[:, end] = _of_others(nothing[:, start], self.explained[:, start])
            entering = self.before[:, start] + stack.entry[:, start] - stack.sums[:, start]
            window.take_in(entering, start + widest, slice(end, end + widest))
            summed = window.summed(shares[:, end, None], slice(end, end + widest))[:, 0]
            logs = np.log(np.maximum(summed, LEAST)) + window.tops + stack.top
            if (summed[end <= stack.last] < LEAST).any():
                exact = stack.bands.turned(stack.lengths, NEVER)[:, end]
                logs = _log_sum(exact[:, :, None] + window.rows[:, end : end + widest])
            self.explained[:, end] = logs + stack.sums[:, end] + stack.closing[:, start, None]
        last = stack.last
        self.before[everything, last], self.total = _of_others(
            nothing[everything, last], self.explained[everything, last]
        )


class _Backward:
    """Log-sums over all futures of each boundary, and the expected sum of duration features, (lattices, 3)."""

    def __init__(self, stack: _Stack, forward: _Forward) -> None:
        count, boundaries, states = stack.shape
        widest, bands = stack.bands.widest, stack.bands
        self.begin, self.after = np.full(stack.shape, NEXT_TO_NEVER), np.zeros(stack.shape)
        self.durations = np.zeros((count, 3))
        shares = np.concatenate(
            [stack.shares[:, :, None], stack.shares[:, :, None] * bands.features.swapaxes(2, 3)], axis=2
        )
        window = _Window((count, boundaries + widest, states))
        future = np.zeros(count)
        for start in range(boundaries - 2, -1, -1):
            end = start + 1
            leaving = stack.sums[:, end] + stack.closing[:, start, None] + self.after[:, end]
            ends = slice(end, end + widest)
            window.take_in(leaving, end, ends)
            sums = window.summed(shares[:, start], ends)
            logs = np.log(np.maximum(sums[:, 0], LEAST)) + window.tops + stack.top
            if (sums[:, 0] < LEAST).any():
                sums, logs = _anew(stack, window, start)
            self.begin[:, start] = logs + stack.entry[:, start] - stack.sums[:, start]
            self.after[:, start], future = _of_others(future, self.begin[:, start])
            chance = np.exp(np.minimum(forward.before[:, start] + self.begin[:, start] - forward.total[:, None], 0.0))
            self.durations += np.einsum("bfs,bs->bf", sums[:, 1:], chance / sums[:, 0])


def _anew(stack: _Stack, window: "_Window", start: int) -> tuple[FloatArray, FloatArray]:
    """What a window sums up to, and its logs, where shares have lost their digits: each state scaled by its own top."""
    logs = stack.lengths[:, start, :, None] + window.rows[:, start + 1 : start + 1 + stack.bands.widest]
    scaled = np.exp(logs - logs.max(axis=1, keepdims=True))
    features = stack.bands.features[:, start].swapaxes(1, 2)
    plain = np.ones((len(features), 1, features.shape[2]))
    return np.concatenate([plain, features], axis=1) @ scaled, _log_sum(logs)


class _Window:
    """Log-sums over a few rows of a growing array of logs, (lattices, rows, states), as products of what was
    exponentiated before; see models/segmentation/semi_markov.py."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        self.rows, self._scaled = np.full(shape, NEXT_TO_NEVER), np.zeros(shape)
        self.tops = np.zeros((shape[0], shape[2]))
        self._age = RENEWED_AFTER

    def take_in(self, row: FloatArray, place: int, window: slice) -> None:
        """Set the row at `place`, (lattices, states)."""
        self.rows[:, place] = row
        above = row - self.tops
        self._age += 1
        if self._age < RENEWED_AFTER and above.max() < MOST_ABOVE:
            self._scaled[:, place] = np.exp(above)
            return
        rows = self.rows[:, window]
        self.tops, self._age = rows.max(axis=1), 0
        self._scaled[:, window] = np.exp(rows - self.tops[:, None])

    def summed(self, shares: FloatArray, window: slice) -> FloatArray:
        """(lattices, n, states): the rows of `window` by `shares`, (lattices, n, widest), each state less its top."""
        return np.asarray(shares @ self._scaled[:, window])


def _log_sum(logs: FloatArray) -> FloatArray:
    """log(sum of exp(logs)) over the second axis: (lattices, n, states) to (lattices, states)."""
    top = logs.max(axis=1)
    return np.asarray(np.log(np.exp(logs - top[:, None]).sum(axis=1)) + top)


def _of_others(nothing: FloatArray, explained: FloatArray) -> tuple[FloatArray, FloatArray]:
    """For every state, log(sum(exp)) over nothing and all states but itself, and over them all. `nothing`: (lattices,);
    `explained`: (lattices, states)."""
    places = np.arange(len(nothing))
    dominant = explained.argmax(axis=1)
    top = np.maximum(nothing, explained[places, dominant])
    weights = np.exp(explained - top[:, None])
    all_of_them = weights.sum(axis=1) + np.exp(nothing - top)
    rest = all_of_them[:, None] - weights
    rest[places, dominant] = 1.0  # a difference would cancel to nothing here
    others = np.log(rest) + top[:, None]
    without = explained.copy()
    without[places, dominant] = nothing
    others[places, dominant] = _log_sum(without[:, :, None])[:, 0]
    return others, np.log(all_of_them) + top
