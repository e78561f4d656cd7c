"""What clicks and orders say, as log-likelihood ratios in nats: which product is explained."""

from collections.abc import Sequence

import numpy as np

from domain.evidence import FloatArray
from models.event_log.click_timing import MIN_EVENTS, ClickHabits, event_base_rates
from models.event_log.timed_events import ExplanationPosteriors, TimedEvent, event_arrays

INDEPENDENCE = 0.7  # of clicks from each other: fitted beside speech, counted clicks and orders weigh .5 to .8
MAX_BASE_RATE = 0.25  # share of all clicks above which a popular product is not discounted further


def click_nats(events: Sequence[TimedEvent], habits: ClickHabits, posteriors: ExplanationPosteriors) -> FloatArray:
    """(units, products): nats of clicks or orders, of which a share is about what was explained one lag before."""
    units, products = posteriors.probabilities.shape
    nats = np.zeros((units, products))
    if len(events) < MIN_EVENTS:
        return nats
    base_rates = np.minimum(event_base_rates(events, products), MAX_BASE_RATE)
    on_topic_share = habits.on_topic_share
    others = np.log1p(-on_topic_share)
    own = np.log((on_topic_share + (1 - on_topic_share) * base_rates) / base_rates) - others
    times, event_products = event_arrays(events)
    for lag, chance in habits.lag_chances.items():
        explained_at = times - lag
        unit = np.searchsorted(posteriors.starts, explained_at, side="right") - 1
        inside = (unit >= 0) & (explained_at < posteriors.ends[-1])
        flat_indexes = unit[inside] * products + event_products[inside]
        counts = np.bincount(flat_indexes, minlength=units * products).reshape(units, products)
        nats += INDEPENDENCE * chance * (counts * own + others * counts.sum(axis=1, keepdims=True))
    return nats
