"""Pick pictures of the show, cheaply: key frames, about one every few seconds."""

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
    """Write the key frames nearest to every `interval_s` seconds of the replay as JPEG files, all of one size."""

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
            times = self._sampled_times(info, [piece for piece in timeline.clips if piece.file_index == number])
            file = media.path_of(number, recording)
            for file_time, image in decode_key_frames(file, info, times.keys(), size):
                frames.append(SampledFrame(times[file_time], scratch / f"{len(frames):05d}.jpg"))
                write_jpeg(frames[-1].file, image, self.jpeg_quality)
                progress(min(1.0, frames[-1].time / timeline.duration))
        if not frames:
            raise MediaError(recording.files[0].path, "has no key frame that can be decoded", "record or copy it again")
        return SampledFrames(tuple(frames), size.width, size.height)

    def _sampled_times(self, info: MediaFileInfo, pieces: Sequence[TimelineClip]) -> dict[float, float]:
        """Replay times of the chosen key frames of one file, by file time."""
        chosen: dict[float, float] = {}
        for piece in pieces:
            times_in_piece = [t for t in info.video.keyframe_times if 0 <= t - piece.file_start < piece.duration]
            for time in self._nearest_to_grid(times_in_piece, piece):
                chosen[time] = piece.replay_start + time - piece.file_start
        return chosen

    def _nearest_to_grid(self, key_frames: Sequence[float], piece: TimelineClip) -> set[float]:
        """Of rising `key_frames`, the nearest to each point of the grid."""
        count = int(piece.duration // self.interval_s) + 1
        return (
            {_nearest_time(key_frames, piece.file_start + i * self.interval_s) for i in range(count)}
            if key_frames
            else set()
        )


def _nearest_time(times: Sequence[float], time: float) -> float:
    after = bisect_left(times, time)
    return min(times[max(0, after - 1) : after + 1], key=lambda near: abs(near - time))
