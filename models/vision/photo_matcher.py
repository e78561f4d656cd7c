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
from domain.vision import ForegroundObjects, Sighting
from models.vision.colour_histogram import HUE_BINS, SATURATION_BINS, colour_histogram
from models.vision.images import Image, Mask, check_colour_image

NATS_PER_S = 0.25  # devset: of things seen in one picture, 35 % are the product explained; others are compared with it
MAX_NATS = 6.0  # of those seen for 12 s or more, 66 of 67 are
MIN_SIMILARITY = 0.55  # Bhattacharyya coefficient; 99 % of what is held up on the devset is more like its product
MAX_TIE_DIFFERENCE = 0.1  # less alike than the best by this: still not told apart
MAX_PRODUCTS = 3  # products
MIN_BACKGROUND_SHARE = 0.03  # of the scene: a colour that is there anyway tells nothing
MIN_HAND_COLOUR_SHARE, MIN_HAND_OBJECT_SHARE, MIN_OBJECTS_FOR_HANDS = (
    0.02,
    0.6,
    9,
)  # a colour on most things is the hand's that holds them
MIN_COUNTED_PHOTO_SHARE = 0.4  # of a photo's colours that must be left when those are taken out
MIN_COUNTED_OBJECT_SHARE = 0.25  # of a thing's
DECOY_HUE_SHIFTS = tuple(range(3, 36, 3))  # of HUES: 30 to 330 degrees
MIN_DECOY_LEAD = 2.5  # standard deviations of the decoys' means; devset: right catalogues 3.7 to 5.9, wrong ones to 1.3
MIN_DECOY_SPREAD = 0.02  # of the decoys' means; theirs are 0.02 to 0.09
FALSE_MATCH_THRESHOLDS = (
    0.6,
    0.65,
    0.7,
)  # likeness of things that are no product of the catalogue; real ones lie above
MIN_TRUST = 0.5  # chance that a thing is of the catalogue at all
MAX_MERGE_GAP_S: Seconds = 15.0  # the same product, put down for less, is one sighting
MIN_PRODUCT_DIFFERENCE = 24  # of a channel: further from the photo's border than this is the product
MIN_PRODUCT_AREA_SHARE = 0.03  # of a photo's area


@dataclass(frozen=True, slots=True)
class _ObjectMatch:
    """One thing in one picture, or in several that follow each other: how much it is like each product, in [0, 1]."""

    span: Span
    similarities: FloatArray
    trust: float
    count: int = 1

    def merged_with(self, following: "_ObjectMatch") -> "_ObjectMatch":
        count = self.count + following.count
        similarities = (self.similarities * self.count + following.similarities * following.count) / count
        trust = (self.trust * self.count + following.trust * following.count) / count
        return _ObjectMatch(Span(self.span.start, max(self.span.end, following.span.end)), similarities, trust, count)


def photo_histogram(photo: Image) -> FloatArray | None:
    """The colours of the product on `photo`, (height, width, 3) BGR: what its border is not. None for a plain photo."""
    check_colour_image(photo)
    border = np.concatenate([photo[0], photo[-1], photo[:, 0], photo[:, -1]])
    background = np.median(border, axis=0)
    mask: Mask = np.abs(photo - background).max(axis=2) > MIN_PRODUCT_DIFFERENCE
    return colour_histogram(photo, mask) if mask.mean() >= MIN_PRODUCT_AREA_SHARE else None


def match_photos(objects: ForegroundObjects, photos: Mapping[str, FloatArray]) -> tuple[Sighting, ...]:
    """The things that look like at most a few of the products, by time. `photos`: colours by product id."""
    if not photos or not len(objects.starts):
        return ()
    ids, colours = tuple(photos), np.stack(list(photos.values()))
    similarities = _colour_similarity(objects, colours)
    decoys = np.stack(
        [_colour_similarity(objects, _shift_hues(colours, turn)).max(axis=1) for turn in DECOY_HUE_SHIFTS]
    )
    trust = match_trust(similarities.max(axis=1), decoys)
    spans = (Span(float(start), float(end)) for start, end in zip(objects.starts, objects.ends, strict=True))
    matches = (_ObjectMatch(*each) for each in zip(spans, similarities, map(float, trust), strict=True))
    runs = _merge_matches(look for look in matches if look.trust >= MIN_TRUST and _candidate_products(look))
    return tuple(_build_sighting(run, ids) for run in runs)


def match_trust(similarities: FloatArray, decoy_similarities: FloatArray) -> FloatArray:
    """For each likeness, (things,), the chance that the thing is a product of the catalogue; `decoy_similarities`,
    (decoys, things), is what decoys got.

    A show whose photos do no better than the decoys is not trusted at all. In one whose photos do, it is the
    target-decoy estimate of the false discovery rate, with the share of false ones by Storey's method.
    """
    count, by_decoy = len(similarities), decoy_similarities.mean(axis=1)
    if similarities.mean() < by_decoy.mean() + MIN_DECOY_LEAD * max(MIN_DECOY_SPREAD, float(by_decoy.std())):
        return np.zeros(count)
    false_shares = [
        (1 + (similarities < x).sum()) / (1 + count * (decoy_similarities < x).mean()) for x in FALSE_MATCH_THRESHOLDS
    ]
    false_discovery_rates = np.array(
        [(1 + count * (decoy_similarities >= x).mean()) / (1 + (similarities >= x).sum()) for x in similarities]
    )
    return np.asarray(1 - np.minimum(1.0, min(1.0, *false_shares) * false_discovery_rates), dtype=np.float64)


def _shift_hues(photos: FloatArray, shift: int) -> FloatArray:
    """The same colours with their hues turned by `shift` of HUES. `photos`: (products, COLOURS)."""
    return np.roll(photos.reshape(-1, HUE_BINS, SATURATION_BINS), shift, axis=1).reshape(photos.shape)


def _colour_similarity(objects: ForegroundObjects, photos: FloatArray) -> FloatArray:
    """How much the colours of each thing are those of each photo: (things, products), in [0, 1], Bhattacharyya."""
    similarities = np.zeros((len(objects.starts), len(photos)))
    uncounted = _hand_colours(objects.colour_histograms) | (objects.background_histograms > MIN_BACKGROUND_SHARE)
    masks, mask_of_object = np.unique(uncounted, axis=0, return_inverse=True)  # a camera is a mask: there are few
    for mask_index, mask in enumerate(masks):
        rows = mask_of_object.reshape(-1) == mask_index
        object_colours, is_object_counted = _normalize_counted(
            objects.colour_histograms[rows], mask, MIN_COUNTED_OBJECT_SHARE
        )
        product_colours, is_photo_counted = _normalize_counted(photos, mask, MIN_COUNTED_PHOTO_SHARE)
        similarities[rows] = (np.sqrt(object_colours) @ np.sqrt(product_colours).T) * np.outer(
            is_object_counted, is_photo_counted
        )
    return similarities


def _normalize_counted(colours: FloatArray, uncounted: Mask, min_share: float) -> tuple[FloatArray, Mask]:
    """Shares of the colours that count, adding up to 1, and whether they are at least `min_share` of all, by row."""
    counted = np.where(uncounted, 0.0, colours)
    sums = counted.sum(axis=1)
    return counted / np.maximum(sums, 1e-9)[:, None], sums >= min_share


def _hand_colours(colours: FloatArray) -> Mask:
    """Which colours most things have. `colours`: (things, colours)."""
    if len(colours) < MIN_OBJECTS_FOR_HANDS:
        return np.zeros(colours.shape[1], dtype=np.bool_)
    return np.asarray((colours > MIN_HAND_COLOUR_SHARE).mean(axis=0) > MIN_HAND_OBJECT_SHARE, dtype=np.bool_)


def _candidate_products(match: _ObjectMatch) -> Sequence[int]:
    """The products that it may be, the likeliest first; none when they are too many or too little alike."""
    best = float(match.similarities.max())
    near_best = [
        int(place)
        for place in np.argsort(-match.similarities, kind="stable")
        if match.similarities[place] > best - MAX_TIE_DIFFERENCE
    ]
    return near_best if best >= MIN_SIMILARITY and len(near_best) <= MAX_PRODUCTS else ()


def _merge_matches(matches: Iterable[_ObjectMatch]) -> list[_ObjectMatch]:
    """Looks at one product that follow each other, put together."""
    runs: list[_ObjectMatch] = []
    for match in matches:
        for run_index in range(len(runs) - 1, max(-1, len(runs) - 3), -1):  # two products may be held side by side
            run = runs[run_index]
            merged = run.merged_with(match)
            is_near = match.span.start - run.span.end <= MAX_MERGE_GAP_S
            if (
                is_near
                and set(_candidate_products(match)) & set(_candidate_products(run))
                and _candidate_products(merged)
            ):
                runs[run_index] = merged
                break
        else:
            runs.append(match)
    return runs


def _build_sighting(match: _ObjectMatch, ids: Sequence[str]) -> Sighting:
    candidates = _candidate_products(match)
    weight = min(MAX_NATS, NATS_PER_S * match.span.duration) * float(match.similarities[candidates[0]]) * match.trust
    return Sighting("photo", tuple(ids[place] for place in candidates), match.span, "", weight)
