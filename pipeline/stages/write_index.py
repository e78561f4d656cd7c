"""What leaves the house: highlights.json and its companions. Times are rounded here and nowhere else."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.catalog import Catalog
from domain.clock import Seconds, Span, Timeline
from domain.highlight import DescribedTake, DescribedTakes, Highlight, HighlightsFile, Index
from domain.media import Replay, Sprites
from domain.rewording import Rewordings
from domain.session import Session
from domain.speech import Transcript
from pipeline.highlights_file import highlights_json
from pipeline.publishing import highlight_id, public_product, rounded
from pipeline.stage import Needs
from pipeline.webvtt import Cue, webvtt

REPLAY = "replay/master.m3u8"


@dataclass(frozen=True)
class WriteIndex:
    """Write highlights.json, chapters, metadata cues, seek thumbnails and the transcript for players and jobs.

    `digits`: decimals of a second that are kept.
    """

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()
    digits: int = 3

    def __call__(
        self,
        session: Session,
        timeline: Timeline,
        replay: Replay,
        catalog: Catalog,
        described: DescribedTakes,
        rewordings: Rewordings,
        transcript: Transcript,
        sprites: Sprites,
        scratch: Path,
    ) -> Index:
        highlights = tuple(
            _in_words(highlight, rewordings) for highlight in self._highlights(session, described.takes, scratch)
        )
        explained = {product_id for highlight in highlights for product_id in highlight.product_ids}
        file = HighlightsFile(
            schema_version="1.0",
            session_id=session.id,
            revision=0,
            duration=round(replay.duration, self.digits),
            language=transcript.language,
            replay=REPLAY,
            products=tuple(map(public_product, catalog)),
            highlights=highlights,
            suggestions=self._highlights(session, described.suggestions, scratch),
            unexplained=tuple(p.product_id for p in catalog if p.product_id not in explained),
        )
        (scratch / "highlights.json").write_bytes(highlights_json(file))
        _write(scratch / "chapters.vtt", _chapters(highlights, timeline.replay))
        _write(scratch / "highlights.vtt", _metadata(highlights))
        _write(scratch / "thumbnails.vtt", _thumbnails(sprites))
        _write(scratch / "transcript.vtt", (Cue(s.span, s.text) for s in transcript.sentences if s.span.duration > 0))
        return Index(scratch, len(file.highlights), len(file.suggestions))

    def _highlights(self, session: Session, takes: Sequence[DescribedTake], scratch: Path) -> tuple[Highlight, ...]:
        return tuple(self._highlight(session, described, scratch) for described in takes)

    def _highlight(self, session: Session, described: DescribedTake, scratch: Path) -> Highlight:
        take = described.take
        identity = highlight_id(session.id, take)
        return rounded(
            Highlight(
                id=identity,
                product_ids=take.product_ids,
                start=take.span.start,
                end=take.span.end,
                seek=take.seek,
                confidence=take.confidence,
                title=described.title,
                summary=described.summary,
                moments=described.moments,
                reasons=described.reasons,
                thumbnail=_thumbnail(described.thumbnail, identity, scratch),
                take=take.number,
                best_take=take.is_best,
                status="auto",
            ),
            self.digits,
        )


def _in_words(highlight: Highlight, rewordings: Rewordings) -> Highlight:
    """The highlight with better words where there are some. Nothing else of it can change."""
    words = rewordings.by_highlight.get(highlight.id)
    return highlight if words is None else replace(highlight, title=words.title, summary=words.summary)


def _thumbnail(picture: Path | None, identity: str, scratch: Path) -> str | None:
    if picture is None:
        return None
    (scratch / "thumbnails").mkdir(exist_ok=True)
    name = f"thumbnails/{identity}{picture.suffix}"
    shutil.copyfile(picture, scratch / name)
    return name


def _write(file: Path, cues: Iterable[Cue]) -> None:
    file.write_text(webvtt(cues), encoding="utf-8")


def _chapters(highlights: Sequence[Highlight], replay: Span) -> Iterable[Cue]:
    """Chapters must not overlap: each ends where the next begins at the latest; one left empty is no chapter."""
    by_time = sorted(highlights, key=lambda highlight: (highlight.start, highlight.end))
    limits: list[Seconds] = [*(following.start for following in by_time[1:]), replay.end]
    for highlight, limit in zip(by_time, limits, strict=False):  # a show without highlights has a limit all the same
        end = min(highlight.end, limit)
        if end > highlight.start:
            yield Cue(Span(highlight.start, end), highlight.title, highlight.id)


def _metadata(highlights: Iterable[Highlight]) -> Iterable[Cue]:
    from pydantic_core import to_json

    for highlight in highlights:
        fields = ("id", "product_ids", "seek", "title", "confidence", "thumbnail")
        payload = to_json({name: getattr(highlight, name) for name in fields}).decode()
        yield Cue(Span(highlight.start, highlight.end), payload, highlight.id, is_data=True)


def _thumbnails(sprites: Sprites) -> Iterable[Cue]:
    for tile in sprites.tiles:
        sheet = sprites.sheets[tile.sprite].name
        place = f"sprites/{sheet}#xywh={tile.x},{tile.y},{sprites.width},{sprites.height}"
        yield Cue(tile.span, place)
