"""Which frame is fit to show: sharp, not black, not washed out."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

DARKEST = 35.0  # mean luma of 255; darker is a black or faded frame
BRIGHTEST = 235.0
LEAST_CONTRAST = 18.0  # standard deviation of luma; a plain card or a fade has less
LEAST_SHARPNESS = 25.0  # variance of the Laplacian at MEASURED_WIDTH; smeared by motion or focus below
MEASURED_WIDTH = 320  # sharpness depends on size, so it is measured at one


def fitness(picture: Picture) -> float | None:
    """How good a thumbnail `picture`, (height, width, 3) BGR, makes: log sharpness and colour, higher is better.

    None when it should not be shown at all.
    """
    import cv2

    height, width = picture.shape[:2]
    small = cv2.resize(picture, (MEASURED_WIDTH, max(1, round(height * MEASURED_WIDTH / width))))
    luma = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    brightness, contrast, sharpness = _measures(luma, cv2)
    if not DARKEST <= brightness <= BRIGHTEST or contrast < LEAST_CONTRAST or sharpness < LEAST_SHARPNESS:
        return None
    saturation = float(cv2.cvtColor(small, cv2.COLOR_BGR2HSV)[..., 1].mean()) / 255
    return float(np.log(sharpness)) + saturation


def _measures(luma: NDArray[Any], cv2: Any) -> tuple[float, float, float]:
    return float(luma.mean()), float(luma.std()), float(cv2.Laplacian(luma, cv2.CV_64F).var())
