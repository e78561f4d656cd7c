"""What the machine found, as entries of highlights.json: named, in its own or a language model's words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from domain.highlight import DescribedTake, DescribedTakes, Highlight
from domain.review import Found
from domain.rewording import Rewordings
from pipeline.review.public_view import highlight_id


def found_in(session_id: str, described: DescribedTakes, rewordings: Rewordings) -> Found:
    """Every take as a highlight. Times are not rounded; thumbnails are named as `thumbnails_of` says."""
    highlights = _highlights(session_id, described.takes)
    worded = tuple(_in_words(highlight, rewordings) for highlight in highlights)
    return Found(worded, _highlights(session_id, described.suggestions))


def thumbnails_of(session_id: str, described: DescribedTakes) -> Iterator[tuple[str, Path]]:
    """The name of each take's picture, relative to highlights.json, and where it lies now."""
    for one in (*described.takes, *described.suggestions):
        if one.thumbnail is not None:
            yield _thumbnail_name(session_id, one, one.thumbnail), one.thumbnail


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
        take=take.number,
        best_take=take.is_best,
        status="auto",
    )


def _thumbnail_name(session_id: str, described: DescribedTake, picture: Path) -> str:
    return f"thumbnails/{highlight_id(session_id, described.take)}{picture.suffix}"


def _in_words(highlight: Highlight, rewordings: Rewordings) -> Highlight:
    """The highlight with better words where there are some. Nothing else of it can change."""
    words = rewordings.by_highlight.get(highlight.id)
    return highlight if words is None else replace(highlight, title=words.title, summary=words.summary)
