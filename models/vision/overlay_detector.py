"""Detects overlays - cards, stickers - by change: they appear at once, stand still, and contain text.

Frames are divided into square tiles. A tile full of hard edges that does not change for a while belongs to text that
stands still; neighbouring tiles that began together are one overlay. Nothing is read here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds
from domain.vision import BoundingBox
from models.vision.images import Image, check_colour_image

TileMask = NDArray[np.bool_]

TILE_PX = 8  # about a letter of the smallest text that can be read
MIN_EDGE_STEP = 60  # of luma, of 255, inside 3x3 pixels: letters have such steps, skin and cloth do not
MIN_TEXT_EDGE_SHARE = 0.25  # of a tile's pixels at hard edges (devset: found in 19 of 19 cards)
MIN_CHANGED_LUMA = 8.0  # mean difference of a tile from the frame before; coding noise on still text makes less
MIN_OVERLAY_TILES = 6  # a smaller overlay has no readable text
MIN_OVERLAY_WIDTH_TILES = 5  # narrower ones have no readable text either
MAX_GAP_TILES = 2  # inside one card: between its lines, beside its image
MIN_STATIC_SHARE = 0.7  # of an overlay's text tiles that must stand still before it counts as complete
MIN_REPLACED_SHARE = 0.5  # of its tiles changed: something else has replaced it
MIN_CUT_SHARE = 0.25  # of the tiles outside an overlay changed: the camera was switched
RECENT_FRAMES = 60  # of which the median is the usual change
MIN_CUT_RATIO = 1.5  # to the usual change, where much of the frame moves anyway
MAX_SAME_LUMA_DIFFERENCE = 16.0  # of a tile; measured: 3 to 9 for the same card, 50 for a 3 instead of an 8 in 12 px
MAX_ACTIVE_OVERLAYS = 64  # at one time; more is a moving pattern, not text


@dataclass(frozen=True, slots=True)
class TileBox:
    """A rectangle of whole tiles, right and bottom excluded."""

    left: int
    top: int
    right: int
    bottom: int

    def expanded(self, tiles: int) -> "TileBox":
        return TileBox(max(0, self.left - tiles), max(0, self.top - tiles), self.right + tiles, self.bottom + tiles)

    def crop(self, grid: NDArray[np.generic]) -> NDArray[np.generic]:
        """The part of `grid`, (rows, columns), inside the box."""
        return grid[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, slots=True)
class Overlay:
    """Text that stood still at `box` from frame `first_frame` to `last_frame`, and was complete at `complete_frame`.

    `is_part_of_scene`: it came and went with camera cuts, or was there all the time, so it is no evidence.
    """

    box: BoundingBox
    first_frame: int
    complete_frame: int
    last_frame: int
    is_part_of_scene: bool


@dataclass(slots=True)
class _ActiveOverlay:
    box: TileBox
    text_tiles: TileMask
    first_frame: int
    complete_frame: int
    last_frame: int
    began_at_cut: bool


@dataclass(slots=True)
class OverlayDetector:
    """Detects the overlays of one show, frame by frame. `min_duration_s`: what stood still for less is none."""

    min_duration_s: Seconds
    _previous_luma: NDArray[np.uint8] | None = None
    _static_since: NDArray[np.intp] | None = None
    _times: list[Seconds] = field(default_factory=list)
    _changed_shares: list[float] = field(default_factory=list)
    _active: list[_ActiveOverlay] = field(default_factory=list)
    _ended: list[tuple[_ActiveOverlay, bool]] = field(default_factory=list)

    def add_frame(self, time: Seconds, frame: Image) -> None:
        """Add the next frame, (height, width, 3) BGR or (height, width); all have one size."""
        if frame.ndim != 2:
            check_colour_image(frame)
        luma = _crop_to_tiles(_to_luma(frame))
        if not luma.size:  # smaller than a letter
            self._times.append(time)
            return
        changed = self._changed_tiles(luma)
        text_tiles = _text_tiles(luma)
        frame_index = len(self._times)
        static_since = np.where(changed, frame_index, 0 if self._static_since is None else self._static_since)
        self._times.append(time)
        self._end_replaced(changed, frame_index)
        self._begin_stable(static_since, text_tiles, frame_index)
        self._previous_luma, self._static_since = luma, static_since

    def detected_overlays(self) -> tuple[Overlay, ...]:
        """Every overlay of the frames so far, by time."""
        unfinished = [(live, True) for live in self._active]
        overlays = [
            Overlay(
                self._relative_box(each.box),
                each.first_frame,
                each.complete_frame,
                each.last_frame,
                each.began_at_cut and went_with_cut,
            )
            for each, went_with_cut in [*self._ended, *unfinished]
            if self._times[each.last_frame] - self._times[each.first_frame] >= self.min_duration_s
        ]
        return tuple(sorted(overlays, key=lambda overlay: (overlay.first_frame, overlay.box.top, overlay.box.left)))

    def _relative_box(self, tiles: TileBox) -> BoundingBox:
        height, width = (1, 1) if self._static_since is None else self._static_since.shape
        return BoundingBox(
            tiles.left / width, tiles.top / height, min(1.0, tiles.right / width), min(1.0, tiles.bottom / height)
        )

    def _changed_tiles(self, luma: NDArray[np.uint8]) -> TileMask:
        import cv2

        if self._previous_luma is None:
            changed = np.ones((luma.shape[0] // TILE_PX, luma.shape[1] // TILE_PX), dtype=np.bool_)
        else:
            changed = _tile_means(cv2.absdiff(luma, self._previous_luma)) > MIN_CHANGED_LUMA
        self._changed_shares.append(float(changed.mean()))
        return changed

    def _is_camera_cut(self, frame_index: int, box: TileBox) -> bool:
        """Whether so much changed outside `box`, where an overlay came or went, that the camera was switched."""
        if frame_index == 0 or self._static_since is None:
            return True
        typical_share = float(np.median(self._changed_shares[-RECENT_FRAMES:]))
        inside, tiles = (box.right - box.left) * (box.bottom - box.top), self._static_since.size
        outside = (self._changed_shares[frame_index] * tiles - inside) / max(1, tiles - inside)
        return outside >= max(MIN_CUT_SHARE, MIN_CUT_RATIO * typical_share)

    def _end_replaced(self, changed: TileMask, frame_index: int) -> None:
        """End the overlays that something else has replaced."""
        kept = []
        for overlay in self._active:
            is_replaced = overlay.box.crop(changed)[overlay.text_tiles].mean() >= MIN_REPLACED_SHARE
            if is_replaced:
                self._ended.append((overlay, self._is_camera_cut(frame_index, overlay.box)))
            else:
                overlay.last_frame = frame_index
                kept.append(overlay)
        self._active = kept

    def _begin_stable(self, static_since: NDArray[np.intp], text_tiles: TileMask, frame_index: int) -> None:
        """Begin an overlay for text that has now stood still for long enough since one frame."""
        for first in self._newly_stable_frames(frame_index):
            static_text = text_tiles & (static_since <= first)
            for seed in _tile_groups(text_tiles & (static_since == first)):
                box = _bounding_box(_grow_seed(static_text, seed))
                text_in_box = box.crop(text_tiles)
                if box.crop(static_text).sum() >= MIN_STATIC_SHARE * text_in_box.sum():
                    self._start_overlay(box, np.asarray(box.crop(static_text), dtype=np.bool_), first, frame_index)

    def _newly_stable_frames(self, frame_index: int) -> Iterator[int]:
        """The frames since which `min_duration_s` have passed now, and had not at the frame before."""
        before = self._times[frame_index - 1] if frame_index else -np.inf
        for first in range(frame_index, -1, -1):
            age = self._times[frame_index] - self._times[first]
            if age >= self.min_duration_s and before - self._times[first] < self.min_duration_s:
                yield first
            elif before - self._times[first] >= self.min_duration_s:
                return

    def _start_overlay(self, box: TileBox, text_tiles: TileMask, first: int, frame_index: int) -> None:
        for overlay in [each for each in self._active if _contained_share(each.box, box) >= MIN_REPLACED_SHARE]:
            self._active.remove(overlay)
            overlay.last_frame = max(overlay.first_frame, first - 1)
            self._ended.append((overlay, self._is_camera_cut(first, overlay.box)))
        if len(self._active) < MAX_ACTIVE_OVERLAYS:
            self._active.append(
                _ActiveOverlay(box, text_tiles, first, frame_index, frame_index, self._is_camera_cut(first, box))
            )


def is_same_appearance(first: Image, second: Image) -> bool:
    """Whether two crops show the same card: no tile differs by as much as by another letter."""
    import cv2

    if first.shape != second.shape:
        return False
    difference = cv2.absdiff(_to_luma(first), _to_luma(second)).astype(np.float32)
    height, width = difference.shape
    size = (max(1, width // TILE_PX), max(1, height // TILE_PX))
    return bool(cv2.resize(difference, size, interpolation=cv2.INTER_AREA).max() < MAX_SAME_LUMA_DIFFERENCE)


def _to_luma(image: Image) -> NDArray[np.uint8]:
    import cv2

    return image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _crop_to_tiles(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = (side // TILE_PX * TILE_PX for side in luma.shape)
    return luma[:height, :width]


def _tile_means(values: NDArray[np.generic]) -> NDArray[np.float32]:
    """Means of the tiles, (rows, columns), of `values`, (height, width) in whole tiles."""
    import cv2

    rows, columns = values.shape[0] // TILE_PX, values.shape[1] // TILE_PX
    means = cv2.resize(values.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, dtype=np.float32)


def _text_tiles(luma: NDArray[np.uint8]) -> TileMask:
    """Which tiles are full of hard edges, as of letters."""
    import cv2

    steps = cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, np.ones((3, 3), dtype=np.uint8))
    return np.asarray(_tile_means((steps > MIN_EDGE_STEP).astype(np.uint8)) > MIN_TEXT_EDGE_SHARE, dtype=np.bool_)


def _tile_groups(tiles: TileMask) -> Iterable[TileMask]:
    """The tiles of each group of neighbours that is large enough for text; gaps of MAX_GAP_TILES are allowed."""
    import cv2

    kernel = np.ones((2 * MAX_GAP_TILES - 1, 2 * MAX_GAP_TILES + 1), dtype=np.uint8)
    closed = cv2.morphologyEx(tiles.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    count, labels = cv2.connectedComponents(closed)
    for label in range(1, count):
        group = tiles & (labels == label)
        if group.sum() >= MIN_OVERLAY_TILES and np.ptp(np.nonzero(group)[1]) + 1 >= MIN_OVERLAY_WIDTH_TILES:
            yield np.asarray(group, dtype=np.bool_)


def _grow_seed(static_text: TileMask, seed: TileMask) -> TileMask:
    """`seed` and what stands still directly beside it: a card's border outlasts the product on it."""
    nearby = np.zeros_like(static_text)
    box = _bounding_box(seed).expanded(MAX_GAP_TILES)
    nearby[box.top : box.bottom, box.left : box.right] = True
    return seed | (static_text & nearby)


def _bounding_box(tiles: TileMask) -> TileBox:
    rows, columns = np.nonzero(tiles)
    return TileBox(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def _contained_share(inner: TileBox, outer: TileBox) -> float:
    """The share of `inner` that lies inside `outer`."""
    width = min(inner.right, outer.right) - max(inner.left, outer.left)
    height = min(inner.bottom, outer.bottom) - max(inner.top, outer.top)
    area = (inner.right - inner.left) * (inner.bottom - inner.top)
    return max(0, width) * max(0, height) / area
