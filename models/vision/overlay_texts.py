"""Reads the text of overlays: chooses those to read, and drops viewers' comments."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.clock import Seconds, Span
from domain.vision import BoundingBox, OverlayText
from models.vision.images import Image
from models.vision.ocr import OcrResult
from models.vision.overlay_detector import Overlay, is_same_appearance

CROP_MARGIN_PX = 4  # letters reach beyond the tiles that are full of edges
COMMENT = re.compile(r"^\W*[^\s:：]{1,20}\s?[:：]\s*(?![\s¥￥$€£\d])\S")  # "user: words"; a price is none
MIN_CHARACTERS = 2  # of a text; a lone letter is noise
MIN_SLOT_IOU = 0.6  # intersection over union; cards of one show differ in the length of their titles
MAX_COMMENTS_READ = 3  # in one slot; after that all overlays there count as comments, unread
MAX_SCROLL_GAP_S = 60.0  # a comment that moved up is seen again within this
MIN_SCROLL_LINE_CHARACTERS = 4  # characters of it at least
MAX_MERGE_GAP_S = 20.0  # the same text away for less was only covered by a hand


@dataclass(frozen=True, slots=True)
class LazyFrame:
    """One sampled frame, loaded only where it is needed."""

    time: Seconds
    load: Callable[[], Image]


@dataclass(frozen=True, slots=True)
class OcrLimits:
    """Which overlays are read: those shown for `min_duration_s`, and shorter ones in their slots.

    `max_texts`: overlays of a show, the longest shown first; a hostile video must not cost hours.
    """

    min_duration_s: Seconds
    max_texts: int


def read_overlays(
    overlays: Iterable[Overlay], frames: Sequence[LazyFrame], recognize: Callable[[Image], OcrResult], limits: OcrLimits
) -> tuple[OverlayText, ...]:
    """The texts of `overlays`, by time; the same appearance is read once.

    Overlays that never change, or come and go with the camera, are no evidence; viewers' comments are left out.
    """
    reader = _OverlayTextReader(frames, recognize)
    changing = [
        each for each in overlays if not each.is_part_of_scene and each.last_frame - each.first_frame + 1 < len(frames)
    ]
    long_overlays, short_overlays = _split_by_duration(changing, frames, limits.min_duration_s)
    texts = [text for each in long_overlays[: limits.max_texts] if (text := reader.read_overlay(each))]
    slots = [text.box for text in texts]
    repeated = [each for each in short_overlays if any(_is_in_slot(each.box, slot) for slot in slots)]
    texts += [
        text
        for each in repeated[: max(0, limits.max_texts - len(long_overlays))]
        if (text := reader.read_overlay(each))
    ]
    return _merge_interrupted(_drop_comment_streams(texts))


def _split_by_duration(
    overlays: Iterable[Overlay], frames: Sequence[LazyFrame], min_duration_s: Seconds
) -> tuple[list[Overlay], list[Overlay]]:
    """Overlays shown for at least `min_duration_s`, and the others; each the longest first."""

    def duration_s(overlay: Overlay) -> Seconds:
        return frames[overlay.last_frame].time - frames[overlay.first_frame].time

    longest_first = sorted(overlays, key=duration_s, reverse=True)
    return [o for o in longest_first if duration_s(o) >= min_duration_s], [
        o for o in longest_first if duration_s(o) < min_duration_s
    ]


def is_comment(lines: Sequence[str]) -> bool:
    """Whether most lines read "user: words": the stream of comments in a recording of a screen."""
    return sum(bool(COMMENT.match(line)) for line in lines) * 2 > len(lines)


class _OverlayTextReader:
    """Reads overlays; an appearance that was read before is not read again."""

    def __init__(self, frames: Sequence[LazyFrame], recognize: Callable[[Image], OcrResult]) -> None:
        self._frames = frames
        self._recognize = recognize
        self._cache: list[tuple[Image, OcrResult]] = []
        self._comment_boxes: list[BoundingBox] = []

    def read_overlay(self, overlay: Overlay) -> OverlayText | None:
        """None where there is no text, or a comment."""
        if sum(_is_in_slot(overlay.box, comment) for comment in self._comment_boxes) >= MAX_COMMENTS_READ:
            return None
        text = self._recognize_cached(_crop_overlay(overlay, self._frames[overlay.complete_frame].load()))
        if is_comment(text.lines):
            self._comment_boxes.append(overlay.box)
            return None
        if sum(map(len, text.lines)) < MIN_CHARACTERS:
            return None
        return OverlayText(_span(overlay, self._frames), overlay.box, text.lines, text.confidence)

    def _recognize_cached(self, crop: Image) -> OcrResult:
        for other, text in self._cache:
            if is_same_appearance(crop, other):
                return text
        text = self._recognize(crop)
        self._cache.append((crop, text))
        return text


def _crop_overlay(overlay: Overlay, image: Image) -> Image:
    """The overlay's part of `image`, with a margin."""
    height, width = image.shape[:2]
    left, right = round(overlay.box.left * width) - CROP_MARGIN_PX, round(overlay.box.right * width) + CROP_MARGIN_PX
    top, bottom = round(overlay.box.top * height) - CROP_MARGIN_PX, round(overlay.box.bottom * height) + CROP_MARGIN_PX
    return np.ascontiguousarray(image[max(0, top) : bottom, max(0, left) : right])


def _is_in_slot(box: BoundingBox, slot: BoundingBox) -> bool:
    """Whether `box` lies where another overlay of about its size stands at other times."""
    return _intersection_over_union(box, slot) >= MIN_SLOT_IOU


def _intersection_over_union(box: BoundingBox, slot: BoundingBox) -> float:
    """In [0, 1]."""
    width = min(box.right, slot.right) - max(box.left, slot.left)
    height = min(box.bottom, slot.bottom) - max(box.top, slot.top)
    intersection = max(0.0, width) * max(0.0, height)
    return intersection / (_area(box) + _area(slot) - intersection)


def _area(box: BoundingBox) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _drop_comment_streams(texts: Sequence[OverlayText]) -> list[OverlayText]:
    """The texts without those that scroll, and without all others in their slot: a stream of comments."""
    stream_boxes = [one.box for one in texts for other in texts if _has_scrolled_up(one, other)]
    return [
        text
        for text in texts
        if not any(_intersection_over_union(text.box, box) >= MIN_SLOT_IOU for box in stream_boxes)
    ]


def _has_scrolled_up(before: OverlayText, after: OverlayText) -> bool:
    """Whether a line of `before` stands further up in `after`, soon later and at about the same position."""
    gap = after.span.start - before.span.end
    if not -MAX_SCROLL_GAP_S < gap < MAX_SCROLL_GAP_S or after.span.start <= before.span.start:
        return False
    if not _intersection_over_union(before.box, after.box):
        return False
    return any(
        len(line) >= MIN_SCROLL_LINE_CHARACTERS and line in after.lines[:index]
        for index, line in enumerate(before.lines)
        if index
    )


def _span(overlay: Overlay, frames: Sequence[LazyFrame]) -> Span:
    """From midway before its first frame to midway after its last."""
    before, after = max(0, overlay.first_frame - 1), min(len(frames) - 1, overlay.last_frame + 1)
    start = (frames[before].time + frames[overlay.first_frame].time) / 2
    return Span(start, (frames[overlay.last_frame].time + frames[after].time) / 2)


def _merge_interrupted(texts: Sequence[OverlayText]) -> tuple[OverlayText, ...]:
    """One text for the same lines shown again soon."""
    merged: list[OverlayText] = []
    for text in sorted(texts, key=lambda text: (text.span.start, text.span.end)):
        for index, earlier in enumerate(merged):
            if earlier.lines == text.lines and text.span.start - earlier.span.end <= MAX_MERGE_GAP_S:
                end = max(earlier.span.end, text.span.end)
                merged[index] = replace(earlier, span=Span(earlier.span.start, end))
                break
        else:
            merged.append(text)
    return tuple(merged)
