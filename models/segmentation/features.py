"""The features that scores are learned from: their names, and the evidence of a show as arrays of them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.catalog import Catalog
from domain.evidence import ROLES, Discourse, Evidence, FloatArray, Mention
from domain.vision import Sighting
from models.lexicon.near_duplicates import sisters_among
from models.segmentation.description_similarity import likeness
from models.segmentation.sibling_contrast import differs
from models.segmentation.utterance_units import Units, around

MENTION_FEATURES = ("name", "alias", "brand", "title", "link", "price", "attribute")
PASSING_KIND: Mapping[str, str] = {"title": "title", "attribute": "title", "link": "link", "price": "price"}
PASSING_FEATURES = ("passing_name", "passing_title", "passing_link", "passing_price")
SPEECH_FEATURES = (*MENTION_FEATURES, *PASSING_FEATURES, "nearby", "description", "differs")
SIGHT_FEATURES = ("card", "photo")
IDENTITY = (*SPEECH_FEATURES, *SIGHT_FEATURES)
"""Columns of `Evidence.identity`. Mentions: nats as the matcher gives them; passing: the same, times the chance that
the unit only previews, compares or recalls; nearby: mentions in the two units before and after; description: words in
common with the product's, more than with others'; differs: nats, of either sign, for what it has and its sisters have
not, said in and around the unit; card, photo: nats of a sighting during the unit."""
TALK = ("unit", "seconds", "unheard_seconds", *(f"is_{role}" for role in ROLES))
"""Columns of `Evidence.talk`: 1; the unit's length; the same where nothing was heard; log chances of roles."""
OPENING = (
    "start",
    "opens",
    "last_closed",
    "pause",
    "is_first",
    *(f"after_{role}" for role in ROLES),
    *(f"with_{role}" for role in ROLES),
)
"""Columns of `Evidence.opening`: 1; log-odds that it opens, and that the unit before closes; log(1 + s) of the pause
before; whether it is the show's first; log chances of roles of the unit before and of the unit."""
OPENING_OF = ("shown_soon", "named_soon")
"""Columns of `Evidence.opening_of`: nats of a sighting that begins then, and of mentions in the next units."""
CLOSING = ("closes", "next_opens", "pause_after")

MOST_NATS = 6.0  # of mentions of one kind in one unit: no sentence decides a show
MOST_NEARBY, MOST_LIKENESS, MOST_SEEN, MOST_NAMED_SOON = 5.0, 4.0, 5.0, 4.0
NAMED_WITHIN = 3  # units
SHOWN_BEFORE, SHOWN_AFTER = 5.0, 25.0  # seconds around a start in which its sighting begins
LEAST_CHANCE, UNKNOWN_LOG_CHANCE = 1e-3, -2.0
MOST_PRODUCTS = 300  # that are scored; the others have next to no evidence (memory grows with products)


@dataclass(frozen=True, eq=False)
class Said:
    """What was said: the units of the show, what they do, and the mentions in its sentences."""

    units: Units
    discourse: Discourse
    mentions: Sequence[Mention]


def evidence_of(said: Said, sightings: Sequence[Sighting], catalog: Catalog) -> Evidence:
    """The evidence of a show about the products of `catalog` that anything speaks for."""
    alike = np.minimum(likeness(said.units, catalog), MOST_LIKENESS)
    kept = _likeliest(said, sightings, catalog, alike.sum(axis=0))
    ids = tuple(catalog.products[i].product_id for i in kept)
    columns = _Columns({product_id: i for i, product_id in enumerate(ids)}, len(catalog))
    spoken = _spoken(said, columns)
    direct = spoken[:, :, : len(MENTION_FEATURES)].sum(axis=2)
    spoken[:, :, SPEECH_FEATURES.index("description")] = alike[:, kept]
    products = [catalog.products[i] for i in kept]
    spoken[:, :, SPEECH_FEATURES.index("differs")] = differs(said.units, products, sisters_among(catalog, ids))
    seen = _seen(sightings, said.units, columns)
    soon = _shown_soon(sightings, said.units, columns)
    return Evidence(
        product_ids=ids,
        starts=said.units.starts,
        ends=said.units.ends,
        identity=np.concatenate([spoken, seen], axis=2, dtype=np.float32),
        talk=_talk(said),
        opening=_opening(said),
        opening_of=np.stack([soon, _named_soon(direct)], axis=2),
        closing=_closing(said),
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """The column of each product that is kept, and how many products the catalogue has."""

    of: Mapping[str, int]
    products: int

    def __len__(self) -> int:
        return len(self.of)

    def nats(self, evidence: Mention | Sighting) -> float:
        """What is left of evidence that several products share."""
        return evidence.weight * own_share(len(evidence.product_ids), self.products)

    def own(self, evidence: Mention | Sighting) -> Iterator[int]:
        """The columns of the products that it speaks for."""
        return (self.of[product_id] for product_id in evidence.product_ids if product_id in self.of)


def _likeliest(said: Said, sightings: Sequence[Sighting], catalog: Catalog, alike: FloatArray) -> NDArray[np.int64]:
    """The products with most evidence, in catalogue order. `alike`: (products,), what their descriptions add."""
    columns = _Columns({product.product_id: i for i, product in enumerate(catalog)}, len(catalog))
    total = alike.copy()
    speaking: list[Mention | Sighting] = [*said.mentions, *sightings]
    for evidence in speaking:
        total[list(columns.own(evidence))] += columns.nats(evidence)
    return np.sort(np.argsort(-total, kind="stable")[:MOST_PRODUCTS])


def _spoken(said: Said, columns: _Columns) -> FloatArray:
    """(units, products, SPEECH_FEATURES), without descriptions."""
    units, roles = said.units, said.discourse.roles
    passing = np.clip(roles[:, [ROLES.index(role) for role in ("preview", "compare", "recap")]].sum(axis=1), 0.0, 1.0)
    place = {name: i for i, name in enumerate(SPEECH_FEATURES)}
    spoken = np.zeros((len(units), len(columns), len(SPEECH_FEATURES)))
    for mention in said.mentions:
        unit, nats = units.unit_of[mention.sentence], columns.nats(mention)
        kind = PASSING_KIND.get(mention.kind, "name")
        for column in columns.own(mention):
            spoken[unit, column, place[mention.kind]] += nats
            spoken[unit, column, place[f"passing_{kind}"]] += nats * passing[unit]
    np.minimum(spoken, MOST_NATS, out=spoken)
    telling = spoken[:, :, [place["name"], place["alias"], place["title"], place["link"]]].sum(axis=2)
    spoken[:, :, place["nearby"]] = np.minimum(around(telling), MOST_NEARBY)
    return spoken


def own_share(alike: int, products: int) -> float:
    """What of evidence is left when it speaks for `alike` of `products` products: 1 - log n / log(K + 1)."""
    return 1 - math.log(alike) / math.log(products + 1)


def _seen(sightings: Sequence[Sighting], units: Units, columns: _Columns) -> FloatArray:
    """(units, products, SIGHT_FEATURES); a sticker counts as a card."""
    seen = np.zeros((len(units), len(columns), len(SIGHT_FEATURES)))
    for sighting in sightings:
        shown = units.within(sighting.span)
        place = SIGHT_FEATURES.index("photo" if sighting.kind == "photo" else "card")
        for column in columns.own(sighting):
            nats = min(MOST_SEEN, columns.nats(sighting))
            seen[shown, column, place] = np.maximum(seen[shown, column, place], nats)
    return seen


def _shown_soon(sightings: Sequence[Sighting], units: Units, columns: _Columns) -> FloatArray:
    """(units, products): nats of a sighting that begins about when the unit does."""
    soon = np.zeros((len(units), len(columns)))
    for sighting in sightings:
        lag = sighting.span.start - units.starts
        near = (lag >= -SHOWN_BEFORE) & (lag < SHOWN_AFTER)
        for column in columns.own(sighting):
            nats = min(MOST_SEEN, columns.nats(sighting))
            soon[near, column] = np.maximum(soon[near, column], nats)
    return soon


def _named_soon(direct: FloatArray) -> FloatArray:
    """(units, products): the most that a unit among the next few says of the product."""
    soon = direct.copy()
    for distance in range(1, NAMED_WITHIN):
        soon[:-distance] = np.maximum(soon[:-distance], direct[distance:])
    return np.minimum(soon, MOST_NAMED_SOON)


def _log_chances(discourse: Discourse) -> FloatArray:
    return np.log(np.clip(discourse.roles, LEAST_CHANCE, 1.0))


def _talk(said: Said) -> FloatArray:
    seconds = said.units.ends - said.units.starts
    unheard = seconds * (1 - said.units.is_heard)
    return np.column_stack([np.ones(len(said.units)), seconds, unheard, _log_chances(said.discourse)])


def _opening(said: Said) -> FloatArray:
    count, discourse = len(said.units), said.discourse
    chances = _log_chances(discourse)
    before = np.vstack([np.full((1, len(ROLES)), UNKNOWN_LOG_CHANCE), chances[:-1]])
    last_closed = np.concatenate([[0.0], discourse.closing[:-1]])
    is_first = np.arange(count) == 0
    pause = np.log1p(said.units.pauses)
    return np.column_stack([np.ones(count), discourse.opening, last_closed, pause, is_first, before, chances])


def _closing(said: Said) -> FloatArray:
    discourse = said.discourse
    next_opens = np.concatenate([discourse.opening[1:], [0.0]])
    pause_after = np.concatenate([np.log1p(said.units.pauses)[1:], [1.0]])
    return np.column_stack([discourse.closing, next_opens, pause_after])
