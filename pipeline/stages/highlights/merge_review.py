"""What viewers are shown: the machine's takes, with all that people did to them."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.highlight import DescribedTakes, RewordedHighlights
from domain.review import Edits, PublishedHighlights, ReviewedHighlights
from domain.session import Session
from pipeline.engine.stage import Needs
from pipeline.review.decisions import fold_edits
from pipeline.review.machine_highlights import build_machine_highlights
from pipeline.review.merge_edits import merge_review
from pipeline.review.public_view import public_product


@dataclass(frozen=True)
class MergeReview:
    """Keep ids that were promised and whatever a person set; leave out what a person refused."""

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(
        self,
        session: Session,
        catalog: Catalog,
        described: DescribedTakes,
        rewordings: RewordedHighlights,
        edits: Edits,
        published: PublishedHighlights,
    ) -> ReviewedHighlights:
        machine_highlights = build_machine_highlights(session.id, described, rewordings)
        public_products = tuple(map(public_product, catalog))
        return merge_review(session.id, machine_highlights, fold_edits(edits.edits), published, public_products)
