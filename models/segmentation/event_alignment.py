"""Aligns the event log with the show: estimates the offset of its clock, and the habits of those who push and click.

The clock is common to all events; each kind has its own lag. So the offset is the one under which all kinds together
agree best with what speech and frames say, each at the lag that suits it. Where the log has pushes alone, offset and
lag cannot be told apart unless their sum is no possible lag, and it does not matter: pushes are judged by their sum.
Priors say that most clocks are right and most lags typical.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from domain.clock import Seconds
from domain.evidence import FloatArray
from models.event_log.click_timing import CLICK_PRIOR, ORDER_PRIOR, ClickHabits, click_likelihoods
from models.event_log.log_edges import edge_nats
from models.event_log.push_evidence import PushHabits, estimate_push_habits
from models.event_log.push_timing import BUTTON_PRIOR, PUSH_PRIOR, push_likelihoods
from models.event_log.time_grid import OFFSETS_S, grid_size
from models.event_log.timed_events import ExplanationPosteriors, TimedEvent, drop_repeated_pushes

PUSH_KINDS = ("product_push", "explain_start")
MIN_PUSHES = 4  # from which a clock offset can be estimated
OFFSET_PENALTY_NATS = 6.0  # prior against any clock offset: most clocks are right
MIN_OFFSET_S: Seconds = 12.0  # a smaller offset cannot be distinguished from lag
MODE_RADIUS_S: Seconds = 15.0  # offsets within it are one mode
SAME_ACT_S: Seconds = 10.0  # a push so near a press of the explain button is the same act


@dataclass(frozen=True, eq=False)
class LoggedEvents:
    """The events of a log about products, by time, and the times of all its events, on the log's own clock."""

    events: Sequence[TimedEvent]
    all_times: FloatArray

    def of_kind(self, kind: str) -> list[TimedEvent]:
        """The events of one type."""
        return [event for event in self.events if event.kind == kind]

    @cached_property
    def buttons(self) -> list[TimedEvent]:
        """Presses of the explain button."""
        return drop_repeated_pushes(self.of_kind("explain_start"), lambda press: press.product)

    @cached_property
    def pushes(self) -> list[TimedEvent]:
        """Pushes that are no press of the explain button as well."""
        press_times = defaultdict[int, list[Seconds]](list)
        for press in self.of_kind("explain_start"):
            press_times[press.product].append(press.time)
        distinct = drop_repeated_pushes(self.of_kind("product_push"), lambda push: push.product)
        return [
            push
            for push in distinct
            if all(abs(time - push.time) > SAME_ACT_S for time in press_times.get(push.product, ()))
        ]


@dataclass(frozen=True, eq=False)
class EventTiming:
    """Timing and reliability of a show's event log, in seconds.

    `clock_offset`: by which the log's clock is late; `push_habits`, `button_habits`: of pushes and of presses of the
    explain button; `click_habits`, `order_habits`: of viewers.
    """

    clock_offset: Seconds
    push_habits: PushHabits
    button_habits: PushHabits
    click_habits: ClickHabits
    order_habits: ClickHabits


def estimate_event_timing(log: LoggedEvents, posteriors: ExplanationPosteriors) -> EventTiming:
    """The timing under which all kinds of events agree best with `posteriors`."""
    steps = grid_size(posteriors)
    pushes = push_likelihoods(log.pushes, posteriors.openings, steps, PUSH_PRIOR)
    buttons = push_likelihoods(log.buttons, posteriors.openings, steps, BUTTON_PRIOR)
    clicks = click_likelihoods(log.of_kind("product_click"), posteriors, CLICK_PRIOR)
    orders = click_likelihoods(log.of_kind("order"), posteriors, ORDER_PRIOR)
    gains = [likelihoods.by_offset_and_lag().max(axis=1) for likelihoods in (clicks, orders)]
    for likelihoods, events in ((pushes, log.pushes), (buttons, log.buttons)):
        if len(events) >= MIN_PUSHES:
            gains.append(likelihoods.by_offset_and_lag().max(axis=1))
    gains.append(edge_nats(log.all_times, float(posteriors.starts[0]), float(posteriors.ends[-1])))
    clock_offset = _best_offset(np.sum(gains, axis=0))
    return EventTiming(
        clock_offset,
        estimate_push_habits(pushes, clock_offset),
        estimate_push_habits(buttons, clock_offset),
        clicks.at_offset(clock_offset),
        orders.at_offset(clock_offset),
    )


def _best_offset(gains: FloatArray) -> Seconds:
    """0 s, or the middle of the best mode where that gains enough. `gains`: (OFFSETS_S,)."""
    offsets = np.array(OFFSETS_S)
    far = np.flatnonzero(np.abs(offsets) >= MIN_OFFSET_S)
    best = int(far[np.argmax(gains[far])])
    if gains[best] - gains[OFFSETS_S.index(0.0)] <= OFFSET_PENALTY_NATS:
        return 0.0
    near = far[np.abs(offsets[far] - offsets[best]) <= MODE_RADIUS_S]
    chances = np.exp(gains[near] - gains[near].max())
    middle = float(chances @ offsets[near] / chances.sum())
    return float(offsets[near[np.argmin(np.abs(offsets[near] - middle))]])
