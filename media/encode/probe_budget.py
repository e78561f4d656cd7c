"""The budget of the rendition search, counted in work: by a clock, every run would choose other CRFs.

The work is in processor seconds of one machine, but only the ratios of encoding, scoring and decoding matter. Measured
on zh-mixed-d1 at 540p and at 128x224, where starting a program is most of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.replay import Rendition
from media.encode.probe_encodes import ProbeEncode
from media.images import PixelSize

STAGE_START_S = 0.1  # loading what the stage needs
FFMPEG_START_S = 0.055  # ffmpeg with its codecs
SAMPLE_OPEN_S = 0.09  # opening the recording at a sample, and counting its bytes
DECODE_S_PER_MEGAPIXEL = 0.012
ENCODE_S_PER_MEGAPIXEL = {"h264": 0.014, "av1": 0.021}
EXTRA_S_PER_MEGABIT = 0.015  # for each megabit of the recording, to decode it and to encode it
SCORE_S_PER_MEGAPIXEL = 0.024  # VMAF of every fifth frame


@dataclass(frozen=True, slots=True)
class VideoWorkload:
    """Frames of the large renditions' size, and the bits that the recording has for them."""

    frame_count: float
    size: PixelSize
    megabits: float

    def decode_cost_s(self) -> float:
        return DECODE_S_PER_MEGAPIXEL * self._megapixels(self.size) + EXTRA_S_PER_MEGABIT * self.megabits

    def encode_cost_s(self, rendition: Rendition) -> float:
        return (
            ENCODE_S_PER_MEGAPIXEL[rendition.codec] * self._megapixels(_rendition_size(rendition))
            + EXTRA_S_PER_MEGABIT * self.megabits
        )

    def score_cost_s(self, rendition: Rendition) -> float:
        return SCORE_S_PER_MEGAPIXEL * self._megapixels(_rendition_size(rendition))

    def _megapixels(self, size: PixelSize) -> float:
        return self.frame_count * size.width * size.height / 1_000_000


@dataclass(frozen=True, slots=True)
class ProbeBudget:
    """`search_share` of the work of encoding the show may go into the search on `sample_count` samples of it."""

    search_share: float
    show_workload: VideoWorkload
    sample_workload: VideoWorkload
    sample_count: int

    def encode_cost_s(self, rendition: Rendition) -> float:
        """The cost of encoding the samples once."""
        return FFMPEG_START_S + self.sample_workload.encode_cost_s(rendition)

    def score_cost_s(self, rendition: Rendition) -> float:
        """The cost of scoring one encode of the samples."""
        return FFMPEG_START_S + self.sample_workload.score_cost_s(rendition)

    def probe_cost_s(self, rendition: Rendition) -> float:
        """The cost of encoding and scoring the samples once."""
        return self.encode_cost_s(rendition) + self.score_cost_s(rendition)

    def spent_s(self, probes: Iterable[ProbeEncode]) -> float:
        """The cost so far: of taking the samples, and of their probe encodes."""
        sampling_s = STAGE_START_S + SAMPLE_OPEN_S * self.sample_count + self.sample_workload.decode_cost_s()
        return sampling_s + sum(
            self.encode_cost_s(probe.rendition) * len(probe.kbps_by_crf)
            + self.score_cost_s(probe.rendition) * len(probe.vmaf_by_crf)
            for probe in probes
        )

    def allowed_s(self, renditions: Iterable[Rendition]) -> float:
        """The budget of a show that will be encoded as these; passthrough is decoded all the same."""
        return self.search_share * (
            self.show_workload.decode_cost_s()
            + sum(self.show_workload.encode_cost_s(rendition) for rendition in renditions)
        )


def _rendition_size(rendition: Rendition) -> PixelSize:
    return PixelSize(rendition.width, rendition.height)
