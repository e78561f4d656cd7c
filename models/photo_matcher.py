"""Which product is held up: its colours against those of the catalogue's photos.

Colours survive what outlines do not: a package that is turned, blurred, far off, in another light. They tell nothing
where several products share them, so a thing that looks like many is left alone, and colours of the hands and of the
scene are not counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.clock import Seconds, Span
from domain.evidence import FloatArray
from domain.pictures import HeldThings, Sighting
from models.colour_shares import Mask, Picture, colour_shares

NATS_PER_S = 0.25  # devset: of things seen in one picture, 35 % are the product explained; others are compared with it
MOST_NATS = 6.0  # of those seen for 12 s or more, 66 of 67 are
LEAST_ALIKE = 0.55  # Bhattacharyya coefficient; what is no product of the catalogue stays below (devset)
NEAR = 0.1  # less alike than the best by this: still not told apart
WIDEST_SHARING = 3  # products
SCENE_SHARE = 0.03  # of the scene: a colour that is there anyway tells nothing
HAND_SHARE, HAND_THINGS, FEWEST_THINGS = 0.02, 0.6, 9  # a colour on most things is the hand's that holds them
LEAST_OWN = 0.4  # of a photo's colours that must be left when those are taken out
LEAST_NEW = 0.25  # of a thing's
REJOIN_S: Seconds = 15.0  # the same product, put down for less, is one sighting
GROUND_STEP = 24  # of a channel: further from the photo's border than this is the product
LEAST_PRODUCT = 0.03  # of a photo's area


@dataclass(frozen=True, slots=True)
class _Look:
    """One thing in one picture, or in several that follow each other: how much it is like each product, in [0, 1]."""

    span: Span
    alike: FloatArray
    count: int = 1

    def and_(self, other: "_Look") -> "_Look":
        count = self.count + other.count
        alike = (self.alike * self.count + other.alike * other.count) / count
        return _Look(Span(self.span.start, max(self.span.end, other.span.end)), alike, count)


def photo_colours(photo: Picture) -> FloatArray | None:
    """The colours of the product on `photo`, (height, width, 3) BGR: what its border is not. None for a plain photo."""
    border = np.concatenate([photo[0], photo[-1], photo[:, 0], photo[:, -1]])
    ground = np.median(border, axis=0)
    mask: Mask = np.abs(photo - ground).max(axis=2) > GROUND_STEP
    return colour_shares(photo, mask) if mask.mean() >= LEAST_PRODUCT else None


def photo_sightings(things: HeldThings, photos: Mapping[str, FloatArray]) -> tuple[Sighting, ...]:
    """The things that look like at most a few of the products, by time. `photos`: colours by product id."""
    if not photos or not len(things.starts):
        return ()
    ids, colours = tuple(photos), np.stack(list(photos.values()))
    hands = _hands(things.colours)
    looks = []
    for row in range(len(things.starts)):
        uncounted = hands | (things.scenery[row] > SCENE_SHARE)
        alike = _alike(things.colours[row], colours, uncounted)
        looks.append(_Look(Span(float(things.starts[row]), float(things.ends[row])), alike))
    return tuple(_sighting(look, ids) for look in _runs(look for look in looks if _candidates(look)))


def _hands(colours: FloatArray) -> Mask:
    """Which colours most things have. `colours`: (things, colours)."""
    if len(colours) < FEWEST_THINGS:
        return np.zeros(colours.shape[1], dtype=np.bool_)
    return np.asarray((colours > HAND_SHARE).mean(axis=0) > HAND_THINGS, dtype=np.bool_)


def _alike(thing: FloatArray, photos: FloatArray, uncounted: Mask) -> FloatArray:
    """How much the thing's colours are those of each photo, (products,), in [0, 1]: the Bhattacharyya coefficient."""
    own, theirs = np.where(uncounted, 0.0, thing), np.where(uncounted, 0.0, photos)
    left, lefts = own.sum(), theirs.sum(axis=1)
    if left < LEAST_NEW:
        return np.zeros(len(photos))
    overlap = np.sqrt(own / left * theirs / np.maximum(lefts, 1e-9)[:, None]).sum(axis=1)
    return np.asarray(np.where(lefts >= LEAST_OWN, overlap, 0.0), dtype=np.float64)


def _candidates(look: _Look) -> Sequence[int]:
    """The products that it may be, the likeliest first; none when they are too many or too little alike."""
    best = float(look.alike.max())
    near = [int(place) for place in np.argsort(-look.alike, kind="stable") if look.alike[place] > best - NEAR]
    return near if best >= LEAST_ALIKE and len(near) <= WIDEST_SHARING else ()


def _runs(looks: Iterable[_Look]) -> list[_Look]:
    """Looks at one product that follow each other, put together."""
    runs: list[_Look] = []
    for look in looks:
        for place in range(len(runs) - 1, max(-1, len(runs) - 3), -1):  # two products may be held side by side
            run = runs[place]
            together = run.and_(look)
            is_near = look.span.start - run.span.end <= REJOIN_S
            if is_near and set(_candidates(look)) & set(_candidates(run)) and _candidates(together):
                runs[place] = together
                break
        else:
            runs.append(look)
    return runs


def _sighting(look: _Look, ids: Sequence[str]) -> Sighting:
    candidates = _candidates(look)
    weight = min(MOST_NATS, NATS_PER_S * look.span.duration) * float(look.alike[candidates[0]])
    return Sighting("photo", tuple(ids[place] for place in candidates), look.span, "", weight)
