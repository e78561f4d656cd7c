"""Segments a scored show into takes: decodes, chooses where a viewer lands, gives chances, and says what to publish."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.clock import Span
from domain.evidence import FloatArray, ProductScores
from domain.highlight import PublishingThresholds, Take, Takes
from models.lexicon.near_duplicates import NO_NEAR_DUPLICATES, NearDuplicates
from models.segmentation.calibration import TIE_NATS, ConfidenceModel
from models.segmentation.candidate_takes import CandidateBuilder, CandidateTake, missed_segments
from models.segmentation.decoding import DecodedShow, decode_show, merge_segments
from models.segmentation.semi_markov import DecodedSegment
from models.segmentation.state_space import SegmentState

MIN_ONE_PRODUCT_SHARE = 0.9  # of what is explained in a room of one product
MIN_ONE_PRODUCT_S = 600.0  # of explanations: in a shorter show one product may be one explanation
MIN_START_CONFIDENCE = 0.05  # of published takes: below, a viewer would hardly ever land right


@dataclass(frozen=True, slots=True)
class SegmentationSettings:
    """Settings of segmentation.

    `merge_gap_s`: takes of one product that are closer are merged; `min_duration_s`: shorter takes are dropped;
    `publish_at`: takes whose product is less sure are suggestions; `suggest_at`: those of still less are dropped.
    """

    merge_gap_s: float
    min_duration_s: float
    publish_at: float
    suggest_at: float


def segment_takes(
    scores: ProductScores,
    model: ConfidenceModel,
    settings: SegmentationSettings,
    near_duplicates: NearDuplicates = NO_NEAR_DUPLICATES,
) -> Takes:
    """The takes of a show, by time, and suggestions, which are not published without an editor.

    Suggestions are takes of which the product is not sure enough, ties between near-duplicates, and stretches that
    decoding did not choose though they are likely enough.
    """
    thresholds = PublishingThresholds(settings.publish_at, MIN_START_CONFIDENCE, settings.suggest_at)
    if not (len(scores.unit_starts) and scores.product_ids):
        return Takes((), (), thresholds)
    decoded = decode_show(scores, model, settings.min_duration_s)
    builder = _TakeBuilder(decoded, model, near_duplicates)
    chosen = [builder.build(each) for each in _chosen_candidates(decoded, builder.candidates, settings)]
    missed = [builder.build_missed(each) for each in _missed_candidates(decoded, builder.candidates, chosen)]
    chosen, missed = ([take for take in takes if _is_long_enough(take.span, settings)] for takes in (chosen, missed))
    published = [take for take in chosen if _is_publishable(take, settings)]
    unpublished = [take for take in chosen if not _is_publishable(take, settings)]
    suggested = [take for take in (*unpublished, *missed) if take.product_confidence >= settings.suggest_at]
    numbered = _number_takes([*published, *sorted(suggested, key=lambda take: take.seek)], len(published))
    return Takes(numbered[: len(published)], numbered[len(published) :], thresholds)


def candidate_takes(
    scores: ProductScores, model: ConfidenceModel, settings: SegmentationSettings
) -> tuple[CandidateTake, ...]:
    """Every explanation of a listed product that decoding finds and that is long enough, by time."""
    if not (len(scores.unit_starts) and scores.product_ids):
        return ()
    decoded = decode_show(scores, model, settings.min_duration_s)
    candidates = _chosen_candidates(decoded, CandidateBuilder(decoded), settings)
    return tuple(each for each in candidates if _is_long_enough(each.span(decoded.boundaries), settings))


def _is_long_enough(span: Span, settings: SegmentationSettings) -> bool:
    return span.duration >= settings.min_duration_s


def _is_publishable(take: Take, settings: SegmentationSettings) -> bool:
    is_sure = take.product_confidence >= settings.publish_at and take.start_confidence >= MIN_START_CONFIDENCE
    return is_sure and not take.is_tie


def _chosen_candidates(
    decoded: DecodedShow, builder: CandidateBuilder, settings: SegmentationSettings
) -> list[CandidateTake]:
    """The candidates made of the likeliest segments, by time."""
    segments: Sequence[DecodedSegment] = decoded.segments
    if not _is_room_of_one_product(decoded):
        segments = merge_segments(segments, decoded, settings.merge_gap_s, settings.min_duration_s)
    return sorted(map(builder.build, segments), key=lambda each: each.seek)


def _is_room_of_one_product(decoded: DecodedShow) -> bool:
    """Whether nearly everything that is explained is one product: then each pitch is a take of its own."""
    seconds = defaultdict[SegmentState, float](float)
    for segment in decoded.segments:
        seconds[decoded.states[segment.state]] += decoded.duration(segment)
    total = sum(seconds.values())
    return total >= MIN_ONE_PRODUCT_S and max(seconds.values()) >= MIN_ONE_PRODUCT_SHARE * total


def _missed_candidates(
    decoded: DecodedShow, builder: CandidateBuilder, chosen_takes: Sequence[Take]
) -> Iterator[CandidateTake]:
    """Stretches that are likely enough about a product without a take there: an editor sees at a glance."""
    spans_by_product = defaultdict[str, list[Span]](list)
    for take in chosen_takes:
        for name in take.product_ids:
            spans_by_product[name].append(take.span)
    for segment in missed_segments(decoded):
        span = Span(float(decoded.boundaries[segment.start]), float(decoded.boundaries[segment.end]))
        (product,) = decoded.states[segment.state]
        known_spans = spans_by_product[decoded.scores.product_ids[product]]
        if not any(span.start < known.end and known.start < span.end for known in known_spans):
            yield builder.build(segment)


class _TakeBuilder:
    """Makes takes of the candidates of one show."""

    def __init__(self, decoded: DecodedShow, model: ConfidenceModel, near_duplicates: NearDuplicates) -> None:
        self.candidates = CandidateBuilder(decoded)
        self._decoded, self._model, self._near_duplicates = decoded, model, near_duplicates

    def build(self, candidate: CandidateTake) -> Take:
        """The candidate as a take. A tie names the likelier product and its near-duplicate, not others of a bundle."""
        return self._build(candidate, _tied_near_duplicate(candidate, self._decoded.scores, self._near_duplicates))

    def build_missed(self, candidate: CandidateTake) -> Take:
        """A candidate that decoding did not choose. Its product is at most as sure as decoding is of its units."""
        take = self._build(candidate, None)
        return replace(take, product_confidence=min(take.product_confidence, candidate.product_features.inside))

    def _build(self, candidate: CandidateTake, near_duplicate: int | None) -> Take:
        products = candidate.products if near_duplicate is None else (candidate.products[0], near_duplicate)
        product_confidence = self._model.product_chance(candidate.product_features)
        return Take(
            tuple(self._decoded.scores.product_ids[column] for column in products),
            candidate.span(self._decoded.boundaries),
            candidate.seek,
            product_confidence,
            self._model.start_chance(candidate.start_features),
            1,
            is_best=False,
            is_tie=near_duplicate is not None,
            other_products=self.candidates.other_products(candidate, products, product_confidence),
            other_starts=self.candidates.other_starts(candidate, self._model),
            evidence=self.candidates.evidence(candidate),
        )


def _tied_near_duplicate(
    candidate: CandidateTake, scores: ProductScores, near_duplicates: NearDuplicates
) -> int | None:
    """The column of the likeliest near-duplicate of the main product, if it may as well be meant.

    Outside the bundle that is one with as much evidence; inside, one with the same evidence unit by unit, so that
    nothing says that there are two.
    """
    identity = scores.identity[candidate.start : candidate.end]
    totals = identity.sum(axis=0)
    main = candidate.products[0]
    own = near_duplicates.get(scores.product_ids[main], frozenset())
    columns = [k for k, name in enumerate(scores.product_ids) if name in own and k != main]
    alike = [k for k in columns if k not in candidate.products or _evidence_difference(identity, main, k) < TIE_NATS]
    best = max(alike, key=lambda column: totals[column], default=None)
    return best if best is not None and totals[main] - totals[best] < TIE_NATS else None


def _evidence_difference(identity: FloatArray, first: int, second: int) -> float:
    """Nats that speak for one of two products and not for the other, summed over units."""
    positive_nats = np.maximum(identity, 0.0)
    return float(np.abs(positive_nats[:, first] - positive_nats[:, second]).sum())


def _number_takes(takes: Sequence[Take], published_count: int) -> tuple[Take, ...]:
    """Number the takes of each product and mark its best one: by confidence, then by length.

    The first `published_count` takes are published: they are numbered before suggestions, and preferred as best.
    """
    takes_by_product: dict[str, list[int]] = defaultdict(list)
    for index, take in enumerate(takes):
        takes_by_product[take.product_ids[0]].append(index)
    best = {
        max(own, key=lambda i: (i < published_count, takes[i].confidence, takes[i].span.duration))
        for own in takes_by_product.values()
    }
    return tuple(
        replace(take, take_number=takes_by_product[take.product_ids[0]].index(i) + 1, is_best=i in best)
        for i, take in enumerate(takes)
    )
