"""A room's habits, learned from the show itself: how far its clock is off, how late pushes and clicks come.

A right push follows the start of its explanation by the room's lag, more or less; a wrong one comes at any time. A
click is about what was explained a little before it, or about anything. Clock and lags are told apart by what is
usual: most clocks are right, and most people neither very slow nor early.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds
from domain.evidence import FloatArray

STEP: Seconds = 3.0
OFFSETS: tuple[Seconds, ...] = tuple(STEP * n for n in range(-40, 41))
PUSH_LAGS: tuple[Seconds, ...] = tuple(STEP * n for n in range(-8, 31))
CLICK_LAGS: tuple[Seconds, ...] = tuple(STEP * n for n in range(11))
MOST_OFF: Seconds = max(OFFSETS)
PAD = round((MOST_OFF + max(PUSH_LAGS)) / STEP) + 30  # empty places of the grid before the show and after it

USUAL_CLICK_LAG: Seconds = 10.0
USUAL_PUSH_LAG: Seconds = 24.0  # median over the development set: 16 to 29 a show; simulated rooms: 28
INTERESTED = (0.0, 0.1, 0.3)  # shares of clicks for what is explained, all as likely beforehand
FEWEST = 5  # clicks or orders from which a room's habits can be told
FEWEST_PUSHES = 4
ENOUGH_CLICKS = 20_000  # for the clock; of more, every second or third counts
SCATTER: tuple[tuple[Seconds, float], ...] = ((6.0, 0.6), (18.0, 0.4))
"""How pushes scatter around their room's lag: (standard deviation in seconds, share)."""
RIGHT_SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)  # of pushes, all as likely beforehand
OFFSET_COST = 6.0  # nats that a clock which is off must gain: most are right
LATE_PUSH_COST, EARLY_PUSH_COST = 0.08, 0.12  # nats for each second more or less than usual
CLICK_LAG_COST = 0.2  # viewers are more alike than those who push
LEAST_OFFSET: Seconds = 12.0  # less is told from lag only by luck
NEAR: Seconds = 15.0  # offsets that are the same mode: clicks tell them apart by a few seconds only
USUAL_RANGE: Seconds = 10.0  # around the usual lag: what pushes are worth was learned from rooms with such lags
AGAIN: Seconds = 30.0  # a push of the same product so soon says nothing new


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """A room event on the replay clock, about the product of the column `product`."""

    kind: str
    time: Seconds
    product: int


@dataclass(frozen=True, eq=False)
class Belief:
    """What speech and pictures make of a show. `starts`, `ends`: (units,), seconds; `chances`: (units, products), that
    the unit is about the product."""

    starts: FloatArray
    ends: FloatArray
    chances: FloatArray

    def at(self, times: FloatArray, products: NDArray[np.int64]) -> FloatArray:
        """(times,): the chance that each of `products` is explained at its time; 0 outside the show."""
        units = np.searchsorted(self.starts, times, side="right") - 1
        inside = (units >= 0) & (times < self.ends[-1])
        return np.where(inside, self.chances[np.maximum(units, 0), products], 0.0)

    @cached_property
    def openings(self) -> FloatArray:
        """(units, products): the chance that an explanation of the product begins with the unit."""
        return np.maximum(np.diff(self.chances, axis=0, prepend=0.0), 0.0)


@dataclass(frozen=True, slots=True)
class Habits:
    """`offset`: how late the log's clock is. `push_lag`, `click_lag`: how long after the start of an explanation its
    push comes, after words the clicks that they draw; all in seconds."""

    offset: Seconds = 0.0
    push_lag: Seconds = USUAL_PUSH_LAG
    click_lag: Seconds = USUAL_CLICK_LAG

    @property
    def pushes_late(self) -> Seconds:
        """How much later than usual pushes are in the log, for either reason."""
        unusual = self.push_lag - USUAL_PUSH_LAG
        return self.offset + (unusual if abs(unusual) > USUAL_RANGE else 0.0)


def habits_of(pushes: Sequence[TimedEvent], clicks: Sequence[TimedEvent], belief: Belief) -> Habits:
    """The habits under which pushes and clicks agree best with speech and pictures."""
    telling = without_repeats(pushes)
    by_pushes, by_clicks = _of_pushes(telling, belief), _of_clicks(clicks, belief)
    best = _likeliest(by_pushes.max(axis=1) + by_clicks.max(axis=1))
    return Habits(
        OFFSETS[best],
        _expected(PUSH_LAGS, by_pushes[best]) if len(telling) >= FEWEST_PUSHES else USUAL_PUSH_LAG,
        CLICK_LAGS[int(np.argmax(by_clicks[best]))] if len(clicks) >= FEWEST else USUAL_CLICK_LAG,
    )


def _likeliest(gains: FloatArray) -> int:
    """The place of the offset: none, or the middle of the best ones where these gain enough. `gains`: (offsets,)."""
    offsets, none = np.array(OFFSETS), OFFSETS.index(0.0)
    far = np.flatnonzero(np.abs(offsets) >= LEAST_OFFSET)
    best = int(far[np.argmax(gains[far])])
    if gains[best] - gains[none] <= OFFSET_COST:
        return none
    near = far[np.abs(offsets[far] - offsets[best]) <= NEAR]
    middle = _expected(offsets[near].tolist(), gains[near])
    return int(near[np.argmin(np.abs(offsets[near] - middle))])


def _expected(values: Sequence[Seconds], nats: FloatArray) -> Seconds:
    chances = np.exp(nats - nats.max())
    return float(chances @ np.array(values) / chances.sum())


def without_repeats(pushes: Sequence[TimedEvent]) -> list[TimedEvent]:
    """`pushes`, by time, without those that repeat one of the same product."""
    last: dict[int, Seconds] = {}
    new = []
    for push in pushes:
        if push.time - last.get(push.product, -np.inf) > AGAIN:
            new.append(push)
        last[push.product] = push.time
    return new


def _of_pushes(pushes: Sequence[TimedEvent], belief: Belief) -> FloatArray:
    """(offsets, lags): nats of the pushes, and of the lag."""
    lags = np.array(PUSH_LAGS)
    unusual = np.where(lags > USUAL_PUSH_LAG, LATE_PUSH_COST, EARLY_PUSH_COST) * np.abs(lags - USUAL_PUSH_LAG)
    delays = np.unique(np.add.outer(OFFSETS, PUSH_LAGS))
    of = dict(zip(delays.tolist(), _pushes_agree(pushes, delays, belief).tolist(), strict=True))
    return np.asarray([[of[offset + lag] for lag in PUSH_LAGS] for offset in OFFSETS] - unusual)


def _pushes_agree(pushes: Sequence[TimedEvent], delays: FloatArray, belief: Belief) -> FloatArray:
    """(delays,): nats of the pushes if right ones follow the starts of their explanations by so much.

    p(push) = right * starts of its product / all starts + (1 - right) / products / duration, over any share of right.
    """
    opened = float(belief.openings.sum())
    if len(pushes) < FEWEST_PUSHES or opened <= 0:
        return np.zeros(len(delays))
    duration = belief.ends[-1] - belief.starts[0]
    density = _scattered(_on_grid(belief, belief.openings)) / STEP
    by_chance = opened / duration / belief.chances.shape[1]
    likelier = _seen(density, pushes, delays) / by_chance
    right = np.array(RIGHT_SHARES)[:, None, None]
    return _log_mean(np.log1p(right * (likelier - 1)).sum(axis=1))


def _log_mean(nats: FloatArray) -> FloatArray:
    """Over the first axis."""
    return np.asarray(np.logaddexp.reduce(nats, axis=0) - np.log(len(nats)))


def _on_grid(belief: Belief, amounts: FloatArray) -> FloatArray:
    """(places, products): `amounts` of units at the places where these begin."""
    grid = np.zeros((_places(belief), amounts.shape[1]))
    np.add.at(grid, np.rint(belief.starts / STEP).astype(int) + PAD, amounts)
    return grid


def _scattered(grid: FloatArray) -> FloatArray:
    """The grid, each amount spread as pushes scatter."""
    away = STEP * np.arange(-20, 21, dtype=np.float64)
    kernel = np.sum([share * _normal(away, deviation) for deviation, share in SCATTER], axis=0)
    return np.stack([np.convolve(column, kernel, mode="same") for column in grid.T], axis=1)


def _normal(away: FloatArray, deviation: Seconds) -> FloatArray:
    weights = np.exp(-0.5 * (away / deviation) ** 2)
    return np.asarray(weights / weights.sum())


def _seen(grid: FloatArray, events: Sequence[TimedEvent], delays: FloatArray) -> FloatArray:
    """(events, delays): what the grid has of each event's product so long before it."""
    times = np.array([event.time for event in events])
    places = np.rint((times[:, None] - delays) / STEP).astype(int) + PAD
    products = np.array([event.product for event in events])
    return np.asarray(grid[np.clip(places, 0, len(grid) - 1), products[:, None]])


def _of_clicks(clicks: Sequence[TimedEvent], belief: Belief) -> FloatArray:
    """(offsets, lags): nats of the clicks, and of the lag."""
    unusual = CLICK_LAG_COST * np.abs(np.array(CLICK_LAGS) - USUAL_CLICK_LAG)
    if len(clicks) < FEWEST:
        return np.tile(-unusual, (len(OFFSETS), 1))
    delays = np.unique(np.add.outer(OFFSETS, CLICK_LAGS))
    of = dict(zip(delays.tolist(), _clicks_agree(clicks, delays, belief).tolist(), strict=True))
    return np.array([[of[offset + lag] for lag in CLICK_LAGS] for offset in OFFSETS]) - unusual


def _clicks_agree(clicks: Sequence[TimedEvent], delays: FloatArray, belief: Belief) -> FloatArray:
    """(delays,): nats of the clicks if some are about what was explained so long before them, the rest about anything.

    p(product | time) = usual + share * (explained - usual * anything explained), over any share.
    """
    places, products, counts = _counted(clicks[:: math.ceil(len(clicks) / ENOUGH_CLICKS)])
    usual = usual_shares(clicks, belief.chances.shape[1])[products]
    explained = _over_time(belief)
    anything = explained.sum(axis=1)
    nats = []
    for delay in delays:
        then = np.clip(places - round(delay / STEP) + PAD, 0, len(explained) - 1)
        likelier = explained[then, products] / usual - anything[then]
        nats.append([counts @ np.log1p(share * likelier) if share else 0.0 for share in INTERESTED])
    return _log_mean(np.array(nats).T)


def _over_time(belief: Belief) -> FloatArray:
    """(places, products): the chance that each product is explained at each place of the grid; 0 outside the show."""
    times = STEP * (np.arange(_places(belief)) - PAD)
    units = np.searchsorted(belief.starts, times, side="right") - 1
    inside = (units >= 0) & (times < belief.ends[-1])
    return np.where(inside[:, None], belief.chances[np.maximum(units, 0)], 0.0)


def _places(belief: Belief) -> int:
    return round(float(belief.ends[-1]) / STEP) + 2 * PAD + 1


def _counted(clicks: Sequence[TimedEvent]) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Clicks of one product within one step counted together: places in time, products and counts."""
    places = np.rint(np.array([click.time for click in clicks]) / STEP).astype(np.int64)
    products = np.array([click.product for click in clicks], dtype=np.int64)
    pairs, counts = np.unique(np.stack([places, products]), axis=1, return_counts=True)
    return pairs[0], pairs[1], counts.astype(np.float64)


def usual_shares(events: Sequence[TimedEvent], products: int) -> FloatArray:
    """(products,): the share of all events that each product has, whatever is explained."""
    counts = np.bincount([event.product for event in events], minlength=products)
    return np.asarray((counts + 1) / (counts.sum() + products))
