"""What the pictures of a show give away: the pushed card burned in, the product held up, or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from domain.catalog import Catalog
from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.vision import Sighting, Sightings
from learning.evaluation.ground_truth import Truth
from learning.simulation.event_log import Push

CARD_STAYS: tuple[Seconds, Seconds] = (8.0, 90.0)
LOOK: tuple[Seconds, Seconds] = (1.0, 6.0)
CARD_NATS = (3.0, 6.0)
PHOTO_NATS = (0.4, 2.5)
MOST_TELLING = 2  # characters that stand in one of two titles only, and a reader may take one card for the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """What is seen. `cards`: share of the pushes whose card is read. `looks_per_min`: of what is explained, held up;
    `mistaken`: share of these that are taken for another product."""

    name: str
    cards: float = 0.0
    looks_per_min: float = 0.0
    mistaken: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.cards <= 1 and 0 <= self.mistaken <= 1 and self.looks_per_min >= 0):
            raise InvalidValue(f"shares of the camera {self.name} must lie in [0, 1], looks_per_min not below 0")


CAMERAS: tuple[Camera, ...] = (
    Camera(name="nothing"),
    Camera(name="cards", cards=0.95),
    Camera(name="held-up", looks_per_min=2.0, mistaken=0.12),
    Camera(name="blurred", cards=0.5, looks_per_min=0.7, mistaken=0.4),
    Camera(name="everything", cards=0.95, looks_per_min=2.0, mistaken=0.12),
)


def sightings_of(
    truth: Truth, pushes: Sequence[Push], catalog: Catalog, camera: Camera, rng: np.random.Generator
) -> Sightings:
    """What `camera` saw, by time."""
    seen = [*_cards(truth, pushes, catalog, camera, rng), *_looks(truth, tuple(catalog.by_id), camera, rng)]
    return Sightings(tuple(sorted(seen, key=lambda sighting: (sighting.span, sighting.product_ids))))


def _cards(
    truth: Truth, pushes: Sequence[Push], catalog: Catalog, camera: Camera, rng: np.random.Generator
) -> Iterator[Sighting]:
    for push, after in zip_longest(pushes, pushes[1:]):
        end = min(push.time + float(rng.uniform(*CARD_STAYS)), after.time if after else truth.duration, truth.duration)
        if rng.random() < camera.cards and end > push.time:
            nats = float(rng.uniform(*CARD_NATS))
            alike = _alike(push.product_id, catalog)
            yield Sighting("card", alike, Span(push.time, end), catalog.by_id[push.product_id].title, nats)


def _alike(product_id: str, catalog: Catalog) -> tuple[str, ...]:
    """The product and those whose card a reader cannot tell from its: titles that differ in a character or two."""
    title = set(catalog.by_id[product_id].title)
    near = [
        other.product_id
        for other in catalog
        if other.product_id != product_id and len(title ^ set(other.title)) <= MOST_TELLING
    ]
    return (product_id, *near)


def _looks(truth: Truth, ids: Sequence[str], camera: Camera, rng: np.random.Generator) -> Iterator[Sighting]:
    for highlight in truth.highlights:
        count = int(rng.poisson(camera.looks_per_min * highlight.span.duration / 60))
        starts = np.sort(rng.uniform(highlight.start, highlight.end, count)).tolist()
        for start in starts:
            is_mistaken = rng.random() < camera.mistaken
            seen = ids[int(rng.integers(len(ids)))] if is_mistaken else _one(highlight.product_ids, rng)
            end = min(start + float(rng.uniform(*LOOK)), truth.duration)
            nats = float(rng.uniform(*PHOTO_NATS)) * (0.6 if is_mistaken else 1.0)
            yield Sighting("photo", (seen,), Span(start, end), "", nats)


def _one(ids: Sequence[str], rng: np.random.Generator) -> str:
    return ids[int(rng.integers(len(ids)))]
