"""Images are checked where they enter."""

import numpy as np
import pytest

from domain.errors import InvalidValue
from models.vision.frame_quality import thumbnail_quality
from models.vision.images import check_colour_image
from models.vision.photo_matcher import photo_histogram


def test_a_colour_image_is_accepted() -> None:
    check_colour_image(np.zeros((4, 6, 3), dtype=np.uint8))


@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 4), (0, 6, 3), (1, 4, 6, 3)])
def test_an_image_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidValue, match=r"\(height, width, 3\)"):
        check_colour_image(np.zeros(shape, dtype=np.uint8))


def test_the_doors_refuse_what_is_no_image() -> None:
    grey = np.zeros((40, 60), dtype=np.uint8)
    for door in (thumbnail_quality, photo_histogram):
        with pytest.raises(InvalidValue):
            door(grey)
