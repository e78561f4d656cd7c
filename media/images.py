"""Images as arrays: their sizes, JPEG in and out, scaling. The only module of media/ that imports OpenCV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidValue, ToolError
from media.disk_errors import translate_write_errors

BgrImage: TypeAlias = NDArray[np.uint8]
"""(height, width, 3), blue-green-red, 0-255."""

JPEG_REDUCTIONS = (8, 4, 2, 1)  # what a JPEG decoder offers; a smaller image is less work


@dataclass(frozen=True, slots=True)
class PixelSize:
    """Width and height of an image, in pixels."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise InvalidValue(f"a picture needs at least one pixel, not {self.width}x{self.height}")

    def limit_side(self, max_side_px: int) -> PixelSize:
        """The same shape with its longest side at most this; never larger."""
        scale = min(1.0, max_side_px / max(self.width, self.height))
        return PixelSize(max(1, round(self.width * scale)), max(1, round(self.height * scale)))

    def fit_inside(self, bounds: PixelSize) -> PixelSize:
        """The same shape, as large as fits into `bounds`."""
        scale = min(bounds.width / self.width, bounds.height / self.height)
        return PixelSize(
            min(bounds.width, round(self.width * scale)) or 1, min(bounds.height, round(self.height * scale)) or 1
        )


def read_jpeg(file: Path, reduction: int = 1) -> BgrImage:
    """A JPEG file of our own, at 1/`reduction` of its size: 2, 4 and 8 are less work, any other number counts as 1."""
    import cv2

    flags = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}
    encoded = np.fromfile(file, dtype=np.uint8)
    image = cv2.imdecode(encoded, flags.get(reduction, cv2.IMREAD_COLOR))
    if image is None:
        raise ToolError(file, "is not the JPEG that was written there", "delete it and run the command again")
    return np.asarray(image, dtype=np.uint8)


def write_jpeg(file: Path, image: BgrImage, quality: int) -> None:
    """Write `image` at `quality` (0-100). ToolError when the disk refuses."""
    import cv2

    is_encoded, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not is_encoded:
        raise ToolError(file, "could not be packed as JPEG", "run the command again")
    with translate_write_errors(file):
        file.write_bytes(encoded.tobytes())


def resize(image: BgrImage, size: PixelSize) -> BgrImage:
    """The image at exactly this size; areas are averaged."""
    import cv2

    if image.shape[:2] == (size.height, size.width):
        return image
    return np.asarray(cv2.resize(image, (size.width, size.height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def letterbox(image: BgrImage, size: PixelSize) -> BgrImage:
    """The image in the middle of a black one of this size."""
    height, width = image.shape[:2]
    if (width, height) == (size.width, size.height):
        return image
    canvas = np.zeros((size.height, size.width, 3), dtype=np.uint8)
    top, left = (size.height - height) // 2, (size.width - width) // 2
    canvas[top : top + height, left : left + width] = image
    return canvas
