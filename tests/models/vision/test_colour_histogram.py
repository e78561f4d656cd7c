"""Colours that survive another light."""

import numpy as np
import pytest

from models.vision.colour_histogram import COLOUR_BINS, colour_histogram
from models.vision.images import Image


def surface(blue: int, green: int, red: int) -> Image:
    return np.full((8, 8, 3), (blue, green, red), dtype=np.uint8)


WHOLE = np.ones((8, 8), dtype=np.bool_)


def overlap(one: Image, other: Image) -> float:
    return float(np.minimum(colour_histogram(one, WHOLE), colour_histogram(other, WHOLE)).sum())


def test_shares_add_up_to_one() -> None:
    assert colour_histogram(surface(30, 90, 200), WHOLE).sum() == pytest.approx(1.0)


def test_half_the_light_leaves_the_colours() -> None:
    assert overlap(surface(40, 80, 200), surface(20, 40, 100)) > 0.9


def test_another_hue_is_another_colour() -> None:
    assert overlap(surface(40, 80, 200), surface(200, 80, 40)) == 0.0


def test_reds_on_both_sides_of_the_circle_of_hues_are_neighbours() -> None:
    assert overlap(surface(30, 20, 200), surface(20, 30, 200)) > 0.3


def test_only_masked_pixels_count() -> None:
    picture = surface(40, 80, 200)
    picture[:, 4:] = (200, 80, 40)
    left = np.zeros((8, 8), dtype=np.bool_)
    left[:, :4] = True

    assert np.allclose(colour_histogram(picture, left), colour_histogram(surface(40, 80, 200), WHOLE))


def test_nothing_masked_has_no_colours() -> None:
    shares = colour_histogram(surface(1, 2, 3), np.zeros((8, 8), dtype=np.bool_))

    assert (shares.shape, shares.sum()) == ((COLOUR_BINS,), 0.0)
