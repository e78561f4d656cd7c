"""What speech and pictures alone make of a show: what a room's log is judged by."""

from collections.abc import Mapping

from domain.evidence import Evidence
from models.segmentation.event_alignment import Belief
from models.segmentation.event_features import nothing_logged
from models.segmentation.scorer import AtHand, ScoreWeights, scores_of
from models.segmentation.semi_markov import posteriors
from models.segmentation.state_space import UNLISTED, lattice_of


def belief_of(evidence: Evidence, learned: Mapping[AtHand, ScoreWeights]) -> Belief:
    """The chance of each product in each unit, by weights learned without any log."""
    units, products = evidence.identity.shape[:2]
    scores = scores_of(evidence, nothing_logged(units, products), learned)
    states = (*((column,) for column in range(products)), UNLISTED)
    chances = posteriors(lattice_of(scores, states), for_learning=False).units[:, :products]
    return Belief(evidence.starts, evidence.ends, chances)
