"""Posteriors from speech and frames alone, to which the event log is aligned."""

from domain.evidence import UnitFeatures
from models.event_log.timed_events import ExplanationPosteriors
from models.segmentation.event_features import empty_event_features
from models.segmentation.scorer import ScoreWeights, score_products
from models.segmentation.semi_markov import posteriors
from models.segmentation.state_space import UNLISTED_STATE, build_lattice


def posteriors_without_log(evidence: UnitFeatures, weights: ScoreWeights) -> ExplanationPosteriors:
    """The probability of each product in each unit, as if there were no event log."""
    units, products = evidence.identity.shape[:2]
    scores = score_products(evidence, empty_event_features(units, products), weights)
    states = (*((column,) for column in range(products)), UNLISTED_STATE)
    probabilities = posteriors(build_lattice(scores, states)).unit_probabilities[:, :products]
    return ExplanationPosteriors(evidence.unit_starts, evidence.unit_ends, probabilities)
