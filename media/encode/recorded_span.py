"""A stretch of one recorded file: what a part of the replay, or a sample of it, is made of."""

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from domain.clock import Span, Timeline
from domain.recording import MediaFileInfo, MediaInfo
from domain.session import Recording
from media.timebase import TICKS_PER_SECOND

CUT_TOLERANCE_TICKS = 27  # 0.3 ms: less than any two frames are apart, more than any rounding


@dataclass(frozen=True, slots=True)
class RecordedSpan:
    """The stretch `span` (file time) of the file at `path`."""

    path: Path
    info: MediaFileInfo
    span: Span

    @property
    def preceding_key_frame(self) -> float:
        """The last key frame at or before the start, file time; 0 when there is none."""
        times = self.info.video.keyframe_times
        count = bisect_right(times, self.span.start + CUT_TOLERANCE_TICKS / TICKS_PER_SECOND)
        return times[count - 1] if count else 0.0


def recorded_span(recording: Recording, media: MediaInfo, timeline: Timeline, span: Span) -> RecordedSpan:
    """What `span` of the replay is made of: of several files, the one that fills most of it."""
    clip, file_span = max(timeline.clips_in(span), key=lambda clip_and_span: clip_and_span[1].duration)
    return RecordedSpan(media.path_of(clip.file_index, recording), media.files[clip.file_index], file_span)
