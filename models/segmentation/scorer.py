"""Scores products in units: learned weights times features, in nats above "no product"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from domain.errors import WeightsError
from domain.evidence import (
    EVIDENCE_KINDS,
    EventFeatures,
    EventKind,
    EvidenceKind,
    FloatArray,
    ProductScores,
    UnitFeatures,
)
from models.evidence.unit_features import (
    CLOSING_FEATURES,
    EXPLANATION_FEATURES,
    IDENTITY_FEATURES,
    OPENING_FEATURES,
    PRODUCT_CLOSING_FEATURES,
    PRODUCT_OPENING_FEATURES,
    SIGHTING_FEATURES,
)
from models.segmentation.event_features import EVENT_CLOSING_FEATURES, EVENT_IDENTITY_FEATURES, EVENT_OPENING_FEATURES
from models.segmentation.semi_markov import DURATION_FEATURES

ENTRY_FEATURES = ("explanation", "bundle", "unlisted", "unlisted_unit")
PRESENCE_FEATURES = ("pictures", "pushes", "clicks", "names", "links", "prices")
"""What a show has: 1 or 0 of what is beside speech; of what is said, 1 - exp(-units with it a minute). Where there is
more evidence of a kind, an explanation without any of it is less likely; where a host never says a price, it is not."""
SPOKEN_PRESENCE: Mapping[str, str] = {"names": "any_named", "links": "any_linked", "prices": "any_priced"}
MIN_SPOKEN_NATS = 0.5  # of a unit in which something of the kind is said
PRESENCE_KINDS: Mapping[str, frozenset[EventKind]] = {
    "pushes": frozenset({"pushes"}),
    "clicks": frozenset({"clicks", "orders"}),
}
FEATURE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "identity": (*IDENTITY_FEATURES, *EVENT_IDENTITY_FEATURES),
    "talk": EXPLANATION_FEATURES,
    "talk_with": PRESENCE_FEATURES,
    "opening": OPENING_FEATURES,
    "opening_with": PRESENCE_FEATURES,
    "opening_of": (*PRODUCT_OPENING_FEATURES, *EVENT_OPENING_FEATURES),
    "closing": CLOSING_FEATURES,
    "closing_of": (*PRODUCT_CLOSING_FEATURES, *EVENT_CLOSING_FEATURES),
    "durations": DURATION_FEATURES,
    "entries": ENTRY_FEATURES,
}
"""The weights by group, in the order of `ScoreWeights.vector`. The names are those of the weights file."""

KIND_OF_FEATURE: Mapping[str, EvidenceKind] = {
    "name": "name",
    "alias": "name",
    "brand": "title",
    "title": "title",
    "link": "link",
    "price": "price",
    "attribute": "attribute",
    "description": "description",
    "card": "picture",
    "photo": "picture",
    "click": "log",
    "order": "log",
    "pushed": "log",
}
"""The kind of evidence of each identity feature; of the others: context."""


def presence_of(evidence: UnitFeatures, event_features: EventFeatures) -> FloatArray:
    """(PRESENCE_FEATURES,), in [0, 1]: how much a show has of each kind."""
    pictures = evidence.identity[:, :, [IDENTITY_FEATURES.index(name) for name in SIGHTING_FEATURES]]
    has_events = [not kinds.isdisjoint(event_features.kinds) for kinds in PRESENCE_KINDS.values()]
    minutes = max(float(evidence.unit_ends[-1] - evidence.unit_starts[0]) / 60, 1.0) if len(evidence.unit_ends) else 1.0
    columns = [EXPLANATION_FEATURES.index(name) for name in SPOKEN_PRESENCE.values()]
    units_per_min = (evidence.explanation[:, columns] >= MIN_SPOKEN_NATS).sum(axis=0) / minutes
    return np.array([pictures.any(), *has_events, *(1 - np.exp(-units_per_min))], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class ScoreWeights:
    """One weight a feature, in nats per unit of it. `vector`: (sum of the lengths of `FEATURE_GROUPS`,)."""

    vector: FloatArray

    def __getitem__(self, group: str) -> FloatArray:
        names = list(FEATURE_GROUPS)
        start = sum(len(FEATURE_GROUPS[name]) for name in names[: names.index(group)])
        return self.vector[start : start + len(FEATURE_GROUPS[group])]

    @staticmethod
    def size() -> int:
        return sum(map(len, FEATURE_GROUPS.values()))

    def to_dict(self) -> dict[str, dict[str, float]]:
        """The weights by group and feature."""
        return {group: dict(zip(names, self[group].tolist(), strict=True)) for group, names in FEATURE_GROUPS.items()}

    @staticmethod
    def from_dict(weights_by_group: Mapping[str, Mapping[str, float]], file: Path) -> "ScoreWeights":
        """Read what `to_dict` gave. Raises WeightsError, naming `file`, where the weights are of other features."""
        if {group: tuple(weights) for group, weights in weights_by_group.items()} != dict(FEATURE_GROUPS):
            raise WeightsError(file, "is of other features than this version", "train it anew by `kandian train`")
        vector = np.array([value for weights in weights_by_group.values() for value in weights.values()])
        if not np.isfinite(vector).all():
            raise WeightsError(file, "holds weights that are no numbers", "train it anew by `kandian train`")
        return ScoreWeights(vector)


def combine_features(evidence: UnitFeatures, event_features: EventFeatures) -> UnitFeatures:
    """The features of speech and frames and those of the event log, side by side, as in `FEATURE_GROUPS`.

    For training. A long show's take hundreds of MB so.
    """
    return replace(
        evidence,
        identity=np.concatenate([evidence.identity, event_features.identity], axis=2, dtype=np.float32),
        product_opening=np.concatenate(
            [evidence.product_opening, event_features.product_opening], axis=2, dtype=np.float32
        ),
        product_closing=np.concatenate(
            [evidence.product_closing, event_features.product_closing], axis=2, dtype=np.float32
        ),
    )


def score_products(evidence: UnitFeatures, event_features: EventFeatures, weights: ScoreWeights) -> ProductScores:
    """The scores of a show by `weights`."""
    presence = presence_of(evidence, event_features)
    entry, bundle, unlisted, unlisted_unit = weights["entries"].tolist()
    return ProductScores(
        product_ids=evidence.product_ids,
        unit_starts=evidence.unit_starts,
        unit_ends=evidence.unit_ends,
        explanation=evidence.explanation @ weights["talk"] + presence @ weights["talk_with"],
        opening=evidence.opening @ weights["opening"] + presence @ weights["opening_with"],
        closing=evidence.closing @ weights["closing"],
        evidence=_evidence_by_kind((evidence.identity, event_features.identity), weights["identity"]),
        product_opening=_apply_weights(
            (evidence.product_opening, event_features.product_opening), weights["opening_of"][:, None]
        )[:, :, 0],
        product_closing=_apply_weights(
            (evidence.product_closing, event_features.product_closing), weights["closing_of"][:, None]
        )[:, :, 0],
        duration_weights=weights["durations"],
        entry_score=entry,
        bundle_entry_score=entry + bundle,
        unlisted_entry_score=entry + unlisted,
        unlisted_unit_score=unlisted_unit,
        has_video=bool(presence[PRESENCE_FEATURES.index("pictures")]),
        has_event_log=not event_features.is_empty,
        warnings=(*evidence.warnings, *event_features.warnings),
    )


def _evidence_by_kind(blocks: Sequence[FloatArray], weights: FloatArray) -> FloatArray:
    """(units, products, EVIDENCE_KINDS): identity features times `weights`, by their kinds."""
    kinds = [KIND_OF_FEATURE.get(name, "context") for name in FEATURE_GROUPS["identity"]]
    by_kind = np.zeros((len(kinds), len(EVIDENCE_KINDS)))
    by_kind[np.arange(len(kinds)), [EVIDENCE_KINDS.index(kind) for kind in kinds]] = weights
    return _apply_weights(blocks, by_kind)


def _apply_weights(blocks: Sequence[FloatArray], weights: FloatArray) -> FloatArray:
    """(units, products, n), 32 bits: the features of all `blocks`, (units, products, features) each, by `weights`,
    (all features, n). Block by block: side by side, the features of a long show take hundreds of MB.
    """
    weighted = np.zeros((*blocks[0].shape[:2], weights.shape[1]), dtype=np.float32)
    first = 0
    for block in blocks:
        rows = weights[first : first + block.shape[2]].astype(np.float32)
        weighted += block.astype(np.float32, copy=False) @ rows
        first += block.shape[2]
    return weighted
