"""Find what is held up. Heavy half: the catalogue is no input."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from domain.recording import Frame, Frames
from domain.vision import HeldThings, ScreenTexts
from pipeline.engine.stage import Needs, Progress


@dataclass(frozen=True)
class FindHeldThings:
    """Find what comes into the picture and moves in it, beside what is laid over it, and note its colours."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("numpy", "opencv-python-headless")

    def __call__(self, frames: Frames, screen_texts: ScreenTexts, progress: Progress) -> HeldThings:
        from media.keyframes import JPEG_REDUCTIONS, Size, read_jpeg, resized
        from models.vision.foreground_objects import LONGEST_SIDE_PX, Stretch, joined, things_in

        small = Size(frames.width, frames.height).within(LONGEST_SIDE_PX)
        reduction = next(r for r in JPEG_REDUCTIONS if r == 1 or frames.width >= r * small.width)
        found = []
        for done, stretch in _stretches(frames.frames):
            pictures = [resized(read_jpeg(frame.file, reduction), small) for frame in stretch]
            found.append(things_in(Stretch([frame.time for frame in stretch], pictures, screen_texts.texts)))
            progress(done)
        return joined(found)


def _stretches(frames: Sequence[Frame]) -> Iterator[tuple[float, Sequence[Frame]]]:
    """The frames in stretches of about equal size, each with the share that is done after it."""
    from models.vision.foreground_objects import STRETCH_S

    count = max(1, math.ceil((frames[-1].time - frames[0].time) / STRETCH_S))
    ends = [round(len(frames) * number / count) for number in range(count + 1)]
    for start, end in pairwise(ends):
        if end > start:
            yield end / len(frames), frames[start:end]
