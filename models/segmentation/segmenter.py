"""Segments a scored show into takes: decode, split bundles, choose where a viewer lands, give confidence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.clock import Seconds, Span
from domain.evidence import FloatArray, ProductScores
from domain.highlight import Take, Takes
from models.lexicon.near_duplicates import NO_NEAR_DUPLICATES, NearDuplicates
from models.segmentation.calibration import TIE_NATS, ConfidenceModel, TakeFeatures
from models.segmentation.semi_markov import DecodedSegment, SegmentPosteriors, best_path, posteriors
from models.segmentation.state_space import SegmentState, build_lattice, candidate_states

MAX_EARLY_SEEK_S: Seconds = 5.0  # a seek this much before the true start is still right (the devset's measure)
MAX_LATE_SEEK_S: Seconds = 10.0  # and this much after it
MAX_SEEK_SHIFT_UNITS = 8  # about 40 s, between the decoded start and where a viewer lands
MIN_SPLIT_EVIDENCE_SHARE = 0.85  # of each product's evidence, on its side of the cut that splits a bundle
SEEK_TOLERANCE_SHARE = 0.05  # of the landing probability; 0.02 to 0.2 were tried on the labelled scripts
MIN_PEAK_PROBABILITY = 0.25  # of a product in some unit of a suggestion that decoding did not choose
MIN_SUGGESTION_PROBABILITY = 0.1  # and in all of its units


@dataclass(frozen=True, slots=True)
class SegmentationSettings:
    """Settings of segmentation.

    `merge_gap_s`: takes of one product that are closer are merged; `min_duration_s`: shorter takes are dropped;
    `publish_at`: takes of lower confidence are suggestions; `suggest_at`: those of still lower confidence are dropped.
    """

    merge_gap_s: float
    min_duration_s: float
    publish_at: float
    suggest_at: float


@dataclass(frozen=True, slots=True)
class CandidateTake:
    """An explanation as decoded, units [start, end), with the features for its confidence.

    `products`: columns, the main one first.
    """

    start: int
    end: int
    products: SegmentState
    seek: Seconds
    features: TakeFeatures


@dataclass(frozen=True, eq=False)
class _DecodedShow:
    """A show's likeliest segments, and the posteriors."""

    scores: ProductScores
    states: tuple[SegmentState, ...]
    path: Sequence[DecodedSegment]
    posteriors: SegmentPosteriors
    boundaries: FloatArray

    def states_with_product(self, product: int) -> list[int]:
        """The states that are about `product`."""
        return [index for index, state in enumerate(self.states) if product in state]


def segment_takes(
    scores: ProductScores,
    model: ConfidenceModel,
    settings: SegmentationSettings,
    near_duplicates: NearDuplicates = NO_NEAR_DUPLICATES,
) -> Takes:
    """The takes of a show, by time, and suggestions, which are not published without an editor.

    Suggestions are takes of low confidence, ties between near-duplicates, and stretches that decoding did not choose
    though they are likely enough.
    """
    if not (len(scores.unit_starts) and scores.product_ids):
        return Takes((), ())
    decoded = _decode(scores)
    candidates = _chosen_candidates(decoded, model, settings)
    chosen = [_build_take(each, scores, model, near_duplicates) for each in candidates]
    missed = [_build_missed_take(each, scores, model) for each in _missed_candidates(decoded, model, chosen)]
    chosen, missed = ([take for take in takes if _is_long_enough(take.span, settings)] for takes in (chosen, missed))
    published = [take for take in chosen if not take.is_tie and take.confidence >= settings.publish_at]
    unpublished = [take for take in chosen if take.is_tie or take.confidence < settings.publish_at]
    suggested = [take for take in (*unpublished, *missed) if take.confidence >= settings.suggest_at]
    numbered = _number_takes([*published, *sorted(suggested, key=lambda take: take.seek)], len(published))
    return Takes(numbered[: len(published)], numbered[len(published) :])


def candidate_takes(
    scores: ProductScores, model: ConfidenceModel, settings: SegmentationSettings
) -> tuple[CandidateTake, ...]:
    """Every explanation of a listed product that decoding finds and that is long enough, by time."""
    if not (len(scores.unit_starts) and scores.product_ids):
        return ()
    decoded = _decode(scores)
    candidates = _chosen_candidates(decoded, model, settings)
    return tuple(
        each for each in candidates if _is_long_enough(Span(each.seek, float(decoded.boundaries[each.end])), settings)
    )


def _is_long_enough(span: Span, settings: SegmentationSettings) -> bool:
    return span.duration >= settings.min_duration_s


def _decode(scores: ProductScores) -> _DecodedShow:
    states = candidate_states(scores)
    lattice = build_lattice(scores, states)
    segment_posteriors = posteriors(lattice)
    return _DecodedShow(scores, states, best_path(lattice), segment_posteriors, lattice.grid.boundaries)


def _chosen_candidates(
    decoded: _DecodedShow, model: ConfidenceModel, settings: SegmentationSettings
) -> list[CandidateTake]:
    """The candidates made of the likeliest segments, by time."""
    listed = [segment for segment in decoded.path if decoded.states[segment.state]]
    segments = [
        part for whole in _merge_asides(listed, decoded, settings) for part in _split_bundle(whole, decoded, settings)
    ]
    return sorted((_build_candidate(segment, decoded, model) for segment in segments), key=lambda each: each.seek)


def _missed_candidates(
    decoded: _DecodedShow, model: ConfidenceModel, chosen_takes: Iterable[Take]
) -> Iterator[CandidateTake]:
    """Stretches that are likely enough about a product without a take there: an editor sees at a glance."""
    names, boundaries = decoded.scores.product_ids, decoded.boundaries
    spans_by_product = defaultdict[str, list[Span]](list)
    for take in chosen_takes:
        for name in take.product_ids:
            spans_by_product[name].append(take.span)
    for product, name in enumerate(names):
        for segment in _likely_segments(decoded, product):
            span = Span(float(boundaries[segment.start]), float(boundaries[segment.end]))
            if not any(span.start < known.end and known.start < span.end for known in spans_by_product[name]):
                yield _build_candidate(segment, decoded, model)


def _likely_segments(decoded: _DecodedShow, product: int) -> Iterator[DecodedSegment]:
    """Stretches where `product` is above MIN_SUGGESTION_PROBABILITY throughout and reaches MIN_PEAK_PROBABILITY."""
    probability = decoded.posteriors.unit_probabilities[:, decoded.states_with_product(product)].sum(axis=1)
    is_likely = np.concatenate([[False], probability >= MIN_SUGGESTION_PROBABILITY, [False]])
    for start, end in np.flatnonzero(np.diff(is_likely)).reshape(-1, 2).tolist():
        if probability[start:end].max() >= MIN_PEAK_PROBABILITY:
            yield DecodedSegment(start, end, decoded.states.index((product,)))


def _merge_asides(
    segments: Iterable[DecodedSegment], decoded: _DecodedShow, settings: SegmentationSettings
) -> list[DecodedSegment]:
    """Merge segments of one state across short gaps, and across segments that are too short for a take."""
    merged: list[DecodedSegment] = []
    boundaries = decoded.boundaries
    for segment in segments:
        earlier = max((i for i, other in enumerate(merged) if other.state == segment.state), default=None)
        if earlier is not None:
            is_near = boundaries[segment.start] - boundaries[merged[earlier].end] <= settings.merge_gap_s
            between = (_duration_s(each, boundaries) for each in merged[earlier + 1 :])
            if is_near and all(duration < settings.min_duration_s for duration in between):
                merged[earlier:] = [replace(merged[earlier], end=segment.end)]
                continue
        merged.append(segment)
    return merged


def _split_bundle(
    segment: DecodedSegment, decoded: _DecodedShow, settings: SegmentationSettings
) -> tuple[DecodedSegment, ...]:
    """Two segments for a bundle whose products are explained one after the other, else the segment itself."""
    state = decoded.states[segment.state]
    if len(state) < 2:
        return (segment,)
    positive_nats = np.maximum(decoded.scores.identity[segment.start : segment.end, list(state)], 0.0)
    for order in ((0, 1), (1, 0)):
        early, late = positive_nats[:, order[0]], positive_nats[:, order[1]]
        split_nats = np.cumsum(early) + late.sum() - np.cumsum(late)  # if cut after each unit
        split_unit = int(np.argmax(split_nats)) + 1
        is_separable = (
            early[:split_unit].sum() >= MIN_SPLIT_EVIDENCE_SHARE * early.sum() > 0
            and late[split_unit:].sum() >= MIN_SPLIT_EVIDENCE_SHARE * late.sum() > 0
        )
        first, second = (decoded.states.index((state[index],)) for index in order)
        parts = (
            DecodedSegment(segment.start, segment.start + split_unit, first),
            DecodedSegment(segment.start + split_unit, segment.end, second),
        )
        if is_separable and all(_duration_s(part, decoded.boundaries) >= settings.min_duration_s for part in parts):
            return parts
    return (segment,)


def _duration_s(segment: DecodedSegment, boundaries: FloatArray) -> Seconds:
    return float(boundaries[segment.end] - boundaries[segment.start])


def _build_candidate(segment: DecodedSegment, decoded: _DecodedShow, model: ConfidenceModel) -> CandidateTake:
    identity = decoded.scores.identity[segment.start : segment.end]
    products = _order_products(decoded.states[segment.state], identity, model)
    own_states = decoded.states_with_product(products[0])
    seek, landing_probability = _best_seek(
        segment, decoded.boundaries, decoded.posteriors.start_probabilities[:, own_states].sum(axis=1)
    )
    inside = float(decoded.posteriors.unit_probabilities[segment.start : segment.end, own_states].sum(axis=1).mean())
    features = TakeFeatures(
        landing=landing_probability,
        inside=min(1.0, inside),
        seconds=_duration_s(segment, decoded.boundaries),
        identity=float(identity[:, products[0]].sum()),
        margin=_evidence_margin(products, identity),
        has_pictures=decoded.scores.has_video,
        has_log=decoded.scores.has_event_log,
    )
    return CandidateTake(segment.start, segment.end, products, seek, features)


def _order_products(state: SegmentState, identity: FloatArray, model: ConfidenceModel) -> SegmentState:
    """The products of a segment, the one with most evidence first; of a bundle only one if it is not really one."""
    totals = identity.sum(axis=0)
    first, *others = sorted(state, key=lambda column: -totals[column])
    positive_nats = np.maximum(identity, 0.0)
    return (first, *(other for other in others if model.is_bundle(positive_nats[:, first], positive_nats[:, other])))


def _evidence_margin(products: SegmentState, identity: FloatArray) -> float:
    """Nats by which the likeliest product that is not among `products` is behind the main one."""
    totals = identity.sum(axis=0)
    rest = [column for column in range(len(totals)) if column not in products]
    return float(totals[products[0]] - (totals[rest].max() if rest else 0.0))


def _best_seek(
    segment: DecodedSegment, boundaries: FloatArray, start_probabilities: FloatArray
) -> tuple[Seconds, float]:
    """Where to land so that the explanation most likely begins within [-10, +5] s of it, and that probability.

    Of boundaries within SEEK_TOLERANCE_SHARE of the best, the likeliest start itself is chosen: a window with slightly
    more probability is no reason to land late. `start_probabilities`: (units + 1,), that an explanation of the product
    begins there.
    """
    earliest = max(0, segment.start - MAX_SEEK_SHIFT_UNITS)
    landing: dict[int, float] = {}
    for i in range(earliest, min(segment.end, segment.start + MAX_SEEK_SHIFT_UNITS)):
        low, high = boundaries[i] - MAX_LATE_SEEK_S, boundaries[i] + MAX_EARLY_SEEK_S
        landing[i] = start_probabilities[(boundaries >= low) & (boundaries <= high)].sum()
    threshold = max(landing.values()) * (1 - SEEK_TOLERANCE_SHARE)
    best = max((i for i in landing if landing[i] >= threshold), key=lambda i: start_probabilities[i])
    return float(boundaries[best]), float(min(1.0, landing[best]))


def _build_take(
    candidate: CandidateTake, scores: ProductScores, model: ConfidenceModel, near_duplicates: NearDuplicates
) -> Take:
    """The candidate as a take. A tie names the likelier product and its near-duplicate, not the rest of a bundle."""
    near_duplicate = _tied_near_duplicate(candidate, scores, near_duplicates)
    products = candidate.products if near_duplicate is None else (candidate.products[0], near_duplicate)
    boundaries = np.append(scores.unit_starts, scores.unit_ends[-1])
    span = Span(candidate.seek, float(boundaries[candidate.end]))
    ids = tuple(scores.product_ids[column] for column in products)
    confidence = model.probability(candidate.features)
    return Take(ids, span, candidate.seek, confidence, 1, is_best=False, is_tie=near_duplicate is not None)


def _build_missed_take(candidate: CandidateTake, scores: ProductScores, model: ConfidenceModel) -> Take:
    """A candidate that decoding did not choose, as a take. Its confidence is at most the probability of its start."""
    take = _build_take(candidate, scores, model, NO_NEAR_DUPLICATES)
    return replace(take, confidence=min(take.confidence, candidate.features.landing))


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
