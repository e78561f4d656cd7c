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
FARTHEST_LANDING = 12  # units, about a minute, between the decoded start and where a viewer lands
LANDING_SLACK = 0.05  # share of the chance; 0.02 to 0.2 were tried on the labelled scripts
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


@dataclass(frozen=True, slots=True)
class _Explanation:
    """Segments of one product, from the `first` until the unit `end`. `earliest`: before it an earlier one runs."""

    first: Segment
    end: int
    earliest: int

    @property
    def product(self) -> int:
        return self.first.product


def cut(scores: Scores, settings: CutSettings) -> Takes:
    """The takes of a show, by time, and those too doubtful to publish."""
    if not len(scores.starts):
        return Takes((), ())
    columns = _likely_columns(scores.log_odds)
    lattice = _lattice(scores, columns, settings)
    joined = _rejoined(best_path(lattice), lattice.boundaries, settings)
    chances = posteriors(_tempered(lattice, settings.temper))
    ids = [scores.product_ids[column] for column in columns]
    found = [_take(explanation, lattice.boundaries, chances, ids) for explanation in joined]
    long_enough = sorted(
        (take for take in found if take.span.duration >= settings.shortest_s), key=lambda t: (t.span, t.product_ids)
    )
    published = [take for take in long_enough if take.confidence >= settings.publish_at]
    doubtful = [take for take in long_enough if settings.suggest_at <= take.confidence < settings.publish_at]
    numbered = _numbered([*published, *doubtful], len(published))
    return Takes(numbered[: len(published)], numbered[len(published) :])


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


def _rejoined(path: Iterable[Segment], boundaries: FloatArray, settings: CutSettings) -> list[_Explanation]:
    """A short aside does not end an explanation, not even a word about another product, too short for a take."""
    joined: list[_Explanation] = []
    for segment in path:
        own = [place for place, earlier in enumerate(joined) if earlier.product == segment.product][-1:]
        last_end = joined[own[0]].end if own else 0
        is_near = boundaries[segment.start] - boundaries[last_end] <= settings.rejoin_s
        if own and is_near and all(_is_brief(each, boundaries, settings) for each in joined[own[0] + 1 :]):
            joined[own[0] :] = [replace(joined[own[0]], end=segment.end)]
        else:
            joined.append(_Explanation(segment, segment.end, last_end))
    return joined


def _is_brief(explanation: _Explanation, boundaries: FloatArray, settings: CutSettings) -> bool:
    return bool(boundaries[explanation.end] - boundaries[explanation.first.start] < settings.shortest_s)


def _take(explanation: _Explanation, boundaries: FloatArray, chances: Posteriors, ids: Sequence[str]) -> Take:
    product = explanation.product
    seek, confidence = _landing(explanation, boundaries, chances.starts[:, product])
    return Take((ids[product],), Span(seek, float(boundaries[explanation.end])), seek, confidence, 1, is_best=False)


def _landing(explanation: _Explanation, boundaries: FloatArray, starts: FloatArray) -> tuple[Seconds, float]:
    """The place to land with most chance that the explanation begins within [-10, +5] s of it, and that chance.

    Of places as good but for `LANDING_SLACK`, the likeliest start itself: a window that reaches a little more chance
    is no reason to land late. An earlier explanation of the product is no place to land, nor is what follows an aside.
    """
    first = explanation.first
    near = range(
        max(explanation.earliest, first.start - FARTHEST_LANDING), min(first.end, first.start + FARTHEST_LANDING)
    )
    chance = [
        starts[(boundaries >= boundaries[i] - LATEST_SEEK) & (boundaries <= boundaries[i] + EARLIEST_SEEK)].sum()
        for i in near
    ]
    good = [i for i, total in zip(near, chance, strict=True) if total >= max(chance) * (1 - LANDING_SLACK)]
    best = max(good, key=lambda i: starts[i])
    return float(boundaries[best]), float(min(1.0, chance[best - near.start]))


def _numbered(takes: Sequence[Take], published: int) -> tuple[Take, ...]:
    """Count the takes of each product and mark its best one: the surest, then the longest.

    The first `published` ones count first, so that no suggestion has the number of one, and are the first to be best.
    """
    of_product: dict[str, list[int]] = defaultdict(list)
    for place, take in enumerate(takes):
        of_product[take.product_ids[0]].append(place)
    best = {
        max(own, key=lambda i: (i < published, takes[i].confidence, takes[i].span.duration))
        for own in of_product.values()
    }
    return tuple(
        replace(take, number=of_product[take.product_ids[0]].index(place) + 1, is_best=place in best)
        for place, take in enumerate(takes)
    )
