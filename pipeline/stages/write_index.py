"""What leaves the house: highlights.json and its companions. Times are rounded here and nowhere else."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.catalog import Catalog
from domain.clock import Seconds, Span, Timeline
from domain.highlight import DescribedTakes, Highlight, HighlightsFile, Index
from domain.media import Replay, Sprites
from domain.review import Published, Reviewed
from domain.rewording import Rewordings
from domain.session import Script, Session
from domain.speech import Transcript
from models.readable import readable, unclear
from pipeline.highlights_file import highlights_json
from pipeline.publishing import public_product, rounded
from pipeline.review.found import found_in, thumbnails_of
from pipeline.stage import Needs
from pipeline.webvtt import Cue, webvtt

REPLAY = "replay/master.m3u8"


@dataclass(frozen=True)
class WriteIndex:
    """Write highlights.json, chapters, metadata cues, seek thumbnails and the transcript for players and jobs.

    takes.json, in the same format, is what the machine found before people's edits: the review begins with it.
    `digits`: decimals of a second that are kept.
    """

    version: ClassVar[int] = 5
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc",)
    digits: int = 3

    def __call__(
        self,
        session: Session,
        timeline: Timeline,
        replay: Replay,
        catalog: Catalog,
        described: DescribedTakes,
        rewordings: Rewordings,
        reviewed: Reviewed,
        published: Published,
        transcript: Transcript,
        sprites: Sprites,
        scratch: Path,
    ) -> Index:
        empty = HighlightsFile(
            schema_version="1.0",
            session_id=session.id,
            revision=published.revision,
            duration=round(replay.duration, self.digits),
            language=transcript.language,
            replay=REPLAY,
            products=tuple(map(public_product, catalog)),
            highlights=(),
            suggestions=(),
            unexplained=(),
        )
        found = found_in(session.id, described, rewordings)
        file = self._filled(empty, reviewed.highlights, reviewed.suggestions)
        (scratch / "highlights.json").write_bytes(highlights_json(file))
        takes = self._filled(empty, found.highlights, found.suggestions)
        (scratch / "takes.json").write_bytes(highlights_json(takes))
        _write(scratch / "chapters.vtt", _chapters(file.highlights, timeline.replay))
        _write(scratch / "highlights.vtt", _metadata(file.highlights))
        _write(scratch / "thumbnails.vtt", _thumbnails(sprites))
        _write(scratch / "transcript.vtt", _spoken(transcript, session.script))
        for name, picture in thumbnails_of(session.id, described):
            (scratch / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(picture, scratch / name)
        return Index(scratch, len(file.highlights), len(file.suggestions))

    def _filled(
        self, empty: HighlightsFile, highlights: Sequence[Highlight], suggestions: Sequence[Highlight]
    ) -> HighlightsFile:
        explained = {product_id for highlight in highlights for product_id in highlight.product_ids}
        return replace(
            empty,
            highlights=tuple(rounded(highlight, self.digits) for highlight in highlights),
            suggestions=tuple(rounded(highlight, self.digits) for highlight in suggestions),
            unexplained=tuple(p.product_id for p in empty.products if p.product_id not in explained),
        )


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


def _spoken(transcript: Transcript, script: Script) -> list[Cue]:
    """What was said, for people; what was heard badly or not at all is told."""
    language = transcript.language
    texts = readable(transcript.sentences, language, script)
    cues = [
        Cue(sentence.span, text if sentence.is_reliable else unclear(language, script, text))
        for sentence, text in zip(transcript.sentences, texts, strict=True)
    ]
    cues += [Cue(span, unclear(language, script)) for span in transcript.unheard]
    return sorted((cue for cue in cues if cue.span.duration > 0), key=lambda cue: cue.span.start)


def _thumbnails(sprites: Sprites) -> Iterable[Cue]:
    for tile in sprites.tiles:
        sheet = sprites.sheets[tile.sprite].name
        place = f"sprites/{sheet}#xywh={tile.x},{tile.y},{sprites.width},{sprites.height}"
        yield Cue(tile.span, place)
