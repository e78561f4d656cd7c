"""Finds what was laid over the picture - cards, stickers - by change: it appears at once, stays still, and is written.

The picture is looked at in square tiles. A tile that is full of hard edges and does not change for a while belongs to
something written that stands still; neighbours that began together are one overlay. Nothing is read here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds
from domain.vision import Box

Picture = NDArray[np.uint8]
Tiles = NDArray[np.bool_]

TILE_PX = 8  # about a letter of the smallest text that can be read
HARD_EDGE = 60  # step of luma, of 255, inside 3x3 pixels: letters have it, skin and cloth have not
WRITTEN_SHARE = 0.25  # of a tile's pixels at hard edges; letters have more (19 of 19 cards of the devset are met)
CHANGED_LUMA = 8.0  # mean difference of a tile from the picture before; coding noise of standing text makes less
SMALLEST_TILES = 6  # an overlay of fewer tiles holds no text worth reading
SMALLEST_WIDTH_TILES = 5
REACH_TILES = 2  # gaps inside one card: between its lines, beside its picture
STILL_SHARE = 0.7  # of an overlay's written tiles that must stand still before it is taken to be whole
GONE_SHARE = 0.5  # of its tiles changed: something else is there now
CUT_SHARE = 0.25  # of all tiles around an overlay changed: the camera was switched
RECENT_PICTURES = 60  # that say what is usual
CUT_TIMES_USUAL = 1.5  # where much of the picture moves anyway, a cut is this much more than usual
SAME_LUMA = 16.0  # mean difference of a tile: the same card makes 3 to 9, a 3 for an 8 in 12 px print 50 (measured)
MOST_LIVE = 64  # overlays at one time; more is a moving pattern, not writing


@dataclass(frozen=True, slots=True)
class TileBox:
    """A rectangle of whole tiles, right and bottom excluded."""

    left: int
    top: int
    right: int
    bottom: int

    def grown(self, tiles: int) -> "TileBox":
        return TileBox(max(0, self.left - tiles), max(0, self.top - tiles), self.right + tiles, self.bottom + tiles)

    def of(self, grid: NDArray[np.generic]) -> NDArray[np.generic]:
        """The part of `grid`, (rows, columns), inside the box."""
        return grid[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, slots=True)
class Overlay:
    """Something written that stood still at `box` from picture number `first` to `last`, and looked whole at `shown`.

    `is_scene`: it came with a camera cut and went with one, or was there all the time, so it tells nothing new.
    """

    box: Box
    first: int
    shown: int
    last: int
    is_scene: bool


@dataclass(slots=True)
class _Live:
    box: TileBox
    written: Tiles
    first: int
    shown: int
    last: int
    came_with_cut: bool


@dataclass(slots=True)
class OverlayFinder:
    """Looks at the pictures of one show in order. `shortest_s`: what stood still for less is no overlay."""

    shortest_s: Seconds
    _luma: NDArray[np.uint8] | None = None
    _since: NDArray[np.intp] | None = None
    _times: list[Seconds] = field(default_factory=list)
    _changes: list[float] = field(default_factory=list)
    _live: list[_Live] = field(default_factory=list)
    _ended: list[tuple[_Live, bool]] = field(default_factory=list)

    def look(self, time: Seconds, picture: Picture) -> None:
        """The next picture, (height, width, 3) BGR or (height, width); all have one size."""
        luma = _whole_tiles(_luma_of(picture))
        if not luma.size:  # lower than a letter
            self._times.append(time)
            return
        changed = self._changed(luma)
        written = _written(luma)
        number = len(self._times)
        since = np.where(changed, number, 0 if self._since is None else self._since)
        self._times.append(time)
        self._end(changed, number)
        self._begin(since, written, number)
        self._luma, self._since = luma, since

    def found(self) -> tuple[Overlay, ...]:
        """Every overlay of the pictures so far, by time."""
        open_ones = [(live, True) for live in self._live]
        overlays = [
            Overlay(self._box(each.box), each.first, each.shown, each.last, each.came_with_cut and went_with_cut)
            for each, went_with_cut in [*self._ended, *open_ones]
            if self._times[each.last] - self._times[each.first] >= self.shortest_s
        ]
        return tuple(sorted(overlays, key=lambda overlay: (overlay.first, overlay.box.top, overlay.box.left)))

    def _box(self, tiles: TileBox) -> Box:
        height, width = (1, 1) if self._since is None else self._since.shape
        return Box(
            tiles.left / width, tiles.top / height, min(1.0, tiles.right / width), min(1.0, tiles.bottom / height)
        )

    def _changed(self, luma: NDArray[np.uint8]) -> Tiles:
        import cv2

        if self._luma is None:
            changed = np.ones((luma.shape[0] // TILE_PX, luma.shape[1] // TILE_PX), dtype=np.bool_)
        else:
            changed = _tile_means(cv2.absdiff(luma, self._luma)) > CHANGED_LUMA
        self._changes.append(float(changed.mean()))
        return changed

    def _is_cut(self, number: int, box: TileBox) -> bool:
        """Whether so much changed outside `box`, where an overlay came or went, that the camera was switched."""
        if number == 0 or self._since is None:
            return True
        usual = float(np.median(self._changes[-RECENT_PICTURES:]))
        inside, tiles = (box.right - box.left) * (box.bottom - box.top), self._since.size
        outside = (self._changes[number] * tiles - inside) / max(1, tiles - inside)
        return outside >= max(CUT_SHARE, CUT_TIMES_USUAL * usual)

    def _end(self, changed: Tiles, number: int) -> None:
        """Part with the overlays that something else has taken the place of."""
        kept = []
        for live in self._live:
            gone = live.box.of(changed)[live.written].mean() >= GONE_SHARE
            if gone:
                self._ended.append((live, self._is_cut(number, live.box)))
            else:
                live.last = number
                kept.append(live)
        self._live = kept

    def _begin(self, since: NDArray[np.intp], written: Tiles, number: int) -> None:
        """Take up what is written, and has now stood still for long enough since the same picture."""
        for first in self._ripe(number):
            still = written & (since <= first)
            for seed in _groups(written & (since == first)):
                box = _bounds(_joined(still, seed))
                here = box.of(written)
                if box.of(still).sum() >= STILL_SHARE * here.sum():
                    self._take_up(box, np.asarray(box.of(still), dtype=np.bool_), first, number)

    def _ripe(self, number: int) -> Iterator[int]:
        """The pictures since which `shortest_s` have passed now, and had not at the picture before."""
        before = self._times[number - 1] if number else -np.inf
        for first in range(number, -1, -1):
            age = self._times[number] - self._times[first]
            if age >= self.shortest_s and before - self._times[first] < self.shortest_s:
                yield first
            elif before - self._times[first] >= self.shortest_s:
                return

    def _take_up(self, box: TileBox, written: Tiles, first: int, number: int) -> None:
        for live in [each for each in self._live if _share_inside(each.box, box) >= GONE_SHARE]:
            self._live.remove(live)
            live.last = max(live.first, first - 1)
            self._ended.append((live, self._is_cut(first, live.box)))
        if len(self._live) < MOST_LIVE:
            self._live.append(_Live(box, written, first, number, number, self._is_cut(first, box)))


def is_same_look(one: Picture, other: Picture) -> bool:
    """Whether two crops show the same card: no tile differs by as much as another letter makes."""
    import cv2

    if one.shape != other.shape:
        return False
    differs = cv2.absdiff(_luma_of(one), _luma_of(other)).astype(np.float32)
    height, width = differs.shape
    size = (max(1, width // TILE_PX), max(1, height // TILE_PX))
    return bool(cv2.resize(differs, size, interpolation=cv2.INTER_AREA).max() < SAME_LUMA)


def _luma_of(picture: Picture) -> NDArray[np.uint8]:
    import cv2

    return picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _whole_tiles(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = (side // TILE_PX * TILE_PX for side in luma.shape)
    return luma[:height, :width]


def _tile_means(values: NDArray[np.generic]) -> NDArray[np.float32]:
    """Means of the tiles, (rows, columns), of `values`, (height, width) in whole tiles."""
    import cv2

    rows, columns = values.shape[0] // TILE_PX, values.shape[1] // TILE_PX
    means = cv2.resize(values.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(means, dtype=np.float32)


def _written(luma: NDArray[np.uint8]) -> Tiles:
    """Which tiles are full of hard edges, as letters make them."""
    import cv2

    steps = cv2.morphologyEx(luma, cv2.MORPH_GRADIENT, np.ones((3, 3), dtype=np.uint8))
    return np.asarray(_tile_means((steps > HARD_EDGE).astype(np.uint8)) > WRITTEN_SHARE, dtype=np.bool_)


def _groups(tiles: Tiles) -> Iterable[Tiles]:
    """The tiles of each group of neighbours that is large enough to be written, gaps of REACH_TILES allowed."""
    import cv2

    reach = np.ones((2 * REACH_TILES - 1, 2 * REACH_TILES + 1), dtype=np.uint8)
    closed = cv2.morphologyEx(tiles.astype(np.uint8), cv2.MORPH_CLOSE, reach)
    count, labels = cv2.connectedComponents(closed)
    for label in range(1, count):
        group = tiles & (labels == label)
        if group.sum() >= SMALLEST_TILES and np.ptp(np.nonzero(group)[1]) + 1 >= SMALLEST_WIDTH_TILES:
            yield np.asarray(group, dtype=np.bool_)


def _joined(still: Tiles, seed: Tiles) -> Tiles:
    """`seed` and what stands still right beside it: a card's frame outlasts the product on it."""
    near = np.zeros_like(still)
    box = _bounds(seed).grown(REACH_TILES)
    near[box.top : box.bottom, box.left : box.right] = True
    return seed | (still & near)


def _bounds(tiles: Tiles) -> TileBox:
    rows, columns = np.nonzero(tiles)
    return TileBox(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def _share_inside(inner: TileBox, outer: TileBox) -> float:
    """The share of `inner` that lies inside `outer`."""
    width = min(inner.right, outer.right) - max(inner.left, outer.left)
    height = min(inner.bottom, outer.bottom) - max(inner.top, outer.top)
    area = (inner.right - inner.left) * (inner.bottom - inner.top)
    return max(0, width) * max(0, height) / area
