"""SkipRescoring: no second look where captions were given."""

from dataclasses import dataclass
from typing import ClassVar

from domain.rescoring import RescoringResult
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class SkipRescoring:
    """Take given captions at their word: no sound was extracted, and nothing is heard again."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(self) -> RescoringResult:
        return RescoringResult()
