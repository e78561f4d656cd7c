"""What the machine found, as entries of highlights.json: named, in its own or a language model's words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from domain.highlight import DescribedTake, DescribedTakes, Highlight, RewordedHighlights
from domain.review import MachineHighlights
from pipeline.review.public_view import highlight_id


def build_machine_highlights(
    session_id: str, described: DescribedTakes, rewordings: RewordedHighlights
) -> MachineHighlights:
    """Every take as a highlight. Times are not rounded; thumbnails are named as `thumbnail_files` says."""
    highlights = _highlights(session_id, described.takes)
    reworded = tuple(_apply_rewording(highlight, rewordings) for highlight in highlights)
    return MachineHighlights(reworded, _highlights(session_id, described.suggestions))


def thumbnail_files(session_id: str, described: DescribedTakes) -> Iterator[tuple[str, Path]]:
    """The name of each take's picture, relative to highlights.json, and where it lies now."""
    for described_take in (*described.takes, *described.suggestions):
        if described_take.thumbnail is not None:
            yield _thumbnail_name(session_id, described_take, described_take.thumbnail), described_take.thumbnail


def _highlights(session_id: str, takes: Sequence[DescribedTake]) -> tuple[Highlight, ...]:
    return tuple(_highlight(session_id, described) for described in takes)


def _highlight(session_id: str, described: DescribedTake) -> Highlight:
    take = described.take
    return Highlight(
        id=highlight_id(session_id, take),
        product_ids=take.product_ids,
        start=take.span.start,
        end=take.span.end,
        seek=take.seek,
        confidence=take.confidence,
        title=described.title,
        summary=described.summary,
        moments=described.moments,
        reasons=described.reasons,
        thumbnail=_thumbnail_name(session_id, described, described.thumbnail) if described.thumbnail else None,
        take=take.take_number,
        best_take=take.is_best,
        status="auto",
    )


def _thumbnail_name(session_id: str, described: DescribedTake, image: Path) -> str:
    return f"thumbnails/{highlight_id(session_id, described.take)}{image.suffix}"


def _apply_rewording(highlight: Highlight, rewordings: RewordedHighlights) -> Highlight:
    """The highlight with better words where there are some. Nothing else of it can change."""
    wording = rewordings.wording_by_highlight.get(highlight.id)
    return highlight if wording is None else replace(highlight, title=wording.title, summary=wording.summary)
