"""From overlays to texts: which are worth reading, what they say, and which are viewers' comments."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds, Span
from domain.vision import Box, ScreenText
from models.vision.ocr import ReadText
from models.vision.overlay_detector import Overlay, is_same_look

Picture = NDArray[np.uint8]

MARGIN_PX = 4  # around an overlay's tiles: letters reach beyond those that are full of edges
COMMENT = re.compile(r"^\W*[^\s:：]{1,20}\s?[:：]\s*(?![\s¥￥$€£\d])\S")  # "user: words"; a price is none
LEAST_CHARACTERS = 2  # of a text; a lone letter is noise
SLOT_SHARE = 0.6  # intersection over union; cards of one show differ by the length of their titles
FEW_COMMENTS = 3  # read at one place; after that all there are taken for comments, unread
STREAM_S = 60.0  # a comment that moved up is seen again within this
STREAM_LINE = 4  # characters of it at least
REJOIN_S = 20.0  # the same text away for less was only covered by a hand


@dataclass(frozen=True, slots=True)
class Shot:
    """One sampled picture, to be loaded only where it is needed."""

    time: Seconds
    load: Callable[[], Picture]


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What is read: overlays shown for `shortest_s`, and shorter ones where such a one stands at other times.

    `most`: overlays of a show, the longest shown first; a hostile picture must not cost hours.
    """

    shortest_s: Seconds
    most: int


def read_overlays(
    overlays: Iterable[Overlay], shots: Sequence[Shot], read: Callable[[Picture], ReadText], rules: ReadingRules
) -> tuple[ScreenText, ...]:
    """The texts of `overlays`, by time. Each look is read once.

    What never changes, or came and went with the camera, tells nothing; comments of viewers are left out.
    """
    reader = _Reader(shots, read)
    news = [each for each in overlays if not each.is_scene and each.last - each.first + 1 < len(shots)]
    lasting, brief = _split(news, shots, rules.shortest_s)
    texts = [text for each in lasting[: rules.most] if (text := reader.text(each))]
    slots = [text.box for text in texts]
    again = [each for each in brief if any(_is_in_slot(each.box, slot) for slot in slots)]
    texts += [text for each in again[: max(0, rules.most - len(lasting))] if (text := reader.text(each))]
    return _rejoined(_without_streams(texts))


def _split(
    overlays: Iterable[Overlay], shots: Sequence[Shot], shortest_s: Seconds
) -> tuple[list[Overlay], list[Overlay]]:
    """Overlays shown for at least `shortest_s`, and the others; each the longest first."""

    def shown_s(overlay: Overlay) -> Seconds:
        return shots[overlay.last].time - shots[overlay.first].time

    longest = sorted(overlays, key=shown_s, reverse=True)
    return [o for o in longest if shown_s(o) >= shortest_s], [o for o in longest if shown_s(o) < shortest_s]


def is_comment(lines: Sequence[str]) -> bool:
    """Whether most lines read "user: words": the stream of comments, burned in by whoever recorded the screen."""
    return sum(bool(COMMENT.match(line)) for line in lines) * 2 > len(lines)


class _Reader:
    """Reads overlays; the same look, seen before, is not read again."""

    def __init__(self, shots: Sequence[Shot], read: Callable[[Picture], ReadText]) -> None:
        self._shots = shots
        self._read = read
        self._known: list[tuple[Picture, ReadText]] = []
        self._comments: list[Box] = []

    def text(self, overlay: Overlay) -> ScreenText | None:
        """None for what holds no text, or a comment."""
        if sum(_is_in_slot(overlay.box, comment) for comment in self._comments) >= FEW_COMMENTS:
            return None
        text = self._text_of(_cut_out(overlay, self._shots[overlay.shown].load()))
        if is_comment(text.lines):
            self._comments.append(overlay.box)
            return None
        if sum(map(len, text.lines)) < LEAST_CHARACTERS:
            return None
        return ScreenText(_span(overlay, self._shots), overlay.box, text.lines, text.confidence)

    def _text_of(self, crop: Picture) -> ReadText:
        for other, text in self._known:
            if is_same_look(crop, other):
                return text
        text = self._read(crop)
        self._known.append((crop, text))
        return text


def _cut_out(overlay: Overlay, picture: Picture) -> Picture:
    """The overlay's part of `picture`, with a margin."""
    height, width = picture.shape[:2]
    left, right = round(overlay.box.left * width) - MARGIN_PX, round(overlay.box.right * width) + MARGIN_PX
    top, bottom = round(overlay.box.top * height) - MARGIN_PX, round(overlay.box.bottom * height) + MARGIN_PX
    return np.ascontiguousarray(picture[max(0, top) : bottom, max(0, left) : right])


def _is_in_slot(box: Box, slot: Box) -> bool:
    """Whether `box` lies where another overlay of about its size stands at other times."""
    return _shared_share(box, slot) >= SLOT_SHARE


def _shared_share(box: Box, slot: Box) -> float:
    """Intersection over union."""
    width = min(box.right, slot.right) - max(box.left, slot.left)
    height = min(box.bottom, slot.bottom) - max(box.top, slot.top)
    shared = max(0.0, width) * max(0.0, height)
    return shared / (_area(box) + _area(slot) - shared)


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _without_streams(texts: Sequence[ScreenText]) -> list[ScreenText]:
    """The texts without those that scroll, and without all others at their place: a stream of comments."""
    streams = [one.box for one in texts for other in texts if _moved_up(one, other)]
    return [text for text in texts if not any(_shared_share(text.box, box) >= SLOT_SHARE for box in streams)]


def _moved_up(before: ScreenText, after: ScreenText) -> bool:
    """Whether a line of `before` stands further up in `after`, soon later at about the same place."""
    gap = after.span.start - before.span.end
    if not -STREAM_S < gap < STREAM_S or after.span.start <= before.span.start:
        return False
    if not _shared_share(before.box, after.box):
        return False
    return any(
        len(line) >= STREAM_LINE and line in after.lines[:place] for place, line in enumerate(before.lines) if place
    )


def _span(overlay: Overlay, shots: Sequence[Shot]) -> Span:
    """From midway between the picture before it and its first, to midway after its last."""
    before, after = max(0, overlay.first - 1), min(len(shots) - 1, overlay.last + 1)
    start = (shots[before].time + shots[overlay.first].time) / 2
    return Span(start, (shots[overlay.last].time + shots[after].time) / 2)


def _rejoined(texts: Sequence[ScreenText]) -> tuple[ScreenText, ...]:
    """One text for the same lines shown again at once."""
    joined: list[ScreenText] = []
    for text in sorted(texts, key=lambda text: (text.span.start, text.span.end)):
        for place, earlier in enumerate(joined):
            if earlier.lines == text.lines and text.span.start - earlier.span.end <= REJOIN_S:
                end = max(earlier.span.end, text.span.end)
                joined[place] = replace(earlier, span=Span(earlier.span.start, end))
                break
        else:
            joined.append(text)
    return tuple(joined)
