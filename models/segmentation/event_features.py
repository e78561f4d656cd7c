"""Features of the event log for each product over time: pushes, clicks and orders.

They come late, early, wrong or not at all, on a clock that may be off. Speech and frames of the same show give the
clock offset, the lags, and the share of correct pushes.
"""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

import numpy as np

from domain.clock import Seconds
from domain.evidence import EventFeatures, FloatArray
from models.segmentation.event_alignment import (
    MIN_EVENTS,
    TYPICAL_CLICK_LAG_S,
    TYPICAL_PUSH_LAG_S,
    ExplanationPosteriors,
    TimedEvent,
    estimate_event_timing,
    event_base_rates,
)

EVENT_IDENTITY_FEATURES = ("click", "order", "pushed")
"""Columns of `EventFeatures.identity`: nats of clicks, nats of orders, and whether the product's card is up."""
PUSH_LAG_EDGES_S: tuple[Seconds, ...] = (-30, -15, -5, 5, 15, 30, 50, 80)
"""Edges of the columns of `EventFeatures.product_opening`: pushes so long after the unit's start."""
PUSH_KINDS = ("product_push", "explain_start")

EXPLAINED_CLICK_SHARE, EXPLAINED_ORDER_SHARE = 0.4, 0.6  # about what is explained, in shows that log them
MAX_BASE_RATE = 0.25  # share of all clicks above which a popular product is not discounted further
ORDER_AFTER_CLICK_S: Seconds = 10.0
CLICK_LAG_SPREAD: tuple[tuple[float, float], ...] = ((-6, 0.1), (-3, 0.2), (0, 0.4), (3, 0.2), (6, 0.1))
"""How clicks scatter around their lag: (seconds, share)."""
MAX_CLICK_NATS, MAX_ORDER_NATS = 8.0, 6.0  # in one unit
MAX_CARD_DURATION_S: Seconds = 90.0  # that a card is assumed to be up, or until the next push
PUSH_LEAD_S: Seconds = 10.0  # a push comes when the introduction has begun
TYPICAL_PUSH_RELIABILITY = 0.7  # the share to which an estimate shrinks; a show at it has trust 1


def build_event_features(events: Sequence[TimedEvent], posteriors: ExplanationPosteriors) -> EventFeatures:
    """The features of `events`, on the units and products of `posteriors`.

    The log's clock may be off, so events may lie before or after the show.
    """
    pushes, clicks, orders = (
        [event for event in events if event.kind in kinds] for kinds in (PUSH_KINDS, ("product_click",), ("order",))
    )
    if not (pushes or clicks or orders):
        return empty_event_features(*posteriors.probabilities.shape)
    timing = estimate_event_timing(pushes, clicks, posteriors)
    pushes, clicks, orders = (
        _within_show(_shift(group, -timing.clock_offset), posteriors) for group in (pushes, clicks, orders)
    )
    pushes = _shift(pushes, timing.clock_offset - timing.push_delay)
    click_lag = timing.click_lag
    reliability = _push_reliability(pushes, posteriors)
    return EventFeatures(
        identity=np.stack(
            [
                _clip(_event_nats(clicks, click_lag, EXPLAINED_CLICK_SHARE, posteriors), MAX_CLICK_NATS),
                _clip(
                    _event_nats(orders, click_lag + ORDER_AFTER_CLICK_S, EXPLAINED_ORDER_SHARE, posteriors),
                    MAX_ORDER_NATS,
                ),
                reliability / TYPICAL_PUSH_RELIABILITY * _card_shown(pushes, posteriors),
            ],
            axis=2,
        ),
        product_opening=np.float32(reliability / TYPICAL_PUSH_RELIABILITY) * _count_push_lags(pushes, posteriors),
        clock_offset=timing.clock_offset,
        push_lag=timing.push_lag,
        click_lag=click_lag,
        push_reliability=reliability,
        is_empty=not (pushes or clicks or orders),
        warnings=_clock_offset_warnings(timing.clock_offset),
    )


def empty_event_features(units: int, products: int) -> EventFeatures:
    """The features of a show without an event log."""
    zeros = np.zeros((units, products, len(EVENT_IDENTITY_FEATURES)))
    return EventFeatures(
        zeros,
        np.zeros((units, products, len(PUSH_LAG_EDGES_S) - 1)),
        0.0,
        TYPICAL_PUSH_LAG_S,
        TYPICAL_CLICK_LAG_S,
        TYPICAL_PUSH_RELIABILITY,
        True,
    )


def _clock_offset_warnings(offset: Seconds) -> tuple[str, ...]:
    if not offset:
        return ()
    direction = "late" if offset > 0 else "early"
    return (f"the room's log was found to be {abs(offset):.0f} s {direction} against the recording, and was moved",)


def _shift(events: Iterable[TimedEvent], seconds: Seconds) -> list[TimedEvent]:
    return [TimedEvent(event.kind, event.time + seconds, event.product) for event in events]


def _mean_probabilities(
    events: Sequence[TimedEvent], lags: Sequence[Seconds], posteriors: ExplanationPosteriors
) -> FloatArray:
    """(events,): the mean chance that the event's product was explained `lags` seconds before it."""
    times = np.array([event.time for event in events])
    products = np.array([event.product for event in events])
    probabilities = [posteriors.probabilities_at(times - lag, products) for lag in lags]
    return np.asarray(np.mean(probabilities, axis=0))


def _push_reliability(pushes: Sequence[TimedEvent], posteriors: ExplanationPosteriors) -> float:
    """The share of pushes that `posteriors` agree with, shrunk towards the typical share where there are few."""
    if not pushes:
        return TYPICAL_PUSH_RELIABILITY
    probabilities_by_delay = [_mean_probabilities(pushes, [lag], posteriors) for lag in (-20.0, 0.0, 20.0, 40.0)]
    supported = float(np.max(probabilities_by_delay, axis=0).sum())
    return (supported + MIN_EVENTS * TYPICAL_PUSH_RELIABILITY) / (len(pushes) + MIN_EVENTS)


def _event_nats(
    events: Sequence[TimedEvent], lag: Seconds, share: float, posteriors: ExplanationPosteriors
) -> FloatArray:
    """(units, products): nats of clicks or orders, of which a `share` is about what was explained `lag` before."""
    units, products = posteriors.probabilities.shape
    nats = np.zeros((units, products))
    if len(events) < MIN_EVENTS:
        return nats
    base_rates = np.minimum(event_base_rates(events, products), MAX_BASE_RATE)
    others = np.log1p(-share)
    own = np.log((share + (1 - share) * base_rates) / base_rates) - others
    times, event_products = np.array([event.time for event in events]), np.array([event.product for event in events])
    for seconds, weight in CLICK_LAG_SPREAD:
        explained_at = times - lag - seconds
        unit = np.searchsorted(posteriors.starts, explained_at, side="right") - 1
        inside = (unit >= 0) & (explained_at < posteriors.ends[-1])
        flat_indexes = unit[inside] * products + event_products[inside]
        counts = np.bincount(flat_indexes, minlength=units * products).reshape(units, products)
        nats += weight * (counts * own + others * counts.sum(axis=1, keepdims=True))
    return nats


def _within_show(events: Iterable[TimedEvent], posteriors: ExplanationPosteriors) -> list[TimedEvent]:
    """The events that lie inside the show."""
    return [event for event in events if posteriors.starts[0] <= event.time < posteriors.ends[-1]]


def _clip(nats: FloatArray, max_nats: float) -> FloatArray:
    return np.clip(nats, -max_nats, max_nats)


def _card_shown(pushes: Sequence[TimedEvent], posteriors: ExplanationPosteriors) -> FloatArray:
    """(units, products): 1 while the product's card may be up."""
    is_shown = np.zeros(posteriors.probabilities.shape)
    middles = (posteriors.starts + posteriors.ends) / 2
    for push, following in zip_longest(pushes, pushes[1:]):
        shown_until = min(push.time + MAX_CARD_DURATION_S, following.time if following else np.inf)
        is_shown[(middles >= push.time - PUSH_LEAD_S) & (middles < shown_until), push.product] = 1.0
    return is_shown


def _count_push_lags(pushes: Sequence[TimedEvent], posteriors: ExplanationPosteriors) -> FloatArray:
    """(units, products, lags): how many pushes of the product follow the unit's start by each lag."""
    counts = np.zeros((*posteriors.probabilities.shape, len(PUSH_LAG_EDGES_S) - 1), dtype=np.float32)
    for push in pushes:
        lag_index = np.searchsorted(PUSH_LAG_EDGES_S, push.time - posteriors.starts, side="right") - 1
        inside = (lag_index >= 0) & (lag_index < len(PUSH_LAG_EDGES_S) - 1)
        counts[np.flatnonzero(inside), push.product, lag_index[inside]] += 1.0
    return counts
