"""Where the pictures show which product."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.evidence import FloatArray
from domain.vision import HeldThings, ProductPhotos, ScreenTexts, Sightings
from models.vision.overlay_linker import ScreenMatcher
from models.vision.photo_matcher import photo_colours, photo_sightings
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class FindSightings:
    """Match what was read and what was held up against the catalogue and its photos."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc", "opencv-python-headless", "pillow", "pypinyin")

    def __call__(
        self, screen_texts: ScreenTexts, held_things: HeldThings, product_photos: ProductPhotos, catalog: Catalog
    ) -> Sightings:
        read = ScreenMatcher(catalog).find(screen_texts)
        held = photo_sightings(held_things, _colours(product_photos))
        return Sightings(tuple(sorted((*read, *held), key=lambda sighting: (sighting.span.start, sighting.span.end))))


def _colours(photos: ProductPhotos) -> dict[str, FloatArray]:
    """By product id; products whose photo shows nothing are left out."""
    from media.photos import read_photo

    read = ((each.product_id, read_photo(each.path)) for each in photos.photos)
    found = ((product_id, photo_colours(photo)) for product_id, photo in read if photo is not None)
    return {product_id: colours for product_id, colours in found if colours is not None}
