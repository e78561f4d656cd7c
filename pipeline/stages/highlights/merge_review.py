"""What viewers are shown: the machine's takes, with all that people did to them."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.highlight import DescribedTakes
from domain.review import Edits, Published, Reviewed
from domain.rewording import Rewordings
from domain.session import Session
from pipeline.engine.stage import Needs
from pipeline.review.decisions import decisions_of
from pipeline.review.machine_highlights import found_in
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
        rewordings: Rewordings,
        edits: Edits,
        published: Published,
    ) -> Reviewed:
        found = found_in(session.id, described, rewordings)
        listed = tuple(map(public_product, catalog))
        return merge_review(session.id, found, decisions_of(edits.edits), published, listed)
