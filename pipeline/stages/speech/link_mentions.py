"""Where words point at products."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.evidence import Mentions
from domain.speech import Transcript
from models.linking.entity_linker import EntityLinker
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class LinkMentions:
    """Find names, words of titles, attributes, link numbers and prices of the catalogue in what was said."""

    version: ClassVar[int] = 6
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("jellyfish", "opencc", "pypinyin", "rapidfuzz")

    def __call__(self, transcript: Transcript, catalog: Catalog) -> Mentions:
        return Mentions(EntityLinker(catalog).link(transcript.sentences))
