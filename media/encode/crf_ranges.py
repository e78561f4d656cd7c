"""What is known of the encoders' CRFs before anything is tried: where they end, what a step does, where to begin."""

from dataclasses import replace
from math import log2

from domain.replay import Rendition
from media.encode.crf_search import Crfs

H264 = Crfs(start=24, lowest=16, highest=32, last=51, halving=6.0, slope=0.8)
AV1 = Crfs(start=35, lowest=20, highest=50, last=63, halving=10.0, slope=0.4)
"""Beyond `highest` small text blurs, whatever VMAF says. Halving and slope: of rooms drawn by code, at 720p."""

BITS_A_PIXEL = 0.06  # of H.264 at its start; 0.03 to 0.12 (devset at 540p, rooms drawn by code)
AV1_STEPS = 0.9  # of AV1 for one of H.264, to the same rate
AV1_STEPS_ALIKE = 1.4  # of AV1 for one of H.264, to the same VMAF


def crfs_of(rendition: Rendition, pictures_a_second: float, most_kbps: float, lean: int) -> Crfs:
    """The encoder's CRFs, with a guess of where the rate comes down to `most_kbps`.

    `lean` is by how many CRFs of H.264 the guess was too low for another rendition of the same show.
    """
    pixels_a_second = rendition.width * rendition.height * pictures_a_second
    above = H264.halving * log2(BITS_A_PIXEL * pixels_a_second / (1000 * most_kbps)) + lean
    if rendition.codec == "av1":
        return replace(AV1, start=rendition.crf, guess=AV1.start + round(AV1_STEPS * above))
    return replace(H264, start=rendition.crf, guess=H264.start + round(above))


def as_good_h264(rendition: Rendition) -> int:
    """About the CRF at which H.264 looks like this."""
    if rendition.codec == "av1":
        return H264.start + round((rendition.crf - AV1.start) / AV1_STEPS_ALIKE)
    return rendition.crf
