"""When a show's pushes come, and how many of them are right, as far as speech and frames can say.

A right push follows the start of an explanation of its product by the show's delay, more or less; a wrong one comes at
any time, for any product. Delay, spread and share of right pushes are estimated together. The prior is drawn on where
speech says little: starts that speech does not find are part of the likelihood.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.clock import Seconds
from domain.evidence import FloatArray
from models.event_log.time_grid import GRID_STEP_S, OFFSETS_S, grid_values, to_time_grid
from models.event_log.timed_events import Boundaries, TimedEvent

PUSH_LAGS_S: tuple[Seconds, ...] = tuple(GRID_STEP_S * n for n in range(-8, 31))
LAG_GRID_S: FloatArray = GRID_STEP_S * np.arange(-40, 71, dtype=np.float64)  # of a show's density of lags
RIGHT_SHARES: FloatArray = np.arange(0.05, 1.0, 0.1)
FOUND_START_SHARE = 0.8  # of all starts, that speech and frames find at all
MIN_STARTS_PER_PUSH = 0.7  # of which speech finds fewer: pushes tell of explanations that it did not find
Spread = tuple[tuple[Seconds, float], ...]


@dataclass(frozen=True, slots=True)
class PushPrior:
    """What is known of one kind of pushes before the show is seen.

    `typical_lag`: seconds from the start of an explanation to its push; `late_penalty`, `early_penalty`: nats a second
    beyond it. `spreads`: how lags may scatter, each a mixture of normals (standard deviation in seconds, share), with
    the chance of each in `spread_chances`. `right_share`, `right_share_weight`: of pushes; the weight counts pushes.
    `recall`, `recall_weight`: share of explanations that are pushed; the weight counts explanations.
    """

    typical_lag: Seconds
    late_penalty: float
    early_penalty: float
    spreads: tuple[Spread, ...]
    spread_chances: tuple[float, ...]
    right_share: float
    right_share_weight: float
    recall: float
    recall_weight: float

    @property
    def lag_nats(self) -> FloatArray:
        """(PUSH_LAGS_S,): log-prior of the lag, but for a constant."""
        beyond = np.array(PUSH_LAGS_S) - self.typical_lag
        return np.where(beyond > 0, -self.late_penalty * beyond, self.early_penalty * beyond)

    @property
    def share_nats(self) -> FloatArray:
        """(RIGHT_SHARES,): log-prior of the share of right pushes, a beta density."""
        right, wrong = (self.right_share_weight * share for share in (self.right_share, 1 - self.right_share))
        nats = (right - 1) * np.log(RIGHT_SHARES) + (wrong - 1) * np.log1p(-RIGHT_SHARES)
        return np.asarray(nats - np.logaddexp.reduce(nats))


TIGHT_SPREAD: Spread = ((3.0, 0.6), (10.0, 0.4))
TYPICAL_SPREAD: Spread = ((6.0, 0.6), (18.0, 0.4))
WIDE_SPREAD: Spread = ((14.0, 0.6), (30.0, 0.4))
TYPICAL_PUSH_LAG_S: Seconds = 24.0  # median over the devset: 16 to 29 a show; simulated logs: 28
PUSH_PRIOR = PushPrior(
    typical_lag=TYPICAL_PUSH_LAG_S,
    late_penalty=0.08,
    early_penalty=0.12,
    spreads=(TIGHT_SPREAD, TYPICAL_SPREAD, WIDE_SPREAD),
    spread_chances=(0.2, 0.5, 0.3),
    right_share=0.7,
    right_share_weight=5.0,
    recall=0.7,  # a third is late or missing in rooms that push at all
    recall_weight=6.0,
)
BUTTON_PRIOR = PushPrior(  # who presses "explain" means it
    typical_lag=TYPICAL_PUSH_LAG_S,
    late_penalty=0.08,
    early_penalty=0.12,
    spreads=(TIGHT_SPREAD, TYPICAL_SPREAD),
    spread_chances=(0.5, 0.5),
    right_share=0.85,
    right_share_weight=10.0,
    recall=0.7,
    recall_weight=6.0,
)
END_PRIOR = PushPrior(  # "explain_end": at the end, or when somebody remembers
    typical_lag=0.0,
    late_penalty=0.12,
    early_penalty=0.12,
    spreads=(TIGHT_SPREAD, TYPICAL_SPREAD),
    spread_chances=(0.5, 0.5),
    right_share=0.8,
    right_share_weight=10.0,
    recall=0.5,
    recall_weight=6.0,
)


@dataclass(frozen=True, eq=False)
class PushLikelihoods:
    """Log-likelihood of the pushes of a show by delay, plus the log-priors of spread and share, above that of pushes at
    random. `delays`: (delays,), seconds, rising; `nats`: (spreads, delays, shares).
    """

    delays: FloatArray
    nats: FloatArray
    prior: PushPrior

    def by_offset_and_lag(self) -> FloatArray:
        """(OFFSETS_S, PUSH_LAGS_S): over all spreads and shares, with the log-prior of the lag."""
        by_delay = np.logaddexp.reduce(np.logaddexp.reduce(self.nats, axis=2), axis=0)
        delays = np.add.outer(np.array(OFFSETS_S), np.array(PUSH_LAGS_S))
        return np.asarray(by_delay[np.searchsorted(self.delays, delays)] + self.prior.lag_nats)

    def at_offset(self, clock_offset: Seconds) -> FloatArray:
        """(spreads, PUSH_LAGS_S, shares): the posterior where the log's clock is late by `clock_offset`."""
        nats = self.nats[:, np.searchsorted(self.delays, clock_offset + np.array(PUSH_LAGS_S))]
        nats = nats + self.prior.lag_nats[:, None]
        posterior = np.exp(nats - nats.max())
        return np.asarray(posterior / posterior.sum())


def push_likelihoods(
    pushes: Sequence[TimedEvent], boundaries: Boundaries, steps: int, prior: PushPrior
) -> PushLikelihoods:
    """The likelihoods of `pushes` on a time grid of so many steps. Without pushes all delays are equally likely."""
    delays = np.unique(np.add.outer(np.array(OFFSETS_S), np.array(PUSH_LAGS_S)))
    nats = np.zeros((len(prior.spreads), len(delays), len(RIGHT_SHARES)))
    if pushes:
        grid = to_time_grid(boundaries, steps)
        for spread_index, spread in enumerate(prior.spreads):
            densities = grid_values(_smooth(grid, spread), pushes, delays) / GRID_STEP_S
            ratios = start_ratios(densities, boundaries, len(pushes))
            nats[spread_index] = np.stack([np.log1p(share * (ratios - 1)).sum(axis=0) for share in RIGHT_SHARES], 1)
    return PushLikelihoods(
        delays, nats + np.log(np.array(prior.spread_chances))[:, None, None] + prior.share_nats, prior
    )


def start_ratios(densities: FloatArray, boundaries: Boundaries, pushes: int) -> FloatArray:
    """How much likelier each of `pushes` pushes is if it is right than if it is random.

    `densities`, of any shape: starts a second, as found by speech, that would explain it.
    """
    products, duration = boundaries.probabilities.shape[1], float(np.ptp(boundaries.times))
    found = FOUND_START_SHARE * float(boundaries.probabilities.sum())
    total = max(found / FOUND_START_SHARE, MIN_STARTS_PER_PUSH * pushes, 1.0)
    ratios = FOUND_START_SHARE * densities * products * max(duration, 1.0) / total
    return np.asarray(ratios + (total - found) / total)


def spread_density(lags_s: FloatArray, spread: Spread) -> FloatArray:
    """A second, of lags around 0."""
    densities = [
        share * np.exp(-0.5 * (lags_s / deviation) ** 2) / (deviation * np.sqrt(2 * np.pi))
        for deviation, share in spread
    ]
    return np.asarray(np.sum(densities, axis=0))


def _smooth(grid: FloatArray, spread: Spread) -> FloatArray:
    """The grid, each amount spread over time."""
    kernel = spread_density(GRID_STEP_S * np.arange(-30, 31, dtype=np.float64), spread)
    kernel /= kernel.sum()
    return np.stack([np.convolve(column, kernel, mode="same") for column in grid.T], axis=1)
