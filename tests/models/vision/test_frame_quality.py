"""Which frame is fit to show."""

import cv2
import numpy as np
import pytest

from models.vision.frame_quality import is_dissolve, thumbnail_quality
from models.vision.images import Image

HEIGHT, WIDTH = 360, 640


def scene(seed: int = 0) -> Image:
    """Coloured boxes on grey with fine stripes: contrast at every size, as a studio has."""
    random = np.random.default_rng(seed)
    frame = np.full((HEIGHT, WIDTH, 3), 120, dtype=np.uint8)
    for _ in range(40):
        top, left = int(random.integers(0, HEIGHT - 40)), int(random.integers(0, WIDTH - 60))
        frame[top : top + 40, left : left + 60] = random.integers(30, 226, 3)
    frame[:, ::8] //= 2
    return frame


def plain(value: int) -> Image:
    return np.full((HEIGHT, WIDTH, 3), value, dtype=np.uint8)


def blurred(frame: Image, sigma: float) -> Image:
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), sigma), dtype=np.uint8)


def rated(frame: Image) -> float:
    value = thumbnail_quality(frame)
    assert value is not None
    return value


@pytest.mark.parametrize("value", [0, 20, 128, 245, 255])
def test_black_white_and_plain_frames_are_refused(value: int) -> None:
    assert thumbnail_quality(plain(value)) is None


def test_a_frame_faded_to_black_is_refused_however_sharp() -> None:
    assert thumbnail_quality(scene() // 6) is None


def test_a_washed_out_frame_is_refused() -> None:
    assert thumbnail_quality(np.asarray(245 + scene() // 26, dtype=np.uint8)) is None


def test_a_blurred_frame_is_refused() -> None:
    assert thumbnail_quality(blurred(scene(), 15)) is None


def test_a_sharp_frame_is_preferred_to_a_softer_one() -> None:
    assert rated(scene()) > rated(blurred(scene(), 1.2))


def test_a_coloured_frame_is_preferred_to_the_same_in_grey() -> None:
    grey = cv2.cvtColor(cv2.cvtColor(scene(), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert rated(scene()) > rated(np.asarray(grey, dtype=np.uint8))


@pytest.mark.parametrize("size", [(640, 360), (1080, 1920)])
def test_frames_of_any_shape_are_rated(size: tuple[int, int]) -> None:
    width, height = size
    rated(np.asarray(cv2.resize(scene(), (width, height)), dtype=np.uint8))


def test_a_frame_sharp_in_the_middle_is_preferred_to_one_sharp_at_its_rim() -> None:
    sharp, soft = scene(), blurred(scene(), 1.5)
    middle, rim = soft.copy(), sharp.copy()
    inside = (slice(HEIGHT // 4, -HEIGHT // 4), slice(WIDTH // 4, -WIDTH // 4))
    middle[inside], rim[inside] = sharp[inside], soft[inside]
    quarter = rated(sharp) - rated(middle)
    assert rated(middle) > rated(soft)
    assert quarter < rated(sharp) - rated(soft)
    assert rated(sharp) > rated(rim)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.7])
def test_a_dissolve_of_two_scenes_is_a_blend(share: float) -> None:
    mixed = np.asarray(cv2.addWeighted(scene(1), 1 - share, scene(2), share, 0), dtype=np.uint8)
    assert is_dissolve(scene(1), mixed, scene(2))


def test_a_scene_of_its_own_is_no_blend() -> None:
    assert not is_dissolve(scene(1), scene(3), scene(2))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_cut_is_no_blend(share: float) -> None:
    assert not is_dissolve(scene(1), scene(1) if share == 0 else scene(2), scene(2))


def test_a_still_camera_makes_no_blends() -> None:
    still = scene(1)
    noisy = np.asarray(np.clip(still.astype(int) + 2, 0, 255), dtype=np.uint8)
    assert not is_dissolve(still, noisy, still)
