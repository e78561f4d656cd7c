"""FindRescoringWindows: where the audio may decide which product was named."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from typing import ClassVar

from domain.audio import SpeechAudio
from domain.catalog import Catalog
from domain.evidence import LinkedMentions, Mention
from domain.rescoring import RescoringCandidates
from domain.speech import Transcript
from models.lexicon.near_duplicates import NearDuplicates, near_duplicates_among
from models.rescoring.rescoring_candidates import RescoringCandidateFinder
from pipeline.engine.stage import Needs

SECONDS_PER_HOUR = 3600.0
MAX_COMPARED_PRODUCTS = 40  # with the most mentions: to compare all titles of thousands would take minutes


@dataclass(frozen=True)
class FindRescoringWindows:
    """Choose the windows that are worth rescoring, with a few likely names for each.

    `max_windows_per_hour`: at most so many in an hour of show; 0 means no rescoring.
    """

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc", "pypinyin", "rapidfuzz")
    max_windows_per_hour: int = 25

    def __call__(
        self, audio: SpeechAudio, transcript: Transcript, linked: LinkedMentions, catalog: Catalog
    ) -> RescoringCandidates:
        max_windows = math.ceil(self.max_windows_per_hour * audio.duration / SECONDS_PER_HOUR)
        near_duplicates = _near_duplicates(linked.mentions, catalog)
        finder = RescoringCandidateFinder(transcript, linked.mentions, catalog, near_duplicates)
        return RescoringCandidates(finder.find(max_windows))


def _near_duplicates(mentions: Iterable[Mention], catalog: Catalog) -> NearDuplicates:
    """The near-duplicates among the products with most mentions: no others can be tied."""
    weight_by_product: dict[str, float] = defaultdict(float)
    for mention in mentions:
        for product_id in mention.product_ids:
            weight_by_product[product_id] += mention.weight
    compared_ids = set(nlargest(MAX_COMPARED_PRODUCTS, weight_by_product, key=weight_by_product.__getitem__))
    return near_duplicates_among(catalog, compared_ids)
