"""AlignEvents: the event log, on the clock of the replay."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from domain.clock import Seconds, Timeline
from domain.evidence import EventFeatures, EventLog, FloatArray, HostEvent, UnitFeatures, extrapolated_replay_time
from domain.session import Session
from models.event_log.time_grid import MAX_OFFSET_S
from models.event_log.timed_events import TimedEvent
from models.segmentation.event_alignment import LoggedEvents
from models.segmentation.event_features import build_event_features, empty_event_features
from models.segmentation.weights_bundle import DEFAULT_WEIGHTS
from pipeline.engine.stage import Needs

if TYPE_CHECKING:
    from models.segmentation.scorer import ScoreWeights


@dataclass(frozen=True)
class AlignEvents:
    """Estimate the event log's clock offset, lags and reliability from speech and frames, and weigh it by them.

    Events outside the recording are set aside, with a warning.
    """

    version: ClassVar[int] = 5
    needs: ClassVar[Needs] = Needs(memory_mb=500)
    tools: ClassVar[tuple[str, ...]] = ()
    model: str = DEFAULT_WEIGHTS

    def weights(self) -> tuple[str, ...]:
        return (f"understanding:{self.model}",)

    def __call__(
        self, unit_features: UnitFeatures, events: EventLog, timeline: Timeline, session: Session
    ) -> EventFeatures:
        from models.segmentation.weights_bundle import load_weights_bundle

        return align_event_log(unit_features, events, timeline, session, load_weights_bundle(self.model).scores)


def align_event_log(
    unit_features: UnitFeatures,
    log: EventLog,
    timeline: Timeline,
    session: Session,
    weights: "ScoreWeights",
) -> EventFeatures:
    """The stage's work with `weights` that need not lie in a folder: training calls it, too."""
    from models.segmentation.prior_posteriors import posteriors_without_log

    timed_events = _timed_events(log.events, unit_features.product_ids, timeline, session)
    if timed_events:
        logged = LoggedEvents(timed_events, _all_times(log.events, timeline, session))
        features = build_event_features(logged, posteriors_without_log(unit_features, weights))
    else:
        features = empty_event_features(*unit_features.identity.shape[:2])
    outside_warnings = _outside_warnings(log.events, timeline, session, features.clock_offset)
    return replace(features, warnings=(*outside_warnings, *features.warnings))


def _timed_events(
    events: Sequence[HostEvent], product_ids: tuple[str, ...], timeline: Timeline, session: Session
) -> tuple[TimedEvent, ...]:
    """The events about `product_ids`, by time: on the replay clock, but for the offset of the log's own clock."""
    column = {product_id: i for i, product_id in enumerate(product_ids)}
    timed_events = []
    for event in events:
        time = extrapolated_replay_time(event, timeline, session, MAX_OFFSET_S)
        if time is not None and event.product_id in column:
            timed_events.append(TimedEvent(event.type, time, column[event.product_id]))
    return tuple(sorted(timed_events, key=lambda event: event.time))


def _all_times(events: Sequence[HostEvent], timeline: Timeline, session: Session) -> FloatArray:
    """(events,): the times of events of any type, as those of `_timed_events`."""
    times = (extrapolated_replay_time(event, timeline, session, MAX_OFFSET_S) for event in events)
    return np.array([time for time in times if time is not None])


def _outside_warnings(
    events: Sequence[HostEvent], timeline: Timeline, session: Session, offset: Seconds
) -> tuple[str, ...]:
    """A warning that counts the events outside the recording, once the clock offset is removed."""
    times = [extrapolated_replay_time(event, timeline, session, MAX_OFFSET_S) for event in events]
    outside = sum(time is None or not 0 <= time - offset < timeline.duration for time in times)
    if not outside:
        return ()
    return (f"{outside} of {len(events)} events lie outside the recording and were set aside",)
