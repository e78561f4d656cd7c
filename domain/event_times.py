"""Where the replay shows what the room logged."""

from domain.clock import Seconds, Span, Timeline
from domain.evidence import HostEvent
from domain.session import Session


def replay_time(event: HostEvent, timeline: Timeline, session: Session) -> Seconds | None:
    """None for what was logged before or after the recording: it says nothing of the replay's first or last second."""
    if event.recording_time is not None:
        is_inside = _recorded(timeline).holds(event.recording_time)
        return timeline.replay_time(event.recording_time) if is_inside else None
    if event.at is None or session.started_at is None:
        return None
    return timeline.replay_time_of(event.at, session.started_at)


def extended_time(event: HostEvent, timeline: Timeline, session: Session, reach: Seconds) -> Seconds | None:
    """As `replay_time`, but up to `reach` before the recording (then below 0) and after it too: the log's clock may be
    off."""
    logged = event.recording_time
    if logged is None:
        if event.at is None or session.started_at is None:
            return None
        logged = (event.at - session.started_at).total_seconds()
    recorded = _recorded(timeline)
    if not recorded.start - reach <= logged < recorded.end + reach:
        return None
    outside = min(0.0, logged - recorded.start) + max(0.0, logged - recorded.end)
    return timeline.replay_time(logged) + outside


def _recorded(timeline: Timeline) -> Span:
    """The stretch of *recording time* from the first piece to the end of the last."""
    first, last = timeline.pieces[0], timeline.pieces[-1]
    return Span(first.recording_start, last.recording_start + last.duration)
