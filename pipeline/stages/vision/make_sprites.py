"""MakeSprites: the seek thumbnails that a player shows above its progress bar."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import ClassVar

import numpy as np

from domain.clock import Span, Timeline
from domain.replay import SpriteSheets, SpriteTile
from domain.vision import SampledFrame, SampledFrames
from media.images import JPEG_REDUCTIONS, BgrImage, PixelSize, read_jpeg, resize, write_jpeg
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class MakeSprites:
    """Draw a seek thumbnail for every `interval_s` seconds of the replay on JPEG sheets.

    One sheet at a time is in memory.
    """

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencv-python-headless",)

    interval_s: float = 10.0
    max_side_px: int = 160
    columns: int = 10
    rows: int = 10
    jpeg_quality: int = 75

    def __call__(self, frames: SampledFrames, timeline: Timeline, scratch: Path) -> SpriteSheets:
        tile_size = PixelSize(frames.width, frames.height).limit_side(self.max_side_px)
        spans = self._spans(timeline.duration)
        tile_frames = [_nearest_frame(frames.frames, span.midpoint) for span in spans]
        tiles_per_sheet = self.columns * self.rows
        sheets = []
        for first in range(0, len(spans), tiles_per_sheet):
            sheets.append(scratch / f"{first // tiles_per_sheet:03d}.jpg")
            write_jpeg(
                sheets[-1],
                self._draw_sheet(tile_frames[first : first + tiles_per_sheet], frames, tile_size),
                self.jpeg_quality,
            )
        return SpriteSheets(tuple(sheets), self._tiles(spans, tile_size), tile_size.width, tile_size.height)

    def _spans(self, duration: float) -> list[Span]:
        count = max(1, ceil(duration / self.interval_s))
        return [Span(i * self.interval_s, min(duration, (i + 1) * self.interval_s)) for i in range(count)]

    def _draw_sheet(self, tile_frames: Sequence[SampledFrame], frames: SampledFrames, tile_size: PixelSize) -> BgrImage:
        """The sheet of these frames, with as many rows as they need: (rows x tile height, columns x tile width, 3)."""
        reduction = next(r for r in JPEG_REDUCTIONS if r == 1 or frames.width >= r * tile_size.width)
        sheet = np.zeros(
            (ceil(len(tile_frames) / self.columns) * tile_size.height, self.columns * tile_size.width, 3),
            dtype=np.uint8,
        )
        for index, frame in enumerate(tile_frames):
            top, left = index // self.columns * tile_size.height, index % self.columns * tile_size.width
            thumbnail = resize(read_jpeg(frame.file, reduction), tile_size)
            sheet[top : top + tile_size.height, left : left + tile_size.width] = thumbnail
        return sheet

    def _tiles(self, spans: Sequence[Span], tile_size: PixelSize) -> tuple[SpriteTile, ...]:
        tiles = []
        for number, span in enumerate(spans):
            sheet, index = divmod(number, self.columns * self.rows)
            row, column = divmod(index, self.columns)
            tiles.append(SpriteTile(span, sheet, column * tile_size.width, row * tile_size.height))
        return tuple(tiles)


def _nearest_frame(frames: Sequence[SampledFrame], time: float) -> SampledFrame:
    after = bisect_left(frames, time, key=lambda frame: frame.time)
    return min(frames[max(0, after - 1) : after + 1], key=lambda frame: abs(frame.time - time))
