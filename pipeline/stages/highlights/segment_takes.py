"""SegmentTakes: from scores to takes."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.errors import InvalidValue
from domain.evidence import ProductScores
from domain.highlight import Takes
from models.lexicon.near_duplicates import near_duplicates_among
from models.segmentation.segmenter import SegmentationSettings, segment_takes
from models.segmentation.weights_bundle import DEFAULT_WEIGHTS
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class SegmentTakes:
    """Find the likeliest sequence of explanations, with a confidence each. Fields: see SegmentationSettings."""

    version: ClassVar[int] = 10
    needs: ClassVar[Needs] = Needs(memory_mb=500)
    tools: ClassVar[tuple[str, ...]] = ()
    model: str = DEFAULT_WEIGHTS
    merge_gap_s: float = 20.0
    min_duration_s: float = 8.0
    publish_at: float = 0.6
    suggest_at: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.suggest_at <= self.publish_at <= 1:
            raise InvalidValue("0 <= suggest_at <= publish_at <= 1 must hold")

    def weights(self) -> tuple[str, ...]:
        return (f"understanding:{self.model}",)

    def __call__(self, scores: ProductScores, catalog: Catalog) -> Takes:
        from models.segmentation.weights_bundle import load_weights_bundle

        settings = SegmentationSettings(self.merge_gap_s, self.min_duration_s, self.publish_at, self.suggest_at)
        near_duplicates = near_duplicates_among(catalog, scores.product_ids)
        return segment_takes(scores, load_weights_bundle(self.model).confidence, settings, near_duplicates)
