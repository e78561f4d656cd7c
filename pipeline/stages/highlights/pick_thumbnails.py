"""PickThumbnails: one frame for every take."""

import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.evidence import DiscourseClassification
from domain.highlight import Take, Takes, TakeThumbnail, TakeThumbnails
from domain.speech import Transcript
from domain.vision import SampledFrame, SampledFrames, Sighting, Sightings
from models.description.reasons import supporting_sightings
from models.description.sentence_roles import RoleClassifier, role_classifier
from models.vision.frame_quality import is_dissolve, thumbnail_quality
from models.vision.images import Image
from pipeline.engine.stage import Needs

MIN_DEMO_PROBABILITY = 0.4  # probability from which a sentence is taken to be a demonstration


@dataclass(frozen=True)
class PickThumbnails:
    """Pick the best frame of every take, those that show the product preferred.

    `max_compared_frames` frames of the take's first `opening_share` are compared: hosts show the product there. A frame
    within `demo_window_s` after a demonstration begins is preferred by `demo_bonus`, in the units of
    `thumbnail_quality`.
    """

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencv-python-headless",)
    max_compared_frames: int = 7
    opening_share: float = 0.5
    demo_window_s: Seconds = 16.0
    demo_bonus: float = 0.6

    def __post_init__(self) -> None:
        if self.max_compared_frames < 1:
            raise InvalidValue(f"max_compared_frames counts from 1, not {self.max_compared_frames}")

    def __call__(
        self,
        takes: Takes,
        transcript: Transcript,
        discourse: DiscourseClassification,
        sightings: Sightings,
        frames: SampledFrames,
        scratch: Path,
    ) -> TakeThumbnails:
        spoken_demos = tuple(self._spoken_demos(transcript, role_classifier(discourse, transcript.language)))
        thumbnails = []
        for take in (*takes.takes, *takes.suggestions):
            frame = self._best_frame(take.span, frames.frames, _demo_spans(take, spoken_demos, sightings.sightings))
            if frame is not None:
                name = f"{take.span.start:09.3f}-{take.span.end:09.3f}.jpg"
                thumbnails.append(TakeThumbnail(take, Path(shutil.copyfile(frame.file, scratch / name))))
        return TakeThumbnails(tuple(thumbnails))

    def _spoken_demos(self, transcript: Transcript, classify: RoleClassifier) -> Iterator[Span]:
        """When hosts demonstrate a product, as their words say."""
        for index, sentence in enumerate(transcript.sentences):
            if sentence.is_reliable and classify(index, sentence).get("demo", 0.0) >= MIN_DEMO_PROBABILITY:
                yield Span(sentence.start, sentence.start + self.demo_window_s)

    def _best_frame(
        self, span: Span, frames: Sequence[SampledFrame], demo_spans: Sequence[Span]
    ) -> SampledFrame | None:
        """None where no frame of `span` is fit to show."""
        inside = [index for index, frame in enumerate(frames) if span.contains(frame.time)]
        opening_end = span.start + self.opening_share * span.duration
        opening_frames = [index for index in inside if frames[index].time < opening_end] or inside
        demo_frames = [index for index in inside if _is_in_any(demo_spans, frames[index].time)]
        candidates = sorted(
            {*_subsample(opening_frames, self.max_compared_frames), *_subsample(demo_frames, self.max_compared_frames)}
        )
        scores = [(self._frame_score(frames[index], demo_spans), index) for index in candidates]
        for _, index in sorted(((score, index) for score, index in scores if score is not None), reverse=True):
            if not _is_crossfade(frames, index):
                return frames[index]
        return None

    def _frame_score(self, frame: SampledFrame, demo_spans: Sequence[Span]) -> float | None:
        quality = thumbnail_quality(_read_frame(frame))
        if quality is None:
            return None
        return quality + (self.demo_bonus if _is_in_any(demo_spans, frame.time) else 0.0)


def _demo_spans(take: Take, spoken_demos: Sequence[Span], sightings: Sequence[Sighting]) -> Sequence[Span]:
    """When the take's product is shown: demonstrations that begin in the take, and sightings of the product itself."""
    begun = (span for span in spoken_demos if take.span.contains(span.start))
    return (*begun, *(each.span for each in supporting_sightings(sightings, take) if each.kind == "photo"))


def _is_in_any(spans: Sequence[Span], time: Seconds) -> bool:
    return any(span.contains(time) for span in spans)


def _subsample(indices: Sequence[int], max_count: int) -> Sequence[int]:
    return indices[:: max(1, math.ceil(len(indices) / max_count))]


def _is_crossfade(frames: Sequence[SampledFrame], index: int) -> bool:
    if not 0 < index < len(frames) - 1:
        return False
    before, current, after = (_read_frame(frames[i]) for i in (index - 1, index, index + 1))
    return is_dissolve(before, current, after)


def _read_frame(frame: SampledFrame) -> Image:
    from media.images import read_jpeg

    return read_jpeg(frame.file)
