"""What colours a surface has, in a way that survives another light: hue and saturation, no brightness."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.evidence import FloatArray

Picture: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]

HUES, SATURATIONS = 36, 8  # of 10 degrees, and of an eighth
COLOURS = HUES * SATURATIONS
HUE_RANGE, SATURATION_RANGE = 180, 256  # of OpenCV


def colour_shares(picture: Picture, mask: Mask) -> FloatArray:
    """Shares of the colours, (COLOURS,), of the pixels of `picture`, (height, width, 3) BGR, where `mask` is true.

    Neighbouring colours get a part of each other's share, for light and coding shift them. All 0 for an empty mask.
    """
    import cv2

    hsv = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)[mask]
    hues = hsv[:, 0].astype(np.intp) * HUES // HUE_RANGE
    saturations = hsv[:, 1].astype(np.intp) * SATURATIONS // SATURATION_RANGE
    counts = np.bincount(hues * SATURATIONS + saturations, minlength=COLOURS).reshape(HUES, SATURATIONS)
    by_hue = 0.25 * np.roll(counts, 1, axis=0) + 0.5 * counts + 0.25 * np.roll(counts, -1, axis=0)
    edged = np.pad(by_hue, ((0, 0), (1, 1)), mode="edge")
    spread = (0.25 * edged[:, :-2] + 0.5 * edged[:, 1:-1] + 0.25 * edged[:, 2:]).ravel()
    return np.asarray(spread / max(spread.sum(), 1e-9), dtype=np.float64)
