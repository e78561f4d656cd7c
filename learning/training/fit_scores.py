"""Fits the evidence weights: those that the true segments of the shows and weight_priors.py make likeliest.

The model of models/segmentation/semi_markov.py is linear in its weights, so its conditional log-likelihood is concave
(Sarawagi & Cohen 2004). Its gradient is the counts in the truth minus the expected counts; both come from one
forward-backward pass for each show.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.evidence import EventFeatures, FloatArray, UnitFeatures
from learning.training.batched_forward_backward import SegmentBands, SegmentCounts, expected_counts
from learning.training.training_shows import TrainingShow, TrueSegment
from learning.training.weight_priors import prior_deviations, prior_weights, weight_bounds
from models.segmentation.scorer import FEATURE_GROUPS, ScoreWeights, combine_features, presence_of
from models.segmentation.semi_markov import DURATION_FEATURES, SegmentGrid, SegmentLattice, duration_features
from models.segmentation.state_space import UNLISTED_STATE, SegmentState

MAX_NEGATIVE_PRODUCTS = 7  # unexplained products of a show with most evidence; others add little
MAX_SEGMENT_S = 400.0  # seconds; longer explanations are rare, and each second costs time
BATCH_SIZE = 24  # examples; larger batches gain little and need more padding
FISHER_SHRINKAGE = (
    0.1  # 0.3 needs a third more iterations for the same likelihood; a diagonal matrix needs over twice as many
)


@dataclass(frozen=True, slots=True)
class ScoreFitSettings:
    """`prior_strength`: of weight_priors.py, over all shows together. `max_iterations`: of L-BFGS;
    `max_refit_iterations`: where the initial weights are about right. Fitting ends earlier where an iteration gains
    less than `min_relative_gain` of the loss.
    """

    prior_strength: float = 1.0
    max_iterations: int = 60
    max_refit_iterations: int = 20
    min_relative_gain: float = 1e-6


@dataclass(frozen=True, eq=False)
class TrainingExample:
    """A training show by states. `identity`, `product_opening`, `product_closing`: (units, states, features);
    `presence`: (PRESENCE_FEATURES,); `is_unlisted`, `is_bundle`: (states,), 0 or 1; `true_segments`: each segment with
    the index of its state.
    """

    identity: FloatArray
    explanation: FloatArray
    opening: FloatArray
    product_opening: FloatArray
    closing: FloatArray
    product_closing: FloatArray
    presence: FloatArray
    grid: SegmentGrid
    is_bundle: FloatArray
    is_unlisted: FloatArray
    true_segments: tuple[tuple[TrueSegment, int], ...]
    weight: float


def build_example(
    show: TrainingShow, evidence: UnitFeatures, event_features: EventFeatures, weight: float
) -> TrainingExample:
    """The show with the true states, and the false ones with most evidence. `weight`: of the example in the fit."""
    features = combine_features(evidence, event_features)
    column_of = {product_id: i for i, product_id in enumerate(evidence.product_ids)}
    segments = [
        (each, tuple(sorted(column_of[p] for p in each.product_ids if p in column_of))) for each in show.segments
    ]
    segments = [(each, state) for each, state in segments if len(state) == len(each.product_ids)]
    states = _training_states([state for _, state in segments], features)
    state_index = {state: i for i, state in enumerate(states)}
    return TrainingExample(
        identity=_features_by_state(features.identity, states),
        explanation=features.explanation,
        opening=features.opening,
        product_opening=_features_by_state(features.product_opening, states),
        closing=features.closing,
        product_closing=_features_by_state(features.product_closing, states),
        presence=presence_of(evidence, event_features),
        grid=SegmentGrid(show.units.boundaries, _max_segment_s(show)),
        is_bundle=np.array([float(len(state) == 2) for state in states]),
        is_unlisted=np.array([float(state == UNLISTED_STATE) for state in states]),
        true_segments=tuple((each, state_index[state]) for each, state in segments),
        weight=weight,
    )


def _max_segment_s(show: TrainingShow) -> float:
    """The longest that a segment may last. Every true segment must be possible."""
    boundaries = show.units.boundaries
    return max([MAX_SEGMENT_S, *(float(boundaries[each.end] - boundaries[each.start]) + 1 for each in show.segments)])


def _training_states(true_states: Sequence[SegmentState], features: UnitFeatures) -> tuple[SegmentState, ...]:
    products = {column for state in true_states for column in state}
    evidence = features.identity.sum(axis=(0, 2))
    negative_columns = [
        int(column) for column in np.argsort(-evidence, kind="stable")[: MAX_NEGATIVE_PRODUCTS + len(products)]
    ]
    products |= set([column for column in negative_columns if column not in products][:MAX_NEGATIVE_PRODUCTS])
    pairs = {state for state in true_states if len(state) == 2} | set(_negative_pairs(products, features))
    return (*((column,) for column in sorted(products)), *sorted(pairs), UNLISTED_STATE)


def _negative_pairs(products: set[int], features: UnitFeatures, max_pairs: int = 3) -> list[SegmentState]:
    """Pairs of products that are named in the same units: false bundles to learn from."""
    columns = sorted(products)
    clipped_evidence = np.minimum(features.identity[:, columns].sum(axis=2), 3.0)
    co_occurrence = np.stack(
        [np.minimum(clipped_evidence[:, [i]], clipped_evidence).sum(axis=0) for i in range(len(columns))]
    )
    co_occurrence[np.tril_indices(len(columns))] = 0.0
    best_pair_indices = np.argsort(-co_occurrence, axis=None, kind="stable")[:max_pairs]
    pairs = [divmod(int(i), len(columns)) for i in best_pair_indices if co_occurrence.flat[i] > 0]
    return [(columns[a], columns[b]) for a, b in pairs]


def _features_by_state(product_features: FloatArray, states: Sequence[SegmentState]) -> FloatArray:
    """(units, states, features) from (units, products, features): the larger of a bundle's two, 0 for the unlisted
    state.
    """
    zeros = np.zeros((len(product_features), product_features.shape[2]), dtype=product_features.dtype)
    return np.stack([product_features[:, list(state)].max(axis=1) if state else zeros for state in states], axis=1)


def fit_scores(
    examples: Sequence[TrainingExample], settings: ScoreFitSettings, initial_weights: ScoreWeights | None = None
) -> ScoreWeights:
    """The most likely weights. `initial_weights`: weights that are about right. Without examples, those are returned,
    or the prior's.
    """
    from scipy.optimize import Bounds, minimize

    initial_vector = (initial_weights or prior_weights()).vector
    if not examples:
        return ScoreWeights(initial_vector)
    batches = ExampleBatches(examples)
    bounds = weight_bounds()
    preconditioner = _preconditioner(batches, ScoreWeights(initial_vector), np.asarray(np.isfinite(bounds).any(axis=1)))

    options = {
        "maxiter": settings.max_iterations if initial_weights is None else settings.max_refit_iterations,
        "ftol": settings.min_relative_gain,
    }
    scale = np.diag(preconditioner)[:, None]  # of a bounded weight: the only entry in its row
    result = minimize(
        _PreconditionedLoss(batches, settings.prior_strength, preconditioner),
        np.linalg.solve(preconditioner, initial_vector),
        jac=True,
        method="L-BFGS-B",
        bounds=Bounds(*(bounds / scale).T),
        options=options,
    )
    return ScoreWeights(np.clip(preconditioner @ np.asarray(result.x), *bounds.T))


class ExampleBatches:
    """Examples in batches of about the same length: an iteration over batches is many times faster."""

    def __init__(self, examples: Sequence[TrainingExample]) -> None:
        self.examples = examples
        order = sorted(range(len(examples)), key=lambda i: examples[i].grid.unit_count)
        self._batch_indices = [order[i : i + BATCH_SIZE] for i in range(0, len(order), BATCH_SIZE)]
        self._bands = [SegmentBands(tuple(examples[i].grid for i in indices)) for indices in self._batch_indices]

    def likelihoods(self, weights: ScoreWeights) -> list[tuple[float, FloatArray]]:
        """For every example, in order: log-likelihood of the truth in nats, and its gradient."""
        results: dict[int, tuple[float, FloatArray]] = {}
        for example_indices, bands in zip(self._batch_indices, self._bands, strict=True):
            lattices = [_build_lattice(self.examples[i], weights) for i in example_indices]
            for i, lattice, counts in zip(example_indices, lattices, expected_counts(bands, lattices), strict=True):
                results[i] = _example_log_likelihood(self.examples[i], lattice, counts)
        return [results[i] for i in range(len(self.examples))]


class _PreconditionedLoss:
    """What is minimised, and its gradient: minus the log of likelihood and prior, over the weight of all examples.

    It is called with steps, (steps,): the weights are `preconditioner` times these.
    """

    def __init__(self, batches: ExampleBatches, prior_strength: float, preconditioner: FloatArray) -> None:
        self._batches, self._prior_strength, self._preconditioner = batches, prior_strength, preconditioner
        self._means, self._deviations = prior_weights().vector, prior_deviations()
        self._total_weight = sum(example.weight for example in batches.examples)

    def __call__(self, steps: FloatArray) -> tuple[float, FloatArray]:
        vector = self._preconditioner @ steps
        distance = (vector - self._means) / self._deviations
        value = self._prior_strength * float(distance @ distance) / 2
        gradient = self._prior_strength * distance / self._deviations
        likelihoods = self._batches.likelihoods(ScoreWeights(vector))
        for example, (likelihood, slopes) in zip(self._batches.examples, likelihoods, strict=True):
            value -= example.weight * likelihood
            gradient = gradient - example.weight * slopes
        return value / self._total_weight, self._preconditioner.T @ gradient / self._total_weight


def _preconditioner(batches: ExampleBatches, weights: ScoreWeights, is_bounded: NDArray[np.bool_]) -> FloatArray:
    """(weights, steps): the directions of the search, scaled by the gradients of the examples.

    For free weights the inverse root of the empirical Fisher information, which approximates the curvature. There are
    fewer examples than weights, so the information between pairs of weights is shrunk. A bounded weight has a step of
    its own, so that its bounds are bounds of the step.
    """
    gradients = np.stack([gradient for _, gradient in batches.likelihoods(weights)])
    information = gradients.T @ gradients / len(gradients)
    diagonal = np.diag(np.diag(information))
    information[is_bounded] = information[:, is_bounded] = 0.0
    shrinkage = np.where(is_bounded, 1.0, FISHER_SHRINKAGE)
    shrunk_information = (1 - FISHER_SHRINKAGE) * information + shrinkage * diagonal + np.eye(len(diagonal))
    return np.asarray(np.linalg.inv(np.linalg.cholesky(shrunk_information)).T)


def _example_log_likelihood(
    example: TrainingExample, lattice: SegmentLattice, expected: SegmentCounts
) -> tuple[float, FloatArray]:
    true = _true_counts(example, lattice)
    return true.log_score - expected.log_score, _gradient(example, true, expected)


def _build_lattice(example: TrainingExample, weights: ScoreWeights) -> SegmentLattice:
    explanation, bundle, unlisted, unlisted_unit = weights["entries"].tolist()
    identity = example.identity @ weights["identity"] + unlisted_unit * example.is_unlisted
    return SegmentLattice(
        log_odds=identity + (example.explanation @ weights["talk"] + example.presence @ weights["talk_with"])[:, None],
        opening=(example.opening @ weights["opening"] + example.presence @ weights["opening_with"])[:, None]
        + example.product_opening @ weights["opening_of"],
        closing=(example.closing @ weights["closing"])[:, None] + example.product_closing @ weights["closing_of"],
        grid=example.grid,
        duration_weights=weights["durations"],
        entry=explanation + bundle * example.is_bundle + unlisted * example.is_unlisted,
    )


def _true_counts(example: TrainingExample, lattice: SegmentLattice) -> SegmentCounts:
    boundaries, shape = lattice.grid.boundaries, (lattice.unit_count + 1, lattice.state_count)
    starts, ends, units = np.zeros(shape), np.zeros(shape), np.zeros_like(lattice.log_odds)
    durations, score = np.zeros(len(DURATION_FEATURES)), 0.0
    for segment, state in example.true_segments:
        units[segment.start : segment.end, state] = 1.0
        starts[segment.start, state] = 1.0
        ends[segment.end, state] = 1.0
        duration_row = duration_features(np.array(boundaries[segment.end] - boundaries[segment.start]))
        durations += duration_row
        score += float(lattice.log_odds[segment.start : segment.end, state].sum())
        score += float(lattice.opening[segment.start, state] + lattice.closing[segment.end - 1, state])
        score += float(duration_row @ lattice.duration_weights + lattice.entry[state])
    return SegmentCounts(starts, ends, units, durations, score)


def _gradient(example: TrainingExample, true: SegmentCounts, expected: SegmentCounts) -> FloatArray:
    """The differences between true and expected counts, times the features."""
    unit_states, durations = true.units - expected.units, true.durations - expected.durations
    starts, ends = (true.starts - expected.starts)[:-1], (true.ends - expected.ends)[1:]
    starts_by_state = starts.sum(axis=0)
    gradients = {
        "identity": np.tensordot(unit_states, example.identity, axes=2),
        "talk": unit_states.sum(axis=1) @ example.explanation,
        "talk_with": unit_states.sum() * example.presence,
        "opening_with": starts.sum() * example.presence,
        "opening": starts.sum(axis=1) @ example.opening,
        "opening_of": np.tensordot(starts, example.product_opening, axes=2),
        "closing": ends.sum(axis=1) @ example.closing,
        "closing_of": np.tensordot(ends, example.product_closing, axes=2),
        "durations": durations,
        "entries": np.array(
            [
                starts_by_state.sum(),
                starts_by_state @ example.is_bundle,
                starts_by_state @ example.is_unlisted,
                unit_states.sum(axis=0) @ example.is_unlisted,
            ]
        ),
    }
    return np.concatenate([gradients[group] for group in FEATURE_GROUPS])
