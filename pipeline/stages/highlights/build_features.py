"""All that was said and seen, on one grid."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.clock import Timeline
from domain.evidence import Discourse, Evidence, Mentions
from domain.rescoring import SecondLook
from domain.speech import Transcript
from domain.vision import Sightings
from models.segmentation.features import Said, evidence_of
from models.segmentation.utterance_units import units_of
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class GatherEvidence:
    """Line up what was said, what it does in the show, and what the pictures show."""

    version: ClassVar[int] = 6
    needs: ClassVar[Needs] = Needs(memory_mb=500)
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(
        self,
        transcript: Transcript,
        mentions: Mentions,
        second_look: SecondLook,
        discourse: Discourse,
        sightings: Sightings,
        catalog: Catalog,
        timeline: Timeline,
    ) -> Evidence:
        units = units_of(transcript.sentences, timeline.replay)
        found = (*mentions.mentions, *second_look.mentions)
        return evidence_of(Said(units, discourse, found), sightings.sightings, catalog)
