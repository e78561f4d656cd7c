"""The catalogue's photos in the session's folder. Nothing is downloaded: web addresses are skipped."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.catalog import Catalog
from domain.vision import ProductPhoto, ProductPhotos
from media.photos import photo_problem
from pipeline.inputs.parsing.tally import Tally
from pipeline.inputs.parsing.values import quote_value


@dataclass(frozen=True, slots=True)
class LocatedPhotos:
    """The photos that can be used, and warnings about the others."""

    photos: ProductPhotos
    warnings: tuple[str, ...] = ()


def find_photos(catalog: Catalog, folder: Path) -> LocatedPhotos:
    """The photos that the products name as `image`, relative to `folder` and inside it.

    A missing one is a warning: photos only add evidence.
    """
    tally = Tally("product")
    return LocatedPhotos(ProductPhotos(tuple(_usable_photos(catalog, folder.resolve(), tally))), tally.warnings())


def _usable_photos(catalog: Catalog, folder: Path, tally: Tally) -> Iterator[ProductPhoto]:
    for product in catalog:
        if not product.image or "://" in product.image:
            continue
        problem, file = _check_photo(product.image, folder)
        if problem:
            tally.add(f"image {problem}", f" ({quote_value(product.image)})")
        else:
            yield ProductPhoto(product.product_id, file, hashlib.sha256(file.read_bytes()).hexdigest())


def _check_photo(image: str, folder: Path) -> tuple[str, Path]:
    """What is wrong with the file that `image` names, "" for nothing, and the file."""
    try:
        file = (folder / image).resolve()
        if not file.is_relative_to(folder):
            return "lies outside the session's folder", file
        return photo_problem(file), file
    except (OSError, ValueError, RuntimeError):  # names that no file can have, links that form a ring
        return "is no name of a file", folder
