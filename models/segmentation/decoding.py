"""Decodes a scored show: its likeliest segments, without false bundles, and the posteriors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.clock import Seconds
from domain.evidence import FloatArray, ProductScores
from models.segmentation.calibration import ConfidenceModel
from models.segmentation.semi_markov import (
    DecodedSegment,
    SegmentLattice,
    SegmentPosteriors,
    best_path,
    posteriors,
)
from models.segmentation.state_space import SegmentState, build_lattice, candidate_states

MIN_SPLIT_EVIDENCE_SHARE = 0.85  # of each product's evidence, on its side of the cut that parts a bundle
REJECTED_BUNDLE_NATS = -30.0  # a unit, where the bundle was found to be none
LIBERAL_ENTRY_NATS = 0.7  # for every explanation of listed products: chances say later which of them are sure
MAX_ROUNDS = 6  # of decoding; two or three are usual


@dataclass(frozen=True, eq=False)
class DecodedShow:
    """A show's likeliest segments of listed products, by time, and the posteriors. `boundaries`: (units + 1,)."""

    scores: ProductScores
    states: tuple[SegmentState, ...]
    segments: tuple[DecodedSegment, ...]
    posteriors: SegmentPosteriors
    boundaries: FloatArray

    def states_with_product(self, product: int) -> list[int]:
        """The states that are about `product`."""
        return [index for index, state in enumerate(self.states) if product in state]

    def duration(self, segment: DecodedSegment) -> Seconds:
        return float(self.boundaries[segment.end] - self.boundaries[segment.start])


def decode_show(scores: ProductScores, model: ConfidenceModel, min_duration_s: Seconds) -> DecodedShow:
    """Decode until no segment is a false bundle: one whose second product is only mentioned, or whose products are
    explained one after the other for `min_duration_s` or more. Where one was found, that bundle is ruled out. What is
    a false bundle after MAX_ROUNDS all the same becomes an explanation of its likelier product.
    """
    states = candidate_states(scores)
    judge = _BundleJudge(scores, states, model, min_duration_s)
    lattice = build_lattice(_with_liberal_entries(scores), states)
    path = best_path(lattice)
    for _ in range(MAX_ROUNDS):
        false_bundles = [each for each in path if judge.is_false(each)]
        if not false_bundles:
            break
        lattice = _without_bundles(lattice, false_bundles)
        path = best_path(lattice)
    listed = tuple(judge.without_false_partner(segment) for segment in path if states[segment.state])
    return DecodedShow(scores, states, listed, posteriors(lattice), lattice.grid.boundaries)


def _with_liberal_entries(scores: ProductScores) -> ProductScores:
    return replace(
        scores,
        entry_score=scores.entry_score + LIBERAL_ENTRY_NATS,
        bundle_entry_score=scores.bundle_entry_score + LIBERAL_ENTRY_NATS,
    )


def merge_segments(
    segments: Iterable[DecodedSegment], decoded: DecodedShow, merge_gap_s: Seconds, min_duration_s: Seconds
) -> list[DecodedSegment]:
    """Merge segments of one state across gaps of up to `merge_gap_s`, if what lies between is shorter than
    `min_duration_s`.
    """
    merged: list[DecodedSegment] = []
    boundaries = decoded.boundaries
    for segment in segments:
        earlier = max((i for i, other in enumerate(merged) if other.state == segment.state), default=None)
        if earlier is not None:
            is_near = boundaries[segment.start] - boundaries[merged[earlier].end] <= merge_gap_s
            if is_near and all(decoded.duration(each) < min_duration_s for each in merged[earlier + 1 :]):
                merged[earlier:] = [replace(merged[earlier], end=segment.end)]
                continue
        merged.append(segment)
    return merged


def _without_bundles(lattice: SegmentLattice, bundles: Sequence[DecodedSegment]) -> SegmentLattice:
    log_odds = lattice.log_odds.copy()
    for bundle in bundles:
        log_odds[bundle.start : bundle.end, bundle.state] = REJECTED_BUNDLE_NATS
    return replace(lattice, log_odds=log_odds)


@dataclass(frozen=True, eq=False)
class _BundleJudge:
    """Judges the bundles of one show."""

    scores: ProductScores
    states: tuple[SegmentState, ...]
    model: ConfidenceModel
    min_duration_s: Seconds

    def is_false(self, segment: DecodedSegment) -> bool:
        """Whether the segment is of two products, but no bundle."""
        if len(self.states[segment.state]) < 2:
            return False
        nats = self._nats(segment)
        first, other = np.argsort(-nats.sum(axis=0), kind="stable").tolist()
        if not self.model.is_bundle(nats[:, first], nats[:, other]):
            return True
        boundaries = np.append(self.scores.unit_starts, self.scores.unit_ends[-1])[segment.start : segment.end + 1]
        return any(_is_separable(nats[:, order], boundaries, self.min_duration_s) for order in ([0, 1], [1, 0]))

    def without_false_partner(self, segment: DecodedSegment) -> DecodedSegment:
        """The segment, if it is a false bundle about its likelier product alone."""
        if not self.is_false(segment):
            return segment
        main = self.states[segment.state][int(self._nats(segment).sum(axis=0).argmax())]
        return replace(segment, state=self.states.index((main,)))

    def _nats(self, segment: DecodedSegment) -> FloatArray:
        """(units, 2), not below 0: what speaks for either product."""
        columns = list(self.states[segment.state])
        return np.asarray(np.maximum(self.scores.identity[segment.start : segment.end, columns], 0.0))


def _is_separable(nats: FloatArray, boundaries: FloatArray, min_duration_s: Seconds) -> bool:
    """Whether a cut has nearly all nats of the first product before it, and of the second after it. `nats`: (units, 2),
    not below 0; `boundaries`: (units + 1,).
    """
    early, late = nats.T
    split_nats = np.cumsum(early) + late.sum() - np.cumsum(late)  # if cut after each unit
    cut = int(np.argmax(split_nats)) + 1
    return bool(
        early[:cut].sum() >= MIN_SPLIT_EVIDENCE_SHARE * early.sum() > 0
        and late[cut:].sum() >= MIN_SPLIT_EVIDENCE_SHARE * late.sum() > 0
        and min(boundaries[cut] - boundaries[0], boundaries[-1] - boundaries[cut]) >= min_duration_s
    )
