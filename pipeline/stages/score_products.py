"""One score a product and unit."""

from dataclasses import dataclass
from typing import ClassVar

from domain.evidence import Evidence, Scores
from models.scorer import ScoreWeights, scores_of
from pipeline.stage import Needs


@dataclass(frozen=True)
class ScoreProducts:
    """Weigh the evidence: how much better does each product explain each unit than "no product" does?"""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()
    speech: float = 1.0
    events: float = 0.9
    opening: float = 0.6
    closing: float = 1.0
    absence_per_s: float = 0.015
    silence_per_s: float = 0.02

    def __call__(self, evidence: Evidence) -> Scores:
        weights = ScoreWeights(
            self.speech, self.events, self.opening, self.closing, self.absence_per_s, self.silence_per_s
        )
        return scores_of(evidence, weights)
