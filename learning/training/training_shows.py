"""A show to learn from: its evidence and its truth, unit by unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from domain.catalog import Catalog
from domain.clock import Seconds, Span
from domain.evidence import DISCOURSE_ROLES, DiscourseRole, FloatArray, Mention, UtteranceUnits
from domain.speech import Transcript
from domain.vision import Sighting
from learning.evaluation.gold_show import ProductEvent
from learning.evaluation.ground_truth import GroundTruth
from learning.simulation.scripts.speech_timing import TimedUtterance
from learning.simulation.simulate import SimulatedShow
from models.evidence.utterance_units import build_utterance_units
from models.linking.entity_linker import EntityLinker
from models.segmentation.discourse_classifier import discourse_features

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

EXPLAINING_ROLES: frozenset[DiscourseRole] = frozenset({"intro", "feature", "demo", "price", "link", "qa", "compare"})
MIN_UNLISTED_SENTENCES = 3  # fewer in a row count as chat


@dataclass(frozen=True, slots=True)
class TrueSegment:
    """Units start..end-1 are about these products; without products, about something that the catalogue does
    not list.
    """

    start: int
    end: int
    product_ids: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TrainingShow:
    """A show to learn from. `group`: shows of one group are never on both sides of a split. `features`: (units,
    buckets); `roles`: (units,), indices in DISCOURSE_ROLES; `opening_labels`, `closing_labels`: (units,), 1 where an
    explanation begins or ends.
    """

    name: str
    group: str
    catalog: Catalog
    transcript: Transcript
    mentions: tuple[Mention, ...]
    sightings: tuple[Sighting, ...]
    events: tuple[ProductEvent, ...]
    truth: GroundTruth
    units: UtteranceUnits
    features: "csr_matrix"
    roles: NDArray[np.int64]
    segments: tuple[TrueSegment, ...]
    weight: float

    @property
    def teaches_discourse(self) -> bool:
        """Whether hosts' talk can be learned from it: not beside a wrong bag, where no explanation is marked."""
        return bool(self.truth.highlights)

    @property
    def opening_labels(self) -> FloatArray:
        return self._edge_labels([segment.start for segment in self.segments if segment.product_ids])

    @property
    def closing_labels(self) -> FloatArray:
        return self._edge_labels([segment.end - 1 for segment in self.segments if segment.product_ids])

    def _edge_labels(self, unit_indices: Sequence[int]) -> FloatArray:
        labels = np.zeros(len(self.units))
        labels[unit_indices] = 1.0
        return labels


@dataclass(frozen=True, eq=False)
class TrainingShowInputs:
    """What a training show is built from. Everything is on the replay clock."""

    name: str
    group: str
    catalog: Catalog
    transcript: Transcript
    sightings: tuple[Sighting, ...]
    events: tuple[ProductEvent, ...]
    truth: GroundTruth
    utterances: tuple[TimedUtterance, ...]
    weight: float = 1.0


def inputs_from_simulation(show: SimulatedShow) -> TrainingShowInputs:
    """A simulated show as inputs. Times of its log are taken as replay times."""
    events = (
        ProductEvent(event.type, event.recording_time, event.product_id)
        for event in show.events.events
        if event.recording_time is not None and event.product_id
    )
    return TrainingShowInputs(
        show.name,
        show.provenance.writer,
        show.catalog,
        show.transcript,
        show.sightings.sightings,
        tuple(sorted(events, key=lambda event: event.time)),
        show.truth,
        show.utterances,
    )


def build_training_show(inputs: TrainingShowInputs) -> TrainingShow:
    """The training show. Everything that does not depend on fitted models is computed here, once."""
    from scipy.sparse import vstack

    sentences = inputs.transcript.sentences
    units = build_utterance_units(sentences, Span(0.0, inputs.truth.duration))
    mentions = EntityLinker(inputs.catalog).link(sentences)
    return TrainingShow(
        inputs.name,
        inputs.group,
        inputs.catalog,
        inputs.transcript,
        mentions,
        inputs.sightings,
        inputs.events,
        inputs.truth,
        units,
        vstack([*discourse_features(sentences, mentions, units, inputs.transcript.language)], format="csr"),
        _unit_roles(inputs.utterances, units),
        _true_segments(inputs, units),
        inputs.weight,
    )


def _unit_roles(utterances: Iterable[TimedUtterance], units: UtteranceUnits) -> NDArray[np.int64]:
    """The role that fills most of each unit; chat where nobody speaks."""
    role_seconds = np.zeros((len(units), len(DISCOURSE_ROLES)))
    for timed_utterance in utterances:
        overlap = np.minimum(units.ends, timed_utterance.span.end) - np.maximum(
            units.starts, timed_utterance.span.start
        )
        role_seconds[:, DISCOURSE_ROLES.index(timed_utterance.utterance.role)] += np.maximum(overlap, 0.0)
    return np.where(role_seconds.any(axis=1), role_seconds.argmax(axis=1), DISCOURSE_ROLES.index("chat"))


def _true_segments(inputs: TrainingShowInputs, units: UtteranceUnits) -> tuple[TrueSegment, ...]:
    """The truth on the boundaries of units, and explanations of unlisted products."""
    true_spans = [(each.span, each.product_ids) for each in inputs.truth.highlights]
    true_spans += [(span, ()) for span in _unlisted_spans(inputs)]
    segments: list[TrueSegment] = []
    for span, product_ids in sorted(true_spans):
        start, end = _nearest_boundary(units, span.start), _nearest_boundary(units, span.end)
        start = max(start, segments[-1].end if segments else 0)
        listed_ids = tuple(each for each in product_ids if each in inputs.catalog.by_id)
        if start < end and (listed_ids or not product_ids):
            segments.append(TrueSegment(start, end, listed_ids))
    return tuple(segments)


def _nearest_boundary(units: UtteranceUnits, time: Seconds) -> int:
    return int(np.argmin(np.abs(units.boundaries - time)))


def _unlisted_spans(inputs: TrainingShowInputs) -> Iterable[Span]:
    """Runs of sentences that explain something outside the catalogue."""
    explained_spans = [highlight.span for highlight in inputs.truth.highlights]
    run: list[TimedUtterance] = []
    for timed_utterance in (*inputs.utterances, None):
        if (
            timed_utterance is not None
            and _explains_unlisted(timed_utterance)
            and not any(span.contains(timed_utterance.span.start) for span in explained_spans)
        ):
            run.append(timed_utterance)
            continue
        if len(run) >= MIN_UNLISTED_SENTENCES:
            yield Span(run[0].span.start, run[-1].span.end)
        run = []


def _explains_unlisted(timed_utterance: TimedUtterance) -> bool:
    return (
        not timed_utterance.utterance.about
        and not timed_utterance.utterance.mentions
        and timed_utterance.utterance.role in EXPLAINING_ROLES
    )
