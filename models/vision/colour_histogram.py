"""Colour histograms that survive another light: hue and saturation, no brightness."""

import numpy as np

from domain.evidence import FloatArray
from models.vision.images import Image, Mask

HUE_BINS, SATURATION_BINS = 36, 8  # of 10 degrees, and of an eighth of the range
COLOUR_BINS = HUE_BINS * SATURATION_BINS
HUE_RANGE, SATURATION_RANGE = 180, 256  # OpenCV's, for 8-bit images


def colour_histogram(image: Image, mask: Mask) -> FloatArray:
    """Shares of the colours, (COLOUR_BINS,), among pixels of `image`, (height, width, 3) BGR, where `mask` is true.

    Neighbouring bins get a part of each other's share, for light and coding shift colours. All 0 for an empty mask.
    """
    import cv2

    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)[mask]
    hues = hsv[:, 0].astype(np.intp) * HUE_BINS // HUE_RANGE
    saturations = hsv[:, 1].astype(np.intp) * SATURATION_BINS // SATURATION_RANGE
    counts = np.bincount(hues * SATURATION_BINS + saturations, minlength=COLOUR_BINS).reshape(HUE_BINS, SATURATION_BINS)
    by_hue = 0.25 * np.roll(counts, 1, axis=0) + 0.5 * counts + 0.25 * np.roll(counts, -1, axis=0)
    padded = np.pad(by_hue, ((0, 0), (1, 1)), mode="edge")
    smoothed = (0.25 * padded[:, :-2] + 0.5 * padded[:, 1:-1] + 0.25 * padded[:, 2:]).ravel()
    return np.asarray(smoothed / max(smoothed.sum(), 1e-9), dtype=np.float64)
