"""The simulated event log of a show: pushes, clicks, orders and comments."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from domain.clock import Seconds
from domain.evidence import EventLog, HostEvent
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.simulation.event_log_profile import EventLogProfile
from learning.simulation.pushes import SimulatedPush
from learning.simulation.scripts.speech_timing import TimedUtterance

MEAN_CLICK_LAG_S: Seconds = 14.0  # mean, after the words that made somebody click (development set)
MEAN_ORDER_LAG_S: Seconds = 26.0
USER_COUNT = 10_000


@dataclass(frozen=True, slots=True)
class EventLogGenerator:
    """The inputs of a simulated event log. `product_ids`: all of the catalogue."""

    utterances: tuple[TimedUtterance, ...]
    truth: GroundTruth
    pushes: tuple[SimulatedPush, ...]
    profile: EventLogProfile
    product_ids: tuple[str, ...]

    def generate(self, rng: np.random.Generator) -> EventLog:
        """The log, by time on the recording clock, shifted by the clock offset that the show draws."""
        if not self.profile.has_log:
            return EventLog()
        offset = float(rng.uniform(-self.profile.max_clock_offset, self.profile.max_clock_offset))
        events = [*self._push_events(), *self._comment_events(rng), *self._click_events(rng)]
        shifted_events = [
            replace(each, recording_time=round((each.recording_time or 0.0) + offset, 2))
            for each in events
            if each.type in self.profile.logged_types
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
        """Clicks and orders: off topic at any time, by the popularity of products; on topic for what is explained."""
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
