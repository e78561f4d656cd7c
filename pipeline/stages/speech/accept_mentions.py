"""AcceptMentions: no rescoring where captions are given."""

from dataclasses import dataclass
from typing import ClassVar

from domain.evidence import LinkedMentions, Mentions
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class AcceptMentions:
    """Accept the mentions in given captions as they are: there is no speech audio to rescore them with."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(self, linked: LinkedMentions) -> Mentions:
        return Mentions(linked.mentions)
