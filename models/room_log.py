"""What the live room's log says for each product over time: pushes, clicks and orders as weak evidence.

They come late, early, wrong or not at all, so each adds little, and its absence says nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from domain.clock import Seconds
from domain.evidence import FloatArray

PUSH_NATS_PER_S = 0.08
PUSH_FADES_S = 50.0  # hosts leave a pushed card up while they explain: 1-5 min (notes)
PUSH_LEAD_S = 15.0  # a push comes when the introduction has begun
LONGEST_PUSH_S = 180.0
CLICK_NATS = 0.45
OTHER_CLICK_NATS = -0.12
CLICK_LAG_S = 3.0
ORDER_LAG_S = 10.0
SHARE_WHEN_EXPLAINED = 0.6  # of all clicks, how many go to the product being explained


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """A room event on the replay clock, about a product of the catalogue."""

    kind: str
    time: Seconds
    product: int  # its place in the catalogue


def room_evidence(events: Sequence[TimedEvent], starts: FloatArray, ends: FloatArray, products: int) -> FloatArray:
    """Evidence of the log, nats. `starts`, `ends`: (units,), seconds, rising; returns (units, products)."""
    evidence = np.zeros((len(starts), products))
    _add_pushes([event for event in events if event.kind in ("product_push", "explain_start")], starts, ends, evidence)
    _add_interest([event for event in events if event.kind in ("product_click", "order")], starts, ends, evidence)
    return evidence


def _add_pushes(pushes: Sequence[TimedEvent], starts: FloatArray, ends: FloatArray, evidence: FloatArray) -> None:
    """A push speaks for its product from a little before it until the next push, fading."""
    for push, following in zip_longest(pushes, pushes[1:]):
        until = min(push.time + LONGEST_PUSH_S, following.time if following else np.inf)
        since = np.maximum(0.0, (starts + ends) / 2 - push.time)
        shown = np.clip(np.minimum(ends, until) - np.maximum(starts, push.time - PUSH_LEAD_S), 0.0, None)
        evidence[:, push.product] += PUSH_NATS_PER_S * shown * np.exp(-since / PUSH_FADES_S)


def _add_interest(events: Sequence[TimedEvent], starts: FloatArray, ends: FloatArray, evidence: FloatArray) -> None:
    """Viewers click and buy what is explained; each act speaks a little for its product and against the others."""
    if not events or not len(starts):
        return
    counts = Counter(event.product for event in events)
    for event in events:
        lag = ORDER_LAG_S if event.kind == "order" else CLICK_LAG_S
        unit = int(np.searchsorted(starts, event.time - lag, side="right")) - 1
        if unit >= 0 and event.time - lag < ends[unit]:
            usual = (counts[event.product] + 1) / (len(events) + evidence.shape[1])
            weight = CLICK_NATS * np.log1p(SHARE_WHEN_EXPLAINED / usual)
            evidence[unit] += OTHER_CLICK_NATS
            evidence[unit, event.product] += weight - OTHER_CLICK_NATS
