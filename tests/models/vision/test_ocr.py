"""Printed text is read."""

import cv2
import numpy as np
import pytest

from models.vision.images import Image
from models.vision.ocr import MAX_LINE_CHARACTERS, MAX_LINES, recognize_text

pytestmark = pytest.mark.heavy


def printed(*lines: str, width: int = 300) -> Image:
    image = np.full((20 + 30 * len(lines), width, 3), 245, dtype=np.uint8)
    for number, line in enumerate(lines, start=1):
        cv2.putText(image, line, (10, 30 * number), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (30, 30, 30), 2, cv2.LINE_AA)
    return image


def test_lines_are_read_from_the_top() -> None:
    read = recognize_text(printed("Velvet Serum", "Price 129"))

    assert [line.replace(" ", "") for line in read.lines] == ["VelvetSerum", "Price129"]
    assert read.confidence > 0.8


def test_a_plain_frame_holds_no_text() -> None:
    read = recognize_text(np.full((60, 200, 3), 128, dtype=np.uint8))

    assert (read.lines, read.confidence) == ((), 0.0)


def test_a_wall_of_text_is_cut_short() -> None:
    assert len(recognize_text(printed(*["word"] * (MAX_LINES + 3), width=100)).lines) == MAX_LINES


def test_an_endless_line_is_cut_short() -> None:
    (line,) = recognize_text(printed("word after " * 8, width=1200)).lines

    assert len(line) == MAX_LINE_CHARACTERS


def test_reading_twice_gives_the_same() -> None:
    image = printed("Velvet Serum", "129")

    assert recognize_text(image) == recognize_text(image)
