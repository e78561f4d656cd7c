"""How far what was learned can be believed on shows that nobody learned from."""

from collections.abc import Sequence

from models.sisters import sisters_of
from models.take_cutter import CutSettings, cut
from models.understanding import Understanding
from pipeline.quality.calibration import Judged, calibration
from pipeline.quality.measures import Counts, Prediction, count, found_by, measures, pooled
from pipeline.training.lessons import Lesson
from pipeline.training.train import scored_lesson

EVERY_TAKE = CutSettings(rejoin_s=20.0, shortest_s=8.0, publish_at=0.0, suggest_at=0.0)
PUBLISHED = CutSettings(rejoin_s=20.0, shortest_s=8.0, publish_at=0.35, suggest_at=0.1)
"""As CutTakes has them by default."""


def judged_takes(models: Understanding, lessons: Sequence[Lesson], settings: CutSettings) -> tuple[Judged, ...]:
    """Every take that the models find in the lessons, suggestions included, and whether it was right."""
    judged: list[Judged] = []
    for lesson in lessons:
        takes = cut(scored_lesson(lesson, models), models.confidence, settings, sisters_of(lesson.catalog))
        for take in (*takes.takes, *takes.suggestions):
            found = Prediction(take.span, take.product_ids, take.seek, take.confidence)
            is_right = any(found.seeks_well(highlight) for highlight in lesson.truth.highlights)
            judged.append(Judged(take.confidence, is_right))
    return tuple(judged)


def render_examination(models: Understanding, lessons: Sequence[Lesson]) -> str:
    """The figures for people: how much is found, how far confidences can be believed, and what each promises."""
    told = calibration(judged_takes(models, lessons, EVERY_TAKE))
    taken = measures(counted(models, lessons, PUBLISHED))
    kept = "\n".join(
        f"  {each.lowest:.2f} to {each.highest:.2f}: promised {each.mean_confidence:.2f}, kept {each.right_share:.2f}"
        for each in told.bins
    )
    return (
        f"examined by {len(lessons)} simulated shows of writers that were not learned from:\n"
        f"F1@.5 {_number(taken.f1_at_50)}, F1@.7 {_number(taken.f1_at_70)}, seek precision "
        f"{_number(taken.seek_precision)} at recall {_number(taken.seek_recall)}, false {_number(taken.false_share)}\n"
        f"confidence: ECE {_number(told.ece)}, Brier {_number(told.brier)} over {told.takes} takes\n{kept}"
    )


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
