"""A show with its truth, and all that was at hand to find it."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from domain.catalog import Catalog
from domain.clock import Seconds, Timeline
from domain.evidence import EventLog, HostEvent, Mentions
from domain.speech import Transcript
from domain.vision import Sightings
from learning.evaluation.ground_truth import Truth
from models.lexicon.near_duplicates import Sisters, sisters_of


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """A line of the room's log about a product, on the replay clock."""

    type: str
    time: Seconds
    product_id: str


@dataclass(frozen=True)
class GoldShow:
    """Everything is on the replay clock. `events` are those that name a product and can be placed."""

    truth: Truth
    catalog: Catalog
    transcript: Transcript
    mentions: Mentions = field(default=Mentions(()))
    events: tuple[PlacedEvent, ...] = ()
    sightings: Sightings = field(default=Sightings(()))

    @cached_property
    def sisters(self) -> Sisters:
        return sisters_of(self.catalog)


def placed_events(log: EventLog, timeline: Timeline, started_at: datetime | None) -> tuple[PlacedEvent, ...]:
    """The events about products, by time; those that cannot be placed, for no `started_at` is known, are left out."""
    placed = ((event, _place(event, timeline, started_at)) for event in log.events if event.product_id)
    events = (PlacedEvent(event.type, time, event.product_id) for event, time in placed if time is not None)
    return tuple(sorted(events, key=lambda event: event.time))


def _place(event: HostEvent, timeline: Timeline, started_at: datetime | None) -> Seconds | None:
    if event.recording_time is not None:
        return timeline.replay_time(event.recording_time)
    return timeline.replay_time_of(event.at, started_at) if event.at and started_at else None
