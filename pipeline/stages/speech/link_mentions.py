"""LinkMentions: from words in the transcript to products of the catalogue."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.evidence import LinkedMentions
from domain.speech import Transcript
from models.linking.entity_linker import EntityLinker
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class LinkMentions:
    """Find names, title words, attributes, link numbers and prices of the catalogue in the transcript."""

    version: ClassVar[int] = 7
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("jellyfish", "opencc", "pypinyin", "rapidfuzz")

    def __call__(self, transcript: Transcript, catalog: Catalog) -> LinkedMentions:
        return LinkedMentions(EntityLinker(catalog).link(transcript.sentences))
