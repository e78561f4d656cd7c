"""Which product is held up: its colours against those of the catalogue's photos.

Colours survive what outlines do not: a package that is turned, blurred, far off, in another light. They tell nothing
where several products share them, so a thing that looks like many is left alone, and colours of the hands and of the
scene are not counted. How far a likeness can be trusted is learnt from the show itself: decoys, the same photos with
their hues turned, are what chance would give.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.clock import Seconds, Span
from domain.evidence import FloatArray
from domain.vision import HeldThings, Sighting
from models.vision.colour_histogram import HUES, SATURATIONS, Mask, Picture, colour_shares

NATS_PER_S = 0.25  # devset: of things seen in one picture, 35 % are the product explained; others are compared with it
MOST_NATS = 6.0  # of those seen for 12 s or more, 66 of 67 are
LEAST_ALIKE = 0.55  # Bhattacharyya coefficient; 99 % of what is held up on the devset is more like its product
NEAR = 0.1  # less alike than the best by this: still not told apart
WIDEST_SHARING = 3  # products
SCENE_SHARE = 0.03  # of the scene: a colour that is there anyway tells nothing
HAND_SHARE, HAND_THINGS, FEWEST_THINGS = 0.02, 0.6, 9  # a colour on most things is the hand's that holds them
LEAST_OWN = 0.4  # of a photo's colours that must be left when those are taken out
LEAST_NEW = 0.25  # of a thing's
DECOY_TURNS = tuple(range(3, 36, 3))  # of HUES: 30 to 330 degrees
LEAST_LEAD = 2.5  # standard deviations of the decoys' means; devset: right catalogues 3.7 to 5.9, wrong ones to 1.3
SMALLEST_SPREAD = 0.02  # of the decoys' means; theirs are 0.02 to 0.09
CHANCE_BELOW = (0.6, 0.65, 0.7)  # likeness of things that are no product of the catalogue; real ones lie above
LEAST_TRUST = 0.5  # chance that a thing is of the catalogue at all
REJOIN_S: Seconds = 15.0  # the same product, put down for less, is one sighting
GROUND_STEP = 24  # of a channel: further from the photo's border than this is the product
LEAST_PRODUCT = 0.03  # of a photo's area


@dataclass(frozen=True, slots=True)
class _Look:
    """One thing in one picture, or in several that follow each other: how much it is like each product, in [0, 1]."""

    span: Span
    alike: FloatArray
    trust: float
    count: int = 1

    def and_(self, other: "_Look") -> "_Look":
        count = self.count + other.count
        alike = (self.alike * self.count + other.alike * other.count) / count
        trust = (self.trust * self.count + other.trust * other.count) / count
        return _Look(Span(self.span.start, max(self.span.end, other.span.end)), alike, trust, count)


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
    alike = _likeness(things, colours)
    decoys = np.stack([_likeness(things, _turned(colours, turn)).max(axis=1) for turn in DECOY_TURNS])
    trust = trust_of(alike.max(axis=1), decoys)
    spans = (Span(float(start), float(end)) for start, end in zip(things.starts, things.ends, strict=True))
    looks = (_Look(*each) for each in zip(spans, alike, map(float, trust), strict=True))
    runs = _runs(look for look in looks if look.trust >= LEAST_TRUST and _candidates(look))
    return tuple(_sighting(run, ids) for run in runs)


def trust_of(alike: FloatArray, chance: FloatArray) -> FloatArray:
    """For each likeness, (things,), the chance that the thing is a product of the catalogue; `chance`, (decoys,
    things), is what decoys got.

    A show whose photos do no better than the decoys is not trusted at all. In one whose photos do, it is the
    target-decoy estimate of the false discovery rate, with the share of false ones by Storey's method.
    """
    count, by_decoy = len(alike), chance.mean(axis=1)
    if alike.mean() < by_decoy.mean() + LEAST_LEAD * max(SMALLEST_SPREAD, float(by_decoy.std())):
        return np.zeros(count)
    below = [(1 + (alike < x).sum()) / (1 + count * (chance < x).mean()) for x in CHANCE_BELOW]
    as_good = np.array([(1 + count * (chance >= x).mean()) / (1 + (alike >= x).sum()) for x in alike])
    return np.asarray(1 - np.minimum(1.0, min(1.0, *below) * as_good), dtype=np.float64)


def _turned(photos: FloatArray, turn: int) -> FloatArray:
    """The same colours with their hues turned by `turn` of HUES. `photos`: (products, COLOURS)."""
    return np.roll(photos.reshape(-1, HUES, SATURATIONS), turn, axis=1).reshape(photos.shape)


def _likeness(things: HeldThings, photos: FloatArray) -> FloatArray:
    """How much the colours of each thing are those of each photo: (things, products), in [0, 1], Bhattacharyya."""
    alike = np.zeros((len(things.starts), len(photos)))
    uncounted = _hands(things.colours) | (things.scenery > SCENE_SHARE)
    masks, of_thing = np.unique(uncounted, axis=0, return_inverse=True)  # a camera is a mask: there are few
    for number, mask in enumerate(masks):
        rows = of_thing.reshape(-1) == number
        own, is_thing = _counted(things.colours[rows], mask, LEAST_NEW)
        theirs, is_photo = _counted(photos, mask, LEAST_OWN)
        alike[rows] = (np.sqrt(own) @ np.sqrt(theirs).T) * np.outer(is_thing, is_photo)
    return alike


def _counted(colours: FloatArray, uncounted: Mask, least: float) -> tuple[FloatArray, Mask]:
    """Shares of the colours that count, adding up to 1, and whether they are at least `least` of all, by row."""
    left = np.where(uncounted, 0.0, colours)
    sums = left.sum(axis=1)
    return left / np.maximum(sums, 1e-9)[:, None], sums >= least


def _hands(colours: FloatArray) -> Mask:
    """Which colours most things have. `colours`: (things, colours)."""
    if len(colours) < FEWEST_THINGS:
        return np.zeros(colours.shape[1], dtype=np.bool_)
    return np.asarray((colours > HAND_SHARE).mean(axis=0) > HAND_THINGS, dtype=np.bool_)


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
    weight = min(MOST_NATS, NATS_PER_S * look.span.duration) * float(look.alike[candidates[0]]) * look.trust
    return Sighting("photo", tuple(ids[place] for place in candidates), look.span, "", weight)
