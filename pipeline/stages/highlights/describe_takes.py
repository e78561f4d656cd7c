"""DescribeTakes: words for every take."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.clock import Seconds, Span, Timeline
from domain.evidence import DiscourseClassification, EventFeatures, EventLog, Mention, Mentions, event_replay_time
from domain.highlight import DescribedTake, DescribedTakes, Take, Takes
from domain.session import Session
from domain.speech import Sentence, Transcript
from domain.vision import Sightings
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
from models.description.summary import TakeSubject, build_show_context, summarize
from models.description.titles import BUNDLE_JOINER, TIE_JOINER, build_title
from models.segmentation.event_alignment import PUSH_KINDS
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class DescribeTakes:
    """Describe every take: a title, a summary, moments and reasons."""

    version: ClassVar[int] = 9
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(
        self,
        takes: Takes,
        transcript: Transcript,
        mentions: Mentions,
        discourse: DiscourseClassification,
        sightings: Sightings,
        catalog: Catalog,
        events: EventLog,
        event_features: EventFeatures,
        timeline: Timeline,
        session: Session,
    ) -> DescribedTakes:
        roles = role_classifier(discourse, transcript.language)
        show = build_show_context(transcript.sentences, transcript.language, roles)
        pushes = tuple(_timed_pushes(events, timeline, session, event_features.clock_offset))
        titles = {product.product_id: build_title((product,), catalog) for product in catalog}

        def describe_take(take: Take) -> DescribedTake:
            sentences = _sentences_in(take.span, transcript.sentences)
            subject = _subject(take, mentions.mentions, catalog)
            pushed, seen = supporting_pushes(pushes, take), supporting_sightings(sightings.sightings, take)
            conflicts = conflict_reasons(take, pushes, titles, show.language)
            return DescribedTake(
                take,
                title=build_title(subject.products, catalog, joiner=TIE_JOINER if take.is_tie else BUNDLE_JOINER),
                summary=summarize(sentences, subject, show),
                moments=find_moments(sentences, subject, show),
                reasons=build_reasons(subject, show.language, pushes=pushed, sightings=seen, conflicts=conflicts),
            )

        described, suggestions = (tuple(map(describe_take, group)) for group in (takes.takes, takes.suggestions))
        return DescribedTakes(described, suggestions, push_conflict_warnings(pushes, takes, titles))


def _timed_pushes(
    events: EventLog, timeline: Timeline, session: Session, clock_offset: Seconds
) -> Iterator[ProductPush]:
    """Pushes in replay time, the clock offset of the log removed."""
    for event in events.events:
        time = event_replay_time(event, timeline, session)
        if event.type in PUSH_KINDS and event.product_id and time is not None:
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
    return {index: sentence for index, sentence in enumerate(sentences) if span.contains(sentence.start)}
