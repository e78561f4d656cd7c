"""Why a stretch may be about a product: what the room logged, what was said, and how they add up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.clock import Span

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


MentionKind = Literal["name", "alias", "brand", "title", "link", "price"]


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


@dataclass(frozen=True, eq=False)
class Evidence:
    """All evidence on one grid: units are sentences (and stretches without any), products are in catalogue order.

    `starts`, `ends`: (units,), seconds. `speech`, `events`: (units, products), nats. `opening`, `closing`: (units,),
    nats, for a unit that begins an introduction or ends an explanation. `is_heard`: (units,), 1 where the unit was
    heard reliably, else 0: there, missing words say nothing.
    """

    product_ids: tuple[str, ...]
    starts: FloatArray
    ends: FloatArray
    speech: FloatArray
    events: FloatArray
    opening: FloatArray
    closing: FloatArray
    is_heard: FloatArray
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Scores:
    """How much better each product explains a unit than "no product" does, in nats, on the grid of `Evidence`.

    `log_odds`: (units, products). `opening`, `closing`: (units,), added where an explanation begins and ends.
    """

    product_ids: tuple[str, ...]
    starts: FloatArray
    ends: FloatArray
    log_odds: FloatArray
    opening: FloatArray
    closing: FloatArray
