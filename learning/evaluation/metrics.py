"""The measures of highlights against truth. Counts of shows can be added up; measures are made from counts.

A highlight *agrees* with a truth when it names at least one product and every product it names is in that truth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import isfinite

import numpy as np

from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.highlight import Highlight, HighlightsFile, Take, Takes
from learning.evaluation.ground_truth import TrueHighlight, Truth
from learning.evaluation.reliability import Judged
from models.lexicon.near_duplicates import NO_SISTERS, Sisters

# All but the last are the definitions of the development set's page, so that figures compare.
PAIR_IOU = 0.3  # least overlap of a pair whose starts are compared
LOOSE_IOU = 0.5  # of F1@0.5
TIGHT_IOU = 0.7  # of F1@0.7
EARLIEST_SEEK: Seconds = -5.0  # before the true start: the viewer hears the end of something else
LATEST_SEEK: Seconds = 10.0  # after the true start: the viewer has missed the point
LEAST_TRUE_SHARE = 0.1  # of a highlight that must overlap a truth it agrees with, or it is false
LEAST_IGNORED_SHARE = 0.5  # of a highlight inside ignored stretches, and it counts nowhere (our reading of "inside")


@dataclass(frozen=True, slots=True)
class Prediction:
    """One published highlight as the measures see it. `seek` is where a player lands; `confidence` is in [0, 1]."""

    span: Span
    product_ids: tuple[str, ...]
    seek: Seconds
    confidence: float

    def __post_init__(self) -> None:
        if not isfinite(self.seek):
            raise InvalidValue(f"a seek must be finite, not {self.seek}")
        if not 0 <= self.confidence <= 1:
            raise InvalidValue(f"a confidence lies in [0, 1], not {self.confidence}")

    def agrees_with(self, truth: TrueHighlight) -> bool:
        return bool(self.product_ids) and set(self.product_ids) <= set(truth.product_ids)

    def seeks_well(self, truth: TrueHighlight) -> bool:
        """Whether a player that lands at `seek` shows the beginning of this very explanation."""
        return self.agrees_with(truth) and EARLIEST_SEEK <= self.seek - truth.start <= LATEST_SEEK

    def touches(self, truth: TrueHighlight) -> bool:
        """Whether a tenth of it lies in `truth`. A tenth of nothing is nothing: an empty one has to begin there."""
        least = LEAST_TRUE_SHARE * self.span.duration
        return self.span.overlap(truth.span) >= least if least else truth.span.holds(self.span.start)


@dataclass(frozen=True, slots=True)
class Found:
    """What one method found in one show: what it publishes, and what it only suggests to editors."""

    highlights: tuple[Prediction, ...] = ()
    suggestions: tuple[Prediction, ...] = ()

    @property
    def all(self) -> tuple[Prediction, ...]:
        return self.highlights + self.suggestions


@dataclass(frozen=True, slots=True)
class Pair:
    """A truth and the highlight that it is matched by, as places in what was matched; `start_error` is absolute."""

    iou: float
    start_error: Seconds
    prediction: int
    truth: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted in one show or, added up, in several. Shares have the thing they are a share of beside them."""

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
class Measures:
    """The measures; None where there is nothing to take them from. Start errors in seconds, all others in [0, 1]."""

    f1_at_50: float | None
    f1_at_70: float | None
    seek_precision: float | None
    seek_recall: float | None
    false_share: float | None
    time_share: float | None
    start_error_median: Seconds | None
    start_error_p90: Seconds | None
    wrong_sister_share: float | None = None


def found_in(file: HighlightsFile) -> Found:
    """What highlights.json publishes and suggests."""

    def prediction(entry: Highlight) -> Prediction:
        return Prediction(Span(entry.start, entry.end), entry.product_ids, entry.seek, entry.confidence)

    return Found(tuple(map(prediction, file.highlights)), tuple(map(prediction, file.suggestions)))


def found_by(takes: Takes) -> Found:
    """What `takes` would publish and suggest if nobody edited them."""

    def prediction(take: Take) -> Prediction:
        return Prediction(take.span, take.product_ids, take.seek, take.confidence)

    return Found(tuple(map(prediction, takes.takes)), tuple(map(prediction, takes.suggestions)))


def counted(predictions: Iterable[Prediction], truth: Truth) -> tuple[Prediction, ...]:
    """Those that do not lie in what `truth` ignores."""
    return tuple(p for p in predictions if not _is_ignored(p.span, truth.ignored))


def judged(predictions: Iterable[Prediction], truth: Truth) -> tuple[Judged, ...]:
    """Each one's confidence, and whether it deserved it: the right product, and a seek that shows its beginning."""
    return tuple(
        Judged(p.confidence, any(p.seeks_well(t) for t in truth.highlights)) for p in counted(predictions, truth)
    )


def count(predictions: Iterable[Prediction], truth: Truth, sisters: Sisters = NO_SISTERS) -> Counts:
    """Compare one show's highlights with its truth, both on the replay clock."""
    counting = counted(predictions, truth)
    pairs = matched(counting, truth.highlights)
    right, seconds = _right_seconds(counting, truth)
    return Counts(
        highlights=len(counting),
        truths=len(truth.highlights),
        matched_at_50=sum(pair.iou >= LOOSE_IOU for pair in pairs),
        matched_at_70=sum(pair.iou >= TIGHT_IOU for pair in pairs),
        good_seeks=sum(any(p.seeks_well(t) for t in truth.highlights) for p in counting),
        truths_with_good_seek=sum(any(p.seeks_well(t) for p in counting) for t in truth.highlights),
        false_highlights=sum(is_false(p, truth.highlights) for p in counting),
        right_seconds=right,
        seconds=seconds,
        start_errors=tuple(pair.start_error for pair in pairs),
        wrong_sisters=sum(is_wrong_sister(p, truth.highlights, sisters) for p in counting),
    )


def matched(predictions: Sequence[Prediction], truths: Sequence[TrueHighlight]) -> tuple[Pair, ...]:
    """One-to-one pairs that agree and overlap by at least `PAIR_IOU`, taken greedily, best overlap first.

    Greedy, so that one matching serves every threshold: the pairs at 0.7 are the first of those at 0.3. Where
    neither the highlights nor the truths overlap among themselves, it finds as many pairs at 0.5 and above as can be.
    """
    overlaps = (
        (p.span.iou(t.span), i, j) for i, p in enumerate(predictions) for j, t in enumerate(truths) if p.agrees_with(t)
    )
    best_first = sorted((o for o in overlaps if o[0] >= PAIR_IOU), key=lambda o: (-o[0], o[1], o[2]))
    used_predictions, used_truths, pairs = set[int](), set[int](), list[Pair]()
    for iou, i, j in best_first:
        if i not in used_predictions and j not in used_truths:
            used_predictions.add(i)
            used_truths.add(j)
            pairs.append(Pair(iou, abs(predictions[i].span.start - truths[j].start), i, j))
    return tuple(pairs)


def _is_ignored(span: Span, ignored: Iterable[Span]) -> bool:
    if span.duration == 0:
        return any(stretch.holds(span.start) for stretch in ignored)
    return sum(span.overlap(stretch) for stretch in ignored) >= LEAST_IGNORED_SHARE * span.duration


def is_false(prediction: Prediction, truths: Iterable[TrueHighlight]) -> bool:
    """Whether it touches no explanation of its product."""
    return not any(prediction.agrees_with(truth) and prediction.touches(truth) for truth in truths)


def is_wrong_sister(prediction: Prediction, truths: Sequence[TrueHighlight], sisters: Sisters) -> bool:
    """Whether it touches no explanation of its product, but one of a product that is nearly the same."""
    alike = {sister for product in prediction.product_ids for sister in sisters.get(product, ())}
    touched = any(prediction.touches(truth) and not alike.isdisjoint(truth.product_ids) for truth in truths)
    return touched and is_false(prediction, truths)


def _right_seconds(predictions: Sequence[Prediction], truth: Truth) -> tuple[Seconds, Seconds]:
    """Seconds whose product, or none, is right, and all that count. Exact: nothing changes between two edges."""
    show = Span(0.0, truth.duration)
    spans = [p.span for p in predictions] + [t.span for t in truth.highlights] + list(truth.ignored)
    edges = sorted({0.0, truth.duration} | {edge for s in spans for edge in (s.within(show).start, s.within(show).end)})
    right = seconds = 0.0
    for stretch in map(Span, edges, edges[1:]):
        if not any(ignored.holds(stretch.middle) for ignored in truth.ignored):
            seconds += stretch.duration
            right += stretch.duration * _is_right_at(stretch.middle, predictions, truth)
    return right, seconds


def _is_right_at(time: Seconds, predictions: Iterable[Prediction], truth: Truth) -> bool:
    said = {product for p in predictions if p.span.holds(time) for product in p.product_ids}
    true = [set(t.product_ids) for t in truth.highlights if t.span.holds(time)]
    return any(said <= products for products in true) if said else not true


def pooled(counts: Iterable[Counts]) -> Counts:
    """All shows as if they were one: every count added up, all start errors together."""
    every = tuple(counts)
    sums = {f.name: sum(getattr(c, f.name) for c in every) for f in fields(Counts) if f.name != "start_errors"}
    return Counts(**sums, start_errors=tuple(error for c in every for error in c.start_errors))


def measures(counts: Counts) -> Measures:
    """The measures of one show, or of several whose counts were pooled."""
    both = counts.highlights + counts.truths
    return Measures(
        f1_at_50=_share(2 * counts.matched_at_50, both),
        f1_at_70=_share(2 * counts.matched_at_70, both),
        seek_precision=_share(counts.good_seeks, counts.highlights),
        seek_recall=_share(counts.truths_with_good_seek, counts.truths),
        false_share=_share(counts.false_highlights, counts.highlights),
        time_share=_share(counts.right_seconds, counts.seconds),
        start_error_median=_quantile(counts.start_errors, 0.5),
        start_error_p90=_quantile(counts.start_errors, 0.9),
        wrong_sister_share=_share(counts.wrong_sisters, counts.highlights),
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _quantile(values: Sequence[float], q: float) -> float | None:
    """Linear between neighbours, as numpy does."""
    return float(np.quantile(values, q)) if values else None


def mean(shows: Iterable[Measures]) -> Measures:
    """Each measure's mean over the shows that have it."""
    every = tuple(shows)
    return Measures(**{f.name: _mean(getattr(show, f.name) for show in every) for f in fields(Measures)})


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
