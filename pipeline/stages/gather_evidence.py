"""All evidence of a show on one grid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from domain.catalog import Catalog
from domain.clock import Seconds, Span, Timeline
from domain.evidence import EventLog, Evidence, HostEvent, Mentions
from domain.session import Session
from domain.speech import Transcript
from models.evidence_grid import evidence_of
from models.room_log import TimedEvent
from pipeline.stage import Needs


@dataclass(frozen=True)
class GatherEvidence:
    """Line up what was said with what the room logged. Events outside the recording are set aside and told."""

    version: ClassVar[int] = 3
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
        time = _replay_time(event, timeline, session)
        if time is not None and event.product_id in column:
            timed.append(TimedEvent(event.type, time, column[event.product_id]))
    return tuple(sorted(timed, key=lambda event: event.time))


def _replay_time(event: HostEvent, timeline: Timeline, session: Session) -> Seconds | None:
    """None for what was logged before or after the recording: it says nothing of the replay's first or last second."""
    if event.recording_time is not None:
        is_inside = _recorded(timeline).holds(event.recording_time)
        return timeline.replay_time(event.recording_time) if is_inside else None
    if event.at is None or session.started_at is None:
        return None
    return timeline.replay_time_of(event.at, session.started_at)


def _recorded(timeline: Timeline) -> Span:
    """The stretch of *recording time* from the first piece to the end of the last."""
    first, last = timeline.pieces[0], timeline.pieces[-1]
    return Span(first.recording_start, last.recording_start + last.duration)


def _outside(events: Sequence[HostEvent], timeline: Timeline, session: Session) -> tuple[str, ...]:
    outside = sum(_replay_time(event, timeline, session) is None for event in events)
    if not outside:
        return ()
    return (f"{outside} of {len(events)} events lie outside the recording and were set aside",)
