"""What the live room's log says of each product over time: pushes, clicks and orders.

They come late, early, wrong or not at all, and on a clock that may be off. What is said and shown tells how far: the
clock, the lag of clicks and the share of right pushes are learned from the show itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from domain.clock import Seconds
from domain.evidence import FloatArray, RoomEvidence

ROOM_IDENTITY = ("click", "order", "pushed")
"""Columns of `RoomEvidence.identity`: nats of the clicks and of the orders; the product's card is up."""
PUSH_LAGS: tuple[Seconds, ...] = (-30, -15, -5, 5, 15, 30, 50, 80)
"""Edges of the columns of `RoomEvidence.opening_of`: pushes so many seconds after the unit's start, times trust."""
PUSH_KINDS = ("product_push", "explain_start")

SHARE_OF_CLICKS, SHARE_OF_ORDERS = 0.4, 0.6  # that go to what is explained, in rooms that log them
MOST_USUAL = 0.25  # share of all clicks above which a product that sells by itself is not discounted further
CLICK_LAG, ORDER_LAG = 10.0, 20.0  # seconds, where the show is too short to tell
SPREAD: tuple[tuple[float, float], ...] = ((-6, 0.1), (-3, 0.2), (0, 0.4), (3, 0.2), (6, 0.1))
"""How clicks scatter around their lag: (seconds, share)."""
FEWEST = 5  # clicks or orders from which a room's habits can be told
MOST_CLICK_NATS, MOST_ORDER_NATS = 8.0, 6.0  # of all in one unit
PUSH_SHOWS: Seconds = 90.0  # a card is taken to be up so long, or until the next push
PUSH_LEADS: Seconds = 10.0  # a push comes when the introduction has begun
PUSH_AFTER = (5.0, 20.0, 35.0, 50.0)  # seconds by which a push usually follows the start: places to look
USUAL_TRUST = 0.7

OFFSETS: tuple[Seconds, ...] = tuple(float(s) for s in range(-120, 121, 3))
LAGS: tuple[Seconds, ...] = tuple(float(s) for s in range(0, 31, 3))
OFFSET_COST = 6.0  # nats that a clock which is off must gain: most are right
LEAST_OFFSET: Seconds = 15.0  # less is told from lag only by luck


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

    def at(self, times: FloatArray) -> FloatArray:
        """(times, products): the chances then; 0 outside the show."""
        units = np.searchsorted(self.starts, times, side="right") - 1
        inside = (units >= 0) & (times < self.ends[-1])
        return np.where(inside[:, None], self.chances[np.maximum(units, 0)], 0.0)


def room_evidence(events: Sequence[TimedEvent], belief: Belief) -> RoomEvidence:
    """The evidence of a log whose clock may be off. Its arrays are on the units and products of `belief`."""
    pushes, clicks, orders = (
        [event for event in events if event.kind in kinds] for kinds in (PUSH_KINDS, ("product_click",), ("order",))
    )
    if not (pushes or clicks or orders):
        return nothing_logged(*belief.chances.shape)
    offset = _offset(pushes, clicks, belief)
    pushes, clicks, orders = (_moved(some, -offset) for some in (pushes, clicks, orders))
    lag = _lag(clicks, belief)
    trust = _trust(pushes, belief)
    return RoomEvidence(
        identity=np.stack(
            [
                _clipped(_interest(clicks, lag, SHARE_OF_CLICKS, belief), MOST_CLICK_NATS),
                _clipped(_interest(orders, lag + ORDER_LAG - CLICK_LAG, SHARE_OF_ORDERS, belief), MOST_ORDER_NATS),
                trust / USUAL_TRUST * _pushed(pushes, belief),
            ],
            axis=2,
        ),
        opening_of=trust / USUAL_TRUST * _lagging(pushes, belief),
        offset=offset,
        click_lag=lag,
        push_trust=trust,
        is_empty=False,
        warnings=_warnings(offset),
    )


def nothing_logged(units: int, products: int) -> RoomEvidence:
    """The evidence of a room without a log."""
    nothing = np.zeros((units, products, len(ROOM_IDENTITY)))
    return RoomEvidence(nothing, np.zeros((units, products, len(PUSH_LAGS) - 1)), 0.0, CLICK_LAG, USUAL_TRUST, True)


def _warnings(offset: Seconds) -> tuple[str, ...]:
    if not offset:
        return ()
    way = "late" if offset > 0 else "early"
    return (f"the room's log was found to be {abs(offset):.0f} s {way} against the recording, and was moved",)


def _moved(events: Iterable[TimedEvent], seconds: Seconds) -> list[TimedEvent]:
    return [replace(event, time=event.time + seconds) for event in events]


def _offset(pushes: Sequence[TimedEvent], clicks: Sequence[TimedEvent], belief: Belief) -> Seconds:
    """How late the log's clock is: what makes pushes and clicks agree best with speech and pictures."""
    gains = np.array([_agreement(pushes, clicks, offset, belief) for offset in OFFSETS])
    at_zero = gains[OFFSETS.index(0.0)]
    best = OFFSETS[int(np.argmax(gains))]
    return best if abs(best) >= LEAST_OFFSET and gains.max() - at_zero > OFFSET_COST else 0.0


def _agreement(pushes: Sequence[TimedEvent], clicks: Sequence[TimedEvent], offset: Seconds, belief: Belief) -> float:
    """Nats of the log given what was said and seen, if its clock is `offset` late."""
    total = 0.0
    if len(clicks) >= FEWEST:
        chances = _chances_of(clicks, [offset + CLICK_LAG], belief)
        usual = _usual(clicks, belief.chances.shape[1])[[click.product for click in clicks]]
        total += float(np.log1p(SHARE_OF_CLICKS * (chances / usual - 1)).sum())
    if pushes:
        chances = _chances_of(pushes, [offset + after for after in (-20.0, -5.0, 10.0)], belief)
        chances = np.maximum(chances, _chances_of(pushes, [offset + after for after in (0.0, 15.0, 30.0)], belief))
        total += float(np.log1p(USUAL_TRUST * (chances * belief.chances.shape[1] - 1)).sum())
    return total


def _chances_of(events: Sequence[TimedEvent], lags: Sequence[Seconds], belief: Belief) -> FloatArray:
    """(events,): the mean chance that the event's product was explained `lags` seconds before it."""
    times = np.array([event.time for event in events])
    products = np.array([event.product for event in events])
    found = [belief.at(times - lag)[np.arange(len(events)), products] for lag in lags]
    return np.asarray(np.mean(found, axis=0))


def _usual(events: Sequence[TimedEvent], products: int) -> FloatArray:
    """(products,): the share of all events that each product has, whatever is explained."""
    counts = np.bincount([event.product for event in events], minlength=products)
    return np.asarray(np.minimum((counts + 1) / (counts.sum() + products), MOST_USUAL))


def _lag(clicks: Sequence[TimedEvent], belief: Belief) -> Seconds:
    """How long after the words the clicks come in this room."""
    if len(clicks) < FEWEST * len(LAGS):
        return CLICK_LAG
    usual = _usual(clicks, belief.chances.shape[1])[[click.product for click in clicks]]
    gains = [float(np.log1p(SHARE_OF_CLICKS * (_chances_of(clicks, [lag], belief) / usual - 1)).sum()) for lag in LAGS]
    return LAGS[int(np.argmax(gains))]


def _trust(pushes: Sequence[TimedEvent], belief: Belief) -> float:
    """The share of pushes that speech and pictures agree with, drawn towards the usual where there are few."""
    if not pushes:
        return USUAL_TRUST
    after = [_chances_of(pushes, [lag], belief) for lag in (-20.0, 0.0, 20.0, 40.0)]
    agreed = float(np.max(after, axis=0).sum())
    return (agreed + FEWEST * USUAL_TRUST) / (len(pushes) + FEWEST)


def _interest(events: Sequence[TimedEvent], lag: Seconds, share: float, belief: Belief) -> FloatArray:
    """(units, products), nats: viewers click and buy what is explained; each act speaks for its product."""
    units, products = belief.chances.shape
    nats = np.zeros((units, products))
    if len(events) < FEWEST:
        return nats
    usual = _usual(events, products)
    others = np.log1p(-share)
    own = np.log((share + (1 - share) * usual) / usual) - others
    for event in events:
        for seconds, part in SPREAD:
            unit = int(np.searchsorted(belief.starts, event.time - lag - seconds, side="right")) - 1
            if unit >= 0:
                nats[unit] += part * others
                nats[unit, event.product] += part * own[event.product]
    return nats


def _clipped(nats: FloatArray, most: float) -> FloatArray:
    return np.clip(nats, -most, most)


def _pushed(pushes: Sequence[TimedEvent], belief: Belief) -> FloatArray:
    """(units, products): 1 while the product's card may be up."""
    up = np.zeros(belief.chances.shape)
    middles = (belief.starts + belief.ends) / 2
    for push, following in zip_longest(pushes, pushes[1:]):
        until = min(push.time + PUSH_SHOWS, following.time if following else np.inf)
        up[(middles >= push.time - PUSH_LEADS) & (middles < until), push.product] = 1.0
    return up


def _lagging(pushes: Sequence[TimedEvent], belief: Belief) -> FloatArray:
    """(units, products, lags): how many pushes of the product follow the unit's start by each lag."""
    lagging = np.zeros((*belief.chances.shape, len(PUSH_LAGS) - 1))
    for push in pushes:
        place = np.searchsorted(PUSH_LAGS, push.time - belief.starts, side="right") - 1
        inside = (place >= 0) & (place < len(PUSH_LAGS) - 1)
        lagging[np.flatnonzero(inside), push.product, place[inside]] += 1.0
    return lagging
