"""Words and a picture for every take."""

import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.catalog import Catalog
from domain.clock import Seconds, Span, Timeline
from domain.errors import InvalidValue
from domain.event_times import replay_time
from domain.evidence import Discourse, EventLog, Mention, Mentions, RoomEvidence
from domain.highlight import DescribedTake, DescribedTakes, Take, Takes
from domain.recording import Frame, Frames
from domain.rescoring import SecondLook
from domain.session import Session
from domain.speech import Sentence, Transcript
from domain.vision import Sightings
from models.description.moments import moments_of
from models.description.push_conflicts import push_warnings
from models.description.reasons import Push, doubts_of, own_pushes, own_sightings, reasons_of
from models.description.sentence_roles import roles_by_talk
from models.description.summary import Show, Subject, show_of, summary_of
from models.description.titles import EITHER, TOGETHER, title_of
from models.vision.frame_quality import Picture, fitness, is_blend
from pipeline.engine.stage import Needs

PUSHES = ("product_push", "explain_start")
SURELY = 0.4  # chance from which a sentence is taken to be a demonstration


@dataclass(frozen=True)
class Describe:
    """Give every take a title, a summary, moments, reasons and its best frame.

    `frames_looked_at` frames of the take's first `opening_share` are compared: hosts show the product there. A frame
    within `shown_for_s` after a demonstration begins is preferred by `shown_bonus`, in the units of `fitness`.
    """

    version: ClassVar[int] = 7
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencv-python-headless",)
    frames_looked_at: int = 7
    opening_share: float = 0.5
    shown_for_s: Seconds = 16.0
    shown_bonus: float = 0.6

    def __post_init__(self) -> None:
        if self.frames_looked_at < 1:
            raise InvalidValue(f"frames_looked_at counts from 1, not {self.frames_looked_at}")

    def __call__(
        self,
        takes: Takes,
        transcript: Transcript,
        mentions: Mentions,
        second_look: SecondLook,
        discourse: Discourse,
        sightings: Sightings,
        catalog: Catalog,
        events: EventLog,
        room: RoomEvidence,
        timeline: Timeline,
        session: Session,
        frames: Frames,
        scratch: Path,
    ) -> DescribedTakes:
        show = show_of(transcript.sentences, transcript.language, roles_by_talk(discourse, transcript.language))
        pushes = tuple(replace(push, time=push.time - room.offset) for push in _pushes(events, timeline, session))
        found = sorted((*mentions.mentions, *second_look.mentions), key=lambda mention: mention.span)
        titles = {product.product_id: title_of((product,), catalog) for product in catalog}

        def described(take: Take) -> DescribedTake:
            said = _said_in(take.span, transcript.sentences)
            subject = _subject(take, found, catalog)
            seen, own = own_sightings(sightings.sightings, take), own_pushes(pushes, take)
            doubts = doubts_of(take, pushes, titles, show.language)
            shown = (*self._shown(said, show), *(sighting.span for sighting in seen if sighting.kind == "photo"))
            return DescribedTake(
                take=take,
                title=title_of(subject.products, catalog, joint=EITHER if take.is_tie else TOGETHER),
                summary=summary_of(said, subject, show),
                moments=moments_of(said, subject, show),
                reasons=reasons_of(subject, show.language, pushes=own, sightings=seen, doubts=doubts),
                thumbnail=self._thumbnail(take.span, frames.frames, shown, scratch),
            )

        warnings = push_warnings(pushes, takes, titles)
        return DescribedTakes(tuple(map(described, takes.takes)), tuple(map(described, takes.suggestions)), warnings)

    def _shown(self, said: Mapping[int, Sentence], show: Show) -> Iterator[Span]:
        """When the product is shown, as the host's words say."""
        for number, sentence in said.items():
            if sentence.is_reliable and show.role_of(number, sentence).get("demo", 0.0) >= SURELY:
                yield Span(sentence.start, sentence.start + self.shown_for_s)

    def _thumbnail(self, span: Span, frames: Sequence[Frame], shown: Sequence[Span], scratch: Path) -> Path | None:
        """A copy of the best frame in `scratch`, those in `shown` preferred; None where no frame is fit to show."""
        places = [place for place, frame in enumerate(frames) if span.holds(frame.time)]
        opening = span.start + self.opening_share * span.duration
        early = [place for place in places if frames[place].time < opening] or places
        showing = [place for place in places if _is_in(shown, frames[place].time)]
        looked_at = sorted({*_spread(early, self.frames_looked_at), *_spread(showing, self.frames_looked_at)})
        rated = [(self._worth(frames[place], shown), place) for place in looked_at]
        for _, place in sorted(((worth, place) for worth, place in rated if worth is not None), reverse=True):
            if not _is_between_scenes(frames, place):
                name = f"{span.start:09.3f}-{span.end:09.3f}.jpg"
                return Path(shutil.copyfile(frames[place].file, scratch / name))
        return None

    def _worth(self, frame: Frame, shown: Sequence[Span]) -> float | None:
        value = fitness(_picture(frame))
        return None if value is None else value + (self.shown_bonus if _is_in(shown, frame.time) else 0.0)


def _is_in(spans: Sequence[Span], time: Seconds) -> bool:
    return any(span.holds(time) for span in spans)


def _spread(places: Sequence[int], most: int) -> Sequence[int]:
    return places[:: max(1, math.ceil(len(places) / most))]


def _is_between_scenes(frames: Sequence[Frame], place: int) -> bool:
    if not 0 < place < len(frames) - 1:
        return False
    before, picture, after = (_picture(frames[i]) for i in (place - 1, place, place + 1))
    return is_blend(before, picture, after)


def _picture(frame: Frame) -> Picture:
    from media.keyframes import read_jpeg

    return read_jpeg(frame.file)


def _pushes(events: EventLog, timeline: Timeline, session: Session) -> Iterator[Push]:
    for event in events.events:
        time = replay_time(event, timeline, session)
        if event.type in PUSHES and event.product_id and time is not None:
            yield Push(event.product_id, time)


def _subject(take: Take, mentions: Sequence[Mention], catalog: Catalog) -> Subject:
    own = set(take.product_ids)
    inside = [mention for mention in mentions if take.span.holds(mention.span.start)]
    return Subject(
        products=tuple(catalog.by_id[product_id] for product_id in take.product_ids),
        mentions=tuple(mention for mention in inside if not own.isdisjoint(mention.product_ids)),
        others=tuple(mention for mention in inside if own.isdisjoint(mention.product_ids)),
    )


def _said_in(span: Span, sentences: Sequence[Sentence]) -> Mapping[int, Sentence]:
    return {number: sentence for number, sentence in enumerate(sentences) if span.holds(sentence.start)}
