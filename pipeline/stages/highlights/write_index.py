"""What leaves the house: highlights.json and its companions. Times are rounded here and nowhere else."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.catalog import Catalog
from domain.highlight import DescribedTakes, Highlight, HighlightIndex, HighlightsFile, RewordedHighlights
from domain.replay import Replay, SpriteSheets
from domain.review import PublishedHighlights, ReviewedHighlights
from domain.session import Session, WritingSystem
from domain.speech import Transcript
from models.text.punctuation import punctuate, unclear_text
from pipeline.engine.stage import Needs
from pipeline.outputs.highlights_file import highlights_json, with_entries
from pipeline.outputs.sidecars import write_cues, write_with_sidecars
from pipeline.outputs.transcript_file import write_transcript
from pipeline.outputs.webvtt import WebVttCue
from pipeline.review.machine_highlights import build_machine_highlights, thumbnail_files
from pipeline.review.public_view import public_product, round_highlight

REPLAY_PLAYLIST = "replay/master.m3u8"


@dataclass(frozen=True)
class WriteIndex:
    """Write highlights.json, chapters, metadata cues, seek thumbnails and the transcript for players and jobs.

    takes.json, in the same format, is what the machine found before people's edits: the review begins with it.
    `digits`: decimals of a second that are kept.
    """

    version: ClassVar[int] = 7
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc",)
    digits: int = 3

    def __call__(
        self,
        session: Session,
        replay: Replay,
        catalog: Catalog,
        described: DescribedTakes,
        rewordings: RewordedHighlights,
        reviewed: ReviewedHighlights,
        published: PublishedHighlights,
        transcript: Transcript,
        sprites: SpriteSheets,
        scratch: Path,
    ) -> HighlightIndex:
        empty = HighlightsFile(
            schema_version="1.0",
            session_id=session.id,
            revision=published.revision,
            duration=round(replay.duration, self.digits),
            language=transcript.language,
            replay=REPLAY_PLAYLIST,
            products=tuple(map(public_product, catalog)),
            highlights=(),
            suggestions=(),
            unexplained=(),
        )
        machine_highlights = build_machine_highlights(session.id, described, rewordings)
        named = replace(empty, products=(*empty.products, *reviewed.products))
        file = with_entries(named, self._rounded(reviewed.highlights), self._rounded(reviewed.suggestions))
        write_with_sidecars(file, scratch)
        takes = with_entries(
            empty, self._rounded(machine_highlights.highlights), self._rounded(machine_highlights.suggestions)
        )
        (scratch / "takes.json").write_bytes(highlights_json(takes))
        write_cues(scratch / "thumbnails.vtt", _thumbnail_cues(sprites))
        write_transcript(_transcript_cues(transcript, session.writing_system), scratch)
        for name, thumbnail in thumbnail_files(session.id, described):
            (scratch / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(thumbnail, scratch / name)
        return HighlightIndex(scratch, len(file.highlights), len(file.suggestions))

    def _rounded(self, highlights: Iterable[Highlight]) -> tuple[Highlight, ...]:
        return tuple(round_highlight(highlight, self.digits) for highlight in highlights)


def _transcript_cues(transcript: Transcript, script: WritingSystem) -> list[WebVttCue]:
    """What was said, for people; what was heard badly or not at all is told."""
    language = transcript.language
    texts = punctuate(transcript.sentences, language, script)
    cues = [
        WebVttCue(sentence.span, text if sentence.is_reliable else unclear_text(language, script, text))
        for sentence, text in zip(transcript.sentences, texts, strict=True)
    ]
    cues += [WebVttCue(span, unclear_text(language, script)) for span in transcript.unheard]
    return sorted((cue for cue in cues if cue.span.duration > 0), key=lambda cue: cue.span.start)


def _thumbnail_cues(sprites: SpriteSheets) -> Iterable[WebVttCue]:
    for tile in sprites.tiles:
        sheet = sprites.sheets[tile.sheet_index].name
        address = f"sprites/{sheet}#xywh={tile.x},{tile.y},{sprites.width},{sprites.height}"
        yield WebVttCue(tile.span, address)
