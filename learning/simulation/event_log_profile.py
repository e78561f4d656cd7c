"""Kinds of rooms, by how hosts push products and what the event log contains."""

from dataclasses import dataclass

from domain.clock import Seconds
from domain.errors import InvalidValue
from pipeline.inputs.events import KNOWN_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLogProfile:
    """How a room logs. Shares are in [0, 1]; a show draws its own values within the ranges.

    `push_lag`: mean of a show, seconds after the scripted position; `push_lag_std`: its standard deviation.
    `missing_push_share`, `late_push_share`, `wrong_push_share`: shares of pushes; late ones come up to a minute after
    the show's lag. `spam_pushes_per_min`: pushes of any product. `logged_types`: of events, that the log has at all.
    `clicks_per_min`: of the whole room; `on_topic_click_share`: share of them for what is explained;
    `orders_per_click`: per click. `max_clock_offset`: of the log's clock, seconds. `weight`: relative frequency.
    """

    name: str
    push_lag: tuple[Seconds, Seconds] = (0.0, 0.0)
    push_lag_std: Seconds = 6.0
    missing_push_share: float = 0.1
    late_push_share: float = 0.0
    wrong_push_share: float = 0.1
    spam_pushes_per_min: float = 0.0
    clicks_per_min: tuple[float, float] = (0.0, 0.0)
    on_topic_click_share: tuple[float, float] = (0.2, 0.5)
    orders_per_click: float = 0.08
    max_clock_offset: Seconds = 0.0
    has_log: bool = True
    has_explain_button: bool = False
    logged_types: tuple[str, ...] = KNOWN_TYPES
    weight: float = 1.0

    def __post_init__(self) -> None:
        if any(
            not 0 <= share <= 1
            for share in (
                self.missing_push_share,
                self.late_push_share,
                self.wrong_push_share,
                self.orders_per_click,
                *self.on_topic_click_share,
            )
        ):
            raise InvalidValue(f"shares of the room {self.name} must lie in [0, 1]")
        if unknown := sorted(set(self.logged_types) - set(KNOWN_TYPES)):
            raise InvalidValue(f"the room {self.name} logs {unknown[0]}, which is no type of event")
        if self.push_lag[0] > self.push_lag[1] or not 0 <= self.clicks_per_min[0] <= self.clicks_per_min[1]:
            raise InvalidValue(f"a range of the room {self.name} is upside down")
        if min(self.push_lag_std, self.spam_pushes_per_min) < 0 or self.weight <= 0:
            raise InvalidValue(f"spread or spam_per_min of the room {self.name} is below 0, or its weight not above 0")
