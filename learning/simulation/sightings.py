"""Simulated sightings: cards that are read, and products held up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeVar

import numpy as np

from domain.catalog import Catalog
from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.vision import Sighting, Sightings
from learning.evaluation.ground_truth import GroundTruth
from learning.simulation.pushes import SimulatedPush

T = TypeVar("T")
CARD_DURATION_S: tuple[Seconds, Seconds] = (8.0, 90.0)
HELD_UP_DURATION_S: tuple[Seconds, Seconds] = (1.0, 6.0)
CARD_WEIGHT_NATS = (3.0, 6.0)
PHOTO_WEIGHT_NATS = (0.4, 2.5)
MAX_DISTINCT_CHARS = 2  # characters that only one of two titles has; with so few, OCR may confuse their cards


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingProfile:
    """What the camera sees. `card_read_share`: share of the pushes whose card is read. `held_up_per_min`: how often an
    explained product is held up; `misidentified_share`: share of these that are taken for another product.
    """

    name: str
    card_read_share: float = 0.0
    held_up_per_min: float = 0.0
    misidentified_share: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.card_read_share <= 1 and 0 <= self.misidentified_share <= 1 and self.held_up_per_min >= 0):
            raise InvalidValue(f"shares of the camera {self.name} must lie in [0, 1], looks_per_min not below 0")


def simulate_sightings(
    truth: GroundTruth,
    pushes: Sequence[SimulatedPush],
    catalog: Catalog,
    profile: SightingProfile,
    rng: np.random.Generator,
) -> Sightings:
    """The sightings of `profile`, by time."""
    sightings = [
        *_card_sightings(truth, pushes, catalog, profile, rng),
        *_held_up_sightings(truth, tuple(catalog.by_id), profile, rng),
    ]
    return Sightings(tuple(sorted(sightings, key=lambda sighting: (sighting.span, sighting.product_ids))))


def _card_sightings(
    truth: GroundTruth,
    pushes: Sequence[SimulatedPush],
    catalog: Catalog,
    profile: SightingProfile,
    rng: np.random.Generator,
) -> Iterator[Sighting]:
    for push, next_push in zip_longest(pushes, pushes[1:]):
        next_time = next_push.time if next_push else truth.duration
        end = min(push.time + float(rng.uniform(*CARD_DURATION_S)), next_time, truth.duration)
        if rng.random() < profile.card_read_share and end > push.time:
            nats = float(rng.uniform(*CARD_WEIGHT_NATS))
            confusable_ids = _confusable_products(push.product_id, catalog)
            yield Sighting("card", confusable_ids, Span(push.time, end), catalog.by_id[push.product_id].title, nats)


def _confusable_products(product_id: str, catalog: Catalog) -> tuple[str, ...]:
    """The product and those whose titles differ in a character or two: OCR cannot tell their cards apart."""
    title = set(catalog.by_id[product_id].title)
    confusable_ids = [
        other.product_id
        for other in catalog
        if other.product_id != product_id and len(title ^ set(other.title)) <= MAX_DISTINCT_CHARS
    ]
    return (product_id, *confusable_ids)


def _held_up_sightings(
    truth: GroundTruth, product_ids: Sequence[str], profile: SightingProfile, rng: np.random.Generator
) -> Iterator[Sighting]:
    for highlight in truth.highlights:
        count = int(rng.poisson(profile.held_up_per_min * highlight.span.duration / 60))
        starts = np.sort(rng.uniform(highlight.start, highlight.end, count)).tolist()
        for start in starts:
            is_misidentified = rng.random() < profile.misidentified_share
            seen_id = choose_one(product_ids if is_misidentified else highlight.product_ids, rng)
            end = min(start + float(rng.uniform(*HELD_UP_DURATION_S)), truth.duration)
            nats = float(rng.uniform(*PHOTO_WEIGHT_NATS)) * (0.6 if is_misidentified else 1.0)
            yield Sighting("photo", (seen_id,), Span(start, end), "", nats)


def choose_one(choices: Sequence[T], rng: np.random.Generator) -> T:
    """One of `choices`, each as likely as the others."""
    return choices[int(rng.integers(len(choices)))]
