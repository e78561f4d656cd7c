"""What a stretch of a show may be about: a product, a bundle of two, or something that is not in the catalogue."""

from typing import TypeAlias

import numpy as np

from domain.evidence import FloatArray, Scores
from models.segmentation.semi_markov import Grid, Lattice

State: TypeAlias = tuple[int, ...]
"""Columns of products: one, two for a bundle, none for something that is not listed."""
UNLISTED: State = ()
LONGEST_EXPLANATION = 900.0  # seconds; longer ones are two takes

LIKELIEST = 40  # products among which bundles are looked for
MOST_NATS = 3.0  # of one unit, where two products are named together
LEAST_TOGETHER = 1.5  # nats
BUNDLES_PER_HOUR = 24.0  # candidates, not findings
FEWEST_BUNDLES = 3


def candidate_states(scores: Scores) -> tuple[State, ...]:
    """Every product, the pairs that are spoken of together, and the unlisted."""
    singles = [(column,) for column in range(len(scores.product_ids))]
    return (*singles, *_pairs(scores), UNLISTED)


def _pairs(scores: Scores) -> list[State]:
    clear = np.clip(scores.identity, 0.0, MOST_NATS)
    columns = np.sort(np.argsort(-clear.sum(axis=0), kind="stable")[:LIKELIEST])
    near = clear[:, columns]
    near[1:] += clear[:-1, columns]
    together = np.stack([np.minimum(near[:, [i]], near).sum(axis=0) for i in range(len(columns))])
    together[np.tril_indices(len(columns))] = 0.0
    hours = (scores.ends[-1] - scores.starts[0]) / 3600
    most = FEWEST_BUNDLES + round(BUNDLES_PER_HOUR * hours)
    best = np.argsort(-together, axis=None, kind="stable")[:most]
    places = [divmod(int(i), len(columns)) for i in best if together.flat[i] > LEAST_TOGETHER]
    return sorted((int(columns[a]), int(columns[b])) for a, b in places)


def lattice_of(scores: Scores, states: tuple[State, ...]) -> Lattice:
    """What the decoder needs to know of these states. A bundle is as likely as the likelier of its two, each unit."""
    entries = {0: scores.unlisted_entry, 1: scores.entry, 2: scores.bundle_entry}
    return Lattice(
        log_odds=scores.talk[:, None] + _of_states(scores.identity, states, scores.unlisted),
        opening=scores.opening[:, None] + _of_states(scores.opening_of, states, 0.0),
        closing=scores.closing,
        grid=Grid(np.append(scores.starts, scores.ends[-1]), LONGEST_EXPLANATION),
        duration_weights=scores.durations,
        entry=np.array([entries[len(state)] for state in states]),
    )


def _of_states(of_products: FloatArray, states: tuple[State, ...], unlisted: float) -> FloatArray:
    """(units, states) from (units, products)."""
    nothing = np.full((len(of_products), 1), unlisted)
    columns = (of_products[:, list(state)].max(axis=1, keepdims=True) if state else nothing for state in states)
    return np.hstack(list(columns))
