"""Read what is burned into the pictures: the pushed card, stickers. Heavy half: the catalogue is no input."""

import math
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from domain.recording import Frames
from domain.vision import ScreenTexts
from pipeline.engine.stage import Needs, Progress

FIND_SHARE = 0.5  # of the work, for the progress bar
FEWEST_READ = 20  # overlays of a show, however short
HOUR_S = 3600.0


@dataclass(frozen=True)
class ReadPictures:
    """Find written overlays that come and go, by change between key frames, and read each look of one once.

    An overlay counts when it stood still for `shortest_s` (comments pass, cards stay), or for `briefest_s` where such
    a one stands at other times. At most `most_an_hour` are read, the longest shown first.
    """

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs(memory_mb=400)
    tools: ClassVar[tuple[str, ...]] = ("onnxruntime", "opencv-python-headless", "rapidocr")

    shortest_s: float = 10.0
    briefest_s: float = 4.0
    most_an_hour: int = 100

    def __call__(self, frames: Frames, progress: Progress) -> ScreenTexts:
        from media.keyframes import read_jpeg
        from models.vision.ocr import read_text
        from models.vision.overlay_detector import OverlayFinder
        from models.vision.overlay_texts import ReadingRules, Shot, read_overlays

        finder = OverlayFinder(self.briefest_s)
        for number, frame in enumerate(frames.frames, start=1):
            finder.look(frame.time, read_jpeg(frame.file))
            progress(FIND_SHARE * number / len(frames.frames))
        shots = [Shot(frame.time, partial(read_jpeg, frame.file)) for frame in frames.frames]
        hours = (shots[-1].time - shots[0].time) / HOUR_S
        most = max(FEWEST_READ, math.ceil(self.most_an_hour * hours))
        return ScreenTexts(read_overlays(finder.found(), shots, read_text, ReadingRules(self.shortest_s, most)))
