"""Which products a burned-in text names: the pushed card by its title, price and link number, a sticker by a name.

Reading errors are errors of single letters, so texts are compared by short runs of letters, weighed by how few
products of the catalogue have them: sisters share most of their titles and are told apart by the rest.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.catalog import MINOR_UNITS, Catalog, Product
from domain.vision import ScreenText, ScreenTexts, Sighting
from models.lexicon.aliases import Alias, aliases_of
from models.text.phonetic_tokens import folded, tokens_of

CARD_NATS = 3.0  # devset: 17 of 19 cards show what is explained while they stand; hosts push early, late and wrong
STICKER_NATS = 2.0
LINK_NATS = 1.5  # a bare 三号链接
LEAST_COVERED = 0.5  # of a card's text that must be the product's; shop slogans stay below 0.3
LEAST_GRAMS = 4  # of the text that are the product's own
LEAST_NATS = 3.0  # what these must tell: words of every title tell nothing
MISSED_NATS = 0.7  # each run of letters that a sister's title has and this one's has not; runs overlap, so below 1
PRICE_NATS = 1.6  # the card's price is the product's
LINK_NO_NATS = 1.6  # so is its number; each alone tells sisters apart
APART_NATS = 1.4  # products nearer to the best than this are not told apart
WIDEST_SHARING = 4  # products; a text that fits more of them names none
PRICE = re.compile(r"(?:[¥￥$€£]|rmb|cny)\s*(\d{1,6}(?:\.\d{1,2})?)|(\d{1,6}(?:\.\d{1,2})?)\s*元", re.IGNORECASE)
NUMBER_FIRST = re.compile(r"^\W*(?:no\.?|#)?\s*(\d{1,3})(?![\d.])(?:号?链接|号|$|\s)", re.IGNORECASE)
LINK = re.compile(r"(\d{1,3})\s*号(?:链接|宝贝|商品)?|(?:link|item|no\.?|#)\s*(\d{1,3})", re.IGNORECASE)
ASKING = re.compile(r"[?？吗呢]|多少钱|什么时候|有没有|怎么")  # viewers ask, stickers tell
LETTERS = re.compile(r"[^\W_]+")
CHINESE = re.compile(r"[㐀-鿿]")
LONGEST_SHOWN = 120  # characters of a sighting's text


@dataclass(frozen=True, slots=True)
class _Card:
    """A text taken apart: runs of letters of its words, its prices, and the number it begins with."""

    grams: frozenset[str]
    prices: frozenset[Decimal]
    number: int | None


class ScreenMatcher:
    """Matches the burned-in texts of one show against its catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._grams: dict[str, frozenset[str]] = {p.product_id: _grams(" ".join(_written(p))) for p in catalog}
        self._spread = Counter(gram for grams in self._grams.values() for gram in grams)
        self._names: dict[tuple[str, ...], Alias] = {a.written: a for a in aliases_of(catalog) if a.kind != "brand"}
        self._links: dict[int, list[str]] = defaultdict(list)
        for product in catalog:
            if product.link_no is not None:
                self._links[product.link_no].append(product.product_id)

    def find(self, texts: ScreenTexts) -> tuple[Sighting, ...]:
        """A sighting for every text that names at most a few products, by time."""
        found = (self._card(text) or self._sticker(text) or self._link(text) for text in texts.texts)
        return tuple(sighting for sighting in found if sighting is not None)

    def _card(self, text: ScreenText) -> Sighting | None:
        """Titles are long: most of the text must be the product's."""
        card = _taken_apart(text.lines)
        fitting = {p.product_id: self._fit(card, p) for p in self._catalog if self._is_covered(card, p)}
        if not fitting:
            return None
        best = max(fitting.values())
        ids = tuple(product_id for product_id, fit in fitting.items() if fit > best - APART_NATS)
        if len(ids) > WIDEST_SHARING:
            return None
        return Sighting("card", ids, text.span, _shown(text.lines), CARD_NATS * text.confidence)

    def _is_covered(self, card: _Card, product: Product) -> bool:
        own = card.grams & self._grams[product.product_id]
        told = sum(map(self._idf, own))
        return len(own) >= max(LEAST_GRAMS, LEAST_COVERED * len(card.grams)) and told >= LEAST_NATS

    def _fit(self, card: _Card, product: Product) -> float:
        """How well the card fits the product, in nats; only differences between products mean anything."""
        missed = len(card.grams - self._grams[product.product_id])
        prices = {Decimal(price) / MINOR_UNITS for price in (product.price, product.list_price) if price}
        has_price = bool(card.prices & prices)
        has_number = card.number is not None and card.number == product.link_no
        return PRICE_NATS * has_price + LINK_NO_NATS * has_number - MISSED_NATS * missed

    def _idf(self, gram: str) -> float:
        return math.log((len(self._catalog) + 1) / self._spread[gram])

    def _sticker(self, text: ScreenText) -> Sighting | None:
        """The longest whole name in the text. What names several products is a list, what asks is a viewer."""
        named = [alias for line in text.lines for alias in _names_in(line, self._names)]
        if not named or any(ASKING.search(line) for line in text.lines):
            return None
        longest = max(named, key=lambda alias: len(alias.written))
        is_list = any(set(longest.product_ids).isdisjoint(alias.product_ids) for alias in named)
        if is_list or len(longest.product_ids) > WIDEST_SHARING:
            return None
        return Sighting("sticker", longest.product_ids, text.span, _shown(text.lines), STICKER_NATS * text.confidence)

    def _link(self, text: ScreenText) -> Sighting | None:
        match = LINK.search(folded(" ".join(text.lines)))
        ids = self._links.get(int(match[1] or match[2]), ()) if match else ()
        if not ids or len(ids) > WIDEST_SHARING:
            return None
        return Sighting("sticker", tuple(ids), text.span, _shown(text.lines), LINK_NATS * text.confidence)


def _written(product: Product) -> Iterable[str]:
    return (product.title, product.short_name, product.brand, *product.aliases)


def _taken_apart(lines: Sequence[str]) -> _Card:
    text = folded(" ".join(lines))
    prices = frozenset(Decimal(match[1] or match[2]) for match in PRICE.finditer(text))
    words = PRICE.sub(" ", text)
    number = NUMBER_FIRST.match(words)
    rest = words[number.end() :] if number else words
    return _Card(_grams(rest), prices, int(number[1]) if number else None)


def _grams(text: str) -> frozenset[str]:
    """Runs of two letters where one is Chinese, else of three; breaks of lines and words don't count."""
    letters = "".join(LETTERS.findall(folded(text)))
    runs = (letters[i : i + (2 if CHINESE.search(letters[i : i + 2]) else 3)] for i in range(len(letters) - 1))
    return frozenset(run for run in runs if len(run) == 3 or CHINESE.search(run))


def _names_in(line: str, names: Mapping[tuple[str, ...], Alias]) -> Iterator[Alias]:
    written = tuple(token.written for token in tokens_of(line))
    for start in range(len(written)):
        for end in range(start + 2, len(written) + 1):
            if alias := names.get(written[start:end]):
                yield alias


def _shown(lines: Sequence[str]) -> str:
    return " ".join(lines)[:LONGEST_SHOWN]
