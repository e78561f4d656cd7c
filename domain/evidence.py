"""Why a stretch may be about a product: what the room logged, what was said, and how they add up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds, Span

FloatArray: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HostEvent:
    """One line of the room's log. `recording_time` is on the recording clock; `at` is wall clock; one is given."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    type: str
    recording_time: float | None = None
    at: datetime | None = None
    product_id: str = ""
    text: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class EventLog:
    """What the live room's back end logged, in order of time; empty when there is no log."""

    events: tuple[HostEvent, ...] = ()


MentionKind = Literal["name", "alias", "brand", "title", "link", "price", "attribute"]


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that point at products: `text` as it was heard at `span`.

    `weight` is the evidence in nats (log of how much likelier the words are when the product is explained), shared
    by all of `product_ids`: more than one means that the words don't tell these products apart.
    """

    kind: MentionKind
    product_ids: tuple[str, ...]
    span: Span
    sentence: int
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Mentions:
    """Every mention in a show, by time."""

    mentions: tuple[Mention, ...]


TalkRole = Literal[
    "intro", "feature", "demo", "price", "link", "qa", "recap", "preview", "compare", "chat", "giveaway",
    "transition", "logistics",
]  # fmt: skip
ROLES: tuple[TalkRole, ...] = get_args(TalkRole)
"""The roles that scripts are labelled with, in the order of the columns of `Discourse.roles`."""


@dataclass(frozen=True, eq=False)
class Discourse:
    """What each unit of a show does. `starts`: (units,), seconds, where units begin.

    `roles`: (units, ROLES), chances, each row adds up to 1. `opening`, `closing`: (units,), log-odds that an
    explanation begins with the unit, or ends with it, whatever the product.
    """

    roles: FloatArray
    opening: FloatArray
    closing: FloatArray
    starts: FloatArray


@dataclass(frozen=True, eq=False)
class Evidence:
    """What was said and seen, as features on one grid of units; products in catalogue order.

    Of a large catalogue only the products with most evidence are in it. `starts`, `ends`: (units,), seconds.
    `identity`: (units, products, features), which product; `talk`: (units, features), whether any is explained;
    `opening`: (units, features), whether an explanation begins there; `opening_of`: (units, products,
    features), whether one of this product does; `closing`: (units, features), whether one ends there. What the
    features are is said in models/segmentation/features.py. What was not heard, seen or logged is 0: no
    evidence.
    """

    product_ids: tuple[str, ...]
    starts: FloatArray
    ends: FloatArray
    identity: FloatArray
    talk: FloatArray
    opening: FloatArray
    opening_of: FloatArray
    closing: FloatArray
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class RoomEvidence:
    """What the room's log says, as features on the units and products of `Evidence`, once its clock is put right.

    `identity`: (units, products, features), which product; `opening_of`: (units, products, features), whether an
    explanation of the product begins there. `offset`: seconds that the log's clock was found to be late against the
    recording's; `push_lag`: seconds from the start of an explanation to its push; `click_lag`: seconds between words
    and their clicks; `push_trust`: share of pushes, in [0, 1], that speech and pictures agree with. `is_empty`: there
    was no event to learn from.
    """

    identity: FloatArray
    opening_of: FloatArray
    offset: Seconds
    push_lag: Seconds
    click_lag: Seconds
    push_trust: float
    is_empty: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Scores:
    """How much better products explain the units of a show than "no product" does, in nats, on the grid of `Evidence`.

    `talk`, `opening`, `closing`: (units,), for any explanation that goes on, begins or ends there. `identity`,
    `opening_of`: (units, products), what is added for one of this product. `durations`: (3,), weights of the decoder's
    duration features. `entry`, `bundle_entry`, `unlisted_entry`: for every explanation of a product, of two, of
    something that is not in the catalogue; `unlisted`: for every unit of the last. `has_pictures`, `has_log`: what
    there was beside speech.
    """

    product_ids: tuple[str, ...]
    starts: FloatArray
    ends: FloatArray
    talk: FloatArray
    opening: FloatArray
    closing: FloatArray
    identity: FloatArray
    opening_of: FloatArray
    durations: FloatArray
    entry: float
    bundle_entry: float
    unlisted_entry: float
    unlisted: float
    has_pictures: bool
    has_log: bool
    warnings: tuple[str, ...] = ()
