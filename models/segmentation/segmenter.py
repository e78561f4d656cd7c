"""Cuts a scored show into takes: decode, tell bundles, place each start where a viewer should land, say how sure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from domain.clock import Seconds, Span
from domain.evidence import FloatArray, Scores
from domain.highlight import Take, Takes
from models.lexicon.near_duplicates import NO_SISTERS, Sisters
from models.segmentation.calibration import TIE_NATS, ConfidenceModel, Features
from models.segmentation.semi_markov import Posteriors, Segment, best_path, posteriors
from models.segmentation.state_space import State, candidate_states, lattice_of

EARLIEST_SEEK: Seconds = 5.0  # a seek this much before the true start is still right (the devset's measure)
LATEST_SEEK: Seconds = 10.0  # and this much after it
FARTHEST_LANDING = 8  # units, about 40 s, between the decoded start and where a viewer lands
APART = 0.85  # share of each product's evidence on its side of a cut that makes two takes of a bundle
LANDING_SLACK = 0.05  # share of the chance; 0.02 to 0.2 were tried on the labelled scripts
LIKELY = 0.25  # chance of a product in some unit from which what decoding did not choose is suggested
STILL_LIKELY = 0.1  # and in all units of the suggestion


@dataclass(frozen=True, slots=True)
class CutSettings:
    """`rejoin_s`: takes of one product closer than this are one; takes below `shortest_s` are dropped, those below
    `publish_at` confidence are suggestions, those below `suggest_at` are dropped."""

    rejoin_s: float
    shortest_s: float
    publish_at: float
    suggest_at: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An explanation as decoded, from the unit `start` to before `end`, and how it looks to the confidence model.

    `products`: columns, the main one first.
    """

    start: int
    end: int
    products: State
    seek: Seconds
    features: Features


@dataclass(frozen=True, eq=False)
class _Decoded:
    """A show's likeliest segments, and the chances of everything."""

    scores: Scores
    states: tuple[State, ...]
    path: Sequence[Segment]
    chances: Posteriors
    boundaries: FloatArray

    def with_product(self, product: int) -> list[int]:
        """The states that are about `product`."""
        return [place for place, state in enumerate(self.states) if product in state]


def cut(scores: Scores, model: ConfidenceModel, settings: CutSettings, sisters: Sisters = NO_SISTERS) -> Takes:
    """The takes of a show, by time, and those too doubtful to publish: a tie between sisters always is, and so is what
    decoding passed over but may well be."""
    if not (len(scores.starts) and scores.product_ids):
        return Takes((), ())
    decoded = _decoded(scores)
    found = [_take(candidate, scores, model, sisters) for candidate in _chosen(decoded, model, settings)]
    guessed = [_guess(candidate, scores, model) for candidate in _passed_over(decoded, model, found)]
    published = [take for take in found if not take.is_tie and take.confidence >= settings.publish_at]
    doubtful = [take for take in found if take.is_tie or take.confidence < settings.publish_at]
    suggested = [take for take in (*doubtful, *guessed) if take.confidence >= settings.suggest_at]
    suggested.sort(key=lambda take: take.seek)
    long, doubted = ([take for take in takes if _is_long(take.span, settings)] for takes in (published, suggested))
    numbered = _numbered([*long, *doubted], len(long))
    return Takes(numbered[: len(long)], numbered[len(long) :])


def candidates_of(scores: Scores, model: ConfidenceModel, settings: CutSettings) -> tuple[Candidate, ...]:
    """Every explanation of a listed product that decoding finds and that is long enough, by time."""
    if not (len(scores.starts) and scores.product_ids):
        return ()
    decoded = _decoded(scores)
    found = _chosen(decoded, model, settings)
    return tuple(each for each in found if _is_long(Span(each.seek, float(decoded.boundaries[each.end])), settings))


def _is_long(span: Span, settings: CutSettings) -> bool:
    return span.duration >= settings.shortest_s


def _decoded(scores: Scores) -> _Decoded:
    states = candidate_states(scores)
    lattice = lattice_of(scores, states)
    chances = posteriors(lattice, for_learning=False)
    return _Decoded(scores, states, best_path(lattice), chances, lattice.grid.boundaries)


def _chosen(decoded: _Decoded, model: ConfidenceModel, settings: CutSettings) -> list[Candidate]:
    """What the likeliest segments come to, by time."""
    listed = [segment for segment in decoded.path if decoded.states[segment.state]]
    joined = [part for whole in _rejoined(listed, decoded, settings) for part in _parted(whole, decoded, settings)]
    return sorted((_candidate(segment, decoded, model) for segment in joined), key=lambda each: each.seek)


def _passed_over(decoded: _Decoded, model: ConfidenceModel, found: Iterable[Take]) -> Iterator[Candidate]:
    """Stretches that may well be about a product of which no take was found there: an editor can tell at a glance."""
    names, boundaries = decoded.scores.product_ids, decoded.boundaries
    taken = defaultdict[str, list[Span]](list)
    for take in found:
        for name in take.product_ids:
            taken[name].append(take.span)
    for product, name in enumerate(names):
        for segment in _likely(decoded, product):
            span = Span(float(boundaries[segment.start]), float(boundaries[segment.end]))
            if not any(span.start < known.end and known.start < span.end for known in taken[name]):
                yield _candidate(segment, decoded, model)


def _likely(decoded: _Decoded, product: int) -> Iterator[Segment]:
    """Stretches in which the chance of `product` never falls below STILL_LIKELY and rises to LIKELY."""
    chance = decoded.chances.units[:, decoded.with_product(product)].sum(axis=1)
    is_likely = np.concatenate([[False], chance >= STILL_LIKELY, [False]])
    for start, end in np.flatnonzero(np.diff(is_likely)).reshape(-1, 2).tolist():
        if chance[start:end].max() >= LIKELY:
            yield Segment(start, end, decoded.states.index((product,)))


def _rejoined(segments: Iterable[Segment], decoded: _Decoded, settings: CutSettings) -> list[Segment]:
    """A short aside does not end an explanation, nor does a word about another product, too short for a take."""
    joined: list[Segment] = []
    boundaries = decoded.boundaries
    for segment in segments:
        own = [place for place, earlier in enumerate(joined) if earlier.state == segment.state][-1:]
        last_end = joined[own[0]].end if own else 0
        is_near = boundaries[segment.start] - boundaries[last_end] <= settings.rejoin_s
        if own and is_near and all(_length(each, boundaries) < settings.shortest_s for each in joined[own[0] + 1 :]):
            joined[own[0] :] = [replace(joined[own[0]], end=segment.end)]
        else:
            joined.append(segment)
    return joined


def _parted(segment: Segment, decoded: _Decoded, settings: CutSettings) -> tuple[Segment, ...]:
    """Two segments in place of a bundle whose products are explained one after the other, not together."""
    state = decoded.states[segment.state]
    if len(state) < 2:
        return (segment,)
    clear = np.maximum(decoded.scores.identity[segment.start : segment.end, list(state)], 0.0)
    for order in ((0, 1), (1, 0)):
        early, late = clear[:, order[0]], clear[:, order[1]]
        apart = np.cumsum(early) + late.sum() - np.cumsum(late)  # if cut behind each unit
        cut = int(np.argmax(apart)) + 1
        is_apart = early[:cut].sum() >= APART * early.sum() > 0 and late[cut:].sum() >= APART * late.sum() > 0
        first, second = (decoded.states.index((state[place],)) for place in order)
        parts = (
            Segment(segment.start, segment.start + cut, first),
            Segment(segment.start + cut, segment.end, second),
        )
        if is_apart and all(_length(part, decoded.boundaries) >= settings.shortest_s for part in parts):
            return parts
    return (segment,)


def _length(segment: Segment, boundaries: FloatArray) -> Seconds:
    return float(boundaries[segment.end] - boundaries[segment.start])


def _candidate(segment: Segment, decoded: _Decoded, model: ConfidenceModel) -> Candidate:
    identity = decoded.scores.identity[segment.start : segment.end]
    products = _products(decoded.states[segment.state], identity, model)
    own = decoded.with_product(products[0])
    seek, landing = _landing(segment, decoded.boundaries, decoded.chances.starts[:, own].sum(axis=1))
    inside = float(decoded.chances.units[segment.start : segment.end, own].sum(axis=1).mean())
    features = Features(
        landing=landing,
        inside=min(1.0, inside),
        seconds=_length(segment, decoded.boundaries),
        identity=float(identity[:, products[0]].sum()),
        margin=_margin(products, identity),
        has_pictures=decoded.scores.has_pictures,
        has_log=decoded.scores.has_log,
    )
    return Candidate(segment.start, segment.end, products, seek, features)


def _products(state: State, identity: FloatArray, model: ConfidenceModel) -> State:
    """The products of a segment, the one with most evidence first; of a bundle only one if the other says little."""
    totals = identity.sum(axis=0)
    first, *others = sorted(state, key=lambda column: -totals[column])
    clear = np.maximum(identity, 0.0)
    return (first, *(other for other in others if model.is_bundle(clear[:, first], clear[:, other])))


def _margin(products: State, identity: FloatArray) -> float:
    """Nats by which the likeliest product that is not among `products` is behind the main one."""
    totals = identity.sum(axis=0)
    rest = [column for column in range(len(totals)) if column not in products]
    return float(totals[products[0]] - (totals[rest].max() if rest else 0.0))


def _landing(segment: Segment, boundaries: FloatArray, starts: FloatArray) -> tuple[Seconds, float]:
    """The place to land with most chance that the explanation begins within [-10, +5] s of it, and that chance.

    Of places as good but for `LANDING_SLACK`, the likeliest start itself: a window that reaches a little more chance
    is no reason to land late. `starts`: (units + 1,), the chance that an explanation of the product begins there.
    """
    near = range(max(0, segment.start - FARTHEST_LANDING), min(segment.end, segment.start + FARTHEST_LANDING))
    chance = [
        starts[(boundaries >= boundaries[i] - LATEST_SEEK) & (boundaries <= boundaries[i] + EARLIEST_SEEK)].sum()
        for i in near
    ]
    good = [i for i, total in zip(near, chance, strict=True) if total >= max(chance) * (1 - LANDING_SLACK)]
    best = max(good, key=lambda i: starts[i])
    return float(boundaries[best]), float(min(1.0, chance[best - near.start]))


def _take(candidate: Candidate, scores: Scores, model: ConfidenceModel, sisters: Sisters) -> Take:
    """The candidate as a take. A tie names the likelier product and its sister, whatever else was in a bundle."""
    sister = _tied(candidate, scores, sisters)
    products = candidate.products if sister is None else (candidate.products[0], sister)
    boundaries = np.append(scores.starts, scores.ends[-1])
    span = Span(candidate.seek, float(boundaries[candidate.end]))
    ids = tuple(scores.product_ids[column] for column in products)
    chance = model.chance(candidate.features)
    return Take(ids, span, candidate.seek, chance, 1, is_best=False, is_tie=sister is not None)


def _guess(candidate: Candidate, scores: Scores, model: ConfidenceModel) -> Take:
    """A candidate that decoding passed over, as a take. It is no surer than its start is likely."""
    take = _take(candidate, scores, model, NO_SISTERS)
    return replace(take, confidence=min(take.confidence, candidate.features.landing))


def _tied(candidate: Candidate, scores: Scores, sisters: Sisters) -> int | None:
    """The likeliest sister of the main product, if it may as well be meant: outside of the bundle one with as much
    evidence, inside of it one with the very same, unit by unit, so that nothing says that there are two."""
    identity = scores.identity[candidate.start : candidate.end]
    totals = identity.sum(axis=0)
    main = candidate.products[0]
    own = sisters.get(scores.product_ids[main], frozenset())
    alike = [k for k, name in enumerate(scores.product_ids) if name in own and k != main]
    rest = [k for k in alike if k not in candidate.products or _apart(identity, main, k) < TIE_NATS]
    sister = max(rest, key=lambda column: totals[column], default=None)
    return sister if sister is not None and totals[main] - totals[sister] < TIE_NATS else None


def _apart(identity: FloatArray, one: int, other: int) -> float:
    """Nats that speak for one of two products and not for the other, either way."""
    clear = np.maximum(identity, 0.0)
    return float(np.abs(clear[:, one] - clear[:, other]).sum())


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
