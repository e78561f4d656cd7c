"""What is known of the encoders' CRFs before anything is measured: where they end, what a step does, where to start."""

from dataclasses import replace
from math import log2

from domain.replay import Rendition, VideoCodec
from media.encode.crf_search import CrfRange

CRF_RANGES: dict[VideoCodec, CrfRange] = {
    "h264": CrfRange(
        start_crf=24, min_crf=16, max_crf=32, encoder_max_crf=51, crf_per_halved_rate=6.0, vmaf_per_crf=0.8
    ),
    "av1": CrfRange(
        start_crf=35, min_crf=20, max_crf=50, encoder_max_crf=63, crf_per_halved_rate=10.0, vmaf_per_crf=0.4
    ),
}
"""Above `max_crf` small text blurs, whatever VMAF says. Halving and slope: of scenes drawn by code, at 720p."""

BITS_PER_PIXEL = 0.06  # of H.264 at its start; 0.03 to 0.12 (devset at 540p, scenes drawn by code)
AV1_CRF_PER_H264_CRF_AT_SAME_RATE = 0.9  # AV1 CRFs for one H.264 CRF, at the same bitrate
AV1_CRF_PER_H264_CRF_AT_SAME_VMAF = 1.4  # AV1 CRFs for one H.264 CRF, at the same VMAF


def crf_range_of(rendition: Rendition, frame_rate: float, max_kbps: float, crf_bias: int) -> CrfRange:
    """The encoder's CRFs, with a guess of the one that meets `max_kbps`.

    `crf_bias`: by how many H.264 CRFs the guess was too low for another rendition of the same show.
    """
    pixels_per_second = rendition.width * rendition.height * frame_rate
    halvings = log2(BITS_PER_PIXEL * pixels_per_second / (1000 * max_kbps))
    h264_crf_offset = CRF_RANGES["h264"].crf_per_halved_rate * halvings + crf_bias
    crf_offset = h264_crf_offset * (AV1_CRF_PER_H264_CRF_AT_SAME_RATE if rendition.codec == "av1" else 1)
    crf_range = CRF_RANGES[rendition.codec]
    return replace(crf_range, start_crf=rendition.crf, guessed_crf=crf_range.start_crf + round(crf_offset))


def equivalent_h264_crf(rendition: Rendition) -> int:
    """About the CRF at which H.264 looks like this rendition."""
    if rendition.codec == "h264":
        return rendition.crf
    crf_offset = (rendition.crf - CRF_RANGES["av1"].start_crf) / AV1_CRF_PER_H264_CRF_AT_SAME_VMAF
    return CRF_RANGES["h264"].start_crf + round(crf_offset)
