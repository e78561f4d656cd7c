"""Pick pictures of the show, cheaply: key frames, about one every few seconds."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from domain.clock import Piece, Timeline
from domain.errors import MediaError
from domain.recording import FileInfo, Frame, Frames, MediaInfo
from domain.session import Recording
from media.keyframes import Size, key_pictures, write_jpeg
from pipeline.engine.stage import Needs, Progress


@dataclass(frozen=True)
class SampleFrames:
    """Write the key frames nearest to every `every_s` seconds of the replay as JPEG files, all of one size."""

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(memory_mb=300, is_apart=True)
    tools: ClassVar[tuple[str, ...]] = ("av", "opencv-python-headless")

    every_s: float = 5.0
    longest_side_px: int = 640
    jpeg_quality: int = 85

    def __call__(
        self, recording: Recording, media: MediaInfo, timeline: Timeline, scratch: Path, progress: Progress
    ) -> Frames:
        first = media.files[0].video
        size = Size(first.width, first.height).within(self.longest_side_px)
        frames: list[Frame] = []
        for number, info in enumerate(media.files):
            times = self._times(info, [piece for piece in timeline.pieces if piece.file == number])
            file = media.path(number, recording)
            for file_time, picture in key_pictures(file, info, times.keys(), size):
                frames.append(Frame(times[file_time], scratch / f"{len(frames):05d}.jpg"))
                write_jpeg(frames[-1].file, picture, self.jpeg_quality)
                progress(min(1.0, frames[-1].time / timeline.duration))
        if not frames:
            raise MediaError(recording.files[0].path, "has no key frame that can be decoded", "record or copy it again")
        return Frames(tuple(frames), size.width, size.height)

    def _times(self, info: FileInfo, pieces: Sequence[Piece]) -> dict[float, float]:
        """Replay times of the chosen key frames of one file, by file time."""
        chosen: dict[float, float] = {}
        for piece in pieces:
            shown = [t for t in info.video.key_frames if 0 <= t - piece.file_start < piece.duration]
            for time in self._picked(shown, piece):
                chosen[time] = piece.replay_start + time - piece.file_start
        return chosen

    def _picked(self, key_frames: Sequence[float], piece: Piece) -> set[float]:
        """Of rising `key_frames`, the nearest to each point of the grid."""
        count = int(piece.duration // self.every_s) + 1
        return (
            {_nearest(key_frames, piece.file_start + i * self.every_s) for i in range(count)} if key_frames else set()
        )


def _nearest(rising: Sequence[float], time: float) -> float:
    after = bisect_left(rising, time)
    return min(rising[max(0, after - 1) : after + 1], key=lambda near: abs(near - time))
