"""ReadOverlays: text laid over the video, such as product cards and stickers. The catalogue is no input."""

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from domain.progress import Progress
from domain.vision import OverlayTexts, SampledFrames
from pipeline.engine.stage import Needs

DETECTION_SHARE = 0.5  # of the work, for the progress bar
MIN_TEXTS = 20  # overlays that are read in any show, however short
SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class ReadOverlays:
    """Find text overlays that come and go, by change between frames, and read each appearance once by OCR.

    An overlay counts when it stands still for `min_duration_s` (comments pass, cards stay), or for
    `min_recurring_duration_s` in an area where a longer one stands at other times. At most `max_per_hour` are read,
    those shown longest first.
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
        lazy_frames = [LazyFrame(frame.time, partial(read_jpeg, frame.file)) for frame in frames.frames]
        hours = (lazy_frames[-1].time - lazy_frames[0].time) / SECONDS_PER_HOUR
        limits = OcrLimits(self.min_duration_s, max(MIN_TEXTS, math.ceil(self.max_per_hour * hours)))
        return OverlayTexts(read_overlays(detector.detected_overlays(), lazy_frames, recognize_text, limits))
