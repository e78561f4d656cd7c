"""BuildFeatures: speech and frames as features on one grid."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.evidence import DiscourseClassification, Mentions, UnitFeatures, UtteranceUnits
from domain.vision import Sightings
from models.evidence.unit_features import SpeechEvidence, build_unit_features
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class BuildFeatures:
    """Build features of every unit and product from speech, discourse and sightings."""

    version: ClassVar[int] = 9
    needs: ClassVar[Needs] = Needs(memory_mb=500)
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(
        self,
        units: UtteranceUnits,
        mentions: Mentions,
        discourse: DiscourseClassification,
        sightings: Sightings,
        catalog: Catalog,
    ) -> UnitFeatures:
        return build_unit_features(SpeechEvidence(units, discourse, mentions.mentions), sightings.sightings, catalog)
