"""Words and a picture for every take."""

import math
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from domain.catalog import Catalog
from domain.clock import Span
from domain.errors import InvalidValue
from domain.evidence import Mention, Mentions
from domain.highlight import DescribedTake, DescribedTakes, Take, Takes
from domain.media import Frame, Frames
from domain.speech import Sentence, Transcript
from models.picture_quality import fitness
from models.wording import moments_of, reasons_of, summary_of, title_of
from pipeline.stage import Needs


@dataclass(frozen=True)
class Describe:
    """Give every take a title, a summary, moments, reasons and its best frame.

    `frames_looked_at` frames of the take's first `opening_share` are compared: hosts show the product there.
    """

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencv-python-headless",)
    frames_looked_at: int = 7
    opening_share: float = 0.5

    def __post_init__(self) -> None:
        if self.frames_looked_at < 1:
            raise InvalidValue(f"frames_looked_at counts from 1, not {self.frames_looked_at}")

    def __call__(
        self,
        takes: Takes,
        transcript: Transcript,
        mentions: Mentions,
        catalog: Catalog,
        frames: Frames,
        scratch: Path,
    ) -> DescribedTakes:
        def described(take: Take) -> DescribedTake:
            said = _said_in(take.span, transcript.sentences)
            own = _mentions_of(take, mentions.mentions)
            return DescribedTake(
                take=take,
                title=title_of(catalog.by_id[take.product_ids[0]]),
                summary=summary_of(said, own, transcript.language),
                moments=moments_of(said.values(), transcript.language),
                reasons=reasons_of(own, transcript.language),
                thumbnail=self._thumbnail(take.span, frames.frames, scratch),
            )

        return DescribedTakes(tuple(map(described, takes.takes)), tuple(map(described, takes.suggestions)))

    def _thumbnail(self, span: Span, frames: Sequence[Frame], scratch: Path) -> Path | None:
        """A copy of the best frame in `scratch`; None where no frame is fit to show."""
        from pipeline.frames import read_jpeg

        shown = [frame for frame in frames if span.holds(frame.time)]
        early = [frame for frame in shown if frame.time < span.start + self.opening_share * span.duration] or shown
        step = max(1, math.ceil(len(early) / self.frames_looked_at))
        rated = [(fitness(read_jpeg(frame.file)), frame) for frame in early[::step]]
        fit = [(value, frame) for value, frame in rated if value is not None]
        if not fit:
            return None
        best = max(fit, key=lambda rating: rating[0])[1]
        return Path(shutil.copyfile(best.file, scratch / f"{span.start:09.3f}-{span.end:09.3f}.jpg"))


def _said_in(span: Span, sentences: Sequence[Sentence]) -> Mapping[int, Sentence]:
    return {number: sentence for number, sentence in enumerate(sentences) if span.holds(sentence.start)}


def _mentions_of(take: Take, mentions: Sequence[Mention]) -> list[Mention]:
    own = set(take.product_ids)
    return [m for m in mentions if take.span.holds(m.span.start) and not own.isdisjoint(m.product_ids)]
