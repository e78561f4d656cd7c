"""Calibrated chances of takes: of a hundred takes with .8, eighty are right. Learned from takes with truth.

Each is a logistic regression whose weights are not below 0, on features that rise with the evidence: no chance falls
when evidence is added.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np

from domain.errors import InvalidValue
from domain.evidence import EVIDENCE_KINDS, EvidenceKind, FloatArray

MIN_DISTANCE_TO_CERTAINTY = 0.005  # of probabilities from 0 and 1, so that log-odds stay finite
TIE_NATS = 1.0  # a near-duplicate that is closer than this may as well be meant
BEST_TAKES = 3  # of a show, which say how well its catalogue fits
FULL_KIND_NATS = 1.5  # a kind of evidence with as much speaks for itself
NUMBER_KINDS: tuple[EvidenceKind, ...] = ("link", "price")
"""Kinds of evidence that any catalogue has by chance: hosts say numbers all the time."""
WORD_KINDS = tuple(kind for kind in EVIDENCE_KINDS if kind not in ("context", *NUMBER_KINDS))
"""Kinds of evidence that a wrong catalogue has seldom."""


@dataclass(frozen=True, slots=True)
class ProductFeatures:
    """What speaks for the main product of a take.

    `words`, `numbers`: how many kinds of evidence there are among WORD_KINDS and NUMBER_KINDS, each at most 1;
    `margin`: nats by which the next product is behind, at least 0; `inside`: mean chance that the take's units are
    about the product; `show_words`: mean of `words` of the show's best BEST_TAKES takes: beside a wrong catalogue there
    is little such evidence anywhere.
    """

    words: float
    numbers: float
    margin: float
    inside: float
    show_words: float

    def vector(self) -> FloatArray:
        """(5,): the inputs of the logistic regression."""
        margin = math.log1p(max(self.margin, 0.0))
        return np.array([self.words, self.numbers, margin, _log_odds(self.inside), self.show_words])


@dataclass(frozen=True, slots=True)
class StartFeatures:
    """What speaks for the place where a viewer lands.

    `landing`: chance that the product's explanation begins where a viewer lands; `peak`: chance that it begins at the
    likeliest boundary there; `sets_in`: log-ratio of the evidence for the product just after to that just before.
    """

    landing: float
    peak: float
    sets_in: float

    def vector(self) -> FloatArray:
        """(3,): the inputs of the logistic regression."""
        return np.array([_log_odds(self.landing), _log_odds(self.peak), self.sets_in])


PRODUCT_FEATURE_NAMES = tuple(field.name for field in fields(ProductFeatures))
START_FEATURE_NAMES = tuple(field.name for field in fields(StartFeatures))
BUNDLE_FEATURE_NAMES = ("share", "together", "evidence")


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """A logistic regression. `weights`: by the names of the features."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False, "extra": "forbid"}

    bias: float
    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.bias, *self.weights.values()))):
            raise InvalidValue("the bias and the weights of a logistic regression must be finite numbers")

    def log_odds(self, vector: FloatArray) -> float:
        """`vector`: (features,), in the order of the weights."""
        return self.bias + float(vector @ np.array(list(self.weights.values())))

    def probability(self, vector: FloatArray) -> float:
        """In (0, 1)."""
        log_odds = self.log_odds(vector)
        return 1 / (1 + math.exp(-log_odds)) if log_odds >= 0 else 1 - 1 / (1 + math.exp(log_odds))


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """The chances that a take's product is right and, if so, its start; and whether two products are a bundle."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False, "extra": "forbid"}

    product: LogisticModel
    start: LogisticModel
    bundle: LogisticModel

    def __post_init__(self) -> None:
        for names, model in (
            (PRODUCT_FEATURE_NAMES, self.product),
            (START_FEATURE_NAMES, self.start),
            (BUNDLE_FEATURE_NAMES, self.bundle),
        ):
            if names != tuple(model.weights):
                raise InvalidValue(f"needs weights of {', '.join(names)}, not of {', '.join(model.weights)}")
        if min(*self.product.weights.values(), *self.start.weights.values()) < 0:
            raise InvalidValue("weights of chances must not be below 0: more evidence must not lower them")

    def product_chance(self, features: ProductFeatures) -> float:
        """The chance, in (0, 1), that the main product is explained in the take."""
        return self.product.probability(features.vector())

    def start_chance(self, features: StartFeatures) -> float:
        """The chance, in (0, 1), that the explanation begins within [-5, +10] s of the landing, if the product is
        right.
        """
        return self.start.probability(features.vector())

    def is_bundle(self, first: FloatArray, other: FloatArray) -> bool:
        """Whether two products are explained together. `first`, `other`: (units,), nats for each, not below 0."""
        return self.bundle.log_odds(bundle_features(first, other)) > 0


def count_kinds(evidence: FloatArray, kinds: Sequence[EvidenceKind]) -> float:
    """How many of `kinds` there are, each at most 1. `evidence`: (EVIDENCE_KINDS,), nats over a take."""
    columns = [EVIDENCE_KINDS.index(kind) for kind in kinds]
    return float(np.clip(evidence[columns] / FULL_KIND_NATS, 0.0, 1.0).sum())


def mean_of_best(counts: Sequence[float]) -> float:
    """The mean of the BEST_TAKES greatest, where missing ones are 0: a further take never lowers it."""
    return sum(sorted(counts, reverse=True)[:BEST_TAKES]) / BEST_TAKES


def bundle_features(first: FloatArray, other: FloatArray) -> FloatArray:
    """(3,): the other's evidence relative to the first's; the same within common units; log of the other's evidence."""
    total = max(float(first.sum()), 1.0)
    shared = float(np.minimum(first, other).sum())
    return np.array([float(other.sum()) / total, shared / total, math.log1p(float(other.sum()))])


def untrained_model(bundle: LogisticModel | None = None) -> ConfidenceModel:
    """A model that gives every take one half, and takes for bundles what `bundle` does: nothing without it."""
    return ConfidenceModel(
        LogisticModel(0.0, dict.fromkeys(PRODUCT_FEATURE_NAMES, 0.0)),
        LogisticModel(0.0, dict.fromkeys(START_FEATURE_NAMES, 0.0)),
        bundle or LogisticModel(0.0, dict.fromkeys(BUNDLE_FEATURE_NAMES, 0.0)),
    )


def _log_odds(probability: float) -> float:
    clipped = min(max(probability, MIN_DISTANCE_TO_CERTAINTY), 1 - MIN_DISTANCE_TO_CERTAINTY)
    return math.log(clipped / (1 - clipped))
