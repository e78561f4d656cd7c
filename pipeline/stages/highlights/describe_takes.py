"""Words and a picture for every take."""

import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from domain.catalog import Catalog
from domain.clock import Seconds, Span, Timeline
from domain.errors import InvalidValue
from domain.evidence import DiscourseClassification, EventFeatures, EventLog, Mention, Mentions, event_replay_time
from domain.highlight import DescribedTake, DescribedTakes, Take, Takes
from domain.rescoring import RescoringResult
from domain.session import Session
from domain.speech import Sentence, Transcript
from domain.vision import SampledFrame, SampledFrames, Sightings
from models.description.moments import find_moments
from models.description.push_conflicts import push_conflict_warnings
from models.description.reasons import (
    ProductPush,
    build_reasons,
    conflict_reasons,
    supporting_pushes,
    supporting_sightings,
)
from models.description.sentence_roles import role_classifier
from models.description.summary import ShowContext, TakeSubject, build_show_context, summarize
from models.description.titles import BUNDLE_JOINER, TIE_JOINER, build_title
from models.vision.frame_quality import Image, is_dissolve, thumbnail_quality
from pipeline.engine.stage import Needs

PUSH_TYPES = ("product_push", "explain_start")
MIN_DEMO_PROBABILITY = 0.4  # chance from which a sentence is taken to be a demonstration


@dataclass(frozen=True)
class DescribeTakes:
    """Give every take a title, a summary, moments, reasons and its best frame.

    `max_compared_frames` frames of the take's first `opening_share` are compared: hosts show the product there. A frame
    within `demo_window_s` after a demonstration begins is preferred by `demo_bonus`, in the units of `fitness`.
    """

    version: ClassVar[int] = 7
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
        mentions: Mentions,
        rescoring: RescoringResult,
        discourse: DiscourseClassification,
        sightings: Sightings,
        catalog: Catalog,
        events: EventLog,
        event_evidence: EventFeatures,
        timeline: Timeline,
        session: Session,
        frames: SampledFrames,
        scratch: Path,
    ) -> DescribedTakes:
        roles = role_classifier(discourse, transcript.language)
        show = build_show_context(transcript.sentences, transcript.language, roles)
        pushes = tuple(_timed_pushes(events, timeline, session, event_evidence.clock_offset))
        all_mentions = sorted((*mentions.mentions, *rescoring.mentions), key=lambda mention: mention.span)
        titles = {product.product_id: build_title((product,), catalog) for product in catalog}

        def describe_take(take: Take) -> DescribedTake:
            sentences, subject = _sentences_in(take.span, transcript.sentences), _subject(take, all_mentions, catalog)
            seen, pushed = supporting_sightings(sightings.sightings, take), supporting_pushes(pushes, take)
            conflicts = conflict_reasons(take, pushes, titles, show.language)
            demo_spans = (*self._demo_spans(sentences, show), *(s.span for s in seen if s.kind == "photo"))
            return DescribedTake(
                take,
                title=build_title(subject.products, catalog, joiner=TIE_JOINER if take.is_tie else BUNDLE_JOINER),
                summary=summarize(sentences, subject, show),
                moments=find_moments(sentences, subject, show),
                reasons=build_reasons(subject, show.language, pushes=pushed, sightings=seen, conflicts=conflicts),
                thumbnail=self._thumbnail(take.span, frames.frames, demo_spans, scratch),
            )

        described = [tuple(map(describe_take, group)) for group in (takes.takes, takes.suggestions)]
        return DescribedTakes(*described, push_conflict_warnings(pushes, takes, titles))

    def _demo_spans(self, sentences: Mapping[int, Sentence], show: ShowContext) -> Iterator[Span]:
        """When the product is shown, as the host's words say."""
        for number, sentence in sentences.items():
            if sentence.is_reliable and show.classify_role(number, sentence).get("demo", 0.0) >= MIN_DEMO_PROBABILITY:
                yield Span(sentence.start, sentence.start + self.demo_window_s)

    def _thumbnail(
        self, span: Span, frames: Sequence[SampledFrame], demo_spans: Sequence[Span], scratch: Path
    ) -> Path | None:
        """A copy of the best frame in `scratch`, those in `demo_spans` preferred; None where no frame is fit to
        show.
        """
        inside = [index for index, frame in enumerate(frames) if span.contains(frame.time)]
        opening_end = span.start + self.opening_share * span.duration
        opening_frames = [place for place in inside if frames[place].time < opening_end] or inside
        demo_frames = [place for place in inside if _is_in_any(demo_spans, frames[place].time)]
        candidates = sorted(
            {*_subsample(opening_frames, self.max_compared_frames), *_subsample(demo_frames, self.max_compared_frames)}
        )
        scored = [(self._frame_score(frames[place], demo_spans), place) for place in candidates]
        for _, place in sorted(((worth, place) for worth, place in scored if worth is not None), reverse=True):
            if not _is_crossfade(frames, place):
                name = f"{span.start:09.3f}-{span.end:09.3f}.jpg"
                return Path(shutil.copyfile(frames[place].file, scratch / name))
        return None

    def _frame_score(self, frame: SampledFrame, demo_spans: Sequence[Span]) -> float | None:
        value = thumbnail_quality(_read_frame(frame))
        return None if value is None else value + (self.demo_bonus if _is_in_any(demo_spans, frame.time) else 0.0)


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


def _timed_pushes(
    events: EventLog, timeline: Timeline, session: Session, clock_offset: Seconds
) -> Iterator[ProductPush]:
    """Pushes in replay time, the clock offset of the log removed."""
    for event in events.events:
        time = event_replay_time(event, timeline, session)
        if event.type in PUSH_TYPES and event.product_id and time is not None:
            yield ProductPush(event.product_id, time - clock_offset)


def _subject(take: Take, mentions: Sequence[Mention], catalog: Catalog) -> TakeSubject:
    own_ids = set(take.product_ids)
    mentions_inside = [mention for mention in mentions if take.span.contains(mention.span.start)]
    return TakeSubject(
        products=tuple(catalog.by_id[product_id] for product_id in take.product_ids),
        mentions=tuple(mention for mention in mentions_inside if not own_ids.isdisjoint(mention.product_ids)),
        other_mentions=tuple(mention for mention in mentions_inside if own_ids.isdisjoint(mention.product_ids)),
    )


def _sentences_in(span: Span, sentences: Sequence[Sentence]) -> Mapping[int, Sentence]:
    return {number: sentence for number, sentence in enumerate(sentences) if span.contains(sentence.start)}
