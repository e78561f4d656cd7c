"""SampleFrames: key frames of the show, about one every few seconds."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from domain.clock import Timeline, TimelineClip
from domain.errors import MediaError
from domain.progress import Progress
from domain.recording import MediaFileInfo, MediaInfo
from domain.session import Recording
from domain.vision import SampledFrame, SampledFrames
from media.images import PixelSize, write_jpeg
from media.keyframes import decode_key_frames
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class SampleFrames:
    """Decode the key frame nearest to every `interval_s` seconds of the replay into JPEG files of one size."""

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(memory_mb=300, is_sandboxed=True)
    tools: ClassVar[tuple[str, ...]] = ("av", "opencv-python-headless")

    interval_s: float = 5.0
    max_side_px: int = 640
    jpeg_quality: int = 85

    def __call__(
        self, recording: Recording, media: MediaInfo, timeline: Timeline, scratch: Path, progress: Progress
    ) -> SampledFrames:
        first_video = media.files[0].video
        size = PixelSize(first_video.width, first_video.height).limit_side(self.max_side_px)
        frames: list[SampledFrame] = []
        for number, info in enumerate(media.files):
            times = self._sampled_times(info, [clip for clip in timeline.clips if clip.file_index == number])
            file = media.path_of(number, recording)
            for file_time, image in decode_key_frames(file, info, times.keys(), size):
                frames.append(SampledFrame(times[file_time], scratch / f"{len(frames):05d}.jpg"))
                write_jpeg(frames[-1].file, image, self.jpeg_quality)
                progress(min(1.0, frames[-1].time / timeline.duration))
        if not frames:
            raise MediaError(recording.files[0].path, "has no key frame that can be decoded", "record or copy it again")
        return SampledFrames(tuple(frames), size.width, size.height)

    def _sampled_times(self, info: MediaFileInfo, clips: Sequence[TimelineClip]) -> dict[float, float]:
        """Replay times of the sampled key frames of one file, by file time."""
        replay_times: dict[float, float] = {}
        for clip in clips:
            clip_keyframes = [t for t in info.video.keyframe_times if 0 <= t - clip.file_start < clip.duration]
            for time in self._nearest_to_grid(clip_keyframes, clip):
                replay_times[time] = clip.replay_start + time - clip.file_start
        return replay_times

    def _nearest_to_grid(self, keyframe_times: Sequence[float], clip: TimelineClip) -> set[float]:
        """The key frames nearest to every `interval_s` seconds of `clip`; `keyframe_times` rise."""
        if not keyframe_times:
            return set()
        count = int(clip.duration // self.interval_s) + 1
        return {_nearest_time(keyframe_times, clip.file_start + i * self.interval_s) for i in range(count)}


def _nearest_time(times: Sequence[float], time: float) -> float:
    after = bisect_left(times, time)
    return min(times[max(0, after - 1) : after + 1], key=lambda neighbour: abs(neighbour - time))
