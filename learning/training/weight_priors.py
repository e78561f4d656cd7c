"""What is believed of weights before shows are seen: where each lies, how surely, and between which bounds.

What speaks for a product never speaks against it, whatever some shows say; and where shows say little, a weight stays
near what it is worth in most rooms.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from domain.evidence import DISCOURSE_ROLES, FloatArray
from models.segmentation.event_features import EVENT_CLOSING_FEATURES, EVENT_OPENING_FEATURES
from models.segmentation.scorer import FEATURE_GROUPS, SPOKEN_PRESENCE, ScoreWeights

_FREE = (-np.inf, np.inf)
_FOR = (0.0, np.inf)


@dataclass(frozen=True, slots=True)
class WeightPrior:
    """A normal distribution, cut off at `bounds`."""

    mean: float
    deviation: float
    bounds: tuple[float, float] = _FREE


_EVIDENCE_MEANS: Mapping[str, float] = {
    "name": 0.5,
    "alias": 0.5,
    "brand": 0.3,
    "title": 0.3,
    "link": 1.0,
    "price": 0.7,
    "attribute": 0.7,
    "nearby": 0.1,
    "description": 0.2,
    "differs": 0.1,
    "echo": 0.2,
    "card": 0.7,
    "photo": 0.5,
    "click": 0.8,
    "order": 0.8,
    "pushed": 0.8,
}
_IDENTITY = {name: WeightPrior(mean, 0.4, _FOR) for name, mean in _EVIDENCE_MEANS.items()}
_PASSING = WeightPrior(-0.3, 0.3, (-1.0, 0.0))
_PRODUCT_TURN = WeightPrior(0.3, 0.5, _FOR)
_EVENT_TURN = WeightPrior(0.8, 0.4, _FOR)
_TURN = WeightPrior(0.2, 0.4, _FOR)
_ROLE = WeightPrior(0.0, 0.15)
_OTHER = WeightPrior(0.0, 1.5)
_BY_NAME: Mapping[str, WeightPrior] = {
    **_IDENTITY,
    **{f"passing_{kind}": _PASSING for kind in ("name", "title", "link", "price")},
    **{f"{prefix}_{role}": _ROLE for prefix in ("is", "after", "with") for role in DISCOURSE_ROLES},
    **dict.fromkeys(("opens", "last_closed", "shift", "is_valley", "closes", "next_opens", "next_shift"), _TURN),
    **dict.fromkeys(("shown_soon", "named_soon", "sets_in", "fades", "other_sets_in"), _PRODUCT_TURN),
    **dict.fromkeys((*EVENT_OPENING_FEATURES, *EVENT_CLOSING_FEATURES), _EVENT_TURN),
    **{f"any_{kind}": WeightPrior(0.0, 0.2) for kind in ("named", "titled", "linked", "priced")},
    "repetition": WeightPrior(0.0, 0.1),
    "pace": WeightPrior(0.0, 0.1),
    "hundred_seconds_over_long": WeightPrior(-1.5, 0.5, (-np.inf, 0.0)),
    "unit": WeightPrior(-0.3, 1.0),
    "explanation": WeightPrior(-4.0, 2.0),
}


def prior_of(group: str, name: str) -> WeightPrior:
    """What is believed of the weight of feature `name` in `group`."""
    if group.endswith("_with"):
        return WeightPrior(0.0, 1.0 if name in SPOKEN_PRESENCE and group == "opening_with" else 0.5)
    return _BY_NAME.get(name, _OTHER)


def prior_weights() -> ScoreWeights:
    """The means of all weights."""
    return ScoreWeights(_vector("mean"))


def prior_deviations() -> FloatArray:
    """(ScoreWeights.size(),): the standard deviations."""
    return _vector("deviation")


def weight_bounds() -> FloatArray:
    """(ScoreWeights.size(), 2): the lowest and highest value of each weight."""
    return np.array([prior_of(group, name).bounds for group, names in FEATURE_GROUPS.items() for name in names])


def _vector(field: str) -> FloatArray:
    return np.array(
        [getattr(prior_of(group, name), field) for group, names in FEATURE_GROUPS.items() for name in names]
    )
