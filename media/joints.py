"""Joints of the sound: where the replay goes from one piece to the next, and the wave would jump."""

from collections.abc import Iterable, Iterator

import numpy as np

from domain.clock import Seconds
from media.pcm import Shape


def eased(blocks: Iterable[bytes], shape: Shape, joints: Iterable[Seconds], ramp_s: float) -> Iterator[bytes]:
    """The blocks, silent at each joint: down to it over `ramp_s`, up again as fast. A jump would be heard as a click.

    Blocks hold whole instants. Bytes far from joints are handed on as they are. Memory: one block.
    """
    length = round(ramp_s * shape.sample_rate)
    ahead = [round(joint * shape.sample_rate) for joint in joints]
    begun = 0
    for block in blocks:
        end = begun + len(block) // shape.frame_bytes
        near = [joint for joint in ahead if joint - length < end and joint + length > begun]
        yield _ramped(block, [joint - begun for joint in near], shape, length) if near else block
        begun = end


def _ramped(block: bytes, joints: Iterable[int], shape: Shape, length: int) -> bytes:
    """`joints`: instants from the block's first, maybe outside it."""
    heard = np.frombuffer(block, dtype="<i2").reshape(-1, shape.channels).astype(np.float64)
    for joint in joints:
        first, last = max(0, joint - length), min(len(heard), joint + length)
        distance = np.abs(np.arange(first, last) + 0.5 - joint) / length
        heard[first:last] *= (0.5 - 0.5 * np.cos(np.pi * distance))[:, None]
    return np.rint(heard).astype("<i2").tobytes()
