"""Learns everything from lessons: how hosts talk, what evidence is worth, how sure takes are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from domain.evidence import Discourse, Evidence, RoomEvidence, Scores
from domain.session import Language
from models.believer import belief_of
from models.confidence import ConfidenceModel
from models.discourse import DiscourseModel
from models.features import Said, evidence_of
from models.room_clock import TimedEvent
from models.room_log import nothing_logged, room_evidence
from models.scorer import AtHand, ScoreWeights, features_of, scores_of
from models.take_cutter import CutSettings, candidates_of
from models.understanding import Understanding
from pipeline.training.fit_confidence import fit_bundles, fit_confidence, is_right
from pipeline.training.fit_discourse import DiscourseFit, fit_discourse, read_by_others
from pipeline.training.fit_scores import ScoreFit, example_of, fit_scores
from pipeline.training.lessons import Lesson

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How much each part may bend to the lessons, and how takes are cut while learning how sure they are."""

    discourse: DiscourseFit = field(default_factory=DiscourseFit)
    scores: ScoreFit = field(default_factory=ScoreFit)
    cut: CutSettings = field(default_factory=lambda: CutSettings(20.0, 8.0, 0.0, 0.0))


def train(lessons: Sequence[Lesson], settings: TrainSettings, tell: Tell) -> Understanding:
    """The models that `lessons` teach. The same lessons in the same order teach the same, to the bit."""
    tell("how hosts talk")
    read = read_by_others(lessons, settings.discourse)
    classes = {each: [_without(lesson, each) for lesson in lessons] for each in get_args(AtHand)}
    tell("what evidence is worth")
    learned: dict[AtHand, ScoreWeights] = {}
    scores: list[tuple[Lesson, Scores]] = []
    for each in get_args(AtHand):
        seen = [_Seen(lesson, gathered(lesson, read[lesson.name])) for lesson in classes[each] if lesson is not None]
        rooms = [logged(one.lesson, one.evidence, learned) for one in seen]
        first = learned.get("pictures" if each == "all" else "speech")
        examples = [
            example_of(one.lesson, one.evidence, features_of(one.evidence, room))
            for one, room in zip(seen, rooms, strict=True)
        ]
        learned[each] = fit_scores(examples, settings.scores, first)
        scores += [(one.lesson, scores_of(one.evidence, room, learned)) for one, room in zip(seen, rooms, strict=True)]
        del examples  # a gigabyte for some hundred shows
    tell("how sure takes are")
    return Understanding(_discourse(lessons, settings), learned, _confidence(scores, settings))


@dataclass(frozen=True, eq=False)
class _Seen:
    """A lesson and its evidence."""

    lesson: Lesson
    evidence: Evidence


def _without(lesson: Lesson, at_hand: AtHand) -> Lesson | None:
    """The lesson with no more at hand than that; None where it has less."""
    if (at_hand in ("pictures", "all") and not lesson.sightings) or (at_hand in ("room", "all") and not lesson.events):
        return None
    return replace(
        lesson,
        sightings=lesson.sightings if at_hand in ("pictures", "all") else (),
        events=lesson.events if at_hand in ("room", "all") else (),
    )


def gathered(lesson: Lesson, discourse: Discourse) -> Evidence:
    """The lesson's evidence, given what its units do."""
    return evidence_of(Said(lesson.units, discourse, lesson.mentions), lesson.sightings, lesson.catalog)


def logged(lesson: Lesson, evidence: Evidence, learned: Mapping[AtHand, ScoreWeights]) -> RoomEvidence:
    """What the room's log says, once it is aligned by weights that were learned without one."""
    column = {product_id: i for i, product_id in enumerate(evidence.product_ids)}
    events = [TimedEvent(e.type, e.time, column[e.product_id]) for e in lesson.events if e.product_id in column]
    if not events:
        return nothing_logged(*evidence.identity.shape[:2])
    return room_evidence(events, belief_of(evidence, learned))


def scored_lesson(lesson: Lesson, models: Understanding) -> Scores:
    """The lesson as the models score it, as a run would."""
    discourse = models.discourse[lesson.transcript.language].read(lesson.features, lesson.units)
    evidence = gathered(lesson, discourse)
    return scores_of(evidence, logged(lesson, evidence, models.scores), models.scores)


def _discourse(lessons: Sequence[Lesson], settings: TrainSettings) -> dict[Language, DiscourseModel]:
    languages = sorted({lesson.transcript.language for lesson in lessons})
    of = {code: [lesson for lesson in lessons if lesson.transcript.language == code] for code in languages}
    return {code: fit_discourse(of[code], settings.discourse) for code in languages}


def _confidence(scores: Sequence[tuple[Lesson, Scores]], settings: TrainSettings) -> ConfidenceModel:
    bundles = fit_bundles(scores)
    told = fit_confidence([], bundles)
    judged = [
        (candidate, is_right(candidate, scored, lesson.truth))
        for lesson, scored in scores
        for candidate in candidates_of(scored, told, settings.cut)
    ]
    return fit_confidence(judged, bundles)
