"""Images: sizes, scaling, and JPEG out and in again."""

from pathlib import Path

import numpy as np
import pytest

from domain.errors import InvalidValue, ToolError
from media.images import BgrImage, PixelSize, letterbox, read_jpeg, resize, write_jpeg


def uniform(size: PixelSize, level: int = 200) -> BgrImage:
    return np.full((size.height, size.width, 3), level, dtype=np.uint8)


def size_of(image: BgrImage) -> PixelSize:
    return PixelSize(image.shape[1], image.shape[0])


def test_a_limited_size_keeps_its_shape_and_never_grows() -> None:
    assert PixelSize(1280, 720).limit_side(640) == PixelSize(640, 360)
    assert PixelSize(320, 180).limit_side(640) == PixelSize(320, 180)
    assert PixelSize(4000, 2).limit_side(100) == PixelSize(100, 1)


def test_a_fitted_size_fills_one_side() -> None:
    assert PixelSize(720, 1280).fit_inside(PixelSize(640, 640)) == PixelSize(360, 640)
    assert PixelSize(16, 9).fit_inside(PixelSize(640, 640)) == PixelSize(640, 360)


def test_an_image_without_pixels_is_refused() -> None:
    with pytest.raises(InvalidValue, match="at least one pixel, not 0x9"):
        PixelSize(0, 9)


def test_a_letterboxed_image_is_centred_on_black() -> None:
    boxed = letterbox(uniform(PixelSize(40, 20)), PixelSize(40, 40))
    assert size_of(boxed) == PixelSize(40, 40)
    assert (boxed[:10].max(), boxed[10:30].min(), boxed[30:].max()) == (0, 200, 0)


def test_an_image_of_the_right_size_is_not_scaled() -> None:
    image = uniform(PixelSize(40, 20))
    assert resize(image, PixelSize(40, 20)) is image
    assert size_of(resize(image, PixelSize(8, 6))) == PixelSize(8, 6)


@pytest.mark.parametrize(("reduction", "size"), [(1, (64, 32)), (3, (64, 32)), (2, (32, 16)), (8, (8, 4))])
def test_a_jpeg_can_be_read_at_a_part_of_its_size(reduction: int, size: tuple[int, int], tmp_path: Path) -> None:
    write_jpeg(tmp_path / "image.jpg", uniform(PixelSize(64, 32)), quality=90)
    image = read_jpeg(tmp_path / "image.jpg", reduction)
    assert size_of(image) == PixelSize(*size)
    assert abs(int(image.mean()) - 200) <= 2


def test_a_file_that_is_no_jpeg_is_our_own_fault(tmp_path: Path) -> None:
    (tmp_path / "image.jpg").write_bytes(b"no JPEG")
    with pytest.raises(ToolError, match="is not the JPEG that was written there"):
        read_jpeg(tmp_path / "image.jpg")
