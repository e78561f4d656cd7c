"""Objects that come into the frame and move in it."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from domain.clock import Span
from domain.vision import BoundingBox, ForegroundObjects, OverlayText
from models.vision.colour_histogram import colour_histogram
from models.vision.foreground_objects import FrameSequence, concatenate_objects, detect_foreground_objects
from models.vision.images import Image

HEIGHT, WIDTH = 160, 90
EVERY_S = 6.0
RED = (40, 40, 210)


def scene(number: int, camera: int = 0) -> Image:
    """A background with a host who sways by a few pixels."""
    frame = np.full((HEIGHT, WIDTH, 3), 120 + 60 * camera, dtype=np.uint8)
    cv2.rectangle(frame, (5, 10), (30, 40), (200, 120, 60), -1)
    cv2.ellipse(frame, (45 + number % 3, 110), (25, 45), 0, 0, 360, (90, 140, 60), -1)
    return frame


def holding(number: int, colour: tuple[int, int, int] = RED) -> Image:
    """The host holds up a box, never quite still."""
    frame = scene(number)
    left, top = 35 + number % 4 * 2, 90 + number % 3 * 2
    cv2.rectangle(frame, (left, top), (left + 16, top + 20), colour, -1)
    return frame


def detect(frames: Sequence[Image], texts: Iterable[OverlayText] = ()) -> ForegroundObjects:
    return detect_foreground_objects(
        FrameSequence([number * EVERY_S for number in range(len(frames))], frames, tuple(texts))
    )


def show(length: int, held: range) -> list[Image]:
    return [holding(number) if number in held else scene(number) for number in range(length)]


def test_what_is_held_up_is_found_where_and_while_it_is_seen() -> None:
    objects = detect(show(20, range(4, 7)))

    assert objects.starts.tolist() == [21.0, 27.0, 33.0]
    assert objects.ends.tolist() == [27.0, 33.0, 39.0]
    left, top, right, bottom = objects.boxes[0]
    assert (abs(left - 35 / WIDTH) < 0.05, abs(top - 92 / HEIGHT) < 0.05) == (True, True)
    assert (abs(right - 52 / WIDTH) < 0.05, abs(bottom - 113 / HEIGHT) < 0.05) == (True, True)


def test_its_colours_are_its_own() -> None:
    objects = detect(show(20, range(4, 7)))
    box = np.full((10, 10, 3), RED, dtype=np.uint8)

    assert np.minimum(objects.colour_histograms[0], colour_histogram(box, np.ones((10, 10), np.bool_))).sum() > 0.8


def test_a_swaying_host_is_nothing_new() -> None:
    assert len(detect(show(20, range(0))).starts) == 0


def test_a_switch_of_cameras_is_nothing_held_up() -> None:
    frames = [scene(number, camera=number // 8 % 2) for number in range(32)]

    assert len(detect(frames).starts) == 0


def test_a_camera_that_is_shown_too_rarely_is_not_judged() -> None:
    frames = [scene(number) for number in range(20)] + [holding(21)] + [scene(number, camera=1) for number in range(3)]

    assert detect(frames).starts.tolist() == [117.0]


def test_what_lies_over_the_frame_is_left_out() -> None:
    text = OverlayText(Span(20, 40), BoundingBox(0.3, 0.5, 0.7, 0.8), ("serum",), 1.0)

    assert len(detect(show(20, range(4, 7)), [text]).starts) == 0


def test_what_does_not_move_at_all_is_laid_over_and_left_out() -> None:
    frames = show(20, range(0))
    for number in range(4, 7):
        frames[number][60:72, 4:24] = RED

    assert len(detect(frames).starts) == 0


def test_stretches_are_joined_in_order() -> None:
    one = detect(show(20, range(4, 7)))
    whole = concatenate_objects([one, detect(show(20, range(0))), one])

    assert whole.starts.tolist() == [*one.starts, *one.starts]
    assert whole.colour_histograms.shape == (6, one.colour_histograms.shape[1])
