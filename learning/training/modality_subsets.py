"""Lessons with less at hand than they have: each kind of evidence is learned by shows that lack the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import get_args

from domain.evidence import Discourse, Evidence, RoomEvidence, Scores
from learning.training.training_shows import Lesson
from models.segmentation.event_alignment import TimedEvent
from models.segmentation.event_features import nothing_logged, room_evidence
from models.segmentation.features import Said, evidence_of
from models.segmentation.prior_posteriors import belief_of
from models.segmentation.scorer import AtHand, ScoreWeights, scores_of
from models.segmentation.weights_bundle import Understanding

Learned = Mapping[AtHand, ScoreWeights]


@dataclass(frozen=True, eq=False)
class Seen:
    """A lesson and its evidence."""

    lesson: Lesson
    evidence: Evidence


def seen_by_kind(lessons: Iterable[Lesson], read: Mapping[str, Discourse]) -> dict[AtHand, list[Seen]]:
    """The lessons with no more at hand than each kind says, of those that have so much. `read`: by names of lessons."""
    by_kind: dict[AtHand, list[Seen]] = {kind: [] for kind in get_args(AtHand)}
    for lesson in lessons:
        bare = replace(lesson, sightings=())
        of_speech, of_all = (gathered(each, read[lesson.name]) for each in (bare, lesson))
        by_kind["speech"].append(Seen(replace(bare, events=()), of_speech))
        if lesson.sightings:
            by_kind["pictures"].append(Seen(replace(lesson, events=()), of_all))
        if lesson.events:
            by_kind["room"].append(Seen(bare, of_speech))
        if lesson.sightings and lesson.events:
            by_kind["all"].append(Seen(lesson, of_all))
    return by_kind


def gathered(lesson: Lesson, discourse: Discourse) -> Evidence:
    """The lesson's evidence, given what its units do."""
    return evidence_of(Said(lesson.units, discourse, lesson.mentions), lesson.sightings, lesson.catalog)


def logged(seen: Seen, learned: Learned) -> RoomEvidence:
    """What the room's log says, once it is aligned by weights that were learned without one."""
    column = {product_id: i for i, product_id in enumerate(seen.evidence.product_ids)}
    events = [TimedEvent(e.type, e.time, column[e.product_id]) for e in seen.lesson.events if e.product_id in column]
    if not events:
        return nothing_logged(*seen.evidence.identity.shape[:2])
    return room_evidence(events, belief_of(seen.evidence, learned))


def scored_lesson(lesson: Lesson, models: Understanding) -> Scores:
    """The lesson as the models score it, as a run would."""
    discourse = models.discourse[lesson.transcript.language].read([lesson.features], lesson.units)
    seen = Seen(lesson, gathered(lesson, discourse))
    return scores_of(seen.evidence, logged(seen, models.scores), models.scores)
