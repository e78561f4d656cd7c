"""Draw the pictures that a player shows above its progress bar."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import ClassVar

import numpy as np

from domain.clock import Span, Timeline
from domain.recording import Frame, Frames, Sprites, Tile
from media.keyframes import JPEG_REDUCTIONS, Picture, Size, read_jpeg, resized, write_jpeg
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class DrawSprites:
    """Put a small picture for every `every_s` seconds of the replay on JPEG sheets. Memory: one sheet."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencv-python-headless",)

    every_s: float = 10.0
    longest_side_px: int = 160
    columns: int = 10
    rows: int = 10
    jpeg_quality: int = 75

    def __call__(self, frames: Frames, timeline: Timeline, scratch: Path) -> Sprites:
        tile = Size(frames.width, frames.height).within(self.longest_side_px)
        spans = self._spans(timeline.duration)
        shown = [_nearest(frames.frames, span.middle) for span in spans]
        a_sheet = self.columns * self.rows
        sheets = []
        for first in range(0, len(spans), a_sheet):
            sheets.append(scratch / f"{first // a_sheet:03d}.jpg")
            write_jpeg(sheets[-1], self._sheet(shown[first : first + a_sheet], frames, tile), self.jpeg_quality)
        return Sprites(tuple(sheets), self._tiles(spans, tile), tile.width, tile.height)

    def _spans(self, duration: float) -> list[Span]:
        count = max(1, ceil(duration / self.every_s))
        return [Span(i * self.every_s, min(duration, (i + 1) * self.every_s)) for i in range(count)]

    def _sheet(self, shown: Sequence[Frame], frames: Frames, tile: Size) -> Picture:
        """The sheet of these frames, as high as they need. (rows x tile height, columns x tile width, 3)."""
        reduction = next(r for r in JPEG_REDUCTIONS if r == 1 or frames.width >= r * tile.width)
        sheet = np.zeros((ceil(len(shown) / self.columns) * tile.height, self.columns * tile.width, 3), dtype=np.uint8)
        for place, frame in enumerate(shown):
            top, left = place // self.columns * tile.height, place % self.columns * tile.width
            small = resized(read_jpeg(frame.file, reduction), tile)
            sheet[top : top + tile.height, left : left + tile.width] = small
        return sheet

    def _tiles(self, spans: Sequence[Span], tile: Size) -> tuple[Tile, ...]:
        tiles = []
        for number, span in enumerate(spans):
            sheet, place = divmod(number, self.columns * self.rows)
            row, column = divmod(place, self.columns)
            tiles.append(Tile(span, sheet, column * tile.width, row * tile.height))
        return tuple(tiles)


def _nearest(frames: Sequence[Frame], time: float) -> Frame:
    after = bisect_left(frames, time, key=lambda frame: frame.time)
    return min(frames[max(0, after - 1) : after + 1], key=lambda frame: abs(frame.time - time))
