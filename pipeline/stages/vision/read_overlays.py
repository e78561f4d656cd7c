"""Read what is burned into the pictures: the pushed card, stickers. Heavy half: the catalogue is no input."""

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from domain.progress import Progress
from domain.vision import OverlayTexts, SampledFrames
from pipeline.engine.stage import Needs

DETECTION_SHARE = 0.5  # of the work, for the progress bar
MIN_TEXTS = 20  # overlays of a show, however short
SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class ReadOverlays:
    """Find written overlays that come and go, by change between key frames, and read each look of one once.

    An overlay counts when it stood still for `min_duration_s` (comments pass, cards stay), or for
    `min_recurring_duration_s` where such a one stands at other times. At most `max_per_hour` are read, the longest
    shown first.
    """

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs(memory_mb=400)
    tools: ClassVar[tuple[str, ...]] = ("onnxruntime", "opencv-python-headless", "rapidocr")

    min_duration_s: float = 10.0
    min_recurring_duration_s: float = 4.0
    max_per_hour: int = 100

    def __call__(self, frames: SampledFrames, progress: Progress) -> OverlayTexts:
        from media.images import read_jpeg
        from models.vision.ocr import recognize_text
        from models.vision.overlay_detector import OverlayDetector
        from models.vision.overlay_texts import LazyFrame, OcrLimits, read_overlays

        detector = OverlayDetector(self.min_recurring_duration_s)
        for number, frame in enumerate(frames.frames, start=1):
            detector.add_frame(frame.time, read_jpeg(frame.file))
            progress(DETECTION_SHARE * number / len(frames.frames))
        shots = [LazyFrame(frame.time, partial(read_jpeg, frame.file)) for frame in frames.frames]
        hours = (shots[-1].time - shots[0].time) / SECONDS_PER_HOUR
        max_texts = max(MIN_TEXTS, math.ceil(self.max_per_hour * hours))
        return OverlayTexts(
            read_overlays(
                detector.detected_overlays(), shots, recognize_text, OcrLimits(self.min_duration_s, max_texts)
            )
        )
