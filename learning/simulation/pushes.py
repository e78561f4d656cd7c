"""Simulated pushes of product cards: at the scripted positions, or late, early, wrong or missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.catalog import Catalog
from domain.clock import Seconds
from learning.evaluation.ground_truth import GroundTruth
from learning.simulation.event_log_profile import EventLogProfile
from learning.simulation.scripts.speech_timing import TimedUtterance

UNSCRIPTED_PUSH_LAG_S: tuple[Seconds, Seconds] = (5.0, 40.0)  # after the start, where the script has no push
MAX_UNSCRIPTED_LAG_SHARE = 0.8  # of the explanation: who pushes on time does so while it lasts
LATE_PUSH_DELAY_S: tuple[Seconds, Seconds] = (20.0, 60.0)  # of late pushes, beside the lag of the show
MIN_PUSH_SHIFT_S, MAX_PUSH_SHIFT_S = -20.0, 90.0  # seconds around the position in the script
CORRECTION_PROBABILITY = 0.7  # how often a wrong push is corrected
CORRECTION_DELAY_S: tuple[Seconds, Seconds] = (6.0, 16.0)


@dataclass(frozen=True, slots=True)
class SimulatedPush:
    """A product card pushed over the stream."""

    time: Seconds
    product_id: str


def simulate_pushes(
    utterances: Sequence[TimedUtterance],
    truth: GroundTruth,
    catalog: Catalog,
    profile: EventLogProfile,
    rng: np.random.Generator,
) -> tuple[SimulatedPush, ...]:
    """The pushes of a show, by time on the replay clock."""
    product_ids = tuple(catalog.by_id)
    lag = float(rng.uniform(*profile.push_lag))
    kept_pushes = [
        _delay_some(push, profile, rng)
        for push in _intended_pushes(utterances, truth, rng)
        if rng.random() >= profile.missing_push_share
    ]
    logged_pushes = [each for push in kept_pushes for each in _logged_pushes(push, lag, profile, product_ids, rng)]
    spam_count = int(rng.poisson(profile.spam_pushes_per_min * truth.duration / 60)) if profile.has_log else 0
    times = rng.uniform(0.0, truth.duration, spam_count).tolist()
    logged_pushes += [
        SimulatedPush(time, product_ids[i])
        for time, i in zip(times, rng.integers(len(product_ids), size=spam_count).tolist(), strict=True)
    ]
    pushes_in_show = (push for push in logged_pushes if 0 <= push.time < truth.duration)
    return tuple(sorted(pushes_in_show, key=lambda push: (push.time, push.product_id)))


def _intended_pushes(
    utterances: Sequence[TimedUtterance], truth: GroundTruth, rng: np.random.Generator
) -> list[SimulatedPush]:
    """The scripted pushes, and one for each explanation without."""
    scripted = [
        SimulatedPush(float(rng.uniform(each.span.start, each.span.end)), each.utterance.push)
        for each in utterances
        if each.utterance.push
    ]
    lags = rng.uniform(*UNSCRIPTED_PUSH_LAG_S, len(truth.highlights)).tolist()
    unscripted = [
        SimulatedPush(
            explained.start + min(lag, MAX_UNSCRIPTED_LAG_SHARE * explained.span.duration), explained.product_ids[0]
        )
        for explained, lag in zip(truth.highlights, lags, strict=True)
        if not any(explained.span.contains(push.time) and push.product_id in explained.product_ids for push in scripted)
    ]
    return sorted([*scripted, *unscripted], key=lambda push: push.time)


def _delay_some(push: SimulatedPush, profile: EventLogProfile, rng: np.random.Generator) -> SimulatedPush:
    """`push`, late if it is one of those."""
    if rng.random() >= profile.late_push_share:
        return push
    return replace(push, time=push.time + float(rng.uniform(*LATE_PUSH_DELAY_S)))


def _logged_pushes(
    push: SimulatedPush, lag: Seconds, profile: EventLogProfile, product_ids: Sequence[str], rng: np.random.Generator
) -> Iterator[SimulatedPush]:
    """`push` with its lag; now and then of a neighbouring product, which may be corrected."""
    time = push.time + float(np.clip(rng.normal(lag, profile.push_lag_std), MIN_PUSH_SHIFT_S, MAX_PUSH_SHIFT_S))
    if rng.random() >= profile.wrong_push_share or len(product_ids) < 2:
        yield SimulatedPush(time, push.product_id)
        return
    step = int(rng.choice((-2, -1, 1, 2)))
    yield SimulatedPush(time, product_ids[(product_ids.index(push.product_id) + step) % len(product_ids)])
    if rng.random() < CORRECTION_PROBABILITY:
        yield SimulatedPush(time + float(rng.uniform(*CORRECTION_DELAY_S)), push.product_id)
