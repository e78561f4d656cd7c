"""One score a product and unit."""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from domain.evidence import Evidence, Scores
from models.scorer import ScoreWeights, scores_of
from pipeline.stage import Needs


@dataclass(frozen=True)
class ScoreProducts:
    """Weigh the evidence: how much better does each product explain each unit than "no product" does?

    Fields: see ScoreWeights. Their defaults were searched on the twelve labelled scripts, with noise put in.
    """

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()
    speech: float = 1.5
    events: float = 1.0
    opening: float = 1.3
    closing: float = 1.0
    absence_per_s: float = 0.02
    silence_per_s: float = 0.02

    def __call__(self, evidence: Evidence) -> Scores:
        return scores_of(evidence, ScoreWeights(**dataclasses.asdict(self)))
