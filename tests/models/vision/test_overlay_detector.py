"""Overlays are detected by change."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from models.vision.images import Image
from models.vision.overlay_detector import Overlay, OverlayDetector, is_same_appearance

HEIGHT, WIDTH = 320, 180
EVERY_S = 6.0


def scene(number: int, seed: int = 0) -> Image:
    """A background with a host who sways: soft shapes, no text."""
    random = np.random.default_rng(seed)
    frame = np.full((HEIGHT, WIDTH, 3), 110, dtype=np.uint8)
    for _ in range(12):
        x, y = int(random.integers(0, WIDTH)), int(random.integers(0, HEIGHT))
        cv2.rectangle(frame, (x, y), (x + 30, y + 40), random.integers(40, 200, 3).tolist(), -1)
    cv2.ellipse(frame, (80 + number * 5 % 17, 220), (50, 90), 0, 0, 360, (90, 60, 140), -1)
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), 3), dtype=np.uint8)


def with_card(frame: Image, text: str, left: int = 8, top: int = 240) -> Image:
    card = frame.copy()
    cv2.rectangle(card, (left, top), (left + 120, top + 48), (255, 255, 255), -1)
    cv2.putText(card, text, (left + 4, top + 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 20), 1, cv2.LINE_AA)
    cv2.putText(card, f"{text[::-1]} 99", (left + 4, top + 40), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 200), 1)
    return card


def detect(frames: Sequence[Image], min_duration_s: float = 10.0) -> tuple[Overlay, ...]:
    finder = OverlayDetector(min_duration_s)
    for number, frame in enumerate(frames):
        finder.add_frame(number * EVERY_S, frame)
    return finder.detected_overlays()


def show(length: int, change: Callable[[int, Image], Image]) -> list[Image]:
    return [change(number, scene(number)) for number in range(length)]


def test_a_card_is_found_with_the_frames_that_show_it() -> None:
    frames = show(12, lambda number, frame: with_card(frame, "serum") if 3 <= number <= 7 else frame)

    (card,) = detect(frames)

    assert (card.first_frame, card.last_frame) == (3, 7)
    assert not card.is_part_of_scene
    assert card.box.left <= 14 / WIDTH
    assert card.box.top <= 248 / HEIGHT
    assert card.box.bottom >= 280 / HEIGHT
    assert card.box.right < 0.8


def test_a_card_that_takes_another_ones_place_is_a_second_overlay() -> None:
    texts = {number: "serum" if number < 6 else "towel" for number in range(2, 11)}
    frames = show(14, lambda number, frame: with_card(frame, texts[number]) if number in texts else frame)

    assert [(card.first_frame, card.last_frame) for card in detect(frames)] == [(2, 5), (6, 10)]


def test_a_swaying_host_is_no_overlay() -> None:
    assert detect(show(12, lambda _, frame: frame)) == ()


def test_text_that_moves_is_no_overlay() -> None:
    """Labels of products that are held up, comments that scroll."""
    assert detect(show(12, lambda number, frame: with_card(frame, "serum", top=20 + number * 18))) == ()


def test_text_that_passes_is_no_overlay() -> None:
    frames = show(12, lambda number, frame: with_card(frame, "serum") if number in (3, 4) else frame)

    assert detect(frames) == ()
    assert [(card.first_frame, card.last_frame) for card in detect(frames, min_duration_s=5.0)] == [(3, 4)]


def test_what_comes_and_goes_with_the_camera_is_scenery() -> None:
    frames = [scene(n, seed=1) for n in range(5)]
    frames += [with_card(scene(n, seed=2), "shelf") for n in range(5)]
    frames += [scene(n, seed=1) for n in range(5)]

    assert [(each.first_frame, each.is_part_of_scene) for each in detect(frames)] == [(5, True)]


def test_a_card_outlasts_a_camera_cut() -> None:
    frames = [scene(n, seed=1) for n in range(4)]
    frames += [with_card(scene(n, seed=1), "serum") for n in range(4)]
    frames += [with_card(scene(n, seed=2), "serum") for n in range(4)]
    frames += [scene(n, seed=2) for n in range(4)]

    assert [(each.first_frame, each.last_frame, each.is_part_of_scene) for each in detect(frames)] == [(4, 11, False)]


def test_a_large_card_is_no_cut_of_the_camera() -> None:
    """It changes a third of the frame by itself."""

    def change(number: int, frame: Image) -> Image:
        if 4 <= number <= 8:
            cv2.rectangle(frame, (0, 0), (WIDTH, 110), (255, 255, 255), -1)
            for line in range(5):
                cv2.putText(frame, "velvet serum 99", (4, 20 + 20 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0), 1)
        return frame

    assert [(card.first_frame, card.last_frame, card.is_part_of_scene) for card in detect(show(12, change))] == [
        (4, 8, False)
    ]


def test_the_same_card_looks_the_same_whatever_moves_behind_it() -> None:
    one, other = with_card(scene(1), "serum"), with_card(scene(9), "serum")
    crop = np.s_[240:288, 8:128]

    assert is_same_appearance(one[crop], other[crop])


def test_one_other_letter_is_another_look() -> None:
    one, other = with_card(scene(1), "serum 3"), with_card(scene(1), "serum 8")

    assert not is_same_appearance(one, other)


def test_an_empty_show_has_no_overlays() -> None:
    assert OverlayDetector(10.0).detected_overlays() == ()


def test_frames_lower_than_a_letter_have_no_overlays() -> None:
    assert detect([np.zeros((2, 640, 3), dtype=np.uint8)] * 5) == ()
