"""Which overlays are read, and what becomes of their texts."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pytest

from domain.clock import Span
from domain.vision import BoundingBox, OverlayText
from models.vision.images import Image
from models.vision.ocr import OcrResult
from models.vision.overlay_detector import Overlay
from models.vision.overlay_texts import LazyFrame, OcrLimits, is_comment, read_overlays

EVERY_S = 6.0
CARD = BoundingBox(0.0, 0.5, 0.5, 0.75)
RULES = OcrLimits(min_duration_s=10.0, max_texts=10)


class Reading:
    """Reads a crop by its brightness, and counts."""

    def __init__(self, texts: Mapping[int, Sequence[str]]) -> None:
        self._texts = texts
        self.count = 0

    def __call__(self, crop: Image) -> OcrResult:
        self.count += 1
        return OcrResult(tuple(self._texts.get(int(np.median(crop)), ())), 0.9)


def shots(*lights: int) -> list[LazyFrame]:
    """A frame of each brightness."""
    return [LazyFrame(number * EVERY_S, partial(plain, light)) for number, light in enumerate(lights)]


def plain(light: int) -> Image:
    return np.full((160, 80, 3), light, dtype=np.uint8)


def overlay(first: int, last: int, box: BoundingBox = CARD, is_scene: bool = False) -> Overlay:
    return Overlay(box, first, first, last, is_scene)


def test_a_text_stands_from_midway_before_its_first_frame_to_midway_after_its_last() -> None:
    texts = read_overlays([overlay(2, 5)], shots(*[50] * 9), Reading({50: ["serum", "129"]}), RULES)

    assert texts == (OverlayText(Span(9.0, 33.0), CARD, ("serum", "129"), 0.9),)


def test_a_look_is_read_once() -> None:
    reading = Reading({50: ["serum"], 90: ["towel"]})
    overlays = [overlay(1, 3), overlay(9, 12), overlay(15, 17)]
    texts = read_overlays(overlays, shots(*[50] * 14, *[90] * 6), reading, RULES)

    assert [text.lines for text in texts] == [("serum",), ("serum",), ("towel",)]
    assert reading.count == 2


def test_the_same_text_shown_again_at_once_is_one() -> None:
    covered_by_a_hand = [overlay(1, 3), overlay(5, 8)]
    texts = read_overlays(covered_by_a_hand, shots(*[50] * 12), Reading({50: ["serum"]}), RULES)

    assert [text.span for text in texts] == [Span(3.0, 51.0)]


@pytest.mark.parametrize("useless", [overlay(0, 11), overlay(2, 6, is_scene=True)], ids=["never changes", "scenery"])
def test_what_tells_nothing_new_is_not_read(useless: Overlay) -> None:
    reading = Reading({50: ["free shipping"]})

    assert read_overlays([useless], shots(*[50] * 12), reading, RULES) == ()
    assert reading.count == 0


def test_a_brief_text_is_read_only_where_a_lasting_one_stands_at_other_times() -> None:
    elsewhere = BoundingBox(0.0, 0.1, 0.5, 0.3)
    overlays = [overlay(1, 4), overlay(6, 7), overlay(6, 7, elsewhere)]
    texts = read_overlays(overlays, shots(*[50] * 5, *[90] * 7), Reading({50: ["serum"], 90: ["towel"]}), RULES)

    assert [(text.lines, text.box) for text in texts] == [(("serum",), CARD), (("towel",), CARD)]


def test_no_more_is_read_than_the_rules_allow_the_longest_shown_first() -> None:
    reading = Reading({50: ["serum"], 90: ["towel"], 130: ["comb"]})
    overlays = [overlay(0, 2), overlay(4, 8), overlay(10, 13)]
    lights = [50] * 4 + [90] * 6 + [130] * 6
    texts = read_overlays(overlays, shots(*lights), reading, OcrLimits(min_duration_s=10.0, max_texts=2))

    assert [text.lines for text in texts] == [("towel",), ("comb",)]
    assert reading.count == 2


def test_comments_of_viewers_are_left_out() -> None:
    assert read_overlays([overlay(1, 4)], shots(*[50] * 9), Reading({50: ["u6947：有没有湿厕纸呀"]}), RULES) == ()


def test_a_place_of_comments_is_not_read_for_ever() -> None:
    reading = Reading({light: [f"u{light}: hello there"] for light in range(30, 230, 20)})
    lights = [light for light in range(30, 230, 20) for _ in range(4)]
    overlays = [overlay(4 * number, 4 * number + 3) for number in range(10)]

    assert read_overlays(overlays, shots(*lights), reading, RULES) == ()
    assert reading.count == 3


def test_comments_that_scroll_are_left_out_with_all_others_at_their_place() -> None:
    stream, card = BoundingBox(0.0, 0.7, 0.6, 0.9), BoundingBox(0.4, 0.1, 0.9, 0.3)
    reading = Reading(
        {
            50: ["小鱼儿 主播好美", "甜甜 双抗精华多少钱"],
            90: ["甜甜 双抗精华多少钱", "老王 已拍"],
            130: ["阿宝 纯棉毛巾不错"],
            170: ["纯棉毛巾", "¥39"],
        }
    )
    overlays = [overlay(1, 3, stream), overlay(5, 8, stream), overlay(10, 13, stream), overlay(15, 18, card)]
    lights = [50] * 4 + [90] * 5 + [130] * 6 + [170] * 5

    assert [text.lines for text in read_overlays(overlays, shots(*lights), reading, RULES)] == [("纯棉毛巾", "¥39")]


@pytest.mark.parametrize("line", ["u6947：有没有湿厕纸呀", "小鱼儿: 这个多少钱", "anna_b: is it waterproof?"])
def test_a_name_a_colon_and_words_are_a_comment(line: str) -> None:
    assert is_comment([line])


@pytest.mark.parametrize("line", ["到手价：¥99", "price: 129", "珀莱雅双抗精华液3.0", "Peachy Pout Lip Stain"])
def test_a_price_or_a_title_is_none(line: str) -> None:
    assert not is_comment([line])
