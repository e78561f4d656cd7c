"""All evidence of a show on one grid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from domain.catalog import Catalog
from domain.clock import Timeline
from domain.evidence import EventLog, Evidence, HostEvent, Mentions
from domain.session import Session
from domain.speech import Transcript
from models.evidence_grid import evidence_of
from models.room_log import TimedEvent
from pipeline.event_times import replay_time
from pipeline.stage import Needs


@dataclass(frozen=True)
class GatherEvidence:
    """Line up what was said with what the room logged. Events outside the recording are set aside and told."""

    version: ClassVar[int] = 4
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(
        self,
        transcript: Transcript,
        mentions: Mentions,
        events: EventLog,
        catalog: Catalog,
        timeline: Timeline,
        session: Session,
    ) -> Evidence:
        ids = tuple(product.product_id for product in catalog)
        timed = _timed(events.events, ids, timeline, session)
        evidence = evidence_of(transcript, mentions.mentions, timed, ids, timeline.replay)
        return replace(evidence, warnings=_outside(events.events, timeline, session))


def _timed(
    events: Sequence[HostEvent], ids: tuple[str, ...], timeline: Timeline, session: Session
) -> tuple[TimedEvent, ...]:
    """The events about products of the catalogue, on the replay clock, by time."""
    column = {product_id: i for i, product_id in enumerate(ids)}
    timed = []
    for event in events:
        time = replay_time(event, timeline, session)
        if time is not None and event.product_id in column:
            timed.append(TimedEvent(event.type, time, column[event.product_id]))
    return tuple(sorted(timed, key=lambda event: event.time))


def _outside(events: Sequence[HostEvent], timeline: Timeline, session: Session) -> tuple[str, ...]:
    outside = sum(replay_time(event, timeline, session) is None for event in events)
    if not outside:
        return ()
    return (f"{outside} of {len(events)} events lie outside the recording and were set aside",)
