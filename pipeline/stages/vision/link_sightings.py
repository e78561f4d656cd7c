"""LinkSightings: from what frames show to products of the catalogue."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.evidence import FloatArray
from domain.vision import ForegroundObjects, OverlayTexts, ProductPhotos, Sightings
from media.photos import read_photos
from models.vision.overlay_linker import OverlayLinker
from models.vision.photo_matcher import match_photos, photo_histogram
from pipeline.engine.sandbox import read_sandboxed
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class LinkSightings:
    """Match overlay texts and foreground objects with the catalogue and its photos."""

    version: ClassVar[int] = 2
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
    files = [photo.path for photo in photos.photos]
    images = read_sandboxed(files, read_photos, files=files) if files else []
    histograms = (None if image is None else photo_histogram(image) for image in images)
    return {
        photo.product_id: histogram
        for photo, histogram in zip(photos.photos, histograms, strict=True)
        if histogram is not None
    }
