"""What choosing the qualities may cost, counted in work: seconds that a clock tells would choose anew on every run.

The work is in processor seconds as one machine took them, but only what encoding, scoring and decoding take of each
other matters. Measured on zh-mixed-d1 at 540p and on pictures of 128x224, where starting a program is most of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.replay import Rendition
from media.encode.probe_encodes import ProbeEncode
from media.images import PixelSize

STAGE_START_S = 0.1  # to load what the stage needs
FFMPEG_START_S = 0.055  # of ffmpeg, with its codecs
SAMPLE_OPEN_S = 0.09  # to open the recording at a sample, and to count its bytes
DECODE_S_PER_MEGAPIXEL = 0.012  # a megapixel
ENCODE_S_PER_MEGAPIXEL = {"h264": 0.014, "av1": 0.021}  # a megapixel
EXTRA_S_PER_MEGABIT = 0.015  # more for each megabit that the recording has, to decode it, and to encode it
SCORE_S_PER_MEGAPIXEL = 0.024  # a megapixel, by VMAF of every fifth frame


@dataclass(frozen=True, slots=True)
class VideoWorkload:
    """So many pictures of the large renditions' size, and the bits that the recording has for them."""

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
    """Work for a show of these pictures, tried on `sample_count` samples of it that hold `sample_workload`.

    `search_share` of the work of encoding may go into choosing.
    """

    search_share: float
    show_workload: VideoWorkload
    sample_workload: VideoWorkload
    sample_count: int

    def encode_cost_s(self, rendition: Rendition) -> float:
        """Of encoding the samples once."""
        return FFMPEG_START_S + self.sample_workload.encode_cost_s(rendition)

    def score_cost_s(self, rendition: Rendition) -> float:
        """Of scoring one encoding of the samples."""
        return FFMPEG_START_S + self.sample_workload.score_cost_s(rendition)

    def probe_cost_s(self, rendition: Rendition) -> float:
        """Of encoding and scoring them."""
        return self.encode_cost_s(rendition) + self.score_cost_s(rendition)

    def spent_s(self, probes: Iterable[ProbeEncode]) -> float:
        """On taking the samples, and on what was tried on them."""
        sampling_s = STAGE_START_S + SAMPLE_OPEN_S * self.sample_count + self.sample_workload.decode_cost_s()
        return sampling_s + sum(
            self.encode_cost_s(trial.rendition) * len(trial.kbps_by_crf)
            + self.score_cost_s(trial.rendition) * len(trial.vmaf_by_crf)
            for trial in probes
        )

    def allowed_s(self, renditions: Iterable[Rendition]) -> float:
        """For a show that will be encoded as these; what is copied is decoded all the same."""
        return self.search_share * (
            self.show_workload.decode_cost_s()
            + sum(self.show_workload.encode_cost_s(rendition) for rendition in renditions)
        )


def _rendition_size(rendition: Rendition) -> PixelSize:
    return PixelSize(rendition.width, rendition.height)
