"""The score card as tables of text, for terminals and for the page."""

from collections.abc import Iterable
from dataclasses import dataclass

from learning.evaluation.metrics import HighlightMetrics
from learning.evaluation.operating_points import OperatingPoint
from learning.evaluation.scorecard import MethodScores, Score, ScoreCard
from learning.evaluation.slices import SliceScore
from learning.evaluation.wrong_catalog import SECONDS_PER_HOUR, WrongCatalogDots

NOT_MEASURED = "-"
METRIC_COLUMNS = {
    "f1_at_50": "F1@.5",
    "f1_at_70": "F1@.7",
    "seek_precision": "prec",
    "seek_recall": "rec",
    "false_share": "false",
    "wrong_sister_share": "near-duplicate",
    "time_share": "time",
    "start_error_median": "start",
    "start_error_p90": "p90",
}
"""Headings by metric, in the order of the columns."""

WRONG_CATALOG_HEADINGS = ("dots an hour", "dots", "suggestions", "hours")
SLICE_HEADINGS = ("R@.5", "R@.7", "rec", "start", "truths")
SCORE_HEADINGS = (*METRIC_COLUMNS.values(), "found")
METRICS_IN_SECONDS = frozenset({"start_error_median", "start_error_p90"})

LEGEND = (
    "all shows: the counts added up; mean: over the shows that have the measure; worst show: lowest F1@.7, then F1@.5",
    "95 % between: where 95 % of the measures over all shows lie when as many shows are drawn from these, 1000 times",
    "F1@x: one truth matched by one highlight that overlaps it by x (IoU) and names only products of it",
    "prec: share of highlights whose seek is from 5 s before to 10 s after such a truth's start",
    "rec: share of truths with such a highlight",
    "false: share of highlights that overlap no such truth by 10 % of themselves",
    "near-duplicate: share of highlights that are false, but overlap a truth of a near-duplicate by 10 % of themselves",
    "time: share of seconds with the right product, or rightly none",
    "start, p90: median and 90th percentile of the error of starts, in seconds, of pairs that overlap by 0.3",
    "found: highlights/truths",
    "confidence: of highlights and suggestions; promised is its mean in the bin, kept the share that land as in prec",
    "ECE: mean of |promised - kept|; risk area: mean share of wrong ones as ever less sure ones are kept",
    "threshold: what publishing everything of at least this confidence would give",
    "truths of a kind, R@x: share matched as in F1@x; name: said and heard inside; events: one of its product inside",
    "AUC of talk: chance that a unit inside an explanation scores above one outside; starts: one at a start, any other",
    "wrong catalogue: what is found with products of which nothing is shown, without rescoring; every dot is false",
)


@dataclass(frozen=True, slots=True)
class Table:
    """`name` heads the first column, whose cells name the rows. Each row has a cell for every heading, and its name."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def score_card_tables(card: ScoreCard) -> tuple[Table, ...]:
    """All tables, the most important first."""
    return (
        summary_table(card),
        *ablation_tables(card),
        *interval_tables(card),
        *confidence_tables(card),
        *slice_tables(card),
        *discourse_tables(card),
        *wrong_catalog_tables(card),
        *show_tables(card),
    )


def show_tables(card: ScoreCard) -> tuple[Table, ...]:
    """Each method's scores by show."""
    return tuple(_show_table(method) for method in card.methods)


def summary_table(card: ScoreCard) -> Table:
    """The methods over all shows."""
    return Table(
        "method",
        SCORE_HEADINGS,
        tuple(row for method in card.methods for row in _summary_rows(method)),
    )


def ablation_tables(card: ScoreCard) -> tuple[Table, ...]:
    """The first method with fewer inputs, or with a shifted log; empty without ablations."""
    rows = [(ablation.method, *_score_cells(ablation.over_all)) for ablation in card.ablations]
    return (Table("with less, or a log moved", SCORE_HEADINGS, tuple(rows)),) if rows else ()


def interval_tables(card: ScoreCard) -> tuple[Table, ...]:
    """Bootstrap intervals of the pooled metrics; empty for a single show."""
    named_intervals = [(method.method, method.intervals) for method in (*card.methods, *card.ablations)]
    rows = [(name, *_interval_cells(ends.low, ends.high)) for name, ends in named_intervals if ends]
    return (Table("95 % between", tuple(METRIC_COLUMNS.values()), tuple(rows)),) if rows else ()


def confidence_tables(card: ScoreCard) -> tuple[Table, ...]:
    """Calibration in total and by bin, and operating points."""
    calibration_metrics = card.calibration
    bins = [
        (
            f"{each.lowest:.2f} to {each.highest:.2f}",
            f"{each.mean_confidence:.2f}",
            f"{each.right_share:.2f}",
            f"{each.takes}",
        )
        for each in calibration_metrics.bins
    ]
    errors = (calibration_metrics.ece, calibration_metrics.brier, calibration_metrics.area_under_risk)
    names = ("ECE", "Brier", "risk area")
    figures = ("all takes", *(format_number(error, 3) for error in errors), f"{calibration_metrics.takes}")
    return (
        Table("confidence", (*names, "takes"), (figures,)),
        Table("confidence", ("promised", "kept", "takes"), tuple(bins)),
        threshold_table(card),
    )


def threshold_table(card: ScoreCard) -> Table:
    """Operating points at the lowest threshold and at every tenth; thresholds that change nothing are left out."""
    point_by_tenth: dict[int, OperatingPoint] = {}
    for tenth in range(10):
        points_above = [point for point in card.operating_points if point.threshold >= tenth / 10]
        if points_above and points_above[-1] not in point_by_tenth.values():
            point_by_tenth[tenth] = points_above[-1]
    rows = [
        (f"{tenth / 10:.1f}", f"{point.seek_precision:.2f}", f"{point.seek_recall:.2f}", f"{point.highlights}")
        for tenth, point in point_by_tenth.items()
    ]
    return Table("threshold", ("prec", "rec", "published"), tuple(rows))


def slice_tables(card: ScoreCard) -> tuple[Table, ...]:
    """The slices of the truth; those by the manner of the show in a table of their own. Tables without rows are left
    out.
    """
    kinds = [(f"{each.dimension}: {each.kind}", *_slice_cells(each)) for each in card.slices if not _is_manner(each)]
    manners = [(each.kind, *_slice_cells(each)) for each in card.slices if _is_manner(each)]
    rows_by_name = {"truths of a kind": kinds, "truths in shows of a manner": manners}
    return tuple(Table(name, SLICE_HEADINGS, tuple(rows)) for name, rows in rows_by_name.items() if rows)


def _is_manner(slice_score: SliceScore) -> bool:
    return slice_score.dimension == "manner"


def _slice_cells(slice_score: SliceScore) -> tuple[str, ...]:
    recalls = (slice_score.recall_at_50, slice_score.recall_at_70, slice_score.seek_recall)
    start_error = format_number(slice_score.start_error_median, 1)
    return (*(f"{recall:.2f}" for recall in recalls), start_error, f"{slice_score.truths}")


def discourse_tables(card: ScoreCard) -> tuple[Table, ...]:
    """How well talk is known, by show; empty where it was not measured."""
    if card.discourse is None:
        return ()
    areas = {"mean": card.discourse.mean, "worst": card.discourse.worst}
    areas |= {show.show: show.auc for show in card.discourse.shows}
    rows = [(name, format_number(auc.talk, 2), format_number(auc.opening, 2)) for name, auc in areas.items()]
    return (Table("AUC of talk", ("inside", "starts"), tuple(rows)),)


def wrong_catalog_tables(card: ScoreCard) -> tuple[Table, ...]:
    """Dots with a catalogue of which nothing is shown; empty where that was not measured."""
    wrong = card.wrong_catalog
    if wrong is None:
        return ()
    shows = [(show.show + (" (worst)" if show.show == wrong.worst else ""), show) for show in wrong.shows]
    rows = [("all shows", wrong.total), *shows]
    return (Table("wrong catalogue", WRONG_CATALOG_HEADINGS, tuple((name, *_dot_cells(dots)) for name, dots in rows)),)


def _dot_cells(dots: WrongCatalogDots) -> tuple[str, ...]:
    return (
        f"{dots.per_hour:.1f}",
        f"{dots.highlights}",
        f"{dots.suggestions}",
        f"{dots.duration / SECONDS_PER_HOUR:.2f}",
    )


def _summary_rows(method: MethodScores) -> Iterable[tuple[str, ...]]:
    worst = next(show.score for show in method.shows if show.show == method.worst)
    yield f"{method.method}, all shows", *_score_cells(method.over_all)
    yield f"{method.method}, mean", *_metric_cells(method.mean), ""
    yield f"{method.method}, worst show", *_score_cells(worst)


def _show_table(method: MethodScores) -> Table:
    names = [show.show + (" (worst)" if show.show == method.worst else "") for show in method.shows]
    rows = [(name, *_score_cells(show.score)) for name, show in zip(names, method.shows, strict=True)]
    return Table(method.method, SCORE_HEADINGS, tuple(rows))


def _score_cells(score: Score) -> tuple[str, ...]:
    return (*_metric_cells(score.measures), f"{score.counts.highlights}/{score.counts.truths}")


def _metric_cells(metrics: HighlightMetrics) -> tuple[str, ...]:
    return tuple(format_number(getattr(metrics, name), _decimals(name)) for name in METRIC_COLUMNS)


def _interval_cells(low: HighlightMetrics, high: HighlightMetrics) -> tuple[str, ...]:
    pairs = ((name, getattr(low, name), getattr(high, name)) for name in METRIC_COLUMNS)
    return tuple(
        NOT_MEASURED if a is None else f"{_short_number(a, name)}-{_short_number(b, name)}" for name, a, b in pairs
    )


def _short_number(value: float, name: str) -> str:
    """`.41` for 0.41: both ends of an interval must fit a column."""
    return (
        format_number(value, _decimals(name)).removeprefix("0") if value < 1 else format_number(value, _decimals(name))
    )


def _decimals(name: str) -> int:
    return 1 if name in METRICS_IN_SECONDS else 2


def format_number(value: float | None, decimals: int) -> str:
    """`value` with this many decimals, or the sign for "not measured"."""
    return NOT_MEASURED if value is None else f"{value:.{decimals}f}"
