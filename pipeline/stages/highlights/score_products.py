"""ScoreProducts: one score for every product and unit."""

from dataclasses import dataclass
from typing import ClassVar

from domain.evidence import EventFeatures, ProductScores, UnitFeatures
from models.segmentation.weights_bundle import DEFAULT_WEIGHTS
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class ScoreProducts:
    """Score how much better each product explains each unit than "no product" does."""

    version: ClassVar[int] = 4
    needs: ClassVar[Needs] = Needs(memory_mb=500)
    tools: ClassVar[tuple[str, ...]] = ()
    model: str = DEFAULT_WEIGHTS

    def weights(self) -> tuple[str, ...]:
        return (f"understanding:{self.model}",)

    def __call__(self, unit_features: UnitFeatures, event_features: EventFeatures) -> ProductScores:
        from models.segmentation.scorer import score_products
        from models.segmentation.weights_bundle import load_weights_bundle

        return score_products(unit_features, event_features, load_weights_bundle(self.model).scores)
