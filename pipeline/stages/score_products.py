"""One score a product and unit."""

from dataclasses import dataclass
from typing import ClassVar

from domain.evidence import Evidence, RoomEvidence, Scores
from models.understanding import DEFAULT
from pipeline.stage import Needs


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
        from models.scorer import scores_of
        from models.understanding import understanding

        return scores_of(evidence, room, understanding(self.model).scores)
