"""One score a product and unit."""

from dataclasses import dataclass
from typing import ClassVar

from domain.evidence import Evidence, RoomEvidence, Scores
from models.segmentation.weights_bundle import DEFAULT
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class ScoreProducts:
    """Weigh the evidence: how much better does each product explain each unit than "no product" does?"""

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs(memory_mb=500)
    tools: ClassVar[tuple[str, ...]] = ()
    model: str = DEFAULT

    def weights(self) -> tuple[str, ...]:
        return (f"understanding:{self.model}",)

    def __call__(self, evidence: Evidence, room: RoomEvidence) -> Scores:
        from models.segmentation.scorer import scores_of
        from models.segmentation.weights_bundle import understanding

        return scores_of(evidence, room, understanding(self.model).scores)
