"""The machine's takes as entries of highlights.json: with ids, in its own or a language model's words."""

from dataclasses import replace

from domain.highlight import DescribedTake, DescribedTakes, Highlight, RewordedHighlights, TakeThumbnail, TakeThumbnails
from domain.review import MachineHighlights
from pipeline.review.public_view import highlight_id


def build_machine_highlights(
    session_id: str, described: DescribedTakes, thumbnails: TakeThumbnails, rewordings: RewordedHighlights
) -> MachineHighlights:
    """Every take as a highlight, suggestions in the machine's own words. Times are not rounded."""
    names = {thumbnail.take: thumbnail_name(session_id, thumbnail) for thumbnail in thumbnails.thumbnails}
    highlights, suggestions = (
        tuple(_highlight(session_id, each, names.get(each.take)) for each in takes)
        for takes in (described.takes, described.suggestions)
    )
    return MachineHighlights(tuple(_apply_rewording(highlight, rewordings) for highlight in highlights), suggestions)


def thumbnail_name(session_id: str, thumbnail: TakeThumbnail) -> str:
    """The thumbnail's path, relative to highlights.json."""
    return f"thumbnails/{highlight_id(session_id, thumbnail.take)}{thumbnail.file.suffix}"


def _highlight(session_id: str, described: DescribedTake, thumbnail: str | None) -> Highlight:
    take = described.take
    return Highlight(
        id=highlight_id(session_id, take),
        product_ids=take.product_ids,
        start=take.span.start,
        end=take.span.end,
        seek=take.seek,
        confidence=take.confidence,
        product_confidence=take.product_confidence,
        start_confidence=take.start_confidence,
        title=described.title,
        summary=described.summary,
        moments=described.moments,
        reasons=described.reasons,
        thumbnail=thumbnail,
        take=take.take_number,
        best_take=take.is_best,
        status="auto",
    )


def _apply_rewording(highlight: Highlight, rewordings: RewordedHighlights) -> Highlight:
    """The highlight in better words where there are some. Nothing else of it can change."""
    wording = rewordings.wording_by_highlight.get(highlight.id)
    return highlight if wording is None else replace(highlight, title=wording.title, summary=wording.summary)
