"""Candidate takes: decoded segments with what speaks for their product, and where a viewer lands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds, Span
from domain.evidence import EVIDENCE_KINDS, EvidenceKind, FloatArray
from domain.highlight import ProductChance, StartChance, TakeEvidence
from models.evidence.topic_turns import sets_in
from models.segmentation.calibration import (
    NUMBER_KINDS,
    WORD_KINDS,
    ConfidenceModel,
    ProductFeatures,
    StartFeatures,
    count_kinds,
    mean_of_best,
)
from models.segmentation.decoding import DecodedShow
from models.segmentation.semi_markov import DecodedSegment
from models.segmentation.state_space import SegmentState

MAX_EARLY_SEEK_S: Seconds = 5.0  # a seek this much before the true start is still right (the devset's measure)
MAX_LATE_SEEK_S: Seconds = 10.0  # and this much after it
MAX_SEEK_SHIFT_UNITS = 8  # about 40 s, between the decoded start and where a viewer lands
SEEK_TOLERANCE_SHARE = 0.05  # of the landing probability; 0.02 to 0.2 were tried on the labelled scripts
MIN_PEAK_PROBABILITY = 0.25  # of a product in some unit of a stretch that decoding did not choose
MIN_STRETCH_PROBABILITY = 0.1  # and in all of its units
MAX_OTHER_PRODUCTS, MAX_OTHER_STARTS = 3, 4
MIN_OTHER_CHANCE = 0.01


@dataclass(frozen=True, slots=True)
class CandidateTake:
    """An explanation as decoded, units [start, end), with the features for its chances.

    `products`: columns, the main one first.
    """

    start: int
    end: int
    products: SegmentState
    seek: Seconds
    product_features: ProductFeatures
    start_features: StartFeatures

    def span(self, boundaries: FloatArray) -> Span:
        """From where a viewer lands to the end."""
        return Span(self.seek, float(boundaries[self.end]))


class CandidateBuilder:
    """Builds the candidates of one show."""

    def __init__(self, decoded: DecodedShow) -> None:
        self._decoded, self._scores = decoded, decoded.scores
        self._sets_in = sets_in(np.maximum(self._scores.identity, 0.0), self._scores.unit_starts)
        self._show_words = mean_of_best(
            [self._count_kinds(each, self._main(each), WORD_KINDS) for each in decoded.segments]
        )

    def build(self, segment: DecodedSegment) -> CandidateTake:
        """The candidate of a decoded segment."""
        totals = self._scores.identity[segment.start : segment.end].sum(axis=0)
        products = tuple(sorted(self._decoded.states[segment.state], key=lambda column: -totals[column]))
        seek_unit, landing, peak = self._best_seek(segment, products[0])
        return CandidateTake(
            segment.start,
            segment.end,
            products,
            float(self._decoded.boundaries[seek_unit]),
            self._product_features(segment, products, totals),
            StartFeatures(landing, peak, float(self._sets_in[seek_unit, products[0]])),
        )

    def _product_features(self, segment: DecodedSegment, products: SegmentState, totals: FloatArray) -> ProductFeatures:
        main = products[0]
        rivals = [column for column in range(len(totals)) if column not in products]
        return ProductFeatures(
            words=self._count_kinds(segment, main, WORD_KINDS),
            numbers=self._count_kinds(segment, main, NUMBER_KINDS),
            margin=max(0.0, float(totals[main] - (totals[rivals].max() if rivals else 0.0))),
            inside=self._mean_probability(segment, main),
            show_words=self._show_words,
        )

    def _main(self, segment: DecodedSegment) -> int:
        """The product with most evidence among those of the segment's state."""
        columns = list(self._decoded.states[segment.state])
        return columns[int(self._scores.identity[segment.start : segment.end, columns].sum(axis=0).argmax())]

    def _count_kinds(self, segment: DecodedSegment, product: int, kinds: Sequence[EvidenceKind]) -> float:
        return count_kinds(self._scores.evidence[segment.start : segment.end, product].sum(axis=0), kinds)

    def _mean_probability(self, segment: DecodedSegment, product: int) -> float:
        states = self._decoded.states_with_product(product)
        inside = self._decoded.posteriors.unit_probabilities[segment.start : segment.end, states].sum(axis=1)
        return min(1.0, float(inside.mean()))

    def _best_seek(self, segment: DecodedSegment, product: int) -> tuple[int, float, float]:
        """The unit with which an explanation most likely begins within [-10, +5] s of its start, that probability, and
        that of the likeliest boundary there.

        Of units within SEEK_TOLERANCE_SHARE of the best, the likeliest start itself is chosen: a window with slightly
        more probability is no reason to land late.
        """
        landings = self._landings(segment, product)
        starts = self._start_probabilities(product)
        threshold = max(landings.values()) * (1 - SEEK_TOLERANCE_SHARE)
        best = max((unit for unit in landings if landings[unit] >= threshold), key=lambda unit: starts[unit])
        return best, min(1.0, landings[best]), float(starts[self._landing_window(best)].max())

    def _landings(self, segment: DecodedSegment, product: int) -> dict[int, float]:
        """The probability that a landing is right, for the units around the decoded start."""
        starts = self._start_probabilities(product)
        first = max(0, segment.start - MAX_SEEK_SHIFT_UNITS)
        last = min(segment.end, segment.start + MAX_SEEK_SHIFT_UNITS)
        return {unit: float(starts[self._landing_window(unit)].sum()) for unit in range(first, last)}

    def _landing_window(self, unit: int) -> NDArray[np.int64]:
        boundaries = self._decoded.boundaries
        return np.flatnonzero(
            (boundaries >= boundaries[unit] - MAX_LATE_SEEK_S) & (boundaries <= boundaries[unit] + MAX_EARLY_SEEK_S)
        )

    def _start_probabilities(self, product: int) -> FloatArray:
        """(units + 1,): that an explanation of the product begins there."""
        states = self._decoded.states_with_product(product)
        return np.asarray(self._decoded.posteriors.start_probabilities[:, states].sum(axis=1))

    def other_products(
        self, candidate: CandidateTake, named: SegmentState, product_confidence: float
    ) -> tuple[ProductChance, ...]:
        """The runners-up beside `named`. They share what the main product leaves, as their posteriors inside do."""
        inside = self._decoded.posteriors.unit_probabilities[candidate.start : candidate.end].mean(axis=0)
        by_product = {
            column: float(inside[self._decoded.states_with_product(column)].sum())
            for column in range(len(self._scores.product_ids))
            if column not in named
        }
        main = float(inside[self._decoded.states_with_product(candidate.products[0])].sum())
        rest = max(1e-9, 1 - min(main, 1.0), sum(by_product.values()))
        chances = {column: (1 - product_confidence) * chance / rest for column, chance in by_product.items()}
        best = sorted((column for column in chances if chances[column] >= MIN_OTHER_CHANCE), key=lambda c: -chances[c])
        return tuple(ProductChance(self._scores.product_ids[c], chances[c]) for c in best[:MAX_OTHER_PRODUCTS])

    def other_starts(self, candidate: CandidateTake, model: ConfidenceModel) -> tuple[StartChance, ...]:
        """The runners-up. No start is right for two of them, or for one and the candidate: they share what the
        candidate's start leaves.
        """
        segment = DecodedSegment(candidate.start, candidate.end, 0)
        product, boundaries = candidate.products[0], self._decoded.boundaries
        landings = self._landings(segment, product)
        starts = self._start_probabilities(product)
        chosen: list[StartChance] = []
        for unit in sorted(landings, key=lambda each: -landings[each]):
            seek = float(boundaries[unit])
            taken = (candidate.seek, *(start.seek for start in chosen))
            if any(abs(other - seek) <= MAX_EARLY_SEEK_S + MAX_LATE_SEEK_S for other in taken):
                continue
            peak = float(starts[self._landing_window(unit)].max())
            features = StartFeatures(min(1.0, landings[unit]), peak, float(self._sets_in[unit, product]))
            chosen.append(StartChance(seek, model.start_chance(features)))
        best = sorted(chosen, key=lambda start: -start.chance)[:MAX_OTHER_STARTS]
        left = 1 - model.start_chance(candidate.start_features)
        share = min(1.0, left / sum(start.chance for start in best)) if best else 0.0
        shared = (StartChance(start.seek, share * start.chance) for start in best)
        return tuple(start for start in shared if start.chance >= MIN_OTHER_CHANCE)

    def evidence(self, candidate: CandidateTake) -> tuple[TakeEvidence, ...]:
        """What speaks for the candidate, and against it, by kind."""
        scores, main = self._scores, candidate.products[0]
        units = slice(candidate.start, candidate.end)
        by_kind = scores.evidence[units, main].sum(axis=0).tolist()
        totals = np.delete(scores.identity[units].sum(axis=0), list(candidate.products))
        last = candidate.end - 1
        return (
            *(TakeEvidence(kind, nats) for kind, nats in zip(EVIDENCE_KINDS, by_kind, strict=True) if nats),
            TakeEvidence("talk", float(scores.explanation[units].sum())),
            TakeEvidence(
                "start", float(scores.opening[candidate.start] + scores.product_opening[candidate.start, main])
            ),
            TakeEvidence("end", float(scores.closing[last] + scores.product_closing[last, main])),
            TakeEvidence("rival", min(0.0, -float(totals.max(initial=0.0)))),
        )


def missed_segments(decoded: DecodedShow) -> Iterator[DecodedSegment]:
    """Stretches where a product is likely enough, though decoding did not choose it: above MIN_STRETCH_PROBABILITY
    throughout, and MIN_PEAK_PROBABILITY in some unit.
    """
    for product in range(len(decoded.scores.product_ids)):
        states = decoded.states_with_product(product)
        probability = decoded.posteriors.unit_probabilities[:, states].sum(axis=1)
        is_likely = np.concatenate([[False], probability >= MIN_STRETCH_PROBABILITY, [False]])
        for start, end in np.flatnonzero(np.diff(is_likely)).reshape(-1, 2).tolist():
            if probability[start:end].max() >= MIN_PEAK_PROBABILITY:
                yield DecodedSegment(start, end, decoded.states.index((product,)))
