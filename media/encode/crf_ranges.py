"""What is known of the encoders' CRFs before anything is tried: where they end, what a step does, where to begin."""

from dataclasses import replace
from math import log2

from domain.replay import Rendition
from media.encode.crf_search import CrfRange

H264_CRF_RANGE = CrfRange(
    start_crf=24, min_crf=16, max_crf=32, encoder_max_crf=51, crf_per_halved_rate=6.0, vmaf_per_crf=0.8
)
AV1_CRF_RANGE = CrfRange(
    start_crf=35, min_crf=20, max_crf=50, encoder_max_crf=63, crf_per_halved_rate=10.0, vmaf_per_crf=0.4
)
"""Beyond `highest` small text blurs, whatever VMAF says. Halving and slope: of rooms drawn by code, at 720p."""

BITS_PER_PIXEL = 0.06  # of H.264 at its start; 0.03 to 0.12 (devset at 540p, rooms drawn by code)
AV1_CRF_PER_H264_CRF_AT_SAME_RATE = 0.9  # of AV1 for one of H.264, to the same rate
AV1_CRF_PER_H264_CRF_AT_SAME_VMAF = 1.4  # of AV1 for one of H.264, to the same VMAF


def crf_range_of(rendition: Rendition, frame_rate: float, max_kbps: float, crf_bias: int) -> CrfRange:
    """The encoder's CRFs, with a guess of where the rate comes down to `max_kbps`.

    `crf_bias` is by how many CRFs of H.264 the guess was too low for another rendition of the same show.
    """
    pixels_per_second = rendition.width * rendition.height * frame_rate
    crf_offset = (
        H264_CRF_RANGE.crf_per_halved_rate * log2(BITS_PER_PIXEL * pixels_per_second / (1000 * max_kbps)) + crf_bias
    )
    if rendition.codec == "av1":
        return replace(
            AV1_CRF_RANGE,
            start_crf=rendition.crf,
            guessed_crf=AV1_CRF_RANGE.start_crf + round(AV1_CRF_PER_H264_CRF_AT_SAME_RATE * crf_offset),
        )
    return replace(H264_CRF_RANGE, start_crf=rendition.crf, guessed_crf=H264_CRF_RANGE.start_crf + round(crf_offset))


def equivalent_h264_crf(rendition: Rendition) -> int:
    """About the CRF at which H.264 looks like this."""
    if rendition.codec == "av1":
        return H264_CRF_RANGE.start_crf + round(
            (rendition.crf - AV1_CRF_RANGE.start_crf) / AV1_CRF_PER_H264_CRF_AT_SAME_VMAF
        )
    return rendition.crf
