"""Cuts a scored show into takes: decode, place each start where a viewer should land, say how sure that is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds, Span
from domain.evidence import FloatArray, Scores
from domain.highlight import Take, Takes
from models.decoder import Lattice, Posteriors, Segment, best_path, posteriors

EARLIEST_SEEK: Seconds = 5.0  # a seek this much before the true start is still right (the devset's measure)
LATEST_SEEK: Seconds = 10.0  # and this much after it
MOST_PRODUCTS = 300  # decoded at once; the others have next to no evidence (time grows with products)


@dataclass(frozen=True, slots=True)
class CutSettings:
    """`typical_s`, `spread`: median and log-normal sigma of an explanation's length; `entry`: nats that every
    explanation must earn; `temper` in (0, 1] scales nats for chances, since neighbouring words repeat each other;
    `rejoin_s`: takes of one product closer than this are one; takes below `shortest_s` or `publish_at` confidence
    are not published."""

    typical_s: float
    spread: float
    longest_s: float
    entry: float
    temper: float
    rejoin_s: float
    shortest_s: float
    publish_at: float
    suggest_at: float


def cut(scores: Scores, settings: CutSettings) -> Takes:
    """The takes of a show, by time, and those too doubtful to publish."""
    if not len(scores.starts):
        return Takes((), ())
    columns = _likely_columns(scores.log_odds)
    lattice = _lattice(scores, columns, settings)
    path = _rejoined(best_path(lattice), lattice, settings.rejoin_s)
    chances = posteriors(_tempered(lattice, settings.temper))
    found = [_take(segment, lattice, chances, scores.product_ids[columns[segment.product]]) for segment in path]
    long_enough = [take for take in found if take.span.duration >= settings.shortest_s]
    published = [take for take in long_enough if take.confidence >= settings.publish_at]
    doubtful = [take for take in long_enough if settings.suggest_at <= take.confidence < settings.publish_at]
    return Takes(_numbered(published), _numbered(doubtful))


def _likely_columns(log_odds: FloatArray) -> NDArray[np.int64]:
    """The products with most evidence, in catalogue order."""
    evidence = np.maximum(log_odds, 0.0).sum(axis=0)
    return np.sort(np.argsort(-evidence, kind="stable")[:MOST_PRODUCTS])


def _lattice(scores: Scores, columns: NDArray[np.int64], settings: CutSettings) -> Lattice:
    middle, spread = np.log(settings.typical_s), settings.spread

    def log_duration(seconds: FloatArray) -> FloatArray:
        """Log-normal, 0 at its middle: only the shape counts, the level is in `entry`."""
        return np.asarray(-((np.log(np.maximum(seconds, 0.1)) - middle) ** 2) / (2 * spread**2))

    boundaries = np.concatenate([scores.starts, scores.ends[-1:]])
    log_odds = scores.log_odds[:, columns]
    return Lattice(
        log_odds, scores.opening, scores.closing, boundaries, log_duration, settings.entry, settings.longest_s
    )


def _tempered(lattice: Lattice, temper: float) -> Lattice:
    return replace(
        lattice,
        log_odds=temper * lattice.log_odds,
        opening=temper * lattice.opening,
        closing=temper * lattice.closing,
        log_duration=lambda seconds: temper * lattice.log_duration(seconds),
        entry=temper * lattice.entry,
    )


def _rejoined(path: Iterable[Segment], lattice: Lattice, rejoin_s: float) -> list[Segment]:
    """A short aside does not end an explanation."""
    joined: list[Segment] = []
    for segment in path:
        last = joined[-1] if joined else None
        if last and last.product == segment.product:
            aside = lattice.boundaries[segment.start] - lattice.boundaries[last.end]
            if aside <= rejoin_s:
                joined[-1] = Segment(last.start, segment.end, segment.product)
                continue
        joined.append(segment)
    return joined


def _take(segment: Segment, lattice: Lattice, chances: Posteriors, product_id: str) -> Take:
    start, end = lattice.boundaries[segment.start], lattice.boundaries[segment.end]
    seek, confidence = _landing(segment, lattice.boundaries, chances.starts[:, segment.product])
    start = min(seek, end)
    return Take((product_id,), Span(float(start), float(end)), float(seek), confidence, number=1, is_best=False)


def _landing(segment: Segment, boundaries: FloatArray, starts: FloatArray) -> tuple[Seconds, float]:
    """The place to land with most chance that the explanation begins within [-10, +5] s of it, and that chance."""
    near = range(max(0, segment.start - 12), min(segment.end, segment.start + 12))
    chance = [
        starts[(boundaries >= boundaries[i] - LATEST_SEEK) & (boundaries <= boundaries[i] + EARLIEST_SEEK)].sum()
        for i in near
    ]
    best = max(zip(chance, (starts[i] for i in near), near, strict=True), key=lambda c: (round(c[0], 6), c[1]))
    return float(boundaries[best[2]]), float(min(1.0, best[0]))


def _numbered(takes: Sequence[Take]) -> tuple[Take, ...]:
    """Count the takes of each product and mark its best one: the surest, then the longest."""
    of_product: dict[str, list[Take]] = defaultdict(list)
    for take in takes:
        of_product[take.product_ids[0]].append(take)
    best = {
        product: max(range(len(own)), key=lambda i: (own[i].confidence, own[i].span.duration))
        for product, own in of_product.items()
    }
    seen: dict[str, int] = defaultdict(int)
    numbered = []
    for take in takes:
        product = take.product_ids[0]
        numbered.append(replace(take, number=seen[product] + 1, is_best=best[product] == seen[product]))
        seen[product] += 1
    return tuple(numbered)
