"""Fits the weights of evidence: those under which the true segments of the lessons are likeliest.

The model of models/segmentation/semi_markov.py is linear in its weights, so its conditional log-likelihood is
concave (Sarawagi & Cohen 2004). Its gradient is what is counted in the truth less what the model expects; both come
from one forward-backward pass a lesson.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.evidence import Evidence, FloatArray
from learning.training.batched_forward_backward import Bands, Expected, expected
from learning.training.training_shows import Lesson, TrueSegment
from models.segmentation.scorer import GROUPS, Features, ScoreWeights
from models.segmentation.semi_markov import Grid, Lattice, duration_features
from models.segmentation.state_space import UNLISTED, State

MOST_RIVALS = 7  # products of a lesson that nobody explains but that have most evidence: the others teach little
LONGEST = 400.0  # seconds; longer explanations are rare, and each second more costs time
SIDE_BY_SIDE = 24  # examples: more gain little, and fill up more
DISBELIEF = 0.1  # 0.3 takes a third more iterations to the same likelihood, no pairs at all more than twice as many
FIRST_GUESS = {"identity": 0.3, "entries": -4.0, "talk": -0.3}  # of a group's first weight, or of all identity ones


@dataclass(frozen=True, slots=True)
class ScoreFit:
    """`ridge`: penalty on squared weights, over all lessons together. `iterations`: of L-BFGS; `later_iterations`:
    where about right weights are there to begin with; fewer where a round gains less than `least_gain` of the loss."""

    ridge: float = 1.0
    iterations: int = 25
    later_iterations: int = 12
    least_gain: float = 1e-6


@dataclass(frozen=True, eq=False)
class Example:
    """A lesson laid out by states. `identity`: (units, states, features); `opening_of` likewise; `is_unlisted`,
    `is_bundle`: (states,), 0 or 1; `truth`: each segment with the place of its state."""

    identity: FloatArray
    talk: FloatArray
    opening: FloatArray
    opening_of: FloatArray
    closing: FloatArray
    grid: Grid
    is_bundle: FloatArray
    is_unlisted: FloatArray
    truth: tuple[tuple[TrueSegment, int], ...]
    weight: float


def example_of(lesson: Lesson, evidence: Evidence, features: Features) -> Example:
    """The lesson with the states that teach: those that are true, and the rivals with most evidence."""
    column = {product_id: i for i, product_id in enumerate(evidence.product_ids)}
    segments = [(each, tuple(sorted(column[p] for p in each.product_ids if p in column))) for each in lesson.segments]
    segments = [(each, state) for each, state in segments if len(state) == len(each.product_ids)]
    states = _states([state for _, state in segments], features)
    place = {state: i for i, state in enumerate(states)}
    return Example(
        identity=_of_states(features.identity, states),
        talk=features.talk,
        opening=features.opening,
        opening_of=_of_states(features.opening_of, states),
        closing=features.closing,
        grid=Grid(lesson.units.boundaries, _longest(lesson)),
        is_bundle=np.array([float(len(state) == 2) for state in states]),
        is_unlisted=np.array([float(state == UNLISTED) for state in states]),
        truth=tuple((each, place[state]) for each, state in segments),
        weight=lesson.weight,
    )


def _longest(lesson: Lesson) -> float:
    """What a segment may last: all that are true must be possible."""
    boundaries = lesson.units.boundaries
    return max([LONGEST, *(float(boundaries[each.end] - boundaries[each.start]) + 1 for each in lesson.segments)])


def _states(true: Sequence[State], features: Features) -> tuple[State, ...]:
    products = {column for state in true for column in state}
    evidence = features.identity.sum(axis=(0, 2))
    rivals = [int(column) for column in np.argsort(-evidence, kind="stable")[: MOST_RIVALS + len(products)]]
    products |= set([column for column in rivals if column not in products][:MOST_RIVALS])
    pairs = {state for state in true if len(state) == 2} | set(_false_pairs(products, features))
    return (*((column,) for column in sorted(products)), *sorted(pairs), UNLISTED)


def _false_pairs(products: set[int], features: Features, most: int = 3) -> list[State]:
    """Pairs that are named in the same units: what a bundle must be told from."""
    columns = sorted(products)
    near = np.minimum(features.identity[:, columns].sum(axis=2), 3.0)
    together = np.stack([np.minimum(near[:, [i]], near).sum(axis=0) for i in range(len(columns))])
    together[np.tril_indices(len(columns))] = 0.0
    best = np.argsort(-together, axis=None, kind="stable")[:most]
    pairs = [divmod(int(i), len(columns)) for i in best if together.flat[i] > 0]
    return [(columns[a], columns[b]) for a, b in pairs]


def _of_states(of_products: FloatArray, states: Sequence[State]) -> FloatArray:
    """(units, states, features) from (units, products, features): the larger of a bundle's two, 0 for the unlisted."""
    nothing = np.zeros((len(of_products), of_products.shape[2]), dtype=of_products.dtype)
    return np.stack([of_products[:, list(state)].max(axis=1) if state else nothing for state in states], axis=1)


def fit_scores(examples: Sequence[Example], fit: ScoreFit, first: ScoreWeights | None = None) -> ScoreWeights:
    """The likeliest weights. `first`: weights that are about right. Without examples, those, or a guess."""
    from scipy.optimize import minimize

    begin = _first_guess() if first is None else first.vector
    if not examples:
        return ScoreWeights(begin)
    lessons = sum(example.weight for example in examples)
    laid = _Laid(examples)
    steps = _steps(laid, ScoreWeights(begin))

    def loss(stepped: FloatArray) -> tuple[float, FloatArray]:
        vector = steps @ stepped
        value, gradient = fit.ridge * float(vector @ vector) / 2, fit.ridge * vector
        for example, (gained, slope) in zip(examples, laid.likelihoods(ScoreWeights(vector)), strict=True):
            value -= example.weight * gained
            gradient = gradient - example.weight * slope
        return value / lessons, steps.T @ gradient / lessons

    options = {"maxiter": fit.iterations if first is None else fit.later_iterations, "ftol": fit.least_gain}
    found = minimize(loss, np.linalg.solve(steps, begin), jac=True, method="L-BFGS-B", options=options)
    return ScoreWeights(steps @ np.asarray(found.x))


class _Laid:
    """Examples laid side by side, those of about one length together: each round over them is many times faster."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples
        order = sorted(range(len(examples)), key=lambda place: examples[place].grid.units)
        self._together = [order[i : i + SIDE_BY_SIDE] for i in range(0, len(order), SIDE_BY_SIDE)]
        self._bands = [Bands(tuple(examples[place].grid for place in places)) for places in self._together]

    def likelihoods(self, weights: ScoreWeights) -> list[tuple[float, FloatArray]]:
        """Of every example, in their order: nats of the truth under the model, and its slope in every weight."""
        found: dict[int, tuple[float, FloatArray]] = {}
        for places, bands in zip(self._together, self._bands, strict=True):
            lattices = [_lattice(self._examples[place], weights) for place in places]
            for place, lattice, chances in zip(places, lattices, expected(bands, lattices), strict=True):
                found[place] = _gained(self._examples[place], lattice, chances)
        return [found[place] for place in range(len(self._examples))]


def _steps(laid: _Laid, weights: ScoreWeights) -> FloatArray:
    """(weights, steps): the directions in which to search, each as long as the lessons' slopes allow.

    The inverse root of the empirical Fisher information, which stands in for the curvature. There are fewer lessons
    than weights: what pairs of weights have in common is believed but in part.
    """
    slopes = np.stack([slope for _, slope in laid.likelihoods(weights)])
    information = slopes.T @ slopes / len(slopes)
    alone = np.diag(np.diag(information) * DISBELIEF + 1.0)
    return np.asarray(np.linalg.inv(np.linalg.cholesky((1 - DISBELIEF) * information + alone)).T)


def _first_guess() -> FloatArray:
    vector = np.zeros(ScoreWeights.size())
    weights = ScoreWeights(vector)
    weights["identity"][:] = FIRST_GUESS["identity"]  # views: they write through
    weights["entries"][0] = FIRST_GUESS["entries"]
    weights["talk"][0] = FIRST_GUESS["talk"]
    return vector


def log_likelihood(example: Example, weights: ScoreWeights) -> tuple[float, FloatArray]:
    """Nats of the truth under the model, and its slope in every weight."""
    return _Laid([example]).likelihoods(weights)[0]


def _gained(example: Example, lattice: Lattice, chances: Expected) -> tuple[float, FloatArray]:
    inside, starts, ends, durations, score = _counted(example, lattice)
    return score - chances.log_total, _slope(
        example, inside - chances.units, starts - chances.starts[:-1], ends - chances.ends[1:],
        durations - chances.durations,
    )  # fmt: skip


def _lattice(example: Example, weights: ScoreWeights) -> Lattice:
    explanation, bundle, unlisted, unlisted_unit = weights["entries"].tolist()
    identity = example.identity @ weights["identity"] + unlisted_unit * example.is_unlisted
    return Lattice(
        log_odds=identity + (example.talk @ weights["talk"])[:, None],
        opening=(example.opening @ weights["opening"])[:, None] + example.opening_of @ weights["opening_of"],
        closing=example.closing @ weights["closing"],
        grid=example.grid,
        duration_weights=weights["durations"],
        entry=explanation + bundle * example.is_bundle + unlisted * example.is_unlisted,
    )


def _counted(example: Example, lattice: Lattice) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, float]:
    """The truth as the model counts it: states of units, starts, ends, durations; and its score."""
    inside = np.zeros_like(lattice.log_odds)
    starts, ends, durations, score = np.zeros_like(inside), np.zeros_like(inside), np.zeros(3), 0.0
    for segment, state in example.truth:
        inside[segment.start : segment.end, state] = 1.0
        starts[segment.start, state] = 1.0
        ends[segment.end - 1, state] = 1.0
        boundaries = lattice.grid.boundaries
        lasting = duration_features(np.array(boundaries[segment.end] - boundaries[segment.start]))
        durations += lasting
        score += float(lattice.log_odds[segment.start : segment.end, state].sum())
        score += float(lattice.opening[segment.start, state] + lattice.closing[segment.end - 1])
        score += float(lasting @ lattice.duration_weights + lattice.entry[state])
    return inside, starts, ends, durations, score


def _slope(
    example: Example, inside: FloatArray, starts: FloatArray, ends: FloatArray, durations: FloatArray
) -> FloatArray:
    """The differences between truth and model, (units, states) each, times what they are features of."""
    begun = starts.sum(axis=0)
    slopes = {
        "identity": np.tensordot(inside, example.identity, axes=2),
        "talk": inside.sum(axis=1) @ example.talk,
        "opening": starts.sum(axis=1) @ example.opening,
        "opening_of": np.tensordot(starts, example.opening_of, axes=2),
        "closing": ends.sum(axis=1) @ example.closing,
        "durations": durations,
        "entries": np.array(
            [
                begun.sum(),
                begun @ example.is_bundle,
                begun @ example.is_unlisted,
                inside.sum(axis=0) @ example.is_unlisted,
            ]
        ),
    }
    return np.concatenate([slopes[group] for group in GROUPS])
