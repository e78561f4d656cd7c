"""The catalogue's photos in a session's folder."""

from pathlib import Path

import pytest
from PIL import Image

from domain.catalog import Catalog, Product
from pipeline.inputs.product_photos import find_photos


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "session" / "images").mkdir(parents=True)
    Image.new("RGB", (20, 20), "red").save(tmp_path / "session" / "images" / "a.png")
    Image.new("RGB", (20, 20), "blue").save(tmp_path / "outside.png")
    return tmp_path / "session"


def catalog(*images: str) -> Catalog:
    return Catalog(tuple(Product(product_id=f"p{n}", title="水", image=image) for n, image in enumerate(images)))


def test_photos_inside_the_folder_are_found(folder: Path) -> None:
    located = find_photos(catalog("images/a.png", ""), folder)

    assert [(photo.product_id, photo.path.name) for photo in located.photos.photos] == [("p0", "a.png")]
    assert located.warnings == ()


def test_addresses_are_passed_over_in_silence(folder: Path) -> None:
    located = find_photos(catalog("https://example.com/a.png"), folder)

    assert (located.photos.photos, located.warnings) == ((), ())


@pytest.mark.parametrize("image", ["../outside.png", "images/../../outside.png", "images/link.png"])
def test_nothing_outside_the_folder_is_read(image: str, folder: Path) -> None:
    (folder / "images" / "link.png").symlink_to(folder.parent / "outside.png")
    located = find_photos(catalog(image), folder)

    assert located.photos.photos == ()
    assert "lies outside the session's folder" in located.warnings[0]


@pytest.mark.parametrize("image", ["images/b.png", "images", "images/a\0.png", "x" * 5000])
def test_a_photo_that_cannot_be_used_is_told_and_left_out(image: str, folder: Path) -> None:
    located = find_photos(catalog(image, "images/a.png"), folder)

    assert [photo.product_id for photo in located.photos.photos] == ["p1"]
    assert len(located.warnings) == 1


def test_the_bytes_of_photos_count_and_their_place_does_not(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    folder_digest = find_photos(catalog("images/a.png"), folder).photos.content_digest()
    folder.rename(moved)

    assert find_photos(catalog("images/a.png"), moved).photos.content_digest() == folder_digest
    Image.new("RGB", (20, 20), "green").save(moved / "images" / "a.png")
    assert find_photos(catalog("images/a.png"), moved).photos.content_digest() != folder_digest
