"""What leaves the house: highlights.json and its companions. Times are rounded here and nowhere else."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.catalog import Catalog
from domain.highlight import DescribedTakes, Highlight, HighlightsFile, Index
from domain.recording import Replay, Sprites
from domain.review import Published, Reviewed
from domain.rewording import Rewordings
from domain.session import Script, Session
from domain.speech import Transcript
from models.text.punctuation import readable, unclear
from pipeline.engine.stage import Needs
from pipeline.outputs.highlights_file import filled, highlights_json
from pipeline.outputs.sidecars import write_cues, write_with_companions
from pipeline.outputs.webvtt import Cue
from pipeline.review.machine_highlights import found_in, thumbnails_of
from pipeline.review.public_view import public_product, rounded

REPLAY = "replay/master.m3u8"


@dataclass(frozen=True)
class WriteIndex:
    """Write highlights.json, chapters, metadata cues, seek thumbnails and the transcript for players and jobs.

    takes.json, in the same format, is what the machine found before people's edits: the review begins with it.
    `digits`: decimals of a second that are kept.
    """

    version: ClassVar[int] = 6
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc",)
    digits: int = 3

    def __call__(
        self,
        session: Session,
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
        listed = replace(empty, products=(*empty.products, *reviewed.products))
        file = filled(listed, self._rounded(reviewed.highlights), self._rounded(reviewed.suggestions))
        write_with_companions(file, scratch)
        takes = filled(empty, self._rounded(found.highlights), self._rounded(found.suggestions))
        (scratch / "takes.json").write_bytes(highlights_json(takes))
        write_cues(scratch / "thumbnails.vtt", _thumbnails(sprites))
        write_cues(scratch / "transcript.vtt", _spoken(transcript, session.script))
        for name, picture in thumbnails_of(session.id, described):
            (scratch / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(picture, scratch / name)
        return Index(scratch, len(file.highlights), len(file.suggestions))

    def _rounded(self, highlights: Iterable[Highlight]) -> tuple[Highlight, ...]:
        return tuple(rounded(highlight, self.digits) for highlight in highlights)


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
