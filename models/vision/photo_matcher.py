"""Matches foreground objects to the catalogue's photos by their colours.

Colours survive what outlines do not: a package that is turned, blurred, far away, in another light. Where several
products share them they are no evidence, so an object that is similar to many is left out; colours of hands and of the
background are ignored. How far a similarity can be trusted is estimated from the show itself: decoys, the same photos
with shifted hues, show what chance gives.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.clock import Seconds, Span
from domain.evidence import FloatArray
from domain.vision import ForegroundObjects, Sighting
from models.vision.colour_histogram import HUE_BINS, SATURATION_BINS, colour_histogram
from models.vision.images import Image, Mask, check_colour_image

NATS_PER_S = 0.25  # devset: 35 % of objects seen in one frame are the product that is explained
MAX_NATS = 6.0  # devset: 66 of 67 of those seen for 12 s or more are
MIN_SIMILARITY = 0.55  # Bhattacharyya coefficient; devset: 99 % of products held up exceed it
MAX_TIE_DIFFERENCE = 0.1  # to the best: within it products are as likely
MAX_PRODUCTS = 3  # an object that is similar to more of them is left out
MIN_BACKGROUND_SHARE = 0.03  # of the background, above which a colour is ignored
MIN_HAND_COLOUR_SHARE, MIN_HAND_OBJECT_SHARE = 0.02, 0.6  # a colour on most objects is that of the hand
MIN_OBJECTS_FOR_HANDS = 9
MIN_COUNTED_PHOTO_SHARE = 0.4  # of a photo's colours that must be left when those are ignored
MIN_COUNTED_OBJECT_SHARE = 0.25  # of an object's colours
DECOY_HUE_SHIFTS = tuple(range(3, 36, 3))  # of HUE_BINS: 30 to 330 degrees
MIN_DECOY_LEAD = 2.5  # standard deviations of decoys' means; devset: right catalogues 3.7 to 5.9, wrong ones to 1.3
MIN_BEST_MATCH_SHARE = 0.5  # of objects that match a photo better than any decoy; devset: 0.52 to 0.76, else to 0.18
MIN_DECOY_SPREAD = 0.02  # standard deviation of decoys' means; devset: 0.02 to 0.09
FALSE_MATCH_THRESHOLDS = (0.6, 0.65, 0.7)  # similarities below which matches are taken to be false
MIN_TRUST = 0.5  # chance that an object is in the catalogue at all
MAX_MERGE_GAP_S: Seconds = 15.0  # a product that is put down for less is one sighting
MIN_PRODUCT_DIFFERENCE = 24  # of 255, of a channel: of the product from the photo's border
MIN_PRODUCT_AREA_SHARE = 0.03  # of a photo's area


@dataclass(frozen=True, slots=True)
class _ObjectMatch:
    """One object in `count` consecutive frames. `similarities`: (products,), in [0, 1]."""

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
    """The histogram of what differs from the border of `photo`, (height, width, 3) BGR; None for a plain photo."""
    check_colour_image(photo)
    border = np.concatenate([photo[0], photo[-1], photo[:, 0], photo[:, -1]])
    background = np.median(border, axis=0)
    mask: Mask = np.abs(photo - background).max(axis=2) > MIN_PRODUCT_DIFFERENCE
    return colour_histogram(photo, mask) if mask.mean() >= MIN_PRODUCT_AREA_SHARE else None


def match_photos(objects: ForegroundObjects, photos: Mapping[str, FloatArray]) -> tuple[Sighting, ...]:
    """Sightings of at most a few products each, by time. `photos`: histograms by product id."""
    if not photos or not len(objects.starts):
        return ()
    ids, colours = tuple(photos), np.stack(list(photos.values()))
    similarities = _colour_similarity(objects, colours)
    decoys = np.stack(
        [_colour_similarity(objects, _shift_hues(colours, shift)).max(axis=1) for shift in DECOY_HUE_SHIFTS]
    )
    trust = match_trust(similarities.max(axis=1), decoys)
    spans = (Span(float(start), float(end)) for start, end in zip(objects.starts, objects.ends, strict=True))
    matches = (_ObjectMatch(*each) for each in zip(spans, similarities, map(float, trust), strict=True))
    runs = _merge_matches(each for each in matches if each.trust >= MIN_TRUST and _candidate_products(each))
    return tuple(_build_sighting(run, ids) for run in runs)


def match_trust(similarities: FloatArray, decoy_similarities: FloatArray) -> FloatArray:
    """The chance of each object, (objects,), to be a product of the catalogue.

    `similarities`: (objects,), the best of each; `decoy_similarities`: (decoys, objects). All 0 in a show whose photos
    do no better than the decoys; else one minus the target-decoy estimate of the false discovery rate, with the share
    of false matches by Storey's method.
    """
    if not _do_photos_beat_decoys(similarities, decoy_similarities):
        return np.zeros(len(similarities))
    count = len(similarities)
    false_shares = [
        (1 + (similarities < x).sum()) / (1 + count * (decoy_similarities < x).mean()) for x in FALSE_MATCH_THRESHOLDS
    ]
    false_discovery_rates = np.array(
        [(1 + count * (decoy_similarities >= x).mean()) / (1 + (similarities >= x).sum()) for x in similarities]
    )
    return np.asarray(1 - np.minimum(1.0, min(1.0, *false_shares) * false_discovery_rates), dtype=np.float64)


def _do_photos_beat_decoys(similarities: FloatArray, decoy_similarities: FloatArray) -> bool:
    """Whether photos lead decoys on average, and beat all of them for most objects. Arguments as of `match_trust`.

    Goods of one kind share a palette: objects that are no products of the catalogue may lead most decoys, whose hues
    such goods never have, but not the one or two whose hues they have too.
    """
    by_decoy = decoy_similarities.mean(axis=1)
    lead = float(similarities.mean() - by_decoy.mean())
    is_best = similarities > decoy_similarities.max(axis=0)
    return (
        lead >= MIN_DECOY_LEAD * max(MIN_DECOY_SPREAD, float(by_decoy.std()))
        and float(is_best.mean()) >= MIN_BEST_MATCH_SHARE
    )


def _shift_hues(photos: FloatArray, shift: int) -> FloatArray:
    """The same histograms with hues shifted by `shift` of HUE_BINS. `photos`: (products, COLOUR_BINS)."""
    return np.roll(photos.reshape(-1, HUE_BINS, SATURATION_BINS), shift, axis=1).reshape(photos.shape)


def _colour_similarity(objects: ForegroundObjects, photos: FloatArray) -> FloatArray:
    """The Bhattacharyya coefficients of objects and photos: (objects, products), in [0, 1]."""
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
    """By row, shares of the colours that count, adding up to 1; and whether these were at least `min_share`."""
    counted = np.where(uncounted, 0.0, colours)
    sums = counted.sum(axis=1)
    return counted / np.maximum(sums, 1e-9)[:, None], sums >= min_share


def _hand_colours(colours: FloatArray) -> Mask:
    """Which colours most objects have. `colours`: (objects, colours)."""
    if len(colours) < MIN_OBJECTS_FOR_HANDS:
        return np.zeros(colours.shape[1], dtype=np.bool_)
    return np.asarray((colours > MIN_HAND_COLOUR_SHARE).mean(axis=0) > MIN_HAND_OBJECT_SHARE, dtype=np.bool_)


def _candidate_products(match: _ObjectMatch) -> Sequence[int]:
    """Columns of the products that it may be, the likeliest first; none when they are too many or not similar."""
    best = float(match.similarities.max())
    near_best = [
        int(column)
        for column in np.argsort(-match.similarities, kind="stable")
        if match.similarities[column] > best - MAX_TIE_DIFFERENCE
    ]
    return near_best if best >= MIN_SIMILARITY and len(near_best) <= MAX_PRODUCTS else ()


def _merge_matches(matches: Iterable[_ObjectMatch]) -> list[_ObjectMatch]:
    """Consecutive matches of one product, merged."""
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
    return Sighting("photo", tuple(ids[column] for column in candidates), match.span, "", weight)
