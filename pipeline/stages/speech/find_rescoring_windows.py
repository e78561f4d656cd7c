"""FindDoubts: where a second look at the sound may decide which product was named."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest
from typing import ClassVar

from domain.catalog import Catalog
from domain.evidence import Mention, Mentions
from domain.recording import AudioTrack
from domain.rescoring import Doubts
from domain.speech import Transcript
from models.lexicon.near_duplicates import Sisters, sisters_among
from models.linking.rescoring_candidates import DoubtFinder
from pipeline.engine.stage import Needs

SECONDS_AN_HOUR = 3600.0
MOST_COMPARED = 40  # products that words point at most: with thousands, comparing all titles would take minutes


@dataclass(frozen=True)
class FindDoubts:
    """Choose the stretches that are worth hearing again, with a few likely names for each.

    `windows_an_hour`: at most so many in an hour of show; 0 does without a second look.
    """

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc", "pypinyin", "rapidfuzz")
    windows_an_hour: int = 25

    def __call__(self, audio: AudioTrack, transcript: Transcript, mentions: Mentions, catalog: Catalog) -> Doubts:
        most = math.ceil(self.windows_an_hour * audio.duration / SECONDS_AN_HOUR)
        found = mentions.mentions
        return Doubts(DoubtFinder(transcript, found, catalog, _sisters_among(found, catalog)).find(most))


def _sisters_among(mentions: Iterable[Mention], catalog: Catalog) -> Sisters:
    """Who is whose sister of those that words point at: no others can be tied."""
    nats: dict[str, float] = defaultdict(float)
    for mention in mentions:
        for product_id in mention.product_ids:
            nats[product_id] += mention.weight
    compared = set(nlargest(MOST_COMPARED, nats, key=nats.__getitem__))
    return sisters_among(catalog, compared)
