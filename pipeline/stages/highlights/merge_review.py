"""MergeReview: what viewers are shown, the machine's highlights with people's edits."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.review import Edits, MachineHighlights, PublishedHighlights, ReviewedHighlights
from domain.session import Session
from pipeline.engine.stage import Needs
from pipeline.review.decisions import fold_edits
from pipeline.review.merge_edits import merge_review
from pipeline.review.public_view import public_product


@dataclass(frozen=True)
class MergeReview:
    """Merge people's edits into the machine's highlights: ids that were published stay, rejected highlights go."""

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(
        self,
        session: Session,
        catalog: Catalog,
        machine_highlights: MachineHighlights,
        edits: Edits,
        published: PublishedHighlights,
    ) -> ReviewedHighlights:
        public_products = tuple(map(public_product, catalog))
        return merge_review(session.id, machine_highlights, fold_edits(edits.edits), published, public_products)
