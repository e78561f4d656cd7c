"""DetectForeground: objects that are held up. The catalogue is no input."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from domain.progress import Progress
from domain.vision import ForegroundObjects, OverlayTexts, SampledFrame, SampledFrames
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class DetectForeground:
    """Detect objects that come into the frame and move there, overlays left out, with their colours."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("numpy", "opencv-python-headless")

    def __call__(self, frames: SampledFrames, overlay_texts: OverlayTexts, progress: Progress) -> ForegroundObjects:
        from media.images import JPEG_REDUCTIONS, PixelSize, read_jpeg, resize
        from models.vision.foreground_objects import (
            MAX_SIDE_PX,
            FrameSequence,
            concatenate_objects,
            detect_foreground_objects,
        )

        analysis_size = PixelSize(frames.width, frames.height).limit_side(MAX_SIDE_PX)
        reduction = next(r for r in JPEG_REDUCTIONS if r == 1 or frames.width >= r * analysis_size.width)
        objects_by_batch = []
        for fraction, batch in _frame_batches(frames.frames):
            images = [resize(read_jpeg(frame.file, reduction), analysis_size) for frame in batch]
            objects_by_batch.append(
                detect_foreground_objects(FrameSequence([frame.time for frame in batch], images, overlay_texts.texts))
            )
            progress(fraction)
        return concatenate_objects(objects_by_batch)


def _frame_batches(frames: Sequence[SampledFrame]) -> Iterator[tuple[float, Sequence[SampledFrame]]]:
    """Consecutive frames in batches of about equal size, each with the fraction that is done after it."""
    from models.vision.foreground_objects import MAX_SEQUENCE_S

    count = max(1, math.ceil((frames[-1].time - frames[0].time) / MAX_SEQUENCE_S))
    ends = [round(len(frames) * number / count) for number in range(count + 1)]
    for start, end in pairwise(ends):
        if end > start:
            yield end / len(frames), frames[start:end]
