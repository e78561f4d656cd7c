"""Photos from strangers."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media import photos
from media.photos import MAX_SIDE_PX, photo_problem, read_photo


def saved(file: Path, size: tuple[int, int] = (400, 300), colour: str = "red", mode: str = "RGB") -> Path:
    Image.new(mode, size, colour).save(file)
    return file


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_a_photo_is_read_small_in_blue_green_red(suffix: str, tmp_path: Path) -> None:
    photo = read_photo(saved(tmp_path / f"photo{suffix}"))

    assert photo is not None
    assert photo.shape == (MAX_SIDE_PX * 3 // 4, MAX_SIDE_PX, 3)
    assert np.abs(photo.reshape(-1, 3).mean(axis=0) - (0, 0, 255)).max() < 5


def test_what_shows_through_is_white(tmp_path: Path) -> None:
    photo = read_photo(saved(tmp_path / "photo.png", colour="#ff000000", mode="RGBA"))

    assert photo is not None
    assert photo.min() == 255


def test_a_text_is_no_photo(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_text("<svg/>")

    assert photo_problem(tmp_path / "photo.jpg") == "is none of JPEG, PNG, WEBP"
    assert read_photo(tmp_path / "photo.jpg") is None


def test_half_a_photo_is_none(tmp_path: Path) -> None:
    whole = saved(tmp_path / "whole.png", (600, 600)).read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])

    assert read_photo(tmp_path / "half.png") is None


def test_a_picture_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_PHOTO_PIXELS", 10_000)

    assert photo_problem(saved(tmp_path / "photo.png")) == "has too many pixels"
    assert read_photo(tmp_path / "photo.png") is None


def test_a_very_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_PHOTO_BYTES", 100)

    assert photo_problem(saved(tmp_path / "photo.png")).startswith("is larger than")


def test_a_file_that_is_missing_is_reported(tmp_path: Path) -> None:
    assert photo_problem(tmp_path / "photo.png") == "is not there"
    assert photo_problem(tmp_path) == "is not a file"
