"""Evidence that a stretch is about a product: the event log, mentions in speech, and features and scores of both."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds, Span, Timeline
from domain.session import Session

FloatArray: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HostEvent:
    """One line of the event log. Either `recording_time`, on the recording clock, or `at`, wall clock, is given."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    type: str
    recording_time: float | None = None
    at: datetime | None = None
    product_id: str = ""
    text: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class EventLog:
    """The events that the live room's back end logged, by time; empty where there is no log."""

    events: tuple[HostEvent, ...] = ()


MentionKind = Literal["name", "alias", "brand", "title", "link", "price", "attribute"]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that refer to products: `text` as it was recognised at `span`.

    `weight` is the evidence in nats (the logarithm of how much likelier the words are when the product is explained),
    shared by all of `product_ids`: more than one means that the words don't distinguish these products.
    """

    kind: MentionKind
    product_ids: tuple[str, ...]
    span: Span
    sentence_index: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class LinkedMentions:
    """The first-pass mentions of a show, by time: those in the transcript as it is."""

    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Mentions:
    """Every mention in a show, by time: the first-pass ones, and those that rescoring accepted."""

    mentions: tuple[Mention, ...]


@dataclass(frozen=True, eq=False)
class UtteranceUnits:
    """The grid of a show's evidence: a few sentences said in one breath, or a stretch of silence, each.

    `starts`, `ends`, `speech_ends`: (units,), seconds; a unit lasts until the next begins, its words may end before.
    `texts`: the words, "" in silence. `is_reliable`: (units,), 1 where speech was recognised reliably, else 0.
    `unit_of_sentence`: the unit of every sentence, by the sentence's index.
    """

    starts: FloatArray
    ends: FloatArray
    speech_ends: FloatArray
    texts: tuple[str, ...]
    is_reliable: FloatArray
    unit_of_sentence: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def boundaries(self) -> FloatArray:
        """(units + 1,): where explanations may begin and end."""
        return np.concatenate([self.starts, self.ends[-1:]])

    @property
    def pauses(self) -> FloatArray:
        """(units,): seconds between the last words and the unit."""
        return np.asarray(np.maximum(0.0, self.starts - np.concatenate([self.starts[:1], self.speech_ends[:-1]])))

    def overlaps(self, span: Span) -> NDArray[np.bool_]:
        """(units,): which overlap `span`."""
        return (self.ends > span.start) & (self.starts < span.end)


DiscourseRole = Literal[
    "intro", "feature", "demo", "price", "link", "qa", "recap", "preview", "compare", "chat", "giveaway",
    "transition", "logistics",
]  # fmt: skip
DISCOURSE_ROLES: tuple[DiscourseRole, ...] = get_args(DiscourseRole)
"""The roles that scripts are labelled with, in the order of the columns of
`DiscourseClassification.role_probabilities`."""


@dataclass(frozen=True, eq=False)
class DiscourseClassification:
    """What hosts do in each unit of a show. `unit_starts`: (units,), seconds, where units begin.

    `role_probabilities`: (units, DISCOURSE_ROLES), each row adds up to 1. `opening_log_odds`, `closing_log_odds`:
    (units,), log-odds that an explanation begins with the unit, or ends with it, whatever the product.
    """

    role_probabilities: FloatArray
    opening_log_odds: FloatArray
    closing_log_odds: FloatArray
    unit_starts: FloatArray


@dataclass(frozen=True, eq=False)
class UnitFeatures:
    """Features of speech and frames on one grid of units; products in catalogue order.

    Of a large catalogue it has only the products with most evidence. `unit_starts`, `unit_ends`: (units,), seconds.
    `identity`: (units, products, features), which product; `explanation`: (units, features), whether any is explained;
    `opening`: (units, features), whether an explanation begins there; `product_opening`: (units, products,
    features), whether one of this product does; `closing`: (units, features), whether one ends there;
    `product_closing`: (units, products, features), whether one of this product does. models/evidence/unit_features.py
    lists the features. Where nothing was recognised or seen they are 0: no evidence.
    """

    product_ids: tuple[str, ...]
    unit_starts: FloatArray
    unit_ends: FloatArray
    identity: FloatArray
    explanation: FloatArray
    opening: FloatArray
    product_opening: FloatArray
    closing: FloatArray
    product_closing: FloatArray
    warnings: tuple[str, ...] = ()


EventKind = Literal["pushes", "clicks", "orders", "ends"]


@dataclass(frozen=True, eq=False)
class EventFeatures:
    """Features of the event log on the units and products of `UnitFeatures`, its clock offset removed: nats.

    `identity`: (units, products, features), which product; `product_opening`, `product_closing`: (units, products,
    features), whether an explanation of the product begins with the unit, or ends with it. Features of kinds of events
    that are not among `kinds` are 0. `clock_offset`: estimated seconds by which the log's clock is late against the
    recording's; `push_lag`: seconds from the start of an explanation to its push; `click_lag`: seconds between words
    and their clicks; `push_reliability`: share of pushes, in [0, 1], that follow a start of their product.
    """

    identity: FloatArray
    product_opening: FloatArray
    product_closing: FloatArray
    kinds: tuple[EventKind, ...]
    clock_offset: Seconds
    push_lag: Seconds
    click_lag: Seconds
    push_reliability: float
    warnings: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no event to learn from."""
        return not self.kinds


EvidenceKind = Literal["name", "title", "link", "price", "attribute", "description", "picture", "log", "context"]
EVIDENCE_KINDS: tuple[EvidenceKind, ...] = get_args(EvidenceKind)
"""What speaks for a product, in the order of the last axis of `ProductScores.evidence`. Names and nicknames; words of
the title and the brand; ...; what is said nearby or in passing, and what tells near-duplicates apart, either way."""


@dataclass(frozen=True, eq=False)
class ProductScores:
    """How much better products explain the units of a show than "no product" does, in nats, on the grid of
    `UnitFeatures`.

    `explanation`, `opening`, `closing`: (units,), for any explanation that goes on, begins or ends there. `evidence`:
    (units, products, EVIDENCE_KINDS), what is added for one of this product, by what speaks for it; `product_opening`,
    `product_closing`: (units, products), what is added where one of this product begins or ends. `duration_weights`:
    (features,), weights of the decoder's duration features. `entry_score`, `bundle_entry_score`,
    `unlisted_entry_score`: for every explanation of a product, of two, of something that is not in the catalogue;
    `unlisted_unit_score`: for every unit of the last. `has_video`, `has_event_log`: the modalities beside speech.
    """

    product_ids: tuple[str, ...]
    unit_starts: FloatArray
    unit_ends: FloatArray
    explanation: FloatArray
    opening: FloatArray
    closing: FloatArray
    evidence: FloatArray
    product_opening: FloatArray
    product_closing: FloatArray
    duration_weights: FloatArray
    entry_score: float
    bundle_entry_score: float
    unlisted_entry_score: float
    unlisted_unit_score: float
    has_video: bool
    has_event_log: bool
    warnings: tuple[str, ...] = ()

    @cached_property
    def identity(self) -> FloatArray:
        """(units, products): all evidence for the product together, in nats."""
        return np.asarray(self.evidence.sum(axis=2, dtype=np.float64))


def event_replay_time(event: HostEvent, timeline: Timeline, session: Session) -> Seconds | None:
    """When the event happened, in replay time; None for one before or after the recording."""
    if event.recording_time is not None:
        is_inside = _recorded_span(timeline).contains(event.recording_time)
        return timeline.recording_to_replay(event.recording_time) if is_inside else None
    if event.at is None or session.started_at is None:
        return None
    return timeline.wall_clock_to_replay(event.at, session.started_at)


def extrapolated_replay_time(
    event: HostEvent, timeline: Timeline, session: Session, max_outside: Seconds
) -> Seconds | None:
    """As `event_replay_time`, but also up to `max_outside` before the recording (below 0) and after it.

    The log's clock may be off by that.
    """
    recording_time = event.recording_time
    if recording_time is None:
        if event.at is None or session.started_at is None:
            return None
        recording_time = (event.at - session.started_at).total_seconds()
    recorded_span = _recorded_span(timeline)
    if not recorded_span.start - max_outside <= recording_time < recorded_span.end + max_outside:
        return None
    outside = min(0.0, recording_time - recorded_span.start) + max(0.0, recording_time - recorded_span.end)
    return timeline.recording_to_replay(recording_time) + outside


def _recorded_span(timeline: Timeline) -> Span:
    """*Recording time* from the start of the first clip to the end of the last."""
    first, last = timeline.clips[0], timeline.clips[-1]
    return Span(first.recording_start, last.recording_start + last.duration)
