"""From scores to takes."""

import dataclasses
from dataclasses import dataclass
from typing import ClassVar

from domain.errors import InvalidValue
from domain.evidence import Scores
from domain.highlight import Takes
from models.take_cutter import CutSettings, cut
from pipeline.stage import Needs


@dataclass(frozen=True)
class CutTakes:
    """Find the most likely explanations, where each begins, and how sure that is. Fields: see CutSettings.

    Their defaults were searched on the twelve labelled scripts, with noise put in.
    """

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()
    typical_s: float = 87.0
    spread: float = 0.7
    longest_s: float = 1800.0
    entry: float = -4.5
    temper: float = 0.86
    rejoin_s: float = 20.0
    shortest_s: float = 8.0
    publish_at: float = 0.2
    suggest_at: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.temper <= 1:
            raise InvalidValue(f"temper lies in (0, 1], not {self.temper}")
        if not 0 <= self.suggest_at <= self.publish_at <= 1:
            raise InvalidValue("0 <= suggest_at <= publish_at <= 1 must hold")

    def __call__(self, scores: Scores) -> Takes:
        return cut(scores, CutSettings(**dataclasses.asdict(self)))
