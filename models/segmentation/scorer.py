"""Scores products in units: learned weights times features, in nats above "no product"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from domain.errors import WeightsError
from domain.evidence import EventFeatures, FloatArray, ProductScores, UnitFeatures
from models.segmentation.event_features import EVENT_IDENTITY_FEATURES, EVENT_OPENING_FEATURES
from models.segmentation.features import (
    CLOSING_FEATURES,
    EXPLANATION_FEATURES,
    IDENTITY_FEATURES,
    OPENING_FEATURES,
    PRODUCT_OPENING_FEATURES,
    SPEECH_FEATURES,
)

DURATION_FEATURES = ("log_seconds", "log_seconds_squared", "hundred_seconds")
BATCH_UNITS = 256  # about half an hour
ENTRY_FEATURES = ("explanation", "bundle", "unlisted", "unlisted_unit")
FEATURE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "identity": (*IDENTITY_FEATURES, *EVENT_IDENTITY_FEATURES),
    "talk": EXPLANATION_FEATURES,
    "opening": OPENING_FEATURES,
    "opening_of": (*PRODUCT_OPENING_FEATURES, *EVENT_OPENING_FEATURES),
    "closing": CLOSING_FEATURES,
    "durations": DURATION_FEATURES,
    "entries": ENTRY_FEATURES,
}
"""The weights by group, in the order of `ScoreWeights.vector`. The names are those of the weights file."""

Modalities = Literal["speech", "pictures", "room", "all"]
"""What a show has beside speech: nothing, frames, an event log, or both. The names are those of the weights file.

Each has weights of its own: in a show without frames, speech must not be weighed as if frames added to it.
"""


def modalities_of(evidence: UnitFeatures, event_features: EventFeatures) -> Modalities:
    """The modalities of a show: whether there is any sighting, and any event."""
    if evidence.identity[:, :, len(SPEECH_FEATURES) :].any():
        return "pictures" if event_features.is_empty else "all"
    return "speech" if event_features.is_empty else "room"


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
    """The features of speech and frames and those of the event log, side by side, as in `FEATURE_GROUPS`."""
    return replace(
        evidence,
        identity=np.concatenate([evidence.identity, event_features.identity], axis=2, dtype=np.float32),
        product_opening=np.concatenate(
            [evidence.product_opening, event_features.product_opening], axis=2, dtype=np.float32
        ),
    )


def score_products(
    evidence: UnitFeatures, event_features: EventFeatures, weights_by_modalities: Mapping[Modalities, ScoreWeights]
) -> ProductScores:
    """The scores of a show by the weights for its modalities."""
    weights = weights_by_modalities[modalities_of(evidence, event_features)]
    entry, bundle, unlisted, unlisted_unit = weights["entries"].tolist()
    return ProductScores(
        product_ids=evidence.product_ids,
        unit_starts=evidence.unit_starts,
        unit_ends=evidence.unit_ends,
        explanation=evidence.explanation @ weights["talk"],
        opening=evidence.opening @ weights["opening"],
        closing=evidence.closing @ weights["closing"],
        identity=_apply_weights((evidence.identity, event_features.identity), weights["identity"]),
        product_opening=_apply_weights(
            (evidence.product_opening, event_features.product_opening), weights["opening_of"]
        ),
        duration_weights=weights["durations"],
        entry_score=entry,
        bundle_entry_score=entry + bundle,
        unlisted_entry_score=entry + unlisted,
        unlisted_unit_score=unlisted_unit,
        has_video=modalities_of(evidence, event_features) in ("pictures", "all"),
        has_event_log=not event_features.is_empty,
        warnings=(*evidence.warnings, *event_features.warnings),
    )


def _apply_weights(blocks: Sequence[FloatArray], weights: FloatArray) -> FloatArray:
    """(units, products): the features of all `blocks`, (units, products, features) each, times `weights`.

    In batches of units: side by side, the features of a long show take hundreds of MB.
    """
    weighted = np.empty(blocks[0].shape[:2])
    for start in range(0, len(weighted), BATCH_UNITS):
        rows = slice(start, start + BATCH_UNITS)
        weighted[rows] = np.concatenate([block[rows] for block in blocks], axis=2, dtype=np.float32) @ weights
    return weighted
