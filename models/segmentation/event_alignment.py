"""Aligns the event log with the show: estimates the offset of its clock, and the lags of pushes and clicks.

A correct push follows the start of its explanation by the show's push lag, more or less; a wrong one comes at any
time. A click is about what was explained shortly before, or about anything. Priors separate clock offset from lags:
most clocks are right, and most lags are typical.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds
from domain.evidence import FloatArray

GRID_STEP_S: Seconds = 3.0
OFFSETS_S: tuple[Seconds, ...] = tuple(GRID_STEP_S * n for n in range(-40, 41))
PUSH_LAGS_S: tuple[Seconds, ...] = tuple(GRID_STEP_S * n for n in range(-8, 31))
CLICK_LAGS_S: tuple[Seconds, ...] = tuple(GRID_STEP_S * n for n in range(11))
MAX_OFFSET_S: Seconds = max(OFFSETS_S)
GRID_PADDING = round((MAX_OFFSET_S + max(PUSH_LAGS_S)) / GRID_STEP_S) + 30  # empty steps before and after the show

TYPICAL_CLICK_LAG_S: Seconds = 10.0
TYPICAL_PUSH_LAG_S: Seconds = 24.0  # median over the devset: 16 to 29 a show; simulated logs: 28
CLICK_SHARES = (0.0, 0.1, 0.3)  # of clicks about what is explained; equally likely a priori
MIN_EVENTS = 5  # clicks or orders from which a lag can be estimated
MIN_PUSHES = 4  # from which a push lag can be estimated
MAX_CLICKS = 20_000  # for the clock; of more, every second or third is used
PUSH_LAG_SPREAD: tuple[tuple[Seconds, float], ...] = ((6.0, 0.6), (18.0, 0.4))
"""How pushes scatter around the show's lag: (standard deviation in seconds, share)."""
CORRECT_PUSH_SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)  # of all pushes; equally likely a priori
OFFSET_PENALTY_NATS = 6.0  # prior against any clock offset: most clocks are right
LATE_PUSH_PENALTY_NATS_PER_S, EARLY_PUSH_PENALTY_NATS_PER_S = 0.08, 0.12  # of lags beyond or below the typical one
CLICK_LAG_PENALTY_NATS_PER_S = 0.2  # viewers vary less than those who push
MIN_OFFSET_S: Seconds = 12.0  # a smaller offset cannot be distinguished from lag
MODE_RADIUS_S: Seconds = 15.0  # offsets within it are one mode
TYPICAL_PUSH_LAG_RANGE_S: Seconds = 10.0  # around the typical lag: weights of pushes are learned at such lags
MAX_REPEAT_GAP_S: Seconds = 30.0  # a push of the same product so soon says nothing new


class _HasTime(Protocol):
    @property
    def time(self) -> Seconds: ...


_PushT = TypeVar("_PushT", bound=_HasTime)


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """An event on the replay clock. `product`: the column of its product."""

    kind: str
    time: Seconds
    product: int


@dataclass(frozen=True, eq=False)
class ExplanationPosteriors:
    """What speech and frames say about a show, without the event log.

    `starts`, `ends`: (units,), seconds; `probabilities`: (units, products), that the unit is about the product.
    """

    starts: FloatArray
    ends: FloatArray
    probabilities: FloatArray

    def probabilities_at(self, times: FloatArray, products: NDArray[np.int64]) -> FloatArray:
        """(times,): the chance that each of `products` is explained at its time; 0 outside the show."""
        units = np.searchsorted(self.starts, times, side="right") - 1
        inside = (units >= 0) & (times < self.ends[-1])
        return np.where(inside, self.probabilities[np.maximum(units, 0), products], 0.0)

    @cached_property
    def start_probabilities(self) -> FloatArray:
        """(units, products): the chance that an explanation of the product begins with the unit."""
        return np.maximum(np.diff(self.probabilities, axis=0, prepend=0.0), 0.0)


@dataclass(frozen=True, slots=True)
class EventTiming:
    """Timing of a show's event log, in seconds.

    `clock_offset`: by which the log's clock is late; `push_lag`: from the start of an explanation to its push;
    `click_lag`: from words to the clicks that they cause.
    """

    clock_offset: Seconds = 0.0
    push_lag: Seconds = TYPICAL_PUSH_LAG_S
    click_lag: Seconds = TYPICAL_CLICK_LAG_S

    @property
    def push_delay(self) -> Seconds:
        """By how much pushes in the log are later than typical, for either reason."""
        excess_lag = self.push_lag - TYPICAL_PUSH_LAG_S
        return self.clock_offset + (excess_lag if abs(excess_lag) > TYPICAL_PUSH_LAG_RANGE_S else 0.0)


def estimate_event_timing(
    pushes: Sequence[TimedEvent], clicks: Sequence[TimedEvent], posteriors: ExplanationPosteriors
) -> EventTiming:
    """The timing under which pushes and clicks agree best with `posteriors`."""
    distinct_pushes = drop_repeated_pushes(pushes, lambda push: push.product)
    push_nats, click_nats = (
        _push_log_likelihoods(distinct_pushes, posteriors),
        _click_log_likelihoods(clicks, posteriors),
    )
    offset_index = _best_offset_index(push_nats.max(axis=1) + click_nats.max(axis=1))
    return EventTiming(
        OFFSETS_S[offset_index],
        _expected_value(PUSH_LAGS_S, push_nats[offset_index])
        if len(distinct_pushes) >= MIN_PUSHES
        else TYPICAL_PUSH_LAG_S,
        CLICK_LAGS_S[int(np.argmax(click_nats[offset_index]))] if len(clicks) >= MIN_EVENTS else TYPICAL_CLICK_LAG_S,
    )


def _best_offset_index(gains: FloatArray) -> int:
    """The index of the offset: 0 s, or the middle of the best mode where that gains enough. `gains`: (offsets,)."""
    offsets, no_offset = np.array(OFFSETS_S), OFFSETS_S.index(0.0)
    far = np.flatnonzero(np.abs(offsets) >= MIN_OFFSET_S)
    best = int(far[np.argmax(gains[far])])
    if gains[best] - gains[no_offset] <= OFFSET_PENALTY_NATS:
        return no_offset
    near = far[np.abs(offsets[far] - offsets[best]) <= MODE_RADIUS_S]
    middle = _expected_value(offsets[near].tolist(), gains[near])
    return int(near[np.argmin(np.abs(offsets[near] - middle))])


def _expected_value(values: Sequence[Seconds], nats: FloatArray) -> Seconds:
    probabilities = np.exp(nats - nats.max())
    return float(probabilities @ np.array(values) / probabilities.sum())


def drop_repeated_pushes(pushes: Iterable[_PushT], product_of: Callable[[_PushT], Hashable]) -> list[_PushT]:
    """`pushes`, by time, without those that soon repeat one of the same product."""
    last_times: dict[Hashable, Seconds] = {}
    distinct = []
    for push in pushes:
        product = product_of(push)
        if push.time - last_times.get(product, -np.inf) > MAX_REPEAT_GAP_S:
            distinct.append(push)
        last_times[product] = push.time
    return distinct


def _push_log_likelihoods(pushes: Sequence[TimedEvent], posteriors: ExplanationPosteriors) -> FloatArray:
    """(offsets, lags): log-likelihood of the pushes plus log-prior of the lag."""
    lags = np.array(PUSH_LAGS_S)
    lag_penalties = np.where(
        lags > TYPICAL_PUSH_LAG_S, LATE_PUSH_PENALTY_NATS_PER_S, EARLY_PUSH_PENALTY_NATS_PER_S
    ) * np.abs(lags - TYPICAL_PUSH_LAG_S)
    delays = np.unique(np.add.outer(OFFSETS_S, PUSH_LAGS_S))
    nats_by_delay = dict(
        zip(delays.tolist(), _push_delay_log_likelihoods(pushes, delays, posteriors).tolist(), strict=True)
    )
    return np.asarray([[nats_by_delay[offset + lag] for lag in PUSH_LAGS_S] for offset in OFFSETS_S] - lag_penalties)


def _push_delay_log_likelihoods(
    pushes: Sequence[TimedEvent], delays: FloatArray, posteriors: ExplanationPosteriors
) -> FloatArray:
    """(delays,): log-likelihood of the pushes if correct ones follow the starts of their explanations by the delay.

    p(push) = correct * starts of its product / all starts + (1 - correct) / products / duration, averaged over
    CORRECT_PUSH_SHARES.
    """
    expected_starts = float(posteriors.start_probabilities.sum())
    if len(pushes) < MIN_PUSHES or expected_starts <= 0:
        return np.zeros(len(delays))
    duration = posteriors.ends[-1] - posteriors.starts[0]
    density = _smooth_by_push_lag(_to_time_grid(posteriors, posteriors.start_probabilities)) / GRID_STEP_S
    chance_density = expected_starts / duration / posteriors.probabilities.shape[1]
    likelihood_ratios = _grid_values(density, pushes, delays) / chance_density
    correct_shares = np.array(CORRECT_PUSH_SHARES)[:, None, None]
    return _log_mean_exp(np.log1p(correct_shares * (likelihood_ratios - 1)).sum(axis=1))


def _log_mean_exp(nats: FloatArray) -> FloatArray:
    """Over the first axis."""
    return np.asarray(np.logaddexp.reduce(nats, axis=0) - np.log(len(nats)))


def _to_time_grid(posteriors: ExplanationPosteriors, amounts: FloatArray) -> FloatArray:
    """(steps, products): `amounts` of units at the steps where these begin."""
    grid = np.zeros((_grid_size(posteriors), amounts.shape[1]))
    np.add.at(grid, np.rint(posteriors.starts / GRID_STEP_S).astype(int) + GRID_PADDING, amounts)
    return grid


def _smooth_by_push_lag(grid: FloatArray) -> FloatArray:
    """The grid, each amount spread by PUSH_LAG_SPREAD."""
    distances_s = GRID_STEP_S * np.arange(-20, 21, dtype=np.float64)
    kernel = np.sum([share * _normal_weights(distances_s, deviation) for deviation, share in PUSH_LAG_SPREAD], axis=0)
    return np.stack([np.convolve(column, kernel, mode="same") for column in grid.T], axis=1)


def _normal_weights(distances_s: FloatArray, deviation: Seconds) -> FloatArray:
    weights = np.exp(-0.5 * (distances_s / deviation) ** 2)
    return np.asarray(weights / weights.sum())


def _grid_values(grid: FloatArray, events: Sequence[TimedEvent], delays: FloatArray) -> FloatArray:
    """(events, delays): the grid's value for each event's product, the delay before it."""
    times = np.array([event.time for event in events])
    grid_indexes = np.rint((times[:, None] - delays) / GRID_STEP_S).astype(int) + GRID_PADDING
    products = np.array([event.product for event in events])
    return np.asarray(grid[np.clip(grid_indexes, 0, len(grid) - 1), products[:, None]])


def _click_log_likelihoods(clicks: Sequence[TimedEvent], posteriors: ExplanationPosteriors) -> FloatArray:
    """(offsets, lags): log-likelihood of the clicks plus log-prior of the lag."""
    lag_penalties = CLICK_LAG_PENALTY_NATS_PER_S * np.abs(np.array(CLICK_LAGS_S) - TYPICAL_CLICK_LAG_S)
    if len(clicks) < MIN_EVENTS:
        return np.tile(-lag_penalties, (len(OFFSETS_S), 1))
    delays = np.unique(np.add.outer(OFFSETS_S, CLICK_LAGS_S))
    nats_by_delay = dict(
        zip(delays.tolist(), _click_delay_log_likelihoods(clicks, delays, posteriors).tolist(), strict=True)
    )
    return np.array([[nats_by_delay[offset + lag] for lag in CLICK_LAGS_S] for offset in OFFSETS_S]) - lag_penalties


def _click_delay_log_likelihoods(
    clicks: Sequence[TimedEvent], delays: FloatArray, posteriors: ExplanationPosteriors
) -> FloatArray:
    """(delays,): log-likelihood of the clicks if a share is about what was explained the delay before.

    p(product | time) = base rate + share * (explained - base rate * anything explained), averaged over CLICK_SHARES.
    """
    grid_indexes, products, counts = _count_clicks(clicks[:: math.ceil(len(clicks) / MAX_CLICKS)])
    base_rates = event_base_rates(clicks, posteriors.probabilities.shape[1])[products]
    product_probabilities = _probabilities_on_grid(posteriors)
    any_product = product_probabilities.sum(axis=1)
    nats = []
    for delay in delays:
        indexes = np.clip(grid_indexes - round(delay / GRID_STEP_S) + GRID_PADDING, 0, len(product_probabilities) - 1)
        excess = product_probabilities[indexes, products] / base_rates - any_product[indexes]
        nats.append([counts @ np.log1p(share * excess) if share else 0.0 for share in CLICK_SHARES])
    return _log_mean_exp(np.array(nats).T)


def _probabilities_on_grid(posteriors: ExplanationPosteriors) -> FloatArray:
    """(steps, products): the chance that each product is explained at each step of the grid; 0 outside the show."""
    times = GRID_STEP_S * (np.arange(_grid_size(posteriors)) - GRID_PADDING)
    units = np.searchsorted(posteriors.starts, times, side="right") - 1
    inside = (units >= 0) & (times < posteriors.ends[-1])
    return np.where(inside[:, None], posteriors.probabilities[np.maximum(units, 0)], 0.0)


def _grid_size(posteriors: ExplanationPosteriors) -> int:
    return round(float(posteriors.ends[-1]) / GRID_STEP_S) + 2 * GRID_PADDING + 1


def _count_clicks(clicks: Sequence[TimedEvent]) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Clicks of one product within one step counted together: steps, products and counts."""
    grid_indexes = np.rint(np.array([click.time for click in clicks]) / GRID_STEP_S).astype(np.int64)
    products = np.array([click.product for click in clicks], dtype=np.int64)
    pairs, counts = np.unique(np.stack([grid_indexes, products]), axis=1, return_counts=True)
    return pairs[0], pairs[1], counts.astype(np.float64)


def event_base_rates(events: Sequence[TimedEvent], products: int) -> FloatArray:
    """(products,): the smoothed share of all events that each product has, whatever is explained."""
    counts = np.bincount([event.product for event in events], minlength=products)
    return np.asarray((counts + 1) / (counts.sum() + products))
