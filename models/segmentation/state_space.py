"""The states of the segmenter: a product, a bundle of two, or something that is not in the catalogue."""

from typing import TypeAlias

import numpy as np

from domain.evidence import FloatArray, ProductScores
from models.segmentation.semi_markov import SegmentGrid, SegmentLattice

SegmentState: TypeAlias = tuple[int, ...]
"""Columns of products: one, two for a bundle, none for an unlisted product."""
UNLISTED_STATE: SegmentState = ()
MAX_EXPLANATION_S = 600.0  # longer ones are several takes

MAX_BUNDLE_PRODUCTS = 40  # among which bundles are searched
MAX_UNIT_NATS = 3.0  # of one unit, for a bundle
MIN_SHARED_NATS = 1.5  # of two products in the same or neighbouring units
MAX_BUNDLES_PER_HOUR = 24.0  # candidates, not findings
MIN_BUNDLE_CANDIDATES = 3  # so that short shows have some too


def candidate_states(scores: ProductScores) -> tuple[SegmentState, ...]:
    """Every product, the pairs that are named together, and the unlisted state."""
    singles = [(column,) for column in range(len(scores.product_ids))]
    return (*singles, *_bundle_states(scores), UNLISTED_STATE)


def _bundle_states(scores: ProductScores) -> list[SegmentState]:
    clipped_nats = np.clip(scores.identity, 0.0, MAX_UNIT_NATS)
    columns = np.sort(np.argsort(-clipped_nats.sum(axis=0), kind="stable")[:MAX_BUNDLE_PRODUCTS])
    nearby_nats = clipped_nats[:, columns]
    nearby_nats[1:] += clipped_nats[:-1, columns]
    shared_nats = np.stack([np.minimum(nearby_nats[:, [i]], nearby_nats).sum(axis=0) for i in range(len(columns))])
    shared_nats[np.tril_indices(len(columns))] = 0.0
    hours = (scores.unit_ends[-1] - scores.unit_starts[0]) / 3600
    max_bundles = MIN_BUNDLE_CANDIDATES + round(MAX_BUNDLES_PER_HOUR * hours)
    best = np.argsort(-shared_nats, axis=None, kind="stable")[:max_bundles]
    pairs = [divmod(int(i), len(columns)) for i in best if shared_nats.flat[i] > MIN_SHARED_NATS]
    return sorted((int(columns[a]), int(columns[b])) for a, b in pairs)


def build_lattice(scores: ProductScores, states: tuple[SegmentState, ...]) -> SegmentLattice:
    """The lattice of `scores` over `states`. In each unit a bundle is as likely as the likelier of its two products."""
    entries = {0: scores.unlisted_entry_score, 1: scores.entry_score, 2: scores.bundle_entry_score}
    return SegmentLattice(
        log_odds=scores.explanation[:, None] + _state_nats(scores.identity, states, scores.unlisted_unit_score),
        opening=scores.opening[:, None] + _state_nats(scores.product_opening, states, 0.0),
        closing=scores.closing[:, None] + _state_nats(scores.product_closing, states, 0.0),
        grid=SegmentGrid(np.append(scores.unit_starts, scores.unit_ends[-1]), MAX_EXPLANATION_S),
        duration_weights=scores.duration_weights,
        entry=np.array([entries[len(state)] for state in states]),
    )


def _state_nats(product_nats: FloatArray, states: tuple[SegmentState, ...], unlisted: float) -> FloatArray:
    """(units, states) from (units, products)."""
    unlisted_column = np.full((len(product_nats), 1), unlisted)
    columns = (
        product_nats[:, list(state)].max(axis=1, keepdims=True) if state else unlisted_column for state in states
    )
    return np.hstack(list(columns))
