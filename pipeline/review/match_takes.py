"""Which of the machine's takes a highlight comes from: ids differ where an earlier revision gave it another."""

from collections.abc import Mapping, Sequence

from domain.clock import Span
from domain.highlight import Highlight, HighlightsFile, MachineTake, TakeJudgement, TakesFile
from pipeline.review.merge_edits import MIN_IOU, span_of

MIN_IOU_OF_ANOTHER_PRODUCT = 0.5  # people changed the product; the edges show that it is the same take


def find_take(highlight: Highlight, takes: TakesFile) -> MachineTake | None:
    """The take of the highlight's main product that overlaps it most, else one of any product with about its edges."""
    span = span_of(highlight)
    found = (*takes.highlights, *takes.suggestions)
    own = [take for take in found if take.product_ids[0] == highlight.product_ids[0]]
    return _best_match(own, span, MIN_IOU) or _best_match(found, span, MIN_IOU_OF_ANOTHER_PRODUCT)


def judgements_by_id(file: HighlightsFile, takes: TakesFile) -> Mapping[str, TakeJudgement]:
    """Why the machine made the take that each highlight and suggestion of `file` comes from, by their id."""
    found = {entry.id: find_take(entry, takes) for entry in (*file.highlights, *file.suggestions)}
    return {highlight_id: take.judgement for highlight_id, take in found.items() if take is not None}


def _best_match(takes: Sequence[MachineTake], span: Span, min_iou: float) -> MachineTake | None:
    best = max(takes, key=lambda take: span.iou(span_of(take)), default=None)
    return best if best is not None and span.iou(span_of(best)) >= min_iou else None
