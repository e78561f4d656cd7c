"""What pushes say, as log-likelihood ratios in nats: where explanations begin or end, and which product they are of."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds, Span
from domain.evidence import FloatArray
from models.event_log.click_timing import event_base_rates
from models.event_log.push_timing import (
    LAG_GRID_S,
    PUSH_LAGS_S,
    RIGHT_SHARES,
    PushLikelihoods,
    PushPrior,
    spread_density,
    start_ratios,
)
from models.event_log.time_grid import GRID_STEP_S
from models.event_log.timed_events import Boundaries, ExplanationPosteriors, TimedEvent, event_arrays

MAX_PUSH_NATS = 6.0  # for one start: no push decides a show
MIN_RECALL, MAX_RECALL = 0.2, 0.85  # so that no push is never worth more than 1.9 nats against a start
RECALL_ITERATIONS = 3  # it changes by less than .01 after them
FALSE_PUSH_WEIGHT = 1.0  # pushes by which a product's rate of wrong pushes is drawn to that of all
MAX_REPEAT_NATS = 2.0  # of a push that repeats the one before it
MAX_REPEAT_AFTER_S: Seconds = 300.0  # later, it may as well be a return
REPEAT_REACH_S: Seconds = 30.0  # before a repeat, that it speaks for


@dataclass(frozen=True, eq=False)
class PushHabits:
    """How one show pushes. `lag_density`: (LAG_GRID_S,), a second, of lags behind the starts of explanations, which
    holds what is unsure about them; `lag`: their mean; `right_share`: of all pushes.
    """

    lag_density: FloatArray
    lag: Seconds
    right_share: float


def estimate_push_habits(likelihoods: PushLikelihoods, clock_offset: Seconds) -> PushHabits:
    """The habits of a show whose clock is late by `clock_offset`."""
    posterior = likelihoods.at_offset(clock_offset)
    density = np.zeros(len(LAG_GRID_S))
    for spread, weights in zip(likelihoods.prior.spreads, posterior.sum(axis=2), strict=True):
        density += spread_density(LAG_GRID_S[:, None] - np.array(PUSH_LAGS_S), spread) @ weights
    return PushHabits(
        density / (density.sum() * GRID_STEP_S),
        float(posterior.sum(axis=(0, 2)) @ np.array(PUSH_LAGS_S)),
        float(posterior.sum(axis=(0, 1)) @ RIGHT_SHARES),
    )


@dataclass(frozen=True, eq=False)
class PushEvidence:
    """What the pushes of one kind say of a show. `boundary_nats`: (units, products), that an explanation of the product
    begins (or ends) there; `right_chances`: (pushes,), that each is right.
    """

    boundary_nats: FloatArray
    right_chances: FloatArray


def weigh_pushes(
    pushes: Sequence[TimedEvent], boundaries: Boundaries, habits: PushHabits, prior: PushPrior, end: Seconds
) -> PushEvidence:
    """The evidence of `pushes`, without the clock's offset, in a show until `end`.

    With a start, the product's pushes are likelier by 1 - recall + recall * (density of lags) / (rate of its wrong
    pushes), added up over its pushes. Where no push follows, that is 1 - recall. Without pushes nothing is said.
    """
    if not pushes:
        return PushEvidence(np.zeros(boundaries.probabilities.shape), np.zeros(0))
    products = event_arrays(pushes)[1]
    nearby = [_nearby_boundaries(push, boundaries, habits) for push in pushes]
    starts = np.array(
        [boundaries.probabilities[rows, k] @ densities for (rows, densities), k in zip(nearby, products, strict=True)]
    )
    ratios = habits.right_share * start_ratios(starts, boundaries, len(pushes))
    right_chances = ratios / (ratios + 1 - habits.right_share)
    rates = _wrong_push_rates(products, right_chances, boundaries)
    push_ratios = np.zeros(boundaries.probabilities.shape)
    for (rows, densities), product in zip(nearby, products.tolist(), strict=True):
        push_ratios[rows, product] += densities / rates[product]
    prior_recall = prior.recall * min(1.0, habits.right_share / prior.right_share)
    recall = _estimate_recall(push_ratios, boundaries, prior_recall, prior.recall_weight)
    seen_recall = recall * _chance_before(end - boundaries.times, habits)[:, None]
    nats = np.minimum(np.log(1 - seen_recall + recall * push_ratios), MAX_PUSH_NATS)
    return PushEvidence(nats, right_chances)


def _nearby_boundaries(push: TimedEvent, boundaries: Boundaries, habits: PushHabits) -> tuple[slice, FloatArray]:
    """The boundaries that `push` may follow, and the density of its lag behind each."""
    first, last = np.searchsorted(boundaries.times, push.time - LAG_GRID_S[[-1, 0]])
    rows = slice(int(first), int(last))
    return rows, np.interp(push.time - boundaries.times[rows], LAG_GRID_S, habits.lag_density)


def _wrong_push_rates(products: NDArray[np.int64], right_chances: FloatArray, boundaries: Boundaries) -> FloatArray:
    """(products,): wrong pushes a second of each product, drawn to the mean of all where it has few."""
    product_count = boundaries.probabilities.shape[1]
    wrong = np.bincount(products, 1 - right_chances, product_count)
    mean = (wrong.sum() + 0.5) / product_count
    duration = max(float(np.ptp(boundaries.times)), 1.0)
    return np.asarray((wrong + FALSE_PUSH_WEIGHT * mean) / (1 + FALSE_PUSH_WEIGHT) / duration)


def _estimate_recall(
    push_ratios: FloatArray, boundaries: Boundaries, prior_recall: float, prior_weight: float
) -> float:
    """The share of starts that a push follows, drawn to the prior where speech finds few starts."""
    recall, found = prior_recall, float(boundaries.probabilities.sum())
    for _ in range(RECALL_ITERATIONS):
        pushed_chances = recall * push_ratios / (1 - recall + recall * push_ratios)
        pushed = float((boundaries.probabilities * pushed_chances).sum())
        recall = (prior_recall * prior_weight + pushed) / (prior_weight + found)
        recall = min(max(recall, MIN_RECALL), MAX_RECALL)
    return recall


def _chance_before(lags_s: FloatArray, habits: PushHabits) -> FloatArray:
    """(units,): the chance that a lag is below each of `lags_s`: later pushes come after the show."""
    cumulative = np.cumsum(habits.lag_density) * GRID_STEP_S
    return np.interp(lags_s, LAG_GRID_S + GRID_STEP_S / 2, np.minimum(cumulative, 1.0), left=0.0, right=1.0)


def repeat_nats(pushes: Sequence[TimedEvent], right_share: float, posteriors: ExplanationPosteriors) -> FloatArray:
    """(units, products): nats for a product that is pushed again, no other in between: it is still explained.

    What a first push says of the product is in its start already: adding it here again did harm. The fewer of all
    pushes are the product's, the more a repeat says.
    """
    units, products = posteriors.probabilities.shape
    nats, base_rates = np.zeros((units, products)), event_base_rates(pushes, products)
    for before, push in pairwise(pushes):
        if before.product == push.product and push.time - before.time <= MAX_REPEAT_AFTER_S:
            span = Span(push.time - REPEAT_REACH_S, push.time)
            overlaps = np.maximum(
                np.minimum(posteriors.ends, span.end) - np.maximum(posteriors.starts, span.start), 0.0
            )
            own = np.log1p(right_share * (1 / base_rates[push.product] - 1))
            nats[:, push.product] += min(own, MAX_REPEAT_NATS) * overlaps / span.duration
    return nats
