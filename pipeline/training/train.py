"""Learns everything from lessons: how hosts talk, what evidence is worth, how sure takes are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from domain.evidence import Discourse, Evidence, RoomEvidence, Scores
from domain.session import Language
from models.believer import belief_of
from models.confidence import ConfidenceModel
from models.discourse import DiscourseModel
from models.features import Said, evidence_of
from models.room_log import TimedEvent, nothing_logged, room_evidence
from models.scorer import GROUPS, PUSHES, ROOM_IDENTITY, ScoreWeights, features_of, scores_of
from models.take_cutter import Candidate, CutSettings, candidates_of
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
    evidence = [gathered(lesson, read[lesson.name]) for lesson in lessons]
    tell("what evidence is worth")
    silent = [nothing_logged(*each.identity.shape[:2]) for each in evidence]
    blind = _fitted(lessons, evidence, silent, settings, frozen=_room_places())
    rooms = [logged(lesson, each, blind) for lesson, each in zip(lessons, evidence, strict=True)]
    full = _fitted(lessons, evidence, rooms, settings, first=blind)
    tell("how sure takes are")
    scores = [_scored(each, room, blind, full) for each, room in zip(evidence, rooms, strict=True)]
    return Understanding(_discourse(lessons, settings), blind, full, _confidence(lessons, scores, settings))


def gathered(lesson: Lesson, discourse: Discourse) -> Evidence:
    """The lesson's evidence, given what its units do."""
    return evidence_of(Said(lesson.units, discourse, lesson.mentions), lesson.sightings, lesson.catalog)


def logged(lesson: Lesson, evidence: Evidence, blind: ScoreWeights) -> RoomEvidence:
    """What the room's log says, once it is aligned."""
    column = {product_id: i for i, product_id in enumerate(evidence.product_ids)}
    events = [TimedEvent(e.type, e.time, column[e.product_id]) for e in lesson.events if e.product_id in column]
    return room_evidence(events, belief_of(evidence, blind)) if events else nothing_logged(*evidence.identity.shape[:2])


def found_in_lesson(lesson: Lesson, models: Understanding, settings: CutSettings) -> tuple[Scores, tuple[Candidate, ...]]:
    """What the models find in a lesson, as a run would."""
    discourse = models.discourse[lesson.transcript.language].read(lesson.features, lesson.units)
    evidence = gathered(lesson, discourse)
    scores = _scored(evidence, logged(lesson, evidence, models.blind), models.blind, models.full)
    return scores, candidates_of(scores, models.confidence, settings)


def _fitted(
    lessons: Sequence[Lesson],
    evidence: Sequence[Evidence],
    rooms: Sequence[RoomEvidence],
    settings: TrainSettings,
    frozen: Sequence[int] = (),
    first: ScoreWeights | None = None,
) -> ScoreWeights:
    """Weights from every lesson or, where logs count, from every lesson with a log."""
    chosen = [
        (lesson, each, room)
        for lesson, each, room in zip(lessons, evidence, rooms, strict=True)
        if frozen or not room.is_empty
    ]
    examples = [example_of(lesson, each, features_of(each, room)) for lesson, each, room in chosen]
    return fit_scores(examples, settings.scores, frozen, first)


def _room_places() -> tuple[int, ...]:
    """The weights that belong to a room's log."""
    names = [(group, name) for group, members in GROUPS.items() for name in members]
    return tuple(i for i, (_, name) in enumerate(names) if name in (*ROOM_IDENTITY, *PUSHES))


def _scored(evidence: Evidence, room: RoomEvidence, blind: ScoreWeights, full: ScoreWeights) -> Scores:
    return scores_of(evidence, room, blind if room.is_empty else full)


def _discourse(lessons: Sequence[Lesson], settings: TrainSettings) -> dict[Language, DiscourseModel]:
    languages = sorted({lesson.transcript.language for lesson in lessons})
    of = {code: [lesson for lesson in lessons if lesson.transcript.language == code] for code in languages}
    return {code: fit_discourse(of[code], settings.discourse) for code in languages}


def _confidence(lessons: Sequence[Lesson], scores: Sequence[Scores], settings: TrainSettings) -> ConfidenceModel:
    bundles = fit_bundles(lessons, scores)
    told = fit_confidence([], bundles)
    judged = [
        (candidate, is_right(candidate, scored, lesson.truth))
        for lesson, scored in zip(lessons, scores, strict=True)
        for candidate in candidates_of(scored, told, settings.cut)
    ]
    return fit_confidence(judged, bundles)


