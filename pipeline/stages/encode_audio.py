"""Encode the replay's sound: one rendition, one pass."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from domain.clock import Timeline
from domain.errors import ToolError
from domain.media import MediaInfo, ReplayAudio, SoundTrack
from domain.session import Recording
from pipeline import ffmpeg
from pipeline.containers import made_length
from pipeline.pcm import Shape, samples
from pipeline.stage import Needs, Progress

AAC_RATES_HZ = (16_000, 22_050, 24_000, 32_000, 44_100, 48_000)  # those that every player takes
LONGEST_MISS_S = 0.1  # an AAC frame at 16 kHz is 64 ms


@dataclass(frozen=True)
class EncodeAudio:
    """Encode all pieces, one after the other, as one AAC track; a show without sound has none."""

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(memory_mb=300)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg",)

    mono_kbps: int = 64
    stereo_kbps: int = 96
    coder: str = "fast"  # half the CPU of twoloop; 24.7 against 25.9 dB SI-SDR on zh-mini, whose sound came at 32 kbps

    def __call__(
        self, recording: Recording, media: MediaInfo, timeline: Timeline, scratch: Path, progress: Progress
    ) -> ReplayAudio:
        shape = replay_shape(media)
        if shape is None:
            return ReplayAudio(None)
        file = scratch / "audio.mp4"
        blocks = samples(recording, media, timeline, shape, progress)
        ffmpeg.feed(self._graph(shape, file), blocks, ffmpeg.Job(None, timeline.duration))
        length = made_length(file)
        if abs(length - timeline.duration) > LONGEST_MISS_S:
            what = f"is {length:.3f} s long instead of {timeline.duration:.3f} s"
            raise ToolError(file, what, "run the command again; if it happens again, tell the authors")
        return ReplayAudio(file)

    def _graph(self, shape: Shape, file: Path) -> Any:
        import ffmpeg as graph

        heard = graph.input(
            "pipe:0", format="s16le", ar=shape.sample_rate, ac=shape.channels, protocol_whitelist="pipe"
        )
        kbps = self.mono_kbps if shape.channels == 1 else self.stereo_kbps
        return ffmpeg.target(
            heard["a"], str(file), format="mp4", acodec="aac", audio_bitrate=f"{kbps}k", threads=1, aac_coder=self.coder
        )


def replay_shape(media: MediaInfo) -> Shape | None:
    """The best that any file offers, no better: stereo if one is, at the highest rate AAC players take."""
    tracks: list[SoundTrack] = [file.sound for file in media.files if file.sound]
    if not tracks:
        return None
    offered = max(track.sample_rate for track in tracks)
    rate = next((rate for rate in AAC_RATES_HZ if rate >= offered), AAC_RATES_HZ[-1])
    return Shape(rate, 1 if all(track.channels == 1 for track in tracks) else 2)
