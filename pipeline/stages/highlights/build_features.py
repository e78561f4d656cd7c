"""All that was said and seen, on one grid."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.clock import Timeline
from domain.evidence import DiscourseClassification, Mentions, UnitFeatures
from domain.rescoring import RescoringResult
from domain.speech import Transcript
from domain.vision import Sightings
from models.segmentation.features import SpeechEvidence, build_unit_features
from models.segmentation.utterance_units import build_utterance_units
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class BuildFeatures:
    """Line up what was said, what it does in the show, and what the pictures show."""

    version: ClassVar[int] = 6
    needs: ClassVar[Needs] = Needs(memory_mb=500)
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(
        self,
        transcript: Transcript,
        mentions: Mentions,
        rescoring: RescoringResult,
        discourse: DiscourseClassification,
        sightings: Sightings,
        catalog: Catalog,
        timeline: Timeline,
    ) -> UnitFeatures:
        units = build_utterance_units(transcript.sentences, timeline.replay_span)
        all_mentions = (*mentions.mentions, *rescoring.mentions)
        return build_unit_features(SpeechEvidence(units, discourse, all_mentions), sightings.sightings, catalog)
