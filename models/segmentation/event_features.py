"""What the live room's log says of each product over time: pushes, clicks and orders.

They come late, early, wrong or not at all, and on a clock that may be off. What is said and shown tells how far: the
clock, the lag of clicks and the share of right pushes are learned from the show itself.
"""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

import numpy as np

from domain.clock import Seconds
from domain.evidence import FloatArray, RoomEvidence
from models.segmentation.event_alignment import (
    FEWEST,
    USUAL_CLICK_LAG,
    USUAL_PUSH_LAG,
    Belief,
    TimedEvent,
    habits_of,
    usual_shares,
)

ROOM_IDENTITY = ("click", "order", "pushed")
"""Columns of `RoomEvidence.identity`: nats of the clicks and of the orders; the product's card is up."""
PUSH_LAGS: tuple[Seconds, ...] = (-30, -15, -5, 5, 15, 30, 50, 80)
"""Edges of the columns of `RoomEvidence.opening_of`: pushes so many seconds after the unit's start, times trust."""
PUSH_KINDS = ("product_push", "explain_start")

SHARE_OF_CLICKS, SHARE_OF_ORDERS = 0.4, 0.6  # that go to what is explained, in rooms that log them
MOST_USUAL = 0.25  # share of all clicks above which a product that sells by itself is not discounted further
ORDERS_AFTER_CLICKS: Seconds = 10.0
SPREAD: tuple[tuple[float, float], ...] = ((-6, 0.1), (-3, 0.2), (0, 0.4), (3, 0.2), (6, 0.1))
"""How clicks scatter around their lag: (seconds, share)."""
MOST_CLICK_NATS, MOST_ORDER_NATS = 8.0, 6.0  # of all in one unit
PUSH_SHOWS: Seconds = 90.0  # a card is taken to be up so long, or until the next push
PUSH_LEADS: Seconds = 10.0  # a push comes when the introduction has begun
USUAL_TRUST = 0.7


def room_evidence(events: Sequence[TimedEvent], belief: Belief) -> RoomEvidence:
    """The evidence of a log whose clock may be off, so that some events lie before or after the show.

    Its arrays are on the units and products of `belief`.
    """
    pushes, clicks, orders = (
        [event for event in events if event.kind in kinds] for kinds in (PUSH_KINDS, ("product_click",), ("order",))
    )
    if not (pushes or clicks or orders):
        return nothing_logged(*belief.chances.shape)
    habits = habits_of(pushes, clicks, belief)
    pushes, clicks, orders = (_recorded(_moved(some, -habits.offset), belief) for some in (pushes, clicks, orders))
    pushes = _moved(pushes, habits.offset - habits.pushes_late)
    lag = habits.click_lag
    trust = _trust(pushes, belief)
    return RoomEvidence(
        identity=np.stack(
            [
                _clipped(_interest(clicks, lag, SHARE_OF_CLICKS, belief), MOST_CLICK_NATS),
                _clipped(_interest(orders, lag + ORDERS_AFTER_CLICKS, SHARE_OF_ORDERS, belief), MOST_ORDER_NATS),
                trust / USUAL_TRUST * _pushed(pushes, belief),
            ],
            axis=2,
        ),
        opening_of=np.float32(trust / USUAL_TRUST) * _lagging(pushes, belief),
        offset=habits.offset,
        push_lag=habits.push_lag,
        click_lag=lag,
        push_trust=trust,
        is_empty=not (pushes or clicks or orders),
        warnings=_warnings(habits.offset),
    )


def nothing_logged(units: int, products: int) -> RoomEvidence:
    """The evidence of a room without a log."""
    nothing = np.zeros((units, products, len(ROOM_IDENTITY)))
    return RoomEvidence(
        nothing,
        np.zeros((units, products, len(PUSH_LAGS) - 1)),
        0.0,
        USUAL_PUSH_LAG,
        USUAL_CLICK_LAG,
        USUAL_TRUST,
        True,
    )


def _warnings(offset: Seconds) -> tuple[str, ...]:
    if not offset:
        return ()
    way = "late" if offset > 0 else "early"
    return (f"the room's log was found to be {abs(offset):.0f} s {way} against the recording, and was moved",)


def _moved(events: Iterable[TimedEvent], seconds: Seconds) -> list[TimedEvent]:
    return [TimedEvent(event.kind, event.time + seconds, event.product) for event in events]


def _chances_of(events: Sequence[TimedEvent], lags: Sequence[Seconds], belief: Belief) -> FloatArray:
    """(events,): the mean chance that the event's product was explained `lags` seconds before it."""
    times = np.array([event.time for event in events])
    products = np.array([event.product for event in events])
    found = [belief.at(times - lag, products) for lag in lags]
    return np.asarray(np.mean(found, axis=0))


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
    usual = np.minimum(usual_shares(events, products), MOST_USUAL)
    others = np.log1p(-share)
    own = np.log((share + (1 - share) * usual) / usual) - others
    times, acted = np.array([event.time for event in events]), np.array([event.product for event in events])
    for seconds, part in SPREAD:
        about = times - lag - seconds
        unit = np.searchsorted(belief.starts, about, side="right") - 1
        inside = (unit >= 0) & (about < belief.ends[-1])
        places = unit[inside] * products + acted[inside]
        of = np.bincount(places, minlength=units * products).reshape(units, products)
        nats += part * (of * own + others * of.sum(axis=1, keepdims=True))
    return nats


def _recorded(events: Iterable[TimedEvent], belief: Belief) -> list[TimedEvent]:
    """The events that lie inside the show."""
    return [event for event in events if belief.starts[0] <= event.time < belief.ends[-1]]


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
    lagging = np.zeros((*belief.chances.shape, len(PUSH_LAGS) - 1), dtype=np.float32)
    for push in pushes:
        place = np.searchsorted(PUSH_LAGS, push.time - belief.starts, side="right") - 1
        inside = (place >= 0) & (place < len(PUSH_LAGS) - 1)
        lagging[np.flatnonzero(inside), push.product, place[inside]] += 1.0
    return lagging
