"""How good a thumbnail a frame makes: sharp, above all in the middle, not black, washed out, or in a dissolve."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.vision.images import Image, check_colour_image

MIN_BRIGHTNESS = 35.0  # mean luma, of 255; darker is a black or faded frame
MAX_BRIGHTNESS = 235.0
MIN_CONTRAST = 18.0  # standard deviation of luma; a plain card or a fade has less
MIN_SHARPNESS = 25.0  # variance of the Laplacian at SHARPNESS_WIDTH_PX; below it motion or focus blurs the frame
SHARPNESS_WIDTH_PX = 320  # sharpness depends on size, so it is measured at one
CENTRE_WEIGHT = 0.3  # of the sharpness of the middle, where products are held, beside that of the whole
BLEND_SIZE_PX = (32, 32)  # enough to distinguish scenes
MIN_SCENE_DIFFERENCE = 12.0  # root mean square of luma; more similar scenes make no visible blend
MIN_BLEND_SHARE = 0.2  # of each scene in a visible blend
MAX_RESIDUAL_SHARE = 0.2  # of the change that a mix of both scenes does not explain; of motion it is far more


def thumbnail_quality(frame: Image) -> float | None:
    """Log sharpness plus saturation of `frame`, (height, width, 3) BGR; higher is better. None when it is unfit."""
    import cv2

    check_colour_image(frame)
    height, width = frame.shape[:2]
    small = cv2.resize(frame, (SHARPNESS_WIDTH_PX, max(1, round(height * SHARPNESS_WIDTH_PX / width))))
    luma = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    laplacian = cv2.Laplacian(luma, cv2.CV_64F)
    brightness, contrast, sharpness = float(luma.mean()), float(luma.std()), float(laplacian.var())
    if not MIN_BRIGHTNESS <= brightness <= MAX_BRIGHTNESS or contrast < MIN_CONTRAST or sharpness < MIN_SHARPNESS:
        return None
    saturation = float(cv2.cvtColor(small, cv2.COLOR_BGR2HSV)[..., 1].mean()) / 255
    centre_sharpness = float(_centre(laplacian).var())
    return float(np.log(sharpness) + CENTRE_WEIGHT * np.log(max(centre_sharpness, 1.0) / sharpness)) + saturation


def _centre(field: NDArray[Any]) -> NDArray[Any]:
    """The middle half of both sides."""
    height, width = field.shape[:2]
    return field[height // 4 : max(1, height - height // 4), width // 4 : max(1, width - width // 4)]


def is_dissolve(before: Image, frame: Image, after: Image) -> bool:
    """Whether `frame` is a mix of the scenes `before` and `after`, as in a dissolve. Each (height, width, 3) BGR."""
    for each in (before, frame, after):
        check_colour_image(each)
    first, mixed, last = (_small_luma(each) for each in (before, frame, after))
    change = last - first
    power = float((change**2).mean())
    if power < MIN_SCENE_DIFFERENCE**2:
        return False
    share = float(((mixed - first) * change).mean()) / power
    residual_share = float(((mixed - first - share * change) ** 2).mean()) / power
    return MIN_BLEND_SHARE < share < 1 - MIN_BLEND_SHARE and residual_share < MAX_RESIDUAL_SHARE


def _small_luma(frame: Image) -> NDArray[np.float64]:
    import cv2

    return cv2.resize(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), BLEND_SIZE_PX).astype(np.float64)
