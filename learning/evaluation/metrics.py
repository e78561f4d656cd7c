"""Metrics of highlights against truth. Counts of shows can be added up; metrics are computed from counts.

A highlight *agrees* with a truth when it names at least one product and every product that it names is in that truth.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from math import isfinite

import numpy as np

from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.highlight import Highlight, HighlightsFile, Take, Takes, TakesFile
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.reliability import LabelledConfidence
from models.lexicon.near_duplicates import NO_NEAR_DUPLICATES, NearDuplicates
from pipeline.review.judgement_words import chances_text, judgement_lines

# All but the last are definitions of the development set, so that figures compare.
MIN_PAIR_IOU = 0.3  # of a pair whose starts are compared
F1_AT_50_IOU = 0.5  # of F1@0.5
F1_AT_70_IOU = 0.7  # of F1@0.7
MIN_SEEK_OFFSET_S: Seconds = -5.0  # earlier, a viewer hears the end of something else
MAX_SEEK_OFFSET_S: Seconds = 10.0  # later, a viewer has missed the beginning
MIN_TRUE_SHARE = 0.1  # of a highlight that must overlap a truth it agrees with; else it is false
MIN_IGNORED_SHARE = 0.5  # of a highlight; with so much of it in ignored stretches it does not count


@dataclass(frozen=True, slots=True)
class Prediction:
    """One highlight as the metrics see it. `seek`: where a player lands; `confidence`: in [0, 1].

    `reasons`: how sure product and start are, what spoke for it and against it, and why it is not published, a line
    each; the metrics do not look at them.
    """

    span: Span
    product_ids: tuple[str, ...]
    seek: Seconds
    confidence: float
    reasons: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if not isfinite(self.seek):
            raise InvalidValue(f"a seek must be finite, not {self.seek}")
        if not 0 <= self.confidence <= 1:
            raise InvalidValue(f"a confidence lies in [0, 1], not {self.confidence}")

    def has_matching_products(self, truth: TrueHighlight) -> bool:
        return bool(self.product_ids) and set(self.product_ids) <= set(truth.product_ids)

    def has_good_seek(self, truth: TrueHighlight) -> bool:
        """Whether a player that lands at `seek` shows the beginning of this explanation."""
        return self.has_matching_products(truth) and MIN_SEEK_OFFSET_S <= self.seek - truth.start <= MAX_SEEK_OFFSET_S

    def overlaps(self, truth: TrueHighlight) -> bool:
        """Whether a tenth of it lies in `truth`. An empty one must begin there."""
        min_overlap = MIN_TRUE_SHARE * self.span.duration
        return self.span.overlap(truth.span) >= min_overlap if min_overlap else truth.span.contains(self.span.start)


@dataclass(frozen=True, slots=True)
class Predictions:
    """What one method predicts for one show: what it publishes, and what it suggests to editors."""

    highlights: tuple[Prediction, ...] = ()
    suggestions: tuple[Prediction, ...] = ()

    @property
    def all(self) -> tuple[Prediction, ...]:
        return self.highlights + self.suggestions


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """A truth and the highlight matched to it, as indices; `start_error` is absolute."""

    iou: float
    start_error: Seconds
    prediction_index: int
    truth_index: int


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """Counts of one show or, added up, of several: numerators and denominators of the metrics."""

    highlights: int = 0
    truths: int = 0
    matched_at_50: int = 0
    matched_at_70: int = 0
    good_seeks: int = 0
    truths_with_good_seek: int = 0
    false_highlights: int = 0
    right_seconds: Seconds = 0.0
    seconds: Seconds = 0.0
    start_errors: tuple[Seconds, ...] = ()
    wrong_sisters: int = 0


@dataclass(frozen=True, slots=True)
class HighlightMetrics:
    """None where the denominator is 0. Start errors in seconds, all others in [0, 1]."""

    f1_at_50: float | None
    f1_at_70: float | None
    seek_precision: float | None
    seek_recall: float | None
    false_share: float | None
    time_share: float | None
    start_error_median: Seconds | None
    start_error_p90: Seconds | None
    wrong_sister_share: float | None = None


def predictions_from_file(file: HighlightsFile, takes: TakesFile | None = None) -> Predictions:
    """The highlights and suggestions of highlights.json, with reasons where `takes` is the takes.json beside it."""
    names = {product.product_id: product.short_name or product.title for product in file.products}

    def to_prediction(entry: Highlight, *, is_suggestion: bool) -> Prediction:
        reasons = () if takes is None else _reasons(entry, takes, names, is_suggestion=is_suggestion)
        return Prediction(Span(entry.start, entry.end), entry.product_ids, entry.seek, entry.confidence, reasons)

    return Predictions(
        tuple(to_prediction(entry, is_suggestion=False) for entry in file.highlights),
        tuple(to_prediction(entry, is_suggestion=True) for entry in file.suggestions),
    )


def _reasons(entry: Highlight, takes: TakesFile, names: Mapping[str, str], *, is_suggestion: bool) -> tuple[str, ...]:
    lines = judgement_lines(entry, takes, "en", lambda name: names.get(name, name), is_suggestion=is_suggestion)
    return (chances_text(entry, "en"), *lines)


def predictions_from_takes(takes: Takes) -> Predictions:
    """What `takes` publish and suggest without edits."""

    def to_prediction(take: Take) -> Prediction:
        return Prediction(take.span, take.product_ids, take.seek, take.confidence)

    return Predictions(tuple(map(to_prediction, takes.takes)), tuple(map(to_prediction, takes.suggestions)))


def without_ignored(predictions: Iterable[Prediction], truth: GroundTruth) -> tuple[Prediction, ...]:
    """The predictions outside what `truth` ignores."""
    return tuple(p for p in predictions if not is_ignored(p.span, truth.ignored))


def labelled_confidences(predictions: Iterable[Prediction], truth: GroundTruth) -> tuple[LabelledConfidence, ...]:
    """Each confidence with its label: the right product, and a seek that shows its beginning."""
    return tuple(
        LabelledConfidence(p.confidence, any(p.has_good_seek(t) for t in truth.highlights))
        for p in without_ignored(predictions, truth)
    )


def count_outcomes(
    predictions: Iterable[Prediction], truth: GroundTruth, near_duplicates: NearDuplicates = NO_NEAR_DUPLICATES
) -> OutcomeCounts:
    """Compare one show's highlights with its truth. Both are on the replay clock."""
    scored = without_ignored(predictions, truth)
    pairs = match_greedily(scored, truth.highlights)
    correct_seconds, counted_seconds = _correct_seconds(scored, truth)
    return OutcomeCounts(
        highlights=len(scored),
        truths=len(truth.highlights),
        matched_at_50=sum(pair.iou >= F1_AT_50_IOU for pair in pairs),
        matched_at_70=sum(pair.iou >= F1_AT_70_IOU for pair in pairs),
        good_seeks=sum(any(p.has_good_seek(t) for t in truth.highlights) for p in scored),
        truths_with_good_seek=sum(any(p.has_good_seek(t) for p in scored) for t in truth.highlights),
        false_highlights=sum(is_false_positive(p, truth.highlights) for p in scored),
        right_seconds=correct_seconds,
        seconds=counted_seconds,
        start_errors=tuple(pair.start_error for pair in pairs),
        wrong_sisters=sum(is_near_duplicate_error(p, truth.highlights, near_duplicates) for p in scored),
    )


def match_greedily(predictions: Sequence[Prediction], truths: Sequence[TrueHighlight]) -> tuple[MatchedPair, ...]:
    """One-to-one pairs that agree and overlap by at least `MIN_PAIR_IOU`, best overlap first.

    Greedy matching serves every threshold: the pairs at 0.7 are the first of those at 0.3. Where neither highlights nor
    truths overlap among themselves, it finds as many pairs at 0.5 and above as is possible.
    """
    overlaps = (
        (p.span.iou(t.span), i, j)
        for i, p in enumerate(predictions)
        for j, t in enumerate(truths)
        if p.has_matching_products(t)
    )
    best_first = sorted((o for o in overlaps if o[0] >= MIN_PAIR_IOU), key=lambda o: (-o[0], o[1], o[2]))
    used_predictions, used_truths, pairs = set[int](), set[int](), list[MatchedPair]()
    for iou, i, j in best_first:
        if i not in used_predictions and j not in used_truths:
            used_predictions.add(i)
            used_truths.add(j)
            pairs.append(MatchedPair(iou, abs(predictions[i].span.start - truths[j].start), i, j))
    return tuple(pairs)


def is_ignored(span: Span, ignored: Iterable[Span]) -> bool:
    """Whether half of `span`, or its place if it is empty, lies in `ignored`."""
    if span.duration == 0:
        return any(stretch.contains(span.start) for stretch in ignored)
    return sum(span.overlap(stretch) for stretch in ignored) >= MIN_IGNORED_SHARE * span.duration


def is_false_positive(prediction: Prediction, truths: Iterable[TrueHighlight]) -> bool:
    """Whether it overlaps no explanation of its product."""
    return not any(prediction.has_matching_products(truth) and prediction.overlaps(truth) for truth in truths)


def is_near_duplicate_error(
    prediction: Prediction, truths: Sequence[TrueHighlight], near_duplicates: NearDuplicates
) -> bool:
    """Whether it overlaps no explanation of its product, but one of a near-duplicate."""
    near_duplicate_ids = {each for product_id in prediction.product_ids for each in near_duplicates.get(product_id, ())}
    overlaps_near_duplicate = any(
        prediction.overlaps(truth) and not near_duplicate_ids.isdisjoint(truth.product_ids) for truth in truths
    )
    return overlaps_near_duplicate and is_false_positive(prediction, truths)


def _correct_seconds(predictions: Sequence[Prediction], truth: GroundTruth) -> tuple[Seconds, Seconds]:
    """Seconds with the right products, or rightly none; and all seconds that count. Exact: nothing changes between two
    edges.
    """
    show = Span(0.0, truth.duration)
    spans = [p.span for p in predictions] + [t.span for t in truth.highlights] + list(truth.ignored)
    edges = sorted(
        {0.0, truth.duration} | {edge for s in spans for edge in (s.clipped_to(show).start, s.clipped_to(show).end)}
    )
    correct_seconds = counted_seconds = 0.0
    for stretch in map(Span, edges, edges[1:]):
        if not any(ignored.contains(stretch.midpoint) for ignored in truth.ignored):
            counted_seconds += stretch.duration
            correct_seconds += stretch.duration * _is_correct_at(stretch.midpoint, predictions, truth)
    return correct_seconds, counted_seconds


def _is_correct_at(time: Seconds, predictions: Iterable[Prediction], truth: GroundTruth) -> bool:
    predicted_ids = {product for p in predictions if p.span.contains(time) for product in p.product_ids}
    true_id_sets = [set(t.product_ids) for t in truth.highlights if t.span.contains(time)]
    return any(predicted_ids <= products for products in true_id_sets) if predicted_ids else not true_id_sets


def pool_counts(counts: Iterable[OutcomeCounts]) -> OutcomeCounts:
    """All shows as if they were one: counts are added up, start errors put together."""
    all_counts = tuple(counts)
    sums = {
        f.name: sum(getattr(c, f.name) for c in all_counts) for f in fields(OutcomeCounts) if f.name != "start_errors"
    }
    return OutcomeCounts(**sums, start_errors=tuple(error for c in all_counts for error in c.start_errors))


def compute_metrics(counts: OutcomeCounts) -> HighlightMetrics:
    """The metrics of one show, or of several with pooled counts."""
    highlights_and_truths = counts.highlights + counts.truths
    return HighlightMetrics(
        f1_at_50=_ratio(2 * counts.matched_at_50, highlights_and_truths),
        f1_at_70=_ratio(2 * counts.matched_at_70, highlights_and_truths),
        seek_precision=_ratio(counts.good_seeks, counts.highlights),
        seek_recall=_ratio(counts.truths_with_good_seek, counts.truths),
        false_share=_ratio(counts.false_highlights, counts.highlights),
        time_share=_ratio(counts.right_seconds, counts.seconds),
        start_error_median=_quantile(counts.start_errors, 0.5),
        start_error_p90=_quantile(counts.start_errors, 0.9),
        wrong_sister_share=_ratio(counts.wrong_sisters, counts.highlights),
    )


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _quantile(values: Sequence[float], q: float) -> float | None:
    """Linear interpolation, as in numpy."""
    return float(np.quantile(values, q)) if values else None


def mean_metrics(shows: Iterable[HighlightMetrics]) -> HighlightMetrics:
    """The mean of each metric over the shows that have it."""
    all_metrics = tuple(shows)
    return HighlightMetrics(
        **{f.name: _mean_of_known(getattr(show, f.name) for show in all_metrics) for f in fields(HighlightMetrics)}
    )


def _mean_of_known(values: Iterable[float | None]) -> float | None:
    known_values = [value for value in values if value is not None]
    return sum(known_values) / len(known_values) if known_values else None
