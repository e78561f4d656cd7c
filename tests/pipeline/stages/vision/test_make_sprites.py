"""Sheets of seek thumbnails."""

from pathlib import Path

import numpy as np
import pytest

from domain.clock import Timeline, TimelineClip
from domain.vision import SampledFrame, SampledFrames
from media.images import read_jpeg, write_jpeg
from pipeline.stages.vision.make_sprites import MakeSprites


def frames(folder: Path, count: int, interval_s: float) -> SampledFrames:
    sampled = []
    for number in range(count):
        file = folder / f"{number}.jpg"
        write_jpeg(file, np.full((96, 160, 3), 10 * number, dtype=np.uint8), 95)
        sampled.append(SampledFrame(number * interval_s, file))
    return SampledFrames(tuple(sampled), 160, 96)


def timeline(duration: float) -> Timeline:
    return Timeline((TimelineClip(0, 0.0, 0.0, 0.0, duration),))


def test_tiles_cover_the_whole_replay_without_overlap(tmp_path: Path) -> None:
    sprites = MakeSprites()(frames(tmp_path, 20, 5.0), timeline(97.3), tmp_path)
    assert sprites.tiles[0].span.start == 0
    assert sprites.tiles[-1].span.end == 97.3
    assert [a.span.end for a in sprites.tiles[:-1]] == [b.span.start for b in sprites.tiles[1:]]


def test_a_tile_shows_the_frame_nearest_to_its_middle(tmp_path: Path) -> None:
    sprites = MakeSprites(columns=2, rows=2)(frames(tmp_path, 20, 5.0), timeline(97.3), tmp_path)
    assert len(sprites.sheets) == 3
    tile = sprites.tiles[6]  # 60 to 70 s: the frame at 65 s is number 13
    sheet = read_jpeg(sprites.sheets[tile.sheet_index])
    shown = sheet[tile.y : tile.y + sprites.height, tile.x : tile.x + sprites.width]
    assert shown.mean() == pytest.approx(130, abs=3)


def test_a_short_replay_has_one_tile(tmp_path: Path) -> None:
    sprites = MakeSprites()(frames(tmp_path, 1, 5.0), timeline(3.0), tmp_path)
    assert len(sprites.tiles) == len(sprites.sheets) == 1
