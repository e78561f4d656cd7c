"""A show with its truth and all evidence."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from domain.catalog import Catalog
from domain.clock import Seconds, Timeline
from domain.evidence import EventLog, HostEvent, Mentions
from domain.speech import Transcript
from domain.vision import Sightings
from learning.evaluation.ground_truth import GroundTruth
from models.lexicon.near_duplicates import NearDuplicates, find_near_duplicates


@dataclass(frozen=True, slots=True)
class ProductEvent:
    """A line of the event log about a product, on the replay clock."""

    type: str
    time: Seconds
    product_id: str


@dataclass(frozen=True)
class GoldShow:
    """Everything is on the replay clock. `events`: those that name a product and have a replay time."""

    truth: GroundTruth
    catalog: Catalog
    transcript: Transcript
    mentions: Mentions = field(default=Mentions(()))
    events: tuple[ProductEvent, ...] = ()
    sightings: Sightings = field(default=Sightings(()))

    @cached_property
    def near_duplicates(self) -> NearDuplicates:
        return find_near_duplicates(self.catalog)


def product_events(log: EventLog, timeline: Timeline, started_at: datetime | None) -> tuple[ProductEvent, ...]:
    """The events about products, by time. Those with a wall-clock time only are left out where `started_at` is
    unknown.
    """
    timed_events = ((event, _replay_time(event, timeline, started_at)) for event in log.events if event.product_id)
    events = (ProductEvent(event.type, time, event.product_id) for event, time in timed_events if time is not None)
    return tuple(sorted(events, key=lambda event: event.time))


def _replay_time(event: HostEvent, timeline: Timeline, started_at: datetime | None) -> Seconds | None:
    if event.recording_time is not None:
        return timeline.recording_to_replay(event.recording_time)
    return timeline.wall_clock_to_replay(event.at, started_at) if event.at and started_at else None
