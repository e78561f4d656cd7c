"""Where the pictures show which product."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.pictures import ScreenTexts, Sightings
from models.screen_matcher import ScreenMatcher
from pipeline.stage import Needs


@dataclass(frozen=True)
class FindSightings:
    """Match what was read in the pictures against the catalogue: pushed cards, stickers that name a product."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc", "pypinyin")

    def __call__(self, screen_texts: ScreenTexts, catalog: Catalog) -> Sightings:
        return Sightings(ScreenMatcher(catalog).find(screen_texts))
