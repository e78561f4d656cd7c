"""Images as arrays: what callers hand to `models/vision`, checked once where they enter."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.errors import InvalidValue

Image: TypeAlias = NDArray[np.uint8]
"""(height, width, 3), BGR, 0 to 255; (height, width) where a function says so."""
Mask: TypeAlias = NDArray[np.bool_]
"""(height, width), or one value a colour where a function says so."""


def check_colour_image(image: Image) -> None:
    """Raise InvalidValue unless `image` is (height, width, 3) of bytes, and not empty."""
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or not image.size:
        raise InvalidValue(f"an image is (height, width, 3) of uint8, not {image.shape} of {image.dtype}")
