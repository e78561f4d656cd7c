"""A show to learn from: what was at hand, and what was true, unit by unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from domain.catalog import Catalog
from domain.clock import Seconds, Span
from domain.evidence import ROLES, FloatArray, Mention, TalkRole
from domain.speech import Transcript
from domain.vision import Sighting
from learning.evaluation.gold_show import PlacedEvent
from learning.evaluation.ground_truth import Truth
from learning.simulation.scripts.speech_timing import Spoken
from learning.simulation.simulate import SimulatedShow
from models.linking.entity_linker import ProductMatcher
from models.segmentation.discourse_classifier import discourse_features
from models.segmentation.utterance_units import Units, units_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

EXPLAINING: frozenset[TalkRole] = frozenset({"intro", "feature", "demo", "price", "link", "qa", "compare"})
FEWEST_UNLISTED = 3  # sentences that explain nothing of the catalogue, and so something else


@dataclass(frozen=True, slots=True)
class TrueSegment:
    """Units start..end-1 are about these products; none: about something that is not in the catalogue."""

    start: int
    end: int
    product_ids: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Lesson:
    """A show to learn from. `group`: shows of one group are never on both sides of a test. `features`: (units,
    buckets), `roles`: (units,), places in ROLES; `opens`, `closes`: (units,), 1 where an explanation begins or ends."""

    name: str
    group: str
    catalog: Catalog
    transcript: Transcript
    mentions: tuple[Mention, ...]
    sightings: tuple[Sighting, ...]
    events: tuple[PlacedEvent, ...]
    truth: Truth
    units: Units
    features: "csr_matrix"
    roles: NDArray[np.int64]
    segments: tuple[TrueSegment, ...]
    weight: float

    @property
    def opens(self) -> FloatArray:
        return self._edges([segment.start for segment in self.segments if segment.product_ids])

    @property
    def closes(self) -> FloatArray:
        return self._edges([segment.end - 1 for segment in self.segments if segment.product_ids])

    def _edges(self, places: Sequence[int]) -> FloatArray:
        edges = np.zeros(len(self.units))
        edges[places] = 1.0
        return edges


@dataclass(frozen=True, eq=False)
class Material:
    """What a lesson is made from. Everything is on the replay clock."""

    name: str
    group: str
    catalog: Catalog
    transcript: Transcript
    sightings: tuple[Sighting, ...]
    events: tuple[PlacedEvent, ...]
    truth: Truth
    spoken: tuple[Spoken, ...]
    weight: float = 1.0


def material_of(show: SimulatedShow) -> Material:
    """A simulated show as something to learn from. Its clock is right: events count as placed."""
    events = (
        PlacedEvent(event.type, event.recording_time, event.product_id)
        for event in show.events.events
        if event.recording_time is not None and event.product_id
    )
    return Material(
        show.name,
        show.family.writer,
        show.catalog,
        show.transcript,
        show.sightings.sightings,
        tuple(sorted(events, key=lambda event: event.time)),
        show.truth,
        show.spoken,
    )


def lesson_of(material: Material) -> Lesson:
    """Everything that does not depend on what is learned is computed once."""
    from scipy.sparse import vstack

    sentences = material.transcript.sentences
    units = units_of(sentences, Span(0.0, material.truth.duration))
    mentions = ProductMatcher(material.catalog).find(sentences)
    return Lesson(
        material.name,
        material.group,
        material.catalog,
        material.transcript,
        mentions,
        material.sightings,
        material.events,
        material.truth,
        units,
        vstack([*discourse_features(sentences, mentions, units, material.transcript.language)], format="csr"),
        _roles(material.spoken, units),
        _segments(material, units),
        material.weight,
    )


def _roles(spoken: Iterable[Spoken], units: Units) -> NDArray[np.int64]:
    """The role that fills most of each unit; chat where nobody speaks."""
    shared = np.zeros((len(units), len(ROLES)))
    for said in spoken:
        overlap = np.minimum(units.ends, said.span.end) - np.maximum(units.starts, said.span.start)
        shared[:, ROLES.index(said.utterance.role)] += np.maximum(overlap, 0.0)
    return np.where(shared.any(axis=1), shared.argmax(axis=1), ROLES.index("chat"))


def _segments(material: Material, units: Units) -> tuple[TrueSegment, ...]:
    """The truth on the units' boundaries, and what is explained that the catalogue does not list."""
    stretches = [(each.span, each.product_ids) for each in material.truth.highlights]
    stretches += [(span, ()) for span in _unlisted(material)]
    segments: list[TrueSegment] = []
    for span, product_ids in sorted(stretches):
        start, end = _nearest(units, span.start), _nearest(units, span.end)
        start = max(start, segments[-1].end if segments else 0)
        known = tuple(each for each in product_ids if each in material.catalog.by_id)
        if start < end and (known or not product_ids):
            segments.append(TrueSegment(start, end, known))
    return tuple(segments)


def _nearest(units: Units, time: Seconds) -> int:
    return int(np.argmin(np.abs(units.boundaries - time)))


def _unlisted(material: Material) -> Iterable[Span]:
    """Runs of sentences that explain something, but nothing of the catalogue."""
    explained = [highlight.span for highlight in material.truth.highlights]
    run: list[Spoken] = []
    for said in (*material.spoken, None):
        if said is not None and _is_unlisted(said) and not any(span.holds(said.span.start) for span in explained):
            run.append(said)
            continue
        if len(run) >= FEWEST_UNLISTED:
            yield Span(run[0].span.start, run[-1].span.end)
        run = []


def _is_unlisted(said: Spoken) -> bool:
    return not said.utterance.about and not said.utterance.mentions and said.utterance.role in EXPLAINING
