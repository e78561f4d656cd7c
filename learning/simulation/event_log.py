"""What a room's back end logs of a show: pushes, clicks, orders and comments, as disciplined as the room is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.catalog import Catalog
from domain.clock import Seconds
from domain.errors import InvalidValue
from domain.evidence import EventLog, HostEvent
from learning.evaluation.ground_truth import TrueHighlight, Truth
from learning.simulation.scripts.speech_timing import Spoken

UNMARKED_LAG: tuple[Seconds, Seconds] = (5.0, 40.0)  # of a push that the script does not place, after the start
EARLIEST, LATEST = -20.0, 90.0  # seconds around the place that the script gives a push
MENDED = 0.7  # how often a wrong push is put right
MENDED_AFTER: tuple[Seconds, Seconds] = (6.0, 16.0)
CLICK_LAG: Seconds = 14.0  # mean, after the words that made somebody click (development set)
ORDER_LAG: Seconds = 26.0
USERS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How a room logs. Shares are in [0, 1]; a show draws its own within the ranges.

    `lag`: seconds that pushes come after their place, mean of a show; `spread`: its standard deviation. `missing`,
    `wrong`: shares of pushes. `spam_per_min`: pushes of any product. `clicks_per_min`: of the whole room;
    `interested`: share of them for what is explained; `orders`: per click. `offset`: of the log's clock, seconds.
    `weight`: how often it is drawn.
    """

    name: str
    lag: tuple[Seconds, Seconds] = (0.0, 0.0)
    spread: Seconds = 6.0
    missing: float = 0.1
    wrong: float = 0.1
    spam_per_min: float = 0.0
    clicks_per_min: tuple[float, float] = (0.0, 0.0)
    interested: tuple[float, float] = (0.2, 0.5)
    orders: float = 0.08
    offset: Seconds = 0.0
    has_log: bool = True
    has_button: bool = False
    weight: float = 1.0

    def __post_init__(self) -> None:
        if any(not 0 <= share <= 1 for share in (self.missing, self.wrong, self.orders, *self.interested)):
            raise InvalidValue(f"shares of the room {self.name} must lie in [0, 1]")
        if self.lag[0] > self.lag[1] or not 0 <= self.clicks_per_min[0] <= self.clicks_per_min[1]:
            raise InvalidValue(f"a range of the room {self.name} is upside down")
        if min(self.spread, self.spam_per_min) < 0 or self.weight <= 0:
            raise InvalidValue(f"spread or spam_per_min of the room {self.name} is below 0, or its weight not above 0")


CLICKS = (4.0, 90.0)
ROOMS: tuple[Room, ...] = (
    Room(name="no-log", has_log=False, weight=3.0),
    Room(name="pushes", lag=(-2.0, 12.0), weight=2.0),
    Room(name="busy", lag=(-2.0, 12.0), clicks_per_min=CLICKS, weight=3.0),
    Room(name="late", lag=(15.0, 60.0), spread=12.0, clicks_per_min=CLICKS),
    Room(name="early", lag=(-15.0, -3.0), spread=4.0),
    Room(name="careless", lag=(0.0, 25.0), spread=15.0, missing=0.45, wrong=0.3, clicks_per_min=CLICKS),
    Room(name="spamming", lag=(0.0, 10.0), spam_per_min=1.5, missing=0.2),
    Room(name="button", lag=(-3.0, 10.0), spread=3.0, missing=0.05, wrong=0.03, has_button=True),
    Room(name="clicks", missing=1.0, clicks_per_min=CLICKS, interested=(0.3, 0.6)),
    Room(name="shifted", lag=(-2.0, 12.0), clicks_per_min=CLICKS, offset=90.0),
)


@dataclass(frozen=True, slots=True)
class Push:
    """A card that is pushed over the stream."""

    time: Seconds
    product_id: str


def pushes_in(
    spoken: Sequence[Spoken], truth: Truth, catalog: Catalog, room: Room, rng: np.random.Generator
) -> tuple[Push, ...]:
    """The pushes of a show, by time on the replay clock."""
    ids = tuple(catalog.by_id)
    lag = float(rng.uniform(*room.lag))
    kept = [push for push in _planned(spoken, truth, rng) if rng.random() >= room.missing]
    made = [each for push in kept for each in _made(push, lag, room, ids, rng)]
    spam = int(rng.poisson(room.spam_per_min * truth.duration / 60)) if room.has_log else 0
    times = rng.uniform(0.0, truth.duration, spam).tolist()
    made += [Push(time, ids[i]) for time, i in zip(times, rng.integers(len(ids), size=spam).tolist(), strict=True)]
    inside = (push for push in made if 0 <= push.time < truth.duration)
    return tuple(sorted(inside, key=lambda push: (push.time, push.product_id)))


def _planned(spoken: Sequence[Spoken], truth: Truth, rng: np.random.Generator) -> list[Push]:
    """Pushes where the script has them; each explanation without one gets its own."""
    marked = [
        Push(float(rng.uniform(each.span.start, each.span.end)), each.utterance.push)
        for each in spoken
        if each.utterance.push
    ]
    lags = rng.uniform(*UNMARKED_LAG, len(truth.highlights)).tolist()
    unmarked = [
        Push(explained.start + lag, explained.product_ids[0])
        for explained, lag in zip(truth.highlights, lags, strict=True)
        if not any(explained.span.holds(push.time) and push.product_id in explained.product_ids for push in marked)
    ]
    return sorted([*marked, *unmarked], key=lambda push: push.time)


def _made(push: Push, lag: Seconds, room: Room, ids: Sequence[str], rng: np.random.Generator) -> Iterator[Push]:
    """`push` as the room makes it: late or early, and now and then of the product next to it, which is mended."""
    time = push.time + float(np.clip(rng.normal(lag, room.spread), EARLIEST, LATEST))
    if rng.random() >= room.wrong or len(ids) < 2:
        yield Push(time, push.product_id)
        return
    step = int(rng.choice((-2, -1, 1, 2)))
    yield Push(time, ids[(ids.index(push.product_id) + step) % len(ids)])
    if rng.random() < MENDED:
        yield Push(time + float(rng.uniform(*MENDED_AFTER)), push.product_id)


@dataclass(frozen=True, slots=True)
class RoomLog:
    """All that a room's log of a show is made from. `ids`: of the products in its catalogue."""

    spoken: tuple[Spoken, ...]
    truth: Truth
    pushes: tuple[Push, ...]
    room: Room
    ids: tuple[str, ...]

    def written(self, rng: np.random.Generator) -> EventLog:
        """The log, by time on the recording clock, which is the replay's, or `offset` off it."""
        if not self.room.has_log:
            return EventLog()
        offset = float(rng.uniform(-self.room.offset, self.room.offset))
        events = [*self._pushed(), *self._comments(rng), *self._interest(rng)]
        placed = [replace(each, recording_time=round((each.recording_time or 0.0) + offset, 2)) for each in events]
        return EventLog(tuple(sorted(placed, key=lambda event: (event.recording_time, event.type, event.product_id))))

    def _pushed(self) -> Iterator[HostEvent]:
        for push in self.pushes:
            yield HostEvent("product_push", push.time, None, push.product_id)
            explained = next((each for each in self.truth.highlights if each.span.holds(push.time)), None)
            if self.room.has_button and explained and push.product_id in explained.product_ids:
                yield HostEvent("explain_start", push.time, None, push.product_id)
                yield HostEvent("explain_end", explained.end, None, push.product_id)

    def _comments(self, rng: np.random.Generator) -> Iterator[HostEvent]:
        for each in self.spoken:
            if each.utterance.comment:
                time = max(0.0, each.span.start - float(rng.uniform(1.0, 8.0)))
                user = f"u{int(rng.integers(USERS))}"
                yield HostEvent("comment", time, None, "", each.utterance.comment, user)

    def _interest(self, rng: np.random.Generator) -> Iterator[HostEvent]:
        """Clicks and orders: of everybody at any time, by how popular a product is, and for what is explained."""
        low, high = self.room.clicks_per_min
        if not high:
            return
        clicks = float(np.exp(rng.uniform(np.log(low), np.log(high)))) * self.truth.duration / 60
        share = float(rng.uniform(*self.room.interested))
        popularity = rng.dirichlet(np.ones(len(self.ids)))
        count = int(rng.poisson(clicks * (1 - share)))
        times = rng.uniform(0.0, self.truth.duration, count).tolist()
        for time, place in zip(times, rng.choice(len(self.ids), count, p=popularity).tolist(), strict=True):
            yield self._act(time, self.ids[place], rng)
        explained = sum(each.span.duration for each in self.truth.highlights)
        for highlight in self.truth.highlights:
            yield from self._drawn_by(highlight, clicks * share * highlight.span.duration / explained, rng)

    def _drawn_by(self, highlight: TrueHighlight, clicks: float, rng: np.random.Generator) -> Iterator[HostEvent]:
        count = int(rng.poisson(clicks))
        times = rng.uniform(highlight.start, highlight.end, count) + rng.gamma(2.0, CLICK_LAG / 2, count)
        chosen = rng.integers(len(highlight.product_ids), size=count).tolist()
        for time, which in zip(times.tolist(), chosen, strict=True):
            if time < self.truth.duration:
                yield self._act(time, highlight.product_ids[which], rng)

    def _act(self, time: Seconds, product_id: str, rng: np.random.Generator) -> HostEvent:
        if rng.random() >= self.room.orders:
            return HostEvent("product_click", time, None, product_id)
        late = time + float(rng.gamma(2.0, (ORDER_LAG - CLICK_LAG) / 2))
        return HostEvent("order", min(late, self.truth.duration), None, product_id)
