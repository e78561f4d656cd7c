"""AssembleHighlights: the machine's own highlights, before any review."""

from dataclasses import dataclass
from typing import ClassVar

from domain.highlight import DescribedTakes, RewordedHighlights, TakeThumbnails
from domain.review import MachineHighlights
from domain.session import Session
from pipeline.engine.stage import Needs
from pipeline.review.machine_highlights import build_machine_highlights


@dataclass(frozen=True)
class AssembleHighlights:
    """Give every take an id, its thumbnail, and a language model's words where there are some."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(
        self,
        session: Session,
        described: DescribedTakes,
        thumbnails: TakeThumbnails,
        rewordings: RewordedHighlights,
    ) -> MachineHighlights:
        return build_machine_highlights(session.id, described, thumbnails, rewordings)
