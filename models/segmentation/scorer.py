"""How much better each product explains a unit than "no product" does: learned weights times evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np

from domain.errors import WeightsError
from domain.evidence import Evidence, FloatArray, RoomEvidence, Scores
from models.segmentation.event_features import PUSH_LAGS, ROOM_IDENTITY
from models.segmentation.features import CLOSING, IDENTITY, OPENING, OPENING_OF, SPEECH_FEATURES, TALK

DURATIONS = ("log_seconds", "log_seconds_squared", "hundred_seconds")
UNITS_AT_A_TIME = 256  # about half an hour
ENTRIES = ("explanation", "bundle", "unlisted", "unlisted_unit")
PUSHES = tuple(f"push_{low}_to_{high}" for low, high in pairwise(PUSH_LAGS))
GROUPS: Mapping[str, tuple[str, ...]] = {
    "identity": (*IDENTITY, *ROOM_IDENTITY),
    "talk": TALK,
    "opening": OPENING,
    "opening_of": (*OPENING_OF, *PUSHES),
    "closing": CLOSING,
    "durations": DURATIONS,
    "entries": ENTRIES,
}
"""The weights, by what they belong to, in the order in which `ScoreWeights.vector` lays them out."""


AtHand = Literal["speech", "pictures", "room", "all"]
"""What evidence a show has: speech alone, or with what pictures show, with what the room logged, or with both.

Each has weights of its own: a show without pictures must not miss what weights learned from pictures leave to them.
"""


def at_hand(evidence: Evidence, room: RoomEvidence) -> AtHand:
    """What this show has."""
    if evidence.identity[:, :, len(SPEECH_FEATURES) :].any():
        return "pictures" if room.is_empty else "all"
    return "speech" if room.is_empty else "room"


@dataclass(frozen=True, eq=False)
class ScoreWeights:
    """One weight a feature, in nats a unit of it. `vector`: (sum of the lengths of `GROUPS`,)."""

    vector: FloatArray

    def __getitem__(self, group: str) -> FloatArray:
        names = list(GROUPS)
        start = sum(len(GROUPS[name]) for name in names[: names.index(group)])
        return self.vector[start : start + len(GROUPS[group])]

    @staticmethod
    def size() -> int:
        return sum(map(len, GROUPS.values()))

    def named(self) -> dict[str, dict[str, float]]:
        """The weights by group and feature."""
        return {group: dict(zip(names, self[group].tolist(), strict=True)) for group, names in GROUPS.items()}

    @staticmethod
    def of(named: Mapping[str, Mapping[str, float]], file: Path) -> "ScoreWeights":
        """The weights that `named()` gave; raises WeightsError, naming `file`, where they are of other features."""
        if {group: tuple(weights) for group, weights in named.items()} != dict(GROUPS):
            raise WeightsError(file, "is of other features than this version", "train it anew by `kandian train`")
        vector = np.array([value for weights in named.values() for value in weights.values()])
        if not np.isfinite(vector).all():
            raise WeightsError(file, "holds weights that are no numbers", "train it anew by `kandian train`")
        return ScoreWeights(vector)


@dataclass(frozen=True, eq=False)
class Features:
    """All evidence of a show in the layout of `GROUPS`. `identity`: (units, products, features); `talk`, `opening`,
    `closing`: (units, features); `opening_of`: (units, products, features)."""

    identity: FloatArray
    talk: FloatArray
    opening: FloatArray
    opening_of: FloatArray
    closing: FloatArray


def features_of(evidence: Evidence, room: RoomEvidence) -> Features:
    """What was said and seen, and what the room logged, side by side."""
    return Features(
        np.concatenate([evidence.identity, room.identity], axis=2, dtype=np.float32),
        evidence.talk,
        evidence.opening,
        np.concatenate([evidence.opening_of, room.opening_of], axis=2, dtype=np.float32),
        evidence.closing,
    )


def scores_of(evidence: Evidence, room: RoomEvidence, learned: Mapping[AtHand, ScoreWeights]) -> Scores:
    """The evidence, on its grid, by the weights for what is at hand."""
    weights = learned[at_hand(evidence, room)]
    entry, bundle, unlisted, unlisted_unit = weights["entries"].tolist()
    return Scores(
        product_ids=evidence.product_ids,
        starts=evidence.starts,
        ends=evidence.ends,
        talk=evidence.talk @ weights["talk"],
        opening=evidence.opening @ weights["opening"],
        closing=evidence.closing @ weights["closing"],
        identity=_weighed((evidence.identity, room.identity), weights["identity"]),
        opening_of=_weighed((evidence.opening_of, room.opening_of), weights["opening_of"]),
        durations=weights["durations"],
        entry=entry,
        bundle_entry=entry + bundle,
        unlisted_entry=entry + unlisted,
        unlisted=unlisted_unit,
        has_pictures=at_hand(evidence, room) in ("pictures", "all"),
        has_log=not room.is_empty,
        warnings=(*evidence.warnings, *room.warnings),
    )


def _weighed(sides: Sequence[FloatArray], weights: FloatArray) -> FloatArray:
    """(units, products): the features of all `sides`, (units, products, features) each, times `weights`.

    Some units at a time: side by side, and as wide as the weights, the features of a long show are hundreds of MB.
    """
    found = np.empty(sides[0].shape[:2])
    for start in range(0, len(found), UNITS_AT_A_TIME):
        few = slice(start, start + UNITS_AT_A_TIME)
        found[few] = np.concatenate([side[few] for side in sides], axis=2, dtype=np.float32) @ weights
    return found
