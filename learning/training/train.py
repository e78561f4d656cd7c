"""Learns everything from lessons: how hosts talk, what evidence is worth, how sure takes are.

A foundation is learned from the lessons that stay the same, once; `train` adds the others to it. So learning once
without each of a few shows costs little more than learning once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from domain.evidence import Discourse, Scores
from domain.session import Language
from learning.training.fit_confidence import Bundles, Found, fit_bundles, fit_confidence, is_right
from learning.training.fit_discourse import DiscourseFit, fit_discourse, read_by_others
from learning.training.fit_scores import Example, ScoreFit, example_of, fit_scores
from learning.training.folds import parts_of
from learning.training.modality_subsets import Learned, Seen, logged, seen_by_kind
from learning.training.training_shows import Lesson
from models.segmentation.discourse_classifier import DiscourseModel
from models.segmentation.scorer import AtHand, ScoreWeights, features_of, scores_of
from models.segmentation.segmenter import CutSettings, candidates_of
from models.segmentation.weights_bundle import Understanding

Tell = Callable[[str], None]
Examples = Mapping[AtHand, Sequence[Example]]
Judged = tuple[Lesson, Scores]
"""A lesson, with what weights make of it that were learned without its part."""


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """How much each part may bend to the lessons, and how takes are cut while learning how sure they are."""

    discourse: DiscourseFit = field(default_factory=DiscourseFit)
    scores: ScoreFit = field(default_factory=ScoreFit)
    cut: CutSettings = field(default_factory=lambda: CutSettings(20.0, 8.0, 0.0, 0.0))


@dataclass(frozen=True, eq=False)
class Foundation:
    """What some lessons teach by themselves. `judged`: these lessons, as weights see them that have not."""

    lessons: tuple[Lesson, ...]
    discourse: Mapping[Language, DiscourseModel]
    scores: Learned
    examples: Examples
    judged: tuple[Judged, ...]


def foundation_of(lessons: Sequence[Lesson], settings: TrainSettings, tell: Tell) -> Foundation:
    """The same lessons in the same order teach the same, to the bit."""
    tell("how hosts talk")
    seen = seen_by_kind(lessons, read_by_others(lessons, settings.discourse))
    tell("what evidence is worth")
    scores, examples = _learned(seen, settings)
    judged: list[Judged] = []
    for number, part in enumerate(parts := parts_of(lessons), 1):
        tell(f"what it is worth to shows of others ({number} of {len(parts)})")
        names = {lesson.name for lesson in part}
        without = {kind: _others(seen[kind], examples[kind], names) for kind in seen}
        learned = _fitted(without, settings) if len(parts) > 1 else scores  # a single show must do for itself
        judged += _judged(_of(seen, names), learned)
    return Foundation(tuple(lessons), _discourse(lessons, settings), scores, examples, tuple(judged))


def train(foundation: Foundation, further: Sequence[Lesson], settings: TrainSettings, tell: Tell) -> Understanding:
    """The models that the foundation's lessons and further ones teach together."""
    discourse, scores, judged = foundation.discourse, foundation.scores, list(foundation.judged)
    if further:
        tell("how hosts talk, with what was heard")
        read = {lesson.name: _read(lesson, further, foundation, settings) for lesson in further}
        seen = seen_by_kind(further, read)
        judged += _judged(seen, scores)
        discourse = _discourse((*foundation.lessons, *further), settings)
        tell("what evidence is worth, with what was heard")
        scores = _taught(foundation, seen, settings)
    tell("how sure takes are")
    bundles = fit_bundles(judged)
    return Understanding(discourse, scores, fit_confidence(_found(judged, bundles, settings), bundles))


def _learned(seen: Mapping[AtHand, Sequence[Seen]], settings: TrainSettings) -> tuple[Learned, Examples]:
    """Weights for each kind of evidence at hand, each from those of a smaller one; logs are aligned by the smaller."""
    learned: dict[AtHand, ScoreWeights] = {}
    examples: dict[AtHand, list[Example]] = {}
    for kind in get_args(AtHand):
        examples[kind] = [_example(one, learned) for one in seen[kind]]
        learned[kind] = fit_scores(examples[kind], settings.scores, _smaller(kind, learned))
    return learned, examples


def _fitted(examples: Examples, settings: TrainSettings) -> Learned:
    learned: dict[AtHand, ScoreWeights] = {}
    for kind in get_args(AtHand):
        learned[kind] = fit_scores(examples[kind], settings.scores, _smaller(kind, learned))
    return learned


def _taught(foundation: Foundation, seen: Mapping[AtHand, Sequence[Seen]], settings: TrainSettings) -> Learned:
    """The foundation's weights, fitted on to further lessons."""
    learned: dict[AtHand, ScoreWeights] = {}
    for kind in get_args(AtHand):
        examples = [*foundation.examples[kind], *(_example(one, foundation.scores) for one in seen[kind])]
        learned[kind] = fit_scores(examples, settings.scores, foundation.scores[kind])
    return learned


def _smaller(kind: AtHand, learned: Learned) -> ScoreWeights | None:
    return learned.get("pictures" if kind == "all" else "speech")


def _example(seen: Seen, learned: Learned) -> Example:
    return example_of(seen.lesson, seen.evidence, features_of(seen.evidence, logged(seen, learned)))


def _others(seen: Sequence[Seen], examples: Sequence[Example], names: set[str]) -> list[Example]:
    return [example for one, example in zip(seen, examples, strict=True) if one.lesson.name not in names]


def _of(seen: Mapping[AtHand, Sequence[Seen]], names: set[str]) -> dict[AtHand, list[Seen]]:
    return {kind: [one for one in some if one.lesson.name in names] for kind, some in seen.items()}


def _judged(seen: Mapping[AtHand, Sequence[Seen]], learned: Learned) -> Iterable[Judged]:
    for some in seen.values():
        for one in some:
            yield one.lesson, scores_of(one.evidence, logged(one, learned), learned)


def _read(lesson: Lesson, further: Sequence[Lesson], foundation: Foundation, settings: TrainSettings) -> Discourse:
    """What the lesson's units do, as a model says that has not seen it, if there is one for its language."""
    language = lesson.transcript.language
    model = foundation.discourse.get(language)
    if model is None:
        same = [other for other in further if other.transcript.language == language]
        return read_by_others(same, settings.discourse)[lesson.name]
    return model.read([lesson.features], lesson.units)


def _discourse(lessons: Sequence[Lesson], settings: TrainSettings) -> dict[Language, DiscourseModel]:
    languages = sorted({lesson.transcript.language for lesson in lessons})
    of = {code: [lesson for lesson in lessons if lesson.transcript.language == code] for code in languages}
    return {code: fit_discourse(of[code], settings.discourse) for code in languages}


def _found(judged: Sequence[Judged], bundles: Bundles, settings: TrainSettings) -> list[Found]:
    told = fit_confidence([], bundles)  # knows bundles only: all that finding takes needs
    return [
        Found(candidate.features, is_right(candidate, scored, lesson.truth), lesson.weight)
        for lesson, scored in judged
        for candidate in candidates_of(scored, told, settings.cut)
    ]
