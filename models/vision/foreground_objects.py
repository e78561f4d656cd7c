"""Finds what comes into the picture and moves in it - mostly products held up - and what colours it has.

Within some minutes, pictures of one camera are laid over each other: their median is the scene with its host. What is
brighter or darker than all of the scene around a place is new there. Nothing is named here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds
from domain.evidence import FloatArray
from domain.vision import Box, HeldThings, ScreenText
from models.vision.colour_histogram import COLOURS, Mask, Picture, colour_shares

LONGEST_SIDE_PX = 160  # of the pictures looked at; lengths below are pixels of these
STRETCH_S = 1200.0  # pictures that are compared with each other; later the light or the dress may differ
FEWEST_PICTURES = 5  # of one camera; fewer have no median to speak of
MOST_CAMERAS = 30  # of a stretch; more is a camera that wanders, whose pictures have no scene in common
MOST_PICTURES = 25  # that the median is taken of: enough, and quick
THUMBNAIL_PX = 32  # longest side of pictures that are compared as a whole
SAME_STEP = 25  # of a channel, of 255, between thumbnails of one camera
SAME_SHARE = 0.72  # of their pixels; a host with a product fills up to a quarter of the picture
NEW_STEP = 24  # of a channel: beyond coding noise and soft shadows
SWAY_PX = 4  # as far as a host sways, edges of the scene are no news (devset: 2 was too little, 3 enough)
GAP_PX, SPECK_PX = 5, 4  # gaps that are closed, specks that are dropped
SMALLEST_SHARE, LARGEST_SHARE = 0.003, 0.15  # of the picture's area
WIDEST, TALLEST = 3.0, 5.0  # ratio of sides; lines of comments are wider
STILL_STEP = 4.0  # mean difference to the picture before or after: laid over, for a hand is never that still
MOST_AT_ONCE = 3  # things in a picture; more is a scene that was not seen before
TEXT_MARGIN = 0.25  # of a text's height: cards are larger than what is written on them
TEXT_SLACK_S = 8.0  # a text's ends are known to about this


@dataclass(frozen=True, slots=True)
class _Scene:
    """What one camera shows all the time. `darkest`, `brightest`: of what lies within SWAY_PX of each pixel."""

    darkest: Picture
    brightest: Picture
    colours: FloatArray


@dataclass(frozen=True, slots=True)
class _Thing:
    number: int  # of the picture
    box: tuple[int, int, int, int]  # left, top, width, height; pixels
    colours: FloatArray
    scenery: FloatArray


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive pictures, small, (height, width, 3) BGR of one size, shown at `times`; `texts` lay over them."""

    times: Sequence[Seconds]
    pictures: Sequence[Picture]
    texts: Sequence[ScreenText]


def things_in(stretch: Stretch) -> HeldThings:
    """The things held up in a stretch of at most STRETCH_S, by time. What lies under texts is left out."""
    found: list[_Thing] = []
    for numbers in _cameras(stretch.pictures):
        scene = _scene([stretch.pictures[number] for number in numbers])
        found += [thing for number in numbers for thing in _new_in(stretch, number, scene)]
    return _table(sorted(found, key=lambda thing: (thing.number, thing.box)), stretch)


def joined(parts: Iterable[HeldThings]) -> HeldThings:
    """The things of stretches that follow each other; at least one."""
    tables = list(parts)
    return HeldThings(
        starts=np.concatenate([part.starts for part in tables]),
        ends=np.concatenate([part.ends for part in tables]),
        boxes=np.concatenate([part.boxes for part in tables]),
        colours=np.concatenate([part.colours for part in tables]),
        scenery=np.concatenate([part.scenery for part in tables]),
    )


def _cameras(pictures: Sequence[Picture]) -> list[list[int]]:
    """The numbers of pictures by camera, as far as there are enough of one."""
    seen: list[tuple[NDArray[np.int16], list[int]]] = []
    for number, picture in enumerate(pictures):
        thumbnail = _thumbnail(picture)
        alike = [_share_alike(thumbnail, first) for first, _ in seen]
        if alike and max(alike) > SAME_SHARE:
            seen[int(np.argmax(alike))][1].append(number)
        elif len(seen) < MOST_CAMERAS:
            seen.append((thumbnail, [number]))
    return [numbers for _, numbers in seen if len(numbers) >= FEWEST_PICTURES]


def _thumbnail(picture: Picture) -> NDArray[np.int16]:
    import cv2

    height, width = picture.shape[:2]
    scale = THUMBNAIL_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.int16)


def _share_alike(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    return float((np.abs(one - other).max(axis=2) < SAME_STEP).mean())


def _scene(pictures: Sequence[Picture]) -> _Scene:
    import cv2

    picked = np.unique(np.linspace(0, len(pictures) - 1, min(MOST_PICTURES, len(pictures))).astype(np.intp))
    median = np.median(np.stack([pictures[number] for number in picked]), axis=0).astype(np.uint8)
    around = np.ones((2 * SWAY_PX + 1, 2 * SWAY_PX + 1), dtype=np.uint8)
    whole = np.ones(median.shape[:2], dtype=np.bool_)
    darkest, brightest = cv2.erode(median, around), cv2.dilate(median, around)
    return _Scene(
        np.asarray(darkest, dtype=np.uint8), np.asarray(brightest, dtype=np.uint8), colour_shares(median, whole)
    )


def _new_in(stretch: Stretch, number: int, scene: _Scene) -> list[_Thing]:
    """What is new in one picture; nothing where it is too much, for that is another scene."""
    import cv2

    picture = stretch.pictures[number]
    _, labels, table, _ = cv2.connectedComponentsWithStats(_news(stretch, number, scene))
    things = []
    for label, (left, top, width, height, area) in enumerate(table[1:], start=1):
        is_likely = SMALLEST_SHARE < area / labels.size < LARGEST_SHARE
        if not is_likely or width > WIDEST * height or height > TALLEST * width:
            continue
        mask = np.asarray(labels == label, dtype=np.bool_)
        if not _is_still(stretch.pictures, number, mask):
            box = (int(left), int(top), int(width), int(height))
            things.append(_Thing(number, box, colour_shares(picture, mask), scene.colours))
    return things if len(things) <= MOST_AT_ONCE else []


def _news(stretch: Stretch, number: int, scene: _Scene) -> NDArray[np.uint8]:
    """1 where the picture is brighter or darker than all of the scene around, outside texts, specks left out."""
    import cv2

    picture = stretch.pictures[number]
    above, below = cv2.subtract(picture, scene.brightest), cv2.subtract(scene.darkest, picture)
    news = (np.maximum(above, below).max(axis=2) > NEW_STEP).astype(np.uint8)
    for text in stretch.texts:
        if text.span.start - TEXT_SLACK_S <= stretch.times[number] <= text.span.end + TEXT_SLACK_S:
            _blank(news, text.box)
    closed = cv2.morphologyEx(news, cv2.MORPH_CLOSE, np.ones((GAP_PX, GAP_PX), dtype=np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((SPECK_PX, SPECK_PX), dtype=np.uint8))
    return np.asarray(opened, dtype=np.uint8)


def _blank(news: NDArray[np.uint8], box: Box) -> None:
    height, width = news.shape
    margin = TEXT_MARGIN * (box.bottom - box.top) * height
    top, left = max(0, int(box.top * height - margin)), max(0, int(box.left * width - margin))
    news[top : int(box.bottom * height + margin) + 1, left : int(box.right * width + margin) + 1] = 0


def _is_still(pictures: Sequence[Picture], number: int, mask: Mask) -> bool:
    """Whether the masked part is the same in the picture before or after."""
    here = pictures[number][mask].astype(np.int16)
    beside = [other for other in (number - 1, number + 1) if 0 <= other < len(pictures)]
    return any(np.abs(here - pictures[other][mask]).mean() < STILL_STEP for other in beside)


def _table(things: Sequence[_Thing], stretch: Stretch) -> HeldThings:
    times = np.asarray(stretch.times, dtype=np.float64)
    middles = (times[1:] + times[:-1]) / 2
    starts, ends = np.append(times[:1], middles), np.append(middles, times[-1:])
    numbers = [thing.number for thing in things]
    return HeldThings(
        starts=starts[numbers],
        ends=ends[numbers],
        boxes=np.array([_shares(thing.box, stretch.pictures[thing.number]) for thing in things]).reshape(-1, 4),
        colours=np.array([thing.colours for thing in things]).reshape(-1, COLOURS),
        scenery=np.array([thing.scenery for thing in things]).reshape(-1, COLOURS),
    )


def _shares(box: tuple[int, int, int, int], picture: Picture) -> list[float]:
    left, top, width, height = box
    rows, columns = picture.shape[:2]
    return [left / columns, top / rows, (left + width) / columns, (top + height) / rows]
