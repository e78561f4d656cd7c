"""The grid of time on which event logs are compared with the show: steps of 3 s, with room before and after it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds
from domain.evidence import FloatArray
from models.event_log.timed_events import Boundaries, ExplanationPosteriors, TimedEvent, event_arrays

GRID_STEP_S: Seconds = 3.0
MAX_OFFSET_S: Seconds = 120.0  # of the log's clock
MAX_LAG_S: Seconds = 90.0
OFFSETS_S: tuple[Seconds, ...] = tuple(GRID_STEP_S * n for n in range(-40, 41))
GRID_PADDING = round((MAX_OFFSET_S + MAX_LAG_S) / GRID_STEP_S) + 30  # empty steps before and after the show


def grid_size(posteriors: ExplanationPosteriors) -> int:
    """The number of steps of a show."""
    return round(float(posteriors.ends[-1]) / GRID_STEP_S) + 2 * GRID_PADDING + 1


def to_time_grid(boundaries: Boundaries, steps: int) -> FloatArray:
    """(steps, products): the probabilities at the steps of their boundaries."""
    grid = np.zeros((steps, boundaries.probabilities.shape[1]))
    np.add.at(grid, np.rint(boundaries.times / GRID_STEP_S).astype(int) + GRID_PADDING, boundaries.probabilities)
    return grid


def grid_values(grid: FloatArray, events: Sequence[TimedEvent], delays: FloatArray) -> FloatArray:
    """(events, delays): the grid's value for each event's product, the delay before it."""
    times, products = event_arrays(events)
    grid_indexes = np.rint((times[:, None] - delays) / GRID_STEP_S).astype(int) + GRID_PADDING
    return np.asarray(grid[np.clip(grid_indexes, 0, len(grid) - 1), products[:, None]])


def probabilities_on_grid(posteriors: ExplanationPosteriors) -> FloatArray:
    """(steps, products): the chance that each product is explained at each step; 0 outside the show."""
    times = GRID_STEP_S * (np.arange(grid_size(posteriors)) - GRID_PADDING)
    units = np.searchsorted(posteriors.starts, times, side="right") - 1
    inside = (units >= 0) & (times < posteriors.ends[-1])
    return np.where(inside[:, None], posteriors.probabilities[np.maximum(units, 0)], 0.0)


def grid_indexes_of(times: FloatArray) -> NDArray[np.int64]:
    """The steps of `times`."""
    return np.rint(times / GRID_STEP_S).astype(np.int64) + GRID_PADDING
