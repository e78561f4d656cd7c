"""Events of the log on the replay clock, and what speech and frames say about the show that they are compared with."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds
from domain.evidence import FloatArray

MAX_REPEAT_GAP_S: Seconds = 30.0  # a push of the same product so soon says nothing new


class _HasTime(Protocol):
    @property
    def time(self) -> Seconds: ...


_PushT = TypeVar("_PushT", bound=_HasTime)


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """An event on the replay clock. `product`: the column of its product."""

    kind: str
    time: Seconds
    product: int


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Where explanations may begin, or end. `times`: (units,), seconds; `probabilities`: (units, products), that one
    of the product does there, as far as speech and frames say.
    """

    times: FloatArray
    probabilities: FloatArray


@dataclass(frozen=True, eq=False)
class ExplanationPosteriors:
    """What speech and frames say about a show, without the event log.

    `starts`, `ends`: (units,), seconds; `probabilities`: (units, products), that the unit is about the product.
    """

    starts: FloatArray
    ends: FloatArray
    probabilities: FloatArray

    @property
    def duration(self) -> Seconds:
        return float(self.ends[-1] - self.starts[0])

    @cached_property
    def openings(self) -> Boundaries:
        """Where explanations begin: at the starts of units."""
        return Boundaries(self.starts, np.maximum(np.diff(self.probabilities, axis=0, prepend=0.0), 0.0))

    @cached_property
    def closings(self) -> Boundaries:
        """Where explanations end: at the ends of units."""
        return Boundaries(self.ends, np.maximum(-np.diff(self.probabilities, axis=0, append=0.0), 0.0))


def shift_events(events: Iterable[TimedEvent], seconds: Seconds) -> list[TimedEvent]:
    """`events`, later by `seconds`."""
    return [TimedEvent(event.kind, event.time + seconds, event.product) for event in events]


def events_within_show(events: Iterable[TimedEvent], posteriors: ExplanationPosteriors) -> list[TimedEvent]:
    """The events that lie inside the show."""
    return [event for event in events if posteriors.starts[0] <= event.time < posteriors.ends[-1]]


def event_arrays(events: Sequence[TimedEvent]) -> tuple[FloatArray, NDArray[np.int64]]:
    """(events,) each: times and products."""
    return np.array([event.time for event in events]), np.array([event.product for event in events], dtype=np.int64)


def drop_repeated_pushes(pushes: Iterable[_PushT], product_of: Callable[[_PushT], Hashable]) -> list[_PushT]:
    """`pushes`, by time, without those that soon repeat one of the same product."""
    last_times: dict[Hashable, Seconds] = {}
    distinct = []
    for push in pushes:
        product = product_of(push)
        if push.time - last_times.get(product, -np.inf) > MAX_REPEAT_GAP_S:
            distinct.append(push)
        last_times[product] = push.time
    return distinct
