"""What the room logged, on the clock of the replay."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from domain.clock import Seconds, Timeline
from domain.event_times import extended_time
from domain.evidence import EventLog, Evidence, HostEvent, RoomEvidence
from domain.session import Session
from models.segmentation.event_alignment import MOST_OFF, TimedEvent
from models.segmentation.event_features import room_evidence
from models.segmentation.weights_bundle import DEFAULT
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class AlignRoom:
    """Learn the room's habits - clock, lag, wrong pushes - from what was said and seen, and weigh its log by them.

    Events outside the recording are set aside and told.
    """

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs(memory_mb=500)
    tools: ClassVar[tuple[str, ...]] = ()
    model: str = DEFAULT

    def weights(self) -> tuple[str, ...]:
        return (f"understanding:{self.model}",)

    def __call__(self, evidence: Evidence, events: EventLog, timeline: Timeline, session: Session) -> RoomEvidence:
        from models.segmentation.prior_posteriors import belief_of
        from models.segmentation.weights_bundle import understanding

        timed = _timed(events.events, evidence.product_ids, timeline, session)
        found = room_evidence(timed, belief_of(evidence, understanding(self.model).scores))
        return replace(found, warnings=(*_outside(events.events, timeline, session, found.offset), *found.warnings))


def _timed(
    events: Sequence[HostEvent], ids: tuple[str, ...], timeline: Timeline, session: Session
) -> tuple[TimedEvent, ...]:
    """The events about products of the evidence, on the replay clock as the log has it, by time."""
    column = {product_id: i for i, product_id in enumerate(ids)}
    timed = []
    for event in events:
        time = extended_time(event, timeline, session, MOST_OFF)
        if time is not None and event.product_id in column:
            timed.append(TimedEvent(event.type, time, column[event.product_id]))
    return tuple(sorted(timed, key=lambda event: event.time))


def _outside(events: Sequence[HostEvent], timeline: Timeline, session: Session, offset: Seconds) -> tuple[str, ...]:
    """A word on events that lie outside the recording once the clock is put right."""
    times = [extended_time(event, timeline, session, MOST_OFF) for event in events]
    outside = sum(time is None or not 0 <= time - offset < timeline.duration for time in times)
    if not outside:
        return ()
    return (f"{outside} of {len(events)} events lie outside the recording and were set aside",)
