"""How far what was learned can be believed on shows that nobody learned from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from learning.evaluation.metrics import Counts, Prediction, count, found_by, measures, pooled
from learning.evaluation.reliability import Judged, calibration
from learning.training.modality_subsets import scored_lesson
from learning.training.training_shows import Lesson
from models.lexicon.near_duplicates import sisters_of
from models.segmentation.segmenter import CutSettings, cut
from models.segmentation.weights_bundle import Understanding

EVERY_TAKE = CutSettings(rejoin_s=20.0, shortest_s=8.0, publish_at=0.0, suggest_at=0.0)
PUBLISHED = CutSettings(rejoin_s=20.0, shortest_s=8.0, publish_at=0.35, suggest_at=0.1)
"""As CutTakes has them by default."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A judged take, by the writer of its show and by what is at hand there beside speech."""

    judged: Judged
    writer: str
    at_hand: str


def examined_takes(models: Understanding, lessons: Sequence[Lesson], settings: CutSettings) -> tuple[Examined, ...]:
    """Every take that the models find in the lessons, suggestions included, and whether it was right.

    A tie between sisters is none: it names two products of which one is meant, so its confidence is of neither.
    """
    examined: list[Examined] = []
    for lesson in lessons:
        scores = scored_lesson(lesson, models)
        beside = [name for name, is_there in (("pictures", scores.has_pictures), ("log", scores.has_log)) if is_there]
        takes = cut(scores, models.confidence, settings, sisters_of(lesson.catalog))
        for take in (*takes.takes, *takes.suggestions):
            if not take.is_tie:
                found = Prediction(take.span, take.product_ids, take.seek, take.confidence)
                is_right = any(found.seeks_well(highlight) for highlight in lesson.truth.highlights)
                judged = Judged(take.confidence, is_right)
                examined.append(Examined(judged, lesson.group, " and ".join(beside) or "nothing"))
    return tuple(examined)


def render_examination(models: Understanding, lessons: Sequence[Lesson]) -> str:
    """The figures for people: how much is found, how far confidences can be believed, and what each promises."""
    examined = examined_takes(models, lessons, EVERY_TAKE)
    told = calibration([each.judged for each in examined])
    taken = measures(counted(models, lessons, PUBLISHED))
    kept = "\n".join(
        f"  {each.lowest:.2f} to {each.highest:.2f}: promised {each.mean_confidence:.2f}, kept {each.right_share:.2f}"
        for each in told.bins
    )
    return (
        f"examined by {len(lessons)} simulated shows of writers that were not learned from:\n"
        f"F1@.5 {_number(taken.f1_at_50)}, F1@.7 {_number(taken.f1_at_70)}, seek precision "
        f"{_number(taken.seek_precision)} at recall {_number(taken.seek_recall)}, false {_number(taken.false_share)}\n"
        f"confidence: ECE {_number(told.ece)}, Brier {_number(told.brier)} over {told.takes} takes\n{kept}\n"
        f"{_sliced('by', examined, attrgetter('writer'))}\n{_sliced('beside speech', examined, attrgetter('at_hand'))}"
    )


def _sliced(title: str, examined: Sequence[Examined], of: Callable[[Examined], str]) -> str:
    """A line for each value of `of`: how far confidences can be believed there."""
    lines = []
    for value in sorted({of(each) for each in examined}):
        told = calibration([each.judged for each in examined if of(each) == value])
        promised = sum(each.mean_confidence * each.takes for each in told.bins) / told.takes
        lines.append(
            f"  {title} {value}: ECE {_number(told.ece)}, promised {promised:.2f}, kept {_number(told.right_share)}"
            f" over {told.takes} takes"
        )
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def counted(models: Understanding, lessons: Sequence[Lesson], settings: CutSettings) -> Counts:
    """The measures' counts of what the models publish in the lessons, all added up."""
    found = (
        count(
            found_by(
                cut(scored_lesson(lesson, models), models.confidence, settings, sisters_of(lesson.catalog))
            ).highlights,
            lesson.truth,
        )
        for lesson in lessons
    )
    return pooled(found)
