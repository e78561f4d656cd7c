"""Calibrated confidence of takes: of a hundred takes with .8, eighty are right. Learned from takes with truth."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from domain.clock import Seconds
from domain.errors import InvalidValue
from domain.evidence import FloatArray

MIN_DISTANCE_TO_CERTAINTY = 0.005  # of probabilities from 0 and 1, so that log-odds stay finite
TIE_NATS = 1.0  # a near-duplicate that is closer than this may as well be meant


@dataclass(frozen=True, slots=True)
class TakeFeatures:
    """What decoding says about a take.

    `landing`: chance that its product's explanation begins where a viewer lands; `inside`: mean chance that its units
    are about the product; `identity`: sum of nats for the product; `margin`: nats by which the next product is behind;
    `has_pictures`, `has_log`: the evidence beside speech.
    """

    landing: float
    inside: float
    seconds: Seconds
    identity: float
    margin: float
    has_pictures: bool
    has_log: bool

    def vector(self) -> FloatArray:
        """(7,): the inputs of the logistic regression."""
        return np.array(
            [
                _log_odds(self.landing),
                _log_odds(self.inside),
                math.log(max(self.seconds, 1.0)) - 4.0,
                math.log1p(max(self.identity, 0.0)),
                math.log1p(max(self.margin, 0.0)),
                float(self.has_pictures),
                float(self.has_log),
            ]
        )


FEATURE_NAMES = tuple(field.name for field in fields(TakeFeatures))
BUNDLE_FEATURE_NAMES = ("share", "together", "evidence")


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """Two logistic regressions. `weights`: by `FEATURE_NAMES`; `bundle_weights`: by `BUNDLE_FEATURE_NAMES`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    bias: float
    weights: Mapping[str, float]
    bundle_bias: float
    bundle_weights: Mapping[str, float]

    def __post_init__(self) -> None:
        for names, weights in ((FEATURE_NAMES, self.weights), (BUNDLE_FEATURE_NAMES, self.bundle_weights)):
            if set(names) != set(weights):
                raise InvalidValue(f"needs weights of {', '.join(names)}, not of {', '.join(sorted(weights))}")

    def probability(self, features: TakeFeatures) -> float:
        """The chance, in (0, 1), that the product is right and a viewer lands within [-5, +10] s of the start."""
        weights = np.array([self.weights[name] for name in FEATURE_NAMES])
        return _logistic(self.bias + float(features.vector() @ weights))

    def is_bundle(self, first: FloatArray, other: FloatArray) -> bool:
        """Whether two products are explained together. `first`, `other`: (units,), nats for each, not below 0."""
        weights = np.array([self.bundle_weights[name] for name in BUNDLE_FEATURE_NAMES])
        return self.bundle_bias + float(bundle_features(first, other) @ weights) > 0


def bundle_features(first: FloatArray, other: FloatArray) -> FloatArray:
    """(3,): the other's evidence relative to the first's; the same within common units; log of the other's evidence."""
    total = max(float(first.sum()), 1.0)
    shared = float(np.minimum(first, other).sum())
    return np.array([float(other.sum()) / total, shared / total, math.log1p(float(other.sum()))])


UNTRAINED_MODEL = ConfidenceModel(0.0, dict.fromkeys(FEATURE_NAMES, 0.0), 0.0, dict.fromkeys(BUNDLE_FEATURE_NAMES, 0.0))
"""An untrained model: every take has a probability of one half, and nothing is a bundle."""


def _log_odds(probability: float) -> float:
    clipped = min(max(probability, MIN_DISTANCE_TO_CERTAINTY), 1 - MIN_DISTANCE_TO_CERTAINTY)
    return math.log(clipped / (1 - clipped))


def _logistic(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds)) if log_odds >= 0 else 1 - 1 / (1 + math.exp(log_odds))
