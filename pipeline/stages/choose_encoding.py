"""Choose what the replay's picture is encoded as."""

from dataclasses import dataclass
from typing import ClassVar

from domain.encoding import Encoding, Rendition
from domain.media import MediaInfo
from pipeline.frames import Size
from pipeline.stage import Needs


@dataclass(frozen=True)
class ChooseEncoding:
    """H.264 and AV1 at the large size and H.264 at the small one; never larger than the recording, none twice."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    large_side_px: int = 720
    small_side_px: int = 360
    h264_preset: str = "veryfast"
    h264_params: str = "psy=0:rc-lookahead=30:trellis=1:aq-strength=0.5"
    h264_crf: int = 24
    av1_preset: int = 11
    av1_params: str = "enable-tf=0:hierarchical-levels=3:aq-mode=0"
    av1_crf: int = 35
    has_av1: bool = True

    def __call__(self, media: MediaInfo) -> Encoding:
        large, small = (replay_size(media, side) for side in (self.large_side_px, self.small_side_px))
        chosen = [self._h264(large)]
        if self.has_av1:
            chosen.append(
                Rendition("av1", large.width, large.height, str(self.av1_preset), self.av1_params, self.av1_crf)
            )
        if min(small.width, small.height) < min(large.width, large.height):
            chosen.append(self._h264(small))
        return Encoding(tuple(chosen))

    def _h264(self, size: Size) -> Rendition:
        return Rendition("h264", size.width, size.height, self.h264_preset, self.h264_params, self.h264_crf)


def replay_size(media: MediaInfo, shorter_side_px: int) -> Size:
    """The size of the whole replay: the first file's, its shorter side at most this, both sides even."""
    video = media.files[0].video
    scale = min(1.0, shorter_side_px / min(video.width, video.height))
    return Size(max(2, round(video.width * scale / 2 - 0.01) * 2), max(2, round(video.height * scale / 2 - 0.01) * 2))
