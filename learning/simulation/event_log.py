"""What a room's back end logs of a show: pushes, clicks, orders and comments, as disciplined as the room is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.catalog import Catalog
from domain.clock import Seconds
from domain.errors import InvalidValue
from domain.evidence import EventLog, HostEvent
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.simulation.scripts.speech_timing import TimedUtterance

UNSCRIPTED_PUSH_LAG_S: tuple[Seconds, Seconds] = (
    5.0,
    40.0,
)  # of a push that the script does not place, after the start
MIN_PUSH_SHIFT_S, MAX_PUSH_SHIFT_S = -20.0, 90.0  # seconds around the place that the script gives a push
CORRECTION_PROBABILITY = 0.7  # how often a wrong push is put right
CORRECTION_DELAY_S: tuple[Seconds, Seconds] = (6.0, 16.0)
MEAN_CLICK_LAG_S: Seconds = 14.0  # mean, after the words that made somebody click (development set)
MEAN_ORDER_LAG_S: Seconds = 26.0
USER_COUNT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLogProfile:
    """How a room logs. Shares are in [0, 1]; a show draws its own within the ranges.

    `push_lag`: seconds that pushes come after their place, mean of a show; `push_lag_std`: its standard deviation.
    `missing_push_share`, `wrong_push_share`: shares of pushes. `spam_pushes_per_min`: pushes of any product.
    `clicks_per_min`: of the whole room; `on_topic_click_share`: share of them for what is explained;
    `orders_per_click`: per click. `max_clock_offset`: of the log's clock, seconds. `weight`: how often it is drawn.
    """

    name: str
    push_lag: tuple[Seconds, Seconds] = (0.0, 0.0)
    push_lag_std: Seconds = 6.0
    missing_push_share: float = 0.1
    wrong_push_share: float = 0.1
    spam_pushes_per_min: float = 0.0
    clicks_per_min: tuple[float, float] = (0.0, 0.0)
    on_topic_click_share: tuple[float, float] = (0.2, 0.5)
    orders_per_click: float = 0.08
    max_clock_offset: Seconds = 0.0
    has_log: bool = True
    has_explain_button: bool = False
    weight: float = 1.0

    def __post_init__(self) -> None:
        if any(
            not 0 <= share <= 1
            for share in (
                self.missing_push_share,
                self.wrong_push_share,
                self.orders_per_click,
                *self.on_topic_click_share,
            )
        ):
            raise InvalidValue(f"shares of the room {self.name} must lie in [0, 1]")
        if self.push_lag[0] > self.push_lag[1] or not 0 <= self.clicks_per_min[0] <= self.clicks_per_min[1]:
            raise InvalidValue(f"a range of the room {self.name} is upside down")
        if min(self.push_lag_std, self.spam_pushes_per_min) < 0 or self.weight <= 0:
            raise InvalidValue(f"spread or spam_per_min of the room {self.name} is below 0, or its weight not above 0")


TYPICAL_CLICKS_PER_MIN = (4.0, 90.0)
EVENT_LOG_PROFILES: tuple[EventLogProfile, ...] = (
    EventLogProfile(name="no-log", has_log=False, weight=3.0),
    EventLogProfile(name="pushes", push_lag=(-2.0, 12.0), weight=2.0),
    EventLogProfile(name="busy", push_lag=(-2.0, 12.0), clicks_per_min=TYPICAL_CLICKS_PER_MIN, weight=3.0),
    EventLogProfile(name="late", push_lag=(15.0, 60.0), push_lag_std=12.0, clicks_per_min=TYPICAL_CLICKS_PER_MIN),
    EventLogProfile(name="early", push_lag=(-15.0, -3.0), push_lag_std=4.0),
    EventLogProfile(
        name="careless",
        push_lag=(0.0, 25.0),
        push_lag_std=15.0,
        missing_push_share=0.45,
        wrong_push_share=0.3,
        clicks_per_min=TYPICAL_CLICKS_PER_MIN,
    ),
    EventLogProfile(name="spamming", push_lag=(0.0, 10.0), spam_pushes_per_min=1.5, missing_push_share=0.2),
    EventLogProfile(
        name="button",
        push_lag=(-3.0, 10.0),
        push_lag_std=3.0,
        missing_push_share=0.05,
        wrong_push_share=0.03,
        has_explain_button=True,
    ),
    EventLogProfile(
        name="clicks", missing_push_share=1.0, clicks_per_min=TYPICAL_CLICKS_PER_MIN, on_topic_click_share=(0.3, 0.6)
    ),
    EventLogProfile(
        name="shifted", push_lag=(-2.0, 12.0), clicks_per_min=TYPICAL_CLICKS_PER_MIN, max_clock_offset=90.0
    ),
)


@dataclass(frozen=True, slots=True)
class SimulatedPush:
    """A card that is pushed over the stream."""

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
        push for push in _intended_pushes(utterances, truth, rng) if rng.random() >= profile.missing_push_share
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
    """Pushes where the script has them; each explanation without one gets its own."""
    scripted = [
        SimulatedPush(float(rng.uniform(each.span.start, each.span.end)), each.utterance.push)
        for each in utterances
        if each.utterance.push
    ]
    lags = rng.uniform(*UNSCRIPTED_PUSH_LAG_S, len(truth.highlights)).tolist()
    unscripted = [
        SimulatedPush(explained.start + lag, explained.product_ids[0])
        for explained, lag in zip(truth.highlights, lags, strict=True)
        if not any(explained.span.contains(push.time) and push.product_id in explained.product_ids for push in scripted)
    ]
    return sorted([*scripted, *unscripted], key=lambda push: push.time)


def _logged_pushes(
    push: SimulatedPush, lag: Seconds, profile: EventLogProfile, product_ids: Sequence[str], rng: np.random.Generator
) -> Iterator[SimulatedPush]:
    """`push` as the room makes it: late or early, and now and then of the product next to it, which is mended."""
    time = push.time + float(np.clip(rng.normal(lag, profile.push_lag_std), MIN_PUSH_SHIFT_S, MAX_PUSH_SHIFT_S))
    if rng.random() >= profile.wrong_push_share or len(product_ids) < 2:
        yield SimulatedPush(time, push.product_id)
        return
    step = int(rng.choice((-2, -1, 1, 2)))
    yield SimulatedPush(time, product_ids[(product_ids.index(push.product_id) + step) % len(product_ids)])
    if rng.random() < CORRECTION_PROBABILITY:
        yield SimulatedPush(time + float(rng.uniform(*CORRECTION_DELAY_S)), push.product_id)


@dataclass(frozen=True, slots=True)
class EventLogGenerator:
    """All that a room's log of a show is made from. `product_ids`: of the products in its catalogue."""

    utterances: tuple[TimedUtterance, ...]
    truth: GroundTruth
    pushes: tuple[SimulatedPush, ...]
    profile: EventLogProfile
    product_ids: tuple[str, ...]

    def generate(self, rng: np.random.Generator) -> EventLog:
        """The log, by time on the recording clock, which is the replay's, or `offset` off it."""
        if not self.profile.has_log:
            return EventLog()
        offset = float(rng.uniform(-self.profile.max_clock_offset, self.profile.max_clock_offset))
        events = [*self._push_events(), *self._comment_events(rng), *self._click_events(rng)]
        shifted_events = [
            replace(each, recording_time=round((each.recording_time or 0.0) + offset, 2)) for each in events
        ]
        return EventLog(
            tuple(sorted(shifted_events, key=lambda event: (event.recording_time, event.type, event.product_id)))
        )

    def _push_events(self) -> Iterator[HostEvent]:
        for push in self.pushes:
            yield HostEvent("product_push", push.time, None, push.product_id)
            explained = next((each for each in self.truth.highlights if each.span.contains(push.time)), None)
            if self.profile.has_explain_button and explained and push.product_id in explained.product_ids:
                yield HostEvent("explain_start", push.time, None, push.product_id)
                yield HostEvent("explain_end", explained.end, None, push.product_id)

    def _comment_events(self, rng: np.random.Generator) -> Iterator[HostEvent]:
        for each in self.utterances:
            if each.utterance.comment:
                time = max(0.0, each.span.start - float(rng.uniform(1.0, 8.0)))
                user = f"u{int(rng.integers(USER_COUNT))}"
                yield HostEvent("comment", time, None, "", each.utterance.comment, user)

    def _click_events(self, rng: np.random.Generator) -> Iterator[HostEvent]:
        """Clicks and orders: of everybody at any time, by how popular a product is, and for what is explained."""
        low, high = self.profile.clicks_per_min
        if not high:
            return
        expected_clicks = float(np.exp(rng.uniform(np.log(low), np.log(high)))) * self.truth.duration / 60
        on_topic_share = float(rng.uniform(*self.profile.on_topic_click_share))
        popularity = rng.dirichlet(np.ones(len(self.product_ids)))
        off_topic_count = int(rng.poisson(expected_clicks * (1 - on_topic_share)))
        times = rng.uniform(0.0, self.truth.duration, off_topic_count).tolist()
        for time, product_index in zip(
            times, rng.choice(len(self.product_ids), off_topic_count, p=popularity).tolist(), strict=True
        ):
            yield self._click_or_order(time, self.product_ids[product_index], rng)
        explained_seconds = sum(each.span.duration for each in self.truth.highlights)
        for highlight in self.truth.highlights:
            yield from self._on_topic_clicks(
                highlight, expected_clicks * on_topic_share * highlight.span.duration / explained_seconds, rng
            )

    def _on_topic_clicks(
        self, highlight: TrueHighlight, expected_clicks: float, rng: np.random.Generator
    ) -> Iterator[HostEvent]:
        count = int(rng.poisson(expected_clicks))
        times = rng.uniform(highlight.start, highlight.end, count) + rng.gamma(2.0, MEAN_CLICK_LAG_S / 2, count)
        product_indices = rng.integers(len(highlight.product_ids), size=count).tolist()
        for time, product_index in zip(times.tolist(), product_indices, strict=True):
            if time < self.truth.duration:
                yield self._click_or_order(time, highlight.product_ids[product_index], rng)

    def _click_or_order(self, time: Seconds, product_id: str, rng: np.random.Generator) -> HostEvent:
        if rng.random() >= self.profile.orders_per_click:
            return HostEvent("product_click", time, None, product_id)
        order_time = time + float(rng.gamma(2.0, (MEAN_ORDER_LAG_S - MEAN_CLICK_LAG_S) / 2))
        return HostEvent("order", min(order_time, self.truth.duration), None, product_id)
