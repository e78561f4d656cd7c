"""How well fitted models do on shows of writers that they have not seen."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from domain.highlight import Take
from learning.evaluation.metrics import (
    OutcomeCounts,
    compute_metrics,
    count_outcomes,
    is_ignored,
    pool_counts,
    predictions_from_takes,
)
from learning.evaluation.reliability import LabelledConfidence, compute_calibration
from learning.training.fit_confidence import is_product_right, is_start_right
from learning.training.show_evidence import score_show
from learning.training.training_shows import TrainingShow
from models.lexicon.near_duplicates import find_near_duplicates
from models.segmentation.segmenter import SegmentationSettings, segment_takes
from models.segmentation.weights_bundle import WeightsBundle
from pipeline.stages.highlights.segment_takes import SegmentTakes

_STAGE = SegmentTakes()
PUBLISHED_TAKES_SETTINGS = SegmentationSettings(
    _STAGE.merge_gap_s, _STAGE.min_duration_s, _STAGE.publish_at, _STAGE.suggest_at
)
"""The stage's defaults."""
ALL_TAKES_SETTINGS = replace(PUBLISHED_TAKES_SETTINGS, publish_at=0.0, suggest_at=0.0)


@dataclass(frozen=True, slots=True)
class HeldOutTake:
    """A take with its chances, labelled: of its product, and of its start where the product is right, else None; the
    writer of its show, and the show's modalities beside speech.
    """

    product: LabelledConfidence
    start: LabelledConfidence | None
    writer: str
    at_hand: str


def label_held_out_takes(
    models: WeightsBundle, shows: Sequence[TrainingShow], settings: SegmentationSettings
) -> tuple[HeldOutTake, ...]:
    """Every take that the models find in the shows, suggestions included, and whether it is right.

    Ties between near-duplicates are left out: a tie names two products and means one, so its confidence belongs to
    neither.
    """
    held_out_takes: list[HeldOutTake] = []
    for show in shows:
        scores = score_show(show, models)
        modalities = [
            name for name, is_there in (("pictures", scores.has_video), ("log", scores.has_event_log)) if is_there
        ]
        takes = segment_takes(scores, models.confidence, settings, find_near_duplicates(show.catalog))
        for take in (*takes.takes, *takes.suggestions):
            if not take.is_tie and not is_ignored(take.span, show.truth.ignored):
                held_out_takes.append(_label_take(take, show, " and ".join(modalities) or "nothing"))
    return tuple(held_out_takes)


def _label_take(take: Take, show: TrainingShow, at_hand: str) -> HeldOutTake:
    product_id = take.product_ids[0]
    is_right = is_product_right(product_id, take.span, show.truth)
    has_right_start = is_start_right(product_id, take.seek, show.truth)
    return HeldOutTake(
        LabelledConfidence(take.product_confidence, is_right),
        LabelledConfidence(take.start_confidence, has_right_start) if is_right else None,
        show.group,
        at_hand,
    )


def render_held_out_report(models: WeightsBundle, shows: Sequence[TrainingShow]) -> str:
    """The report for people: metrics of the published takes, dots beside wrong bags, and how far chances are kept."""
    own = [show for show in shows if show.truth.highlights]
    takes = label_held_out_takes(models, own, ALL_TAKES_SETTINGS)
    metrics = compute_metrics(count_published(models, own, PUBLISHED_TAKES_SETTINGS))
    lines = [
        f"examined by {len(own)} simulated shows of writers that were not learned from:",
        f"F1@.5 {_format_number(metrics.f1_at_50)}, F1@.7 {_format_number(metrics.f1_at_70)}, seek precision "
        f"{_format_number(metrics.seek_precision)} at recall {_format_number(metrics.seek_recall)}, "
        f"false {_format_number(metrics.false_share)}",
        *_wrong_bag_lines(models, [show for show in shows if not show.truth.highlights]),
        *_chance_lines("product", [each.product for each in takes]),
        *_chance_lines("start, where the product is right", [each.start for each in takes if each.start]),
    ]
    lines += _calibration_lines("by", takes, attrgetter("writer"))
    lines += _calibration_lines("beside speech", takes, attrgetter("at_hand"))
    return "\n".join(lines)


def _wrong_bag_lines(models: WeightsBundle, shows: Sequence[TrainingShow]) -> Iterator[str]:
    if shows:
        dots = count_published(models, shows, PUBLISHED_TAKES_SETTINGS).highlights
        hours = sum(show.truth.duration for show in shows) / 3600
        yield f"beside wrong catalogues, {len(shows)} shows: {_format_number(dots / hours)} dots an hour"


def _chance_lines(title: str, labelled: Sequence[LabelledConfidence]) -> Iterator[str]:
    calibration = compute_calibration(labelled)
    yield (
        f"chance of the {title}: ECE {_format_number(calibration.ece)}, Brier {_format_number(calibration.brier)} "
        f"over {calibration.takes} takes"
    )
    for each in calibration.bins:
        yield (
            f"  {each.lowest:.2f} to {each.highest:.2f}: promised {each.mean_confidence:.2f}, "
            f"kept {each.right_share:.2f}"
        )


def _calibration_lines(title: str, takes: Sequence[HeldOutTake], key: Callable[[HeldOutTake], str]) -> Iterator[str]:
    """A line on the chance of the product for each value of `key`."""
    for value in sorted({key(each) for each in takes}):
        calibration = compute_calibration([each.product for each in takes if key(each) == value])
        promised = sum(each.mean_confidence * each.takes for each in calibration.bins) / calibration.takes
        yield (
            f"  {title} {value}: ECE {_format_number(calibration.ece)}, promised {promised:.2f}, "
            f"kept {_format_number(calibration.right_share)} over {calibration.takes} takes"
        )


def _format_number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def count_published(
    models: WeightsBundle, shows: Sequence[TrainingShow], settings: SegmentationSettings
) -> OutcomeCounts:
    """The pooled outcome counts of what the models publish in the shows."""
    counts_by_show = (
        count_outcomes(
            predictions_from_takes(
                segment_takes(score_show(show, models), models.confidence, settings, find_near_duplicates(show.catalog))
            ).highlights,
            show.truth,
        )
        for show in shows
    )
    return pool_counts(counts_by_show)
