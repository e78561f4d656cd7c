"""Which frame is fit to show: sharp, above all in the middle, not black, not washed out, not between two scenes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

DARKEST = 35.0  # mean luma of 255; darker is a black or faded frame
BRIGHTEST = 235.0
LEAST_CONTRAST = 18.0  # standard deviation of luma; a plain card or a fade has less
LEAST_SHARPNESS = 25.0  # variance of the Laplacian at MEASURED_WIDTH; smeared by motion or focus below
MEASURED_WIDTH = 320  # sharpness depends on size, so it is measured at one
MIDDLE_SHARE = 0.3  # how much the sharpness of the middle, where products are held, counts beside the whole
BLEND_SIZE = (32, 32)  # pixels: enough to tell scenes apart
LEAST_CHANGE = 12.0  # root mean square of luma; scenes nearer than that make no visible blend
LEAST_OF_EACH = 0.2  # share of both scenes in a blend that is seen as one
MOST_UNEXPLAINED = 0.2  # share of the change that a mix of both scenes leaves over; motion leaves far more


def fitness(picture: Picture) -> float | None:
    """How good a thumbnail `picture`, (height, width, 3) BGR, makes: log sharpness and colour, higher is better.

    None when it should not be shown at all.
    """
    import cv2

    height, width = picture.shape[:2]
    small = cv2.resize(picture, (MEASURED_WIDTH, max(1, round(height * MEASURED_WIDTH / width))))
    luma = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    detail = cv2.Laplacian(luma, cv2.CV_64F)
    brightness, contrast, sharpness = float(luma.mean()), float(luma.std()), float(detail.var())
    if not DARKEST <= brightness <= BRIGHTEST or contrast < LEAST_CONTRAST or sharpness < LEAST_SHARPNESS:
        return None
    saturation = float(cv2.cvtColor(small, cv2.COLOR_BGR2HSV)[..., 1].mean()) / 255
    middle = float(_middle(detail).var())
    return float(np.log(sharpness) + MIDDLE_SHARE * np.log(max(middle, 1.0) / sharpness)) + saturation


def _middle(field: NDArray[Any]) -> NDArray[Any]:
    """The middle half of both sides."""
    height, width = field.shape[:2]
    return field[height // 4 : max(1, height - height // 4), width // 4 : max(1, width - width // 4)]


def is_blend(before: Picture, picture: Picture, after: Picture) -> bool:
    """Whether `picture` is a mix of the scenes `before` and `after`, as in a dissolve. Each (height, width, 3) BGR."""
    first, mixed, last = (_small_luma(each) for each in (before, picture, after))
    change = last - first
    power = float((change**2).mean())
    if power < LEAST_CHANGE**2:
        return False
    share = float(((mixed - first) * change).mean()) / power
    left = float(((mixed - first - share * change) ** 2).mean()) / power
    return LEAST_OF_EACH < share < 1 - LEAST_OF_EACH and left < MOST_UNEXPLAINED


def _small_luma(picture: Picture) -> NDArray[np.float64]:
    import cv2

    return cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), BLEND_SIZE).astype(np.float64)
