"""WriteIndex: highlights.json and its sidecars. Times are rounded here and nowhere else."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.catalog import Catalog
from domain.highlight import HighlightIndex, HighlightsFile, TakeJudgement, Takes, TakeThumbnails
from domain.replay import Replay, SpriteSheets
from domain.review import MachineHighlights, PublishedHighlights, ReviewedHighlights
from domain.session import Session, WritingSystem
from domain.speech import Transcript
from models.text.punctuation import punctuate, unclear_text
from pipeline.engine.stage import Needs
from pipeline.outputs.highlights_file import build_takes_file, takes_json, with_entries
from pipeline.outputs.layout import TAKES_FILE
from pipeline.outputs.sidecars import write_cues, write_with_sidecars
from pipeline.outputs.transcript_file import write_transcript
from pipeline.outputs.webvtt import WebVttCue
from pipeline.review.machine_highlights import thumbnail_name
from pipeline.review.public_view import highlight_id, public_product, round_highlight, rounded_judgement

REPLAY_PLAYLIST = "replay/master.m3u8"


@dataclass(frozen=True)
class WriteIndex:
    """Write highlights.json, takes.json, chapters, metadata cues, seek thumbnails and the transcript.

    takes.json holds the machine's highlights before people's edits, in the format of highlights.json, and why: the
    review begins with it. `digits`: decimals of a second, a chance or a nat that are kept.
    """

    version: ClassVar[int] = 8
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc",)
    digits: int = 3

    def __call__(
        self,
        session: Session,
        replay: Replay,
        catalog: Catalog,
        takes: Takes,
        machine_highlights: MachineHighlights,
        thumbnails: TakeThumbnails,
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
        named = replace(empty, products=(*empty.products, *reviewed.products))
        file = self._with_rounded(named, reviewed)
        write_with_sidecars(file, scratch)
        found = self._with_rounded(empty, machine_highlights)
        (scratch / TAKES_FILE).write_bytes(
            takes_json(build_takes_file(found, self._judgements(session, takes), takes.thresholds))
        )
        write_cues(scratch / "thumbnails.vtt", _thumbnail_cues(sprites))
        write_transcript(_transcript_cues(transcript, session.writing_system), scratch)
        for thumbnail in thumbnails.thumbnails:
            name = thumbnail_name(session.id, thumbnail)
            (scratch / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(thumbnail.file, scratch / name)
        return HighlightIndex(scratch, len(file.highlights), len(file.suggestions))

    def _judgements(self, session: Session, takes: Takes) -> Mapping[str, TakeJudgement]:
        return {
            highlight_id(session.id, take): rounded_judgement(take, self.digits)
            for take in (*takes.takes, *takes.suggestions)
        }

    def _with_rounded(self, file: HighlightsFile, entries: MachineHighlights | ReviewedHighlights) -> HighlightsFile:
        highlights, suggestions = (
            tuple(round_highlight(highlight, self.digits) for highlight in group)
            for group in (entries.highlights, entries.suggestions)
        )
        return with_entries(file, highlights, suggestions)


def _transcript_cues(transcript: Transcript, writing_system: WritingSystem) -> list[WebVttCue]:
    """The transcript for people; speech that was recognised badly or not at all is marked."""
    language = transcript.language
    texts = punctuate(transcript.sentences, language, writing_system)
    cues = [
        WebVttCue(sentence.span, text if sentence.is_reliable else unclear_text(language, writing_system, text))
        for sentence, text in zip(transcript.sentences, texts, strict=True)
    ]
    cues += [WebVttCue(span, unclear_text(language, writing_system)) for span in transcript.unheard]
    return sorted((cue for cue in cues if cue.span.duration > 0), key=lambda cue: cue.span.start)


def _thumbnail_cues(sprites: SpriteSheets) -> Iterable[WebVttCue]:
    for tile in sprites.tiles:
        sheet = sprites.sheets[tile.sheet_index].name
        address = f"sprites/{sheet}#xywh={tile.x},{tile.y},{sprites.width},{sprites.height}"
        yield WebVttCue(tile.span, address)
