"""Where the pictures show which product."""

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
    files = [photo.path for photo in photos.photos]
    thumbnails = read_sandboxed(files, read_photos, files=files) if files else []
    colours = (None if thumbnail is None else photo_histogram(thumbnail) for thumbnail in thumbnails)
    return {
        photo.product_id: histogram
        for photo, histogram in zip(photos.photos, colours, strict=True)
        if histogram is not None
    }
