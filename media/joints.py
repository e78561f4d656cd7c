"""Joints of the sound: where the replay goes from one piece to the next, and the wave would jump."""

from collections.abc import Iterable, Iterator

import numpy as np

from domain.clock import Seconds
from media.pcm import PcmFormat


def fade_at_cuts(
    blocks: Iterable[bytes], pcm_format: PcmFormat, cuts: Iterable[Seconds], fade_s: float
) -> Iterator[bytes]:
    """The blocks, silent at each joint: down to it over `fade_s`, up again as fast. A jump would be heard as a click.

    Blocks hold whole instants. Bytes far from joints are handed on as they are. Memory: one block.
    """
    fade_samples = round(fade_s * pcm_format.sample_rate)
    cut_samples = [round(joint * pcm_format.sample_rate) for joint in cuts]
    block_start = 0
    for block in blocks:
        block_end = block_start + len(block) // pcm_format.frame_bytes
        nearby_cuts = [
            joint for joint in cut_samples if joint - fade_samples < block_end and joint + fade_samples > block_start
        ]
        yield (
            _fade_block(block, [joint - block_start for joint in nearby_cuts], pcm_format, fade_samples)
            if nearby_cuts
            else block
        )
        block_start = block_end


def _fade_block(block: bytes, cuts: Iterable[int], pcm_format: PcmFormat, fade_samples: int) -> bytes:
    """`cuts`: instants from the block's first, maybe outside it."""
    samples = np.frombuffer(block, dtype="<i2").reshape(-1, pcm_format.channels).astype(np.float64)
    for cut in cuts:
        first, last = max(0, cut - fade_samples), min(len(samples), cut + fade_samples)
        distance = np.abs(np.arange(first, last) + 0.5 - cut) / fade_samples
        samples[first:last] *= (0.5 - 0.5 * np.cos(np.pi * distance))[:, None]
    return np.rint(samples).astype("<i2").tobytes()
