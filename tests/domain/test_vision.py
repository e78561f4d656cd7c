"""Boxes, and what makes photos the same photos."""

from pathlib import Path

import pytest

from domain.errors import InvalidValue
from domain.vision import BoundingBox, ProductPhoto, ProductPhotos


def test_the_whole_frame_is_a_box() -> None:
    assert BoundingBox(0.0, 0.0, 1.0, 1.0).right == 1


@pytest.mark.parametrize(
    "edges",
    [(-0.1, 0.0, 1.0, 1.0), (0.0, 0.0, 1.1, 1.0), (0.5, 0.0, 0.5, 1.0), (0.0, 0.9, 1.0, 0.1), (0.0, 0.0, 1.0, 2.0)],
)
def test_a_box_is_not_empty_and_lies_inside_the_frame(edges: tuple[float, float, float, float]) -> None:
    with pytest.raises(InvalidValue, match="a box lies inside"):
        BoundingBox(*edges)


def test_photos_that_were_moved_are_the_same_and_those_of_another_product_are_not() -> None:
    def digest(path: str, product_id: str) -> str:
        return ProductPhotos((ProductPhoto(product_id, Path(path), "0a"),)).content_digest()

    assert digest("here/a.jpg", "1") == digest("there/a.jpg", "1") != digest("here/a.jpg", "2")


def test_no_photos_have_a_digest_too() -> None:
    assert ProductPhotos().content_digest() == ""
