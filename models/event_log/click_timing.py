"""When a show's clicks and orders come, and how many are about what is explained, as far as speech and frames say."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds
from domain.evidence import FloatArray
from models.event_log.time_grid import GRID_STEP_S, OFFSETS_S, grid_indexes_of, probabilities_on_grid
from models.event_log.timed_events import ExplanationPosteriors, TimedEvent, event_arrays

MIN_EVENTS = 5  # clicks or orders from which anything can be estimated
MAX_CLICKS = 20_000  # for the timing; of more, every second or third is used
MIN_LAG_CHANCE = 0.02  # of the likeliest; rarer lags are left out
ON_TOPIC_SHARES: FloatArray = np.array([0.0, 0.1, 0.2, 0.35, 0.5, 0.7])


@dataclass(frozen=True, slots=True)
class ClickPrior:
    """What is known of clicks, or of orders, before the show is seen.

    `lags`: possible ones, on the time grid, seconds from words to what they cause; `typical_lag`, with a cost of
    `lag_penalty` nats a second; `scatter`: standard deviation around the show's lag, seconds; `share_chances`: of
    ON_TOPIC_SHARES.
    """

    lags: tuple[Seconds, ...]
    typical_lag: Seconds
    lag_penalty: float
    scatter: Seconds
    share_chances: tuple[float, ...]

    @property
    def lag_nats(self) -> FloatArray:
        """(lags,): log-prior, but for a constant."""
        return np.asarray(-self.lag_penalty * np.abs(np.array(self.lags) - self.typical_lag))


CLICK_PRIOR = ClickPrior(  # viewers vary less than those who push
    lags=tuple(GRID_STEP_S * n for n in range(11)),
    typical_lag=10.0,
    lag_penalty=0.2,
    scatter=5.0,
    share_chances=(0.05, 0.1, 0.2, 0.35, 0.2, 0.1),
)
ORDER_PRIOR = ClickPrior(  # ten seconds later, and less often about anything else
    lags=tuple(GRID_STEP_S * n for n in range(2, 18)),
    typical_lag=20.0,
    lag_penalty=0.15,
    scatter=6.0,
    share_chances=(0.05, 0.05, 0.1, 0.25, 0.3, 0.25),
)


@dataclass(frozen=True, eq=False)
class ClickHabits:
    """How the viewers of one show click, or order. `lag_chances`: by lag in seconds, with scatter and all that is
    unsure, adding up to 1; `on_topic_share`: of all clicks.
    """

    lag_chances: Mapping[Seconds, float]
    on_topic_share: float

    @property
    def lag(self) -> Seconds:
        """The mean."""
        return sum(lag * chance for lag, chance in self.lag_chances.items())


@dataclass(frozen=True, eq=False)
class ClickLikelihoods:
    """Log-likelihood of the clicks, or orders, of a show by delay, plus the log-prior of the share on topic.

    `delays`: (delays,), seconds, rising; `nats`: (delays, shares).
    """

    delays: FloatArray
    nats: FloatArray
    prior: ClickPrior

    def by_offset_and_lag(self) -> FloatArray:
        """(OFFSETS_S, lags): over all shares, with the log-prior of the lag."""
        by_delay = np.logaddexp.reduce(self.nats, axis=1)
        delays = np.add.outer(np.array(OFFSETS_S), np.array(self.prior.lags))
        return np.asarray(by_delay[np.searchsorted(self.delays, delays)] + self.prior.lag_nats)

    def at_offset(self, clock_offset: Seconds) -> ClickHabits:
        """The expected habits where the log's clock is late by `clock_offset`."""
        rows = np.searchsorted(self.delays, clock_offset + np.array(self.prior.lags))
        nats = self.nats[rows] + self.prior.lag_nats[:, None]
        posterior = np.exp(nats - nats.max())
        posterior /= posterior.sum()
        return ClickHabits(_scatter(self.prior, posterior.sum(axis=1)), float(posterior.sum(axis=0) @ ON_TOPIC_SHARES))


def _scatter(prior: ClickPrior, lag_posterior: FloatArray) -> Mapping[Seconds, float]:
    """Chances of lags by the posterior of their mean, (lags,), and the scatter around it."""
    reach = math.ceil(2 * prior.scatter / GRID_STEP_S)
    lags = prior.lags[0] + GRID_STEP_S * np.arange(-reach, len(prior.lags) + reach)
    chances = np.exp(-0.5 * ((lags[:, None] - np.array(prior.lags)) / prior.scatter) ** 2) @ lag_posterior
    kept = chances >= MIN_LAG_CHANCE * chances.max()
    return dict(zip(lags[kept].tolist(), (chances[kept] / chances[kept].sum()).tolist(), strict=True))


def click_likelihoods(
    clicks: Sequence[TimedEvent], posteriors: ExplanationPosteriors, prior: ClickPrior
) -> ClickLikelihoods:
    """The likelihoods of `clicks`. Of fewer than MIN_EVENTS all delays are equally likely.

    p(product | time) = base rate + share * (explained - base rate * anything explained).
    """
    delays = np.unique(np.add.outer(np.array(OFFSETS_S), np.array(prior.lags)))
    nats = np.tile(np.log(np.array(prior.share_chances)), (len(delays), 1))
    if len(clicks) < MIN_EVENTS:
        return ClickLikelihoods(delays, nats, prior)
    grid_indexes, products, counts = _count_clicks(clicks[:: math.ceil(len(clicks) / MAX_CLICKS)])
    base_rates = event_base_rates(clicks, posteriors.probabilities.shape[1])[products]
    product_probabilities = probabilities_on_grid(posteriors)
    any_product = product_probabilities.sum(axis=1)
    for row, delay in enumerate(delays):
        indexes = np.clip(grid_indexes - round(delay / GRID_STEP_S), 0, len(product_probabilities) - 1)
        excess = product_probabilities[indexes, products] / base_rates - any_product[indexes]
        nats[row] += [counts @ np.log1p(share * excess) if share else 0.0 for share in ON_TOPIC_SHARES.tolist()]
    return ClickLikelihoods(delays, nats, prior)


def _count_clicks(clicks: Sequence[TimedEvent]) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Clicks of one product within one step counted together: steps, products and counts."""
    times, products = event_arrays(clicks)
    pairs, counts = np.unique(np.stack([grid_indexes_of(times), products]), axis=1, return_counts=True)
    return pairs[0], pairs[1], counts.astype(np.float64)


def event_base_rates(events: Sequence[TimedEvent], products: int) -> FloatArray:
    """(products,): the smoothed share of all events that each product has, whatever is explained."""
    counts = np.bincount([event.product for event in events], minlength=products)
    return np.asarray((counts + 1) / (counts.sum() + products))
