"""LinkSightings: from what frames show to products of the catalogue."""

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
    """Match overlay texts and foreground objects with the catalogue and its photos."""

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
        photo_sightings = match_photos(foreground, _photo_histograms(product_photos))
        return Sightings(tuple(sorted((*overlay_sightings, *photo_sightings), key=lambda sighting: sighting.span)))


def _photo_histograms(photos: ProductPhotos) -> dict[str, FloatArray]:
    """Colour histograms by product id; products whose photo shows nothing are left out."""
    from media.photos import read_photo

    images = ((photo.product_id, read_photo(photo.path)) for photo in photos.photos)
    histograms = ((product_id, photo_histogram(image)) for product_id, image in images if image is not None)
    return {product_id: histogram for product_id, histogram in histograms if histogram is not None}
