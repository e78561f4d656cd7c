"""The fit of the evidence weights."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from domain.evidence import FloatArray
from learning.training.fit_scores import ExampleBatches, ScoreFitSettings, TrainingExample, fit_scores
from learning.training.parallel_map import map_in_order
from learning.training.training_shows import TrueSegment
from learning.training.weight_priors import prior_deviations, prior_weights, weight_bounds
from models.segmentation.scorer import FEATURE_GROUPS, ScoreWeights
from models.segmentation.semi_markov import SegmentGrid

pytestmark = pytest.mark.heavy

UNITS, STATES = 14, 4
"""Two products, a bundle, the unlisted."""


def sized(group: str) -> int:
    return len(FEATURE_GROUPS[group])


def example(seed: int, weight: float = 1.0) -> TrainingExample:
    """Noise, in which the first feature of products, openings and closings marks the truth."""
    random = np.random.default_rng(seed)
    truth = ((TrueSegment(1, 4, ("a",)), 0), (TrueSegment(5, 8, ("a", "b")), 2), (TrueSegment(9, 12, ()), 3))
    example_ = TrainingExample(
        identity=random.normal(0, 0.5, (UNITS, STATES, sized("identity"))),
        explanation=random.normal(0, 0.5, (UNITS, sized("talk"))),
        opening=random.normal(0, 0.5, (UNITS, sized("opening"))),
        product_opening=random.normal(0, 0.5, (UNITS, STATES, sized("opening_of"))),
        closing=random.normal(0, 0.5, (UNITS, sized("closing"))),
        product_closing=random.normal(0, 0.5, (UNITS, STATES, sized("closing_of"))),
        presence=random.uniform(0, 1, sized("talk_with")),
        grid=SegmentGrid(np.concatenate([[0.0], np.cumsum(random.uniform(3, 9, UNITS))]), 45.0),
        is_bundle=np.array([0.0, 0.0, 1.0, 0.0]),
        is_unlisted=np.array([0.0, 0.0, 0.0, 1.0]),
        true_segments=truth,
        weight=weight,
    )
    for segment, state in truth:
        example_.identity[segment.start : segment.end, state, 0] += 2.0
        example_.opening[segment.start, 0] += 2.0
        example_.closing[segment.end - 1, 0] += 2.0
    return example_


LYING_GROUPS, LYING_FEATURE = ("identity", "opening_of", "closing_of"), 1
"""Features whose weights must not be below 0."""


def lying_example(seed: int) -> TrainingExample:
    """An example in which features that should speak for the truth speak against it."""
    example_ = example(seed)
    for segment, state in example_.true_segments:
        example_.identity[segment.start : segment.end, state, LYING_FEATURE] -= 3.0
        example_.product_opening[segment.start, state, LYING_FEATURE] -= 3.0
        example_.product_closing[segment.end - 1, state, LYING_FEATURE] -= 3.0
    return example_


def random_weights(seed: int) -> ScoreWeights:
    return ScoreWeights(np.random.default_rng(seed).normal(0, 0.3, ScoreWeights.size()))


def log_likelihood_and_gradient(example_: TrainingExample, weights: ScoreWeights) -> tuple[float, FloatArray]:
    return ExampleBatches([example_]).likelihoods(weights)[0]


def nats(examples: Sequence[TrainingExample], weights: ScoreWeights) -> float:
    return sum(each.weight * log_likelihood_and_gradient(each, weights)[0] for each in examples)


def slope_by_differences(example_: TrainingExample, weights: ScoreWeights, step: float = 1e-5) -> FloatArray:
    slope = np.zeros(ScoreWeights.size())
    for i in range(len(slope)):
        moved = np.zeros(len(slope))
        moved[i] = step
        up, down = (
            log_likelihood_and_gradient(example_, ScoreWeights(weights.vector + side))[0] for side in (moved, -moved)
        )
        slope[i] = (up - down) / (2 * step)
    return slope


@pytest.mark.parametrize("seed", range(3))
def test_the_slope_of_the_likelihood_agrees_with_finite_differences(seed: int) -> None:
    example_, weights = example(seed), random_weights(seed)
    _, slope = log_likelihood_and_gradient(example_, weights)
    np.testing.assert_allclose(slope, slope_by_differences(example_, weights), atol=1e-4)


def test_no_truth_is_likelier_than_certain() -> None:
    assert all(log_likelihood_and_gradient(example(seed), random_weights(seed))[0] < 0 for seed in range(6))


def test_fitting_makes_the_truth_likelier_than_the_first_guess() -> None:
    training_shows = [example(seed) for seed in range(4)]
    guessed = fit_scores(training_shows, ScoreFitSettings(max_iterations=0))
    fitted = fit_scores(training_shows, ScoreFitSettings(max_iterations=10))
    assert nats(training_shows, fitted) > nats(training_shows, guessed) + 5.0


def test_what_was_learned_makes_the_truth_of_a_new_show_likelier_too() -> None:
    training_shows, new = [example(seed) for seed in range(8)], [example(99)]
    guessed, fitted = (fit_scores(training_shows, ScoreFitSettings(max_iterations=n)) for n in (0, 10))
    assert nats(new, fitted) > nats(new, guessed)


def test_features_that_tell_the_truth_get_weight() -> None:
    gained = fit_scores([example(seed) for seed in range(6)], ScoreFitSettings()).vector - prior_weights().vector
    for group in ("identity", "opening", "closing"):
        assert ScoreWeights(gained)[group][0] > 0
        assert ScoreWeights(gained)[group].argmax() == 0


def test_without_shows_the_weights_at_hand_are_kept() -> None:
    first = random_weights(3)
    assert fit_scores([], ScoreFitSettings(), first).vector.tolist() == first.vector.tolist()
    assert np.isfinite(fit_scores([], ScoreFitSettings()).vector).all()


def test_fitting_may_begin_with_weights_that_are_about_right() -> None:
    training_shows = [example(seed) for seed in range(3)]
    first = fit_scores(training_shows, ScoreFitSettings())
    later = fit_scores(training_shows, ScoreFitSettings(max_refit_iterations=3), initial_weights=first)
    assert nats(training_shows, later) >= nats(training_shows, first) - 0.5
    np.testing.assert_allclose(later.vector, first.vector, atol=0.5)


def test_a_stronger_prior_keeps_weights_nearer_to_it() -> None:
    weak, strong = (fit_scores([example(2)], ScoreFitSettings(each, max_iterations=15)).vector for each in (0.1, 50.0))
    assert _distance_to_prior(strong) < _distance_to_prior(weak)


def _distance_to_prior(vector: FloatArray) -> float:
    return float(np.linalg.norm((vector - prior_weights().vector) / prior_deviations()))


def test_a_show_of_no_weight_teaches_nothing() -> None:
    long = ScoreFitSettings(max_iterations=300, min_relative_gain=1e-12)  # other shows change the steps, not the end
    alone, beside = (fit_scores(some, long) for some in ([example(1)], [example(1), example(2, weight=0.0)]))
    np.testing.assert_allclose(beside.vector, alone.vector, atol=0.01)


def test_a_show_of_twice_the_weight_teaches_as_much_as_two() -> None:
    long = ScoreFitSettings(max_iterations=300, min_relative_gain=1e-12)
    twice, two = (fit_scores(some, long) for some in ([example(1, weight=2.0)], [example(1), example(1)]))
    np.testing.assert_allclose(twice.vector, two.vector, atol=0.01)


@pytest.mark.parametrize("initial", [None, prior_weights()])
def test_no_weight_leaves_its_bounds_whatever_shows_say(initial: ScoreWeights | None) -> None:
    fitted = fit_scores([lying_example(seed) for seed in range(4)], ScoreFitSettings(prior_strength=0.01), initial)
    lowest, highest = weight_bounds().T
    assert (fitted.vector >= lowest).all()
    assert (fitted.vector <= highest).all()
    for group in LYING_GROUPS:
        assert fitted[group][LYING_FEATURE] == 0.0


def test_a_weight_without_evidence_stays_at_its_prior() -> None:
    mute = [_without_features(example(seed)) for seed in range(3)]
    first = ScoreWeights(np.clip(random_weights(1).vector, *weight_bounds().T))
    fitted = fit_scores(mute, ScoreFitSettings(max_refit_iterations=1000, min_relative_gain=1e-15), first)
    for group in ("identity", "talk_with", "opening", "opening_of", "closing_of"):
        np.testing.assert_allclose(fitted[group], prior_weights()[group], atol=0.02)
    assert not np.allclose(fitted["durations"], prior_weights()["durations"], atol=1e-3)


def _without_features(example_: TrainingExample) -> TrainingExample:
    names = ("identity", "presence", "opening", "product_opening", "product_closing")
    return replace(example_, **{name: np.zeros_like(getattr(example_, name)) for name in names})


def fitted_bytes(_: None, seed: int) -> bytes:
    return fit_scores([example(seed)], ScoreFitSettings(max_iterations=4)).vector.tobytes()


def test_the_fit_is_the_same_to_the_bit_in_another_number_of_processes() -> None:
    alone, together = (list(map_in_order(fitted_bytes, None, range(2), workers)) for workers in (1, 2))
    assert alone == together


def test_the_same_shows_teach_the_same_to_the_bit() -> None:
    first, second = (
        fit_scores([example(seed) for seed in range(2)], ScoreFitSettings(max_iterations=6)) for _ in range(2)
    )
    assert first.vector.tobytes() == second.vector.tobytes()
