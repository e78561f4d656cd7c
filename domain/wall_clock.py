"""What the clock on the wall showed at an instant of the replay."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.clock import Seconds, Timeline
from domain.session import StartTime


def wall_clock(timeline: Timeline, started: StartTime) -> Callable[[Seconds], datetime | None]:
    """Tells the date of an instant of the replay; None throughout where no start is known."""
    begins = [piece.replay_start for piece in timeline.pieces]

    def date(time: Seconds) -> datetime | None:
        if started.at is None:
            return None
        piece = timeline.pieces[max(0, bisect_right(begins, time) - 1)]
        return started.at + timedelta(seconds=piece.wall_start + time - piece.replay_start)

    return date
