"""Features of the event log for each product over time: log-likelihood ratios, in nats, by kind of event.

Events come late, early, wrong or not at all, on a clock that may be off. Speech and frames of the same show give the
clock offset, and for each kind its lag, how it scatters, and how much of it is right. So each column stands by itself:
a weight of about 1 is right for it whatever else is logged, and it is 0 where its kind is not there.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import numpy as np

from domain.clock import Seconds
from domain.evidence import EventFeatures, EventKind, FloatArray
from models.event_log.click_evidence import click_nats
from models.event_log.click_timing import CLICK_PRIOR, MIN_EVENTS
from models.event_log.push_evidence import PushEvidence, estimate_push_habits, repeat_nats, weigh_pushes
from models.event_log.push_timing import (
    BUTTON_PRIOR,
    END_PRIOR,
    PUSH_PRIOR,
    TYPICAL_PUSH_LAG_S,
    push_likelihoods,
)
from models.event_log.time_grid import grid_size
from models.event_log.timed_events import ExplanationPosteriors, TimedEvent, events_within_show, shift_events
from models.segmentation.event_alignment import EventTiming, LoggedEvents, estimate_event_timing

EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
EVENT_IDENTITY_FEATURES = ("click", "order", "pushed")
"""Columns of `EventFeatures.identity`: nats of clicks, of orders, and of cards that are pushed again."""
EVENT_OPENING_FEATURES = ("push", "explain_start")
"""Columns of `EventFeatures.product_opening`: nats of pushes, and of presses of the explain button, for a start of the
product's explanation; below 0 where none follows a start."""
EVENT_CLOSING_FEATURES = ("explain_end",)
"""Columns of `EventFeatures.product_closing`: nats of that event for an end."""
MAX_CLICK_NATS, MAX_ORDER_NATS = 8.0, 6.0  # in one unit


def build_event_features(log: LoggedEvents, posteriors: ExplanationPosteriors) -> EventFeatures:
    """The features of `log`, on the units and products of `posteriors`.

    The log's clock may be off, so events may lie before or after the show.
    """
    timing = estimate_event_timing(log, posteriors)
    aligned = _AlignedLog(log, timing, posteriors)
    if not aligned.kinds:
        return empty_event_features(*posteriors.probabilities.shape)
    pushes, buttons, ends = aligned.push_evidence, aligned.button_evidence, aligned.end_evidence
    reliability = timing.push_habits if len(aligned.pushes) >= len(aligned.buttons) else timing.button_habits
    return EventFeatures(
        identity=np.stack([aligned.click_nats, aligned.order_nats, aligned.repeat_nats], axis=2, dtype=np.float32),
        product_opening=np.stack([pushes.boundary_nats, buttons.boundary_nats], axis=2, dtype=np.float32),
        product_closing=np.stack([ends.boundary_nats], axis=2, dtype=np.float32),
        kinds=aligned.kinds,
        clock_offset=timing.clock_offset,
        push_lag=reliability.lag,
        click_lag=timing.click_habits.lag,
        push_reliability=reliability.right_share,
        warnings=_clock_offset_warnings(timing.clock_offset),
    )


def empty_event_features(units: int, products: int) -> EventFeatures:
    """The features of a show without an event log."""
    return EventFeatures(
        identity=np.zeros((units, products, len(EVENT_IDENTITY_FEATURES))),
        product_opening=np.zeros((units, products, len(EVENT_OPENING_FEATURES))),
        product_closing=np.zeros((units, products, len(EVENT_CLOSING_FEATURES))),
        kinds=(),
        clock_offset=0.0,
        push_lag=TYPICAL_PUSH_LAG_S,
        click_lag=CLICK_PRIOR.typical_lag,
        push_reliability=PUSH_PRIOR.right_share,
    )


def _clock_offset_warnings(offset: Seconds) -> tuple[str, ...]:
    if not offset:
        return ()
    direction = "late" if offset > 0 else "early"
    return (f"the room's log was found to be {abs(offset):.0f} s {direction} against the recording, and was moved",)


@dataclass(frozen=True, eq=False)
class _AlignedLog:
    """The log without the offset of its clock, and what each kind of its events says."""

    log: LoggedEvents
    timing: EventTiming
    posteriors: ExplanationPosteriors

    def _within_show(self, events: list[TimedEvent]) -> list[TimedEvent]:
        return events_within_show(shift_events(events, -self.timing.clock_offset), self.posteriors)

    @cached_property
    def pushes(self) -> list[TimedEvent]:
        return self._within_show(self.log.pushes)

    @cached_property
    def buttons(self) -> list[TimedEvent]:
        return self._within_show(self.log.buttons)

    @cached_property
    def ends(self) -> list[TimedEvent]:
        return self._within_show(self.log.of_kind("explain_end"))

    @cached_property
    def clicks(self) -> list[TimedEvent]:
        return self._within_show(self.log.of_kind("product_click"))

    @cached_property
    def orders(self) -> list[TimedEvent]:
        return self._within_show(self.log.of_kind("order"))

    @cached_property
    def kinds(self) -> tuple[EventKind, ...]:
        """The kinds of which there are enough to count."""
        counts = {
            "pushes": len(self.pushes) + len(self.buttons),
            "clicks": len(self.clicks) - MIN_EVENTS + 1,
            "orders": len(self.orders) - MIN_EVENTS + 1,
            "ends": len(self.ends),
        }
        return tuple(kind for kind in EVENT_KINDS if counts[kind] > 0)

    @cached_property
    def push_evidence(self) -> PushEvidence:
        openings, end = self.posteriors.openings, float(self.posteriors.ends[-1])
        return weigh_pushes(self.pushes, openings, self.timing.push_habits, PUSH_PRIOR, end)

    @cached_property
    def button_evidence(self) -> PushEvidence:
        openings, end = self.posteriors.openings, float(self.posteriors.ends[-1])
        return weigh_pushes(self.buttons, openings, self.timing.button_habits, BUTTON_PRIOR, end)

    @cached_property
    def end_evidence(self) -> PushEvidence:
        closings = self.posteriors.closings
        likelihoods = push_likelihoods(self.ends, closings, grid_size(self.posteriors), END_PRIOR)
        habits = estimate_push_habits(likelihoods, 0.0)
        return weigh_pushes(self.ends, closings, habits, END_PRIOR, float(self.posteriors.ends[-1]))

    @cached_property
    def click_nats(self) -> FloatArray:
        nats = click_nats(self.clicks, self.timing.click_habits, self.posteriors)
        return np.clip(nats, -MAX_CLICK_NATS, MAX_CLICK_NATS)

    @cached_property
    def order_nats(self) -> FloatArray:
        nats = click_nats(self.orders, self.timing.order_habits, self.posteriors)
        return np.clip(nats, -MAX_ORDER_NATS, MAX_ORDER_NATS)

    @cached_property
    def repeat_nats(self) -> FloatArray:
        """Of pushes and presses together."""
        pushes = sorted([*self.pushes, *self.buttons], key=lambda push: push.time)
        return repeat_nats(pushes, self.timing.push_habits.right_share, self.posteriors)
