"""Where the pictures show which product."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.evidence import FloatArray
from domain.vision import ForegroundObjects, OverlayTexts, ProductPhotos, Sightings
from models.vision.overlay_linker import OverlayLinker
from models.vision.photo_matcher import match_photos, photo_histogram
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class LinkSightings:
    """Match what was read and what was held up against the catalogue and its photos."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc", "opencv-python-headless", "pillow", "pypinyin")

    def __call__(
        self,
        overlay_texts: OverlayTexts,
        foreground: ForegroundObjects,
        product_photos: ProductPhotos,
        catalog: Catalog,
    ) -> Sightings:
        overlay_sightings = OverlayLinker(catalog).link_texts(overlay_texts)
        foreground_sightings = match_photos(foreground, _photo_colours(product_photos))
        return Sightings(
            tuple(
                sorted(
                    (*overlay_sightings, *foreground_sightings),
                    key=lambda sighting: (sighting.span.start, sighting.span.end),
                )
            )
        )


def _photo_colours(photos: ProductPhotos) -> dict[str, FloatArray]:
    """By product id; products whose photo shows nothing are left out."""
    from media.photos import read_photo

    decoded_photos = ((each.product_id, read_photo(each.path)) for each in photos.photos)
    colours_by_product = (
        (product_id, photo_histogram(photo)) for product_id, photo in decoded_photos if photo is not None
    )
    return {product_id: colours for product_id, colours in colours_by_product if colours is not None}
