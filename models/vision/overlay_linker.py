"""Links overlay texts to products: the pushed card by its title, price and link number, a sticker by a name.

OCR errors are errors of single letters, so texts are compared by n-grams of letters, weighed by how few products have
them: near-duplicates share most of their titles and differ in the rest.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.catalog import MINOR_UNITS, Catalog, Product
from domain.vision import OverlayText, OverlayTexts, Sighting
from models.lexicon.aliases import Alias, catalog_aliases
from models.text.phonetic_tokens import fold_text, phonetic_tokens, token_surfaces
from models.text.phrase_tables import phrase_patterns

CARD_NATS = 3.0  # devset: 17 of 19 cards show what is explained meanwhile; hosts push early, late and wrong
STICKER_NATS = 2.0  # less than a card
LINK_NATS = 1.5  # a bare 三号链接
MIN_COVERED_SHARE = 0.5  # of a card's text that must be the product's; shop slogans stay below 0.3
MIN_NGRAMS = 4  # of the text that are the product's own
MIN_NGRAM_NATS = 3.0  # of these together: words of every title are no evidence
MISSING_NGRAM_NATS = 0.7  # for each n-gram of the card that the product has not; n-grams overlap, so below 1
PRICE_NATS = 1.6  # the card's price is the product's
LINK_NO_NATS = 1.6  # so is its number; either alone decides between near-duplicates
MIN_MARGIN_NATS = 1.4  # products nearer to the best than this are as likely
MAX_PRODUCTS = 4  # a text that fits more of them names none
PRICE = re.compile(r"(?:[¥￥$€£]|rmb|cny)\s*(\d{1,6}(?:\.\d{1,2})?)|(\d{1,6}(?:\.\d{1,2})?)\s*元", re.IGNORECASE)
LEADING_LINK_NUMBER = re.compile(r"^\W*(?:no\.?|#)?\s*(\d{1,3})(?![\d.])(?:号?链接|号|$|\s)", re.IGNORECASE)
LINK_NUMBER = re.compile(r"(\d{1,3})\s*号(?:链接|宝贝|商品)?|(?:link|item|no\.?|#)\s*(\d{1,3})", re.IGNORECASE)
LETTERS = re.compile(r"[^\W_]+")
CHINESE_CHARACTER = re.compile(r"[㐀-鿿]")
MAX_TEXT_CHARACTERS = 120  # characters of a sighting's text


@dataclass(frozen=True, slots=True)
class _CardText:
    """A parsed text: n-grams of its letters, its prices, and the link number it begins with."""

    ngrams: frozenset[str]
    prices: frozenset[Decimal]
    link_number: int | None


class OverlayLinker:
    """Matches the overlay texts of one show against its catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._product_ngrams: dict[str, frozenset[str]] = {
            p.product_id: _character_ngrams(" ".join(_product_texts(p))) for p in catalog
        }
        self._document_frequency = Counter(gram for grams in self._product_ngrams.values() for gram in grams)
        self._aliases_by_tokens: dict[tuple[str, ...], Alias] = {
            a.surfaces: a for a in catalog_aliases(catalog) if a.kind != "brand"
        }
        self._products_by_link_number: dict[int, list[str]] = defaultdict(list)
        for product in catalog:
            if product.link_no is not None:
                self._products_by_link_number[product.link_no].append(product.product_id)

    def link_texts(self, texts: OverlayTexts) -> tuple[Sighting, ...]:
        """A sighting for every text that names at most a few products, by time."""
        sightings = (
            self._link_card(text) or self._link_sticker(text) or self._link_by_number(text) for text in texts.texts
        )
        return tuple(sighting for sighting in sightings if sighting is not None)

    def _link_card(self, text: OverlayText) -> Sighting | None:
        """The products whose titles contain most of the text and fit it best."""
        card = _parse_card(text.lines)
        scores = {p.product_id: self._match_score(card, p) for p in self._catalog if self._is_covered(card, p)}
        if not scores:
            return None
        best = max(scores.values())
        ids = tuple(product_id for product_id, fit in scores.items() if fit > best - MIN_MARGIN_NATS)
        if len(ids) > MAX_PRODUCTS:
            return None
        return Sighting("card", ids, text.span, _sighting_text(text.lines), CARD_NATS * text.confidence)

    def _is_covered(self, card: _CardText, product: Product) -> bool:
        shared_ngrams = card.ngrams & self._product_ngrams[product.product_id]
        shared_nats = sum(map(self._idf, shared_ngrams))
        return (
            len(shared_ngrams) >= max(MIN_NGRAMS, MIN_COVERED_SHARE * len(card.ngrams))
            and shared_nats >= MIN_NGRAM_NATS
        )

    def _match_score(self, card: _CardText, product: Product) -> float:
        """How well the card fits the product, in nats; only differences between products matter."""
        missing_ngrams = len(card.ngrams - self._product_ngrams[product.product_id])
        prices = {Decimal(price) / MINOR_UNITS for price in (product.price, product.list_price) if price}
        has_price = bool(card.prices & prices)
        has_number = card.link_number is not None and card.link_number == product.link_no
        return PRICE_NATS * has_price + LINK_NO_NATS * has_number - MISSING_NGRAM_NATS * missing_ngrams

    def _idf(self, gram: str) -> float:
        return math.log((len(self._catalog) + 1) / self._document_frequency[gram])

    def _link_sticker(self, text: OverlayText) -> Sighting | None:
        """The longest complete name in the text; none for lists of several products and for viewers' questions."""
        named = [alias for line in text.lines for alias in _aliases_in(line, self._aliases_by_tokens)]
        if not named or any(_is_question(line) for line in text.lines):
            return None
        longest = max(named, key=lambda alias: len(alias.surfaces))
        is_list = any(set(longest.product_ids).isdisjoint(alias.product_ids) for alias in named)
        if is_list or len(longest.product_ids) > MAX_PRODUCTS:
            return None
        return Sighting(
            "sticker", longest.product_ids, text.span, _sighting_text(text.lines), STICKER_NATS * text.confidence
        )

    def _link_by_number(self, text: OverlayText) -> Sighting | None:
        match = LINK_NUMBER.search(fold_text(" ".join(text.lines)))
        ids = self._products_by_link_number.get(int(match[1] or match[2]), ()) if match else ()
        if not ids or len(ids) > MAX_PRODUCTS:
            return None
        return Sighting("sticker", tuple(ids), text.span, _sighting_text(text.lines), LINK_NATS * text.confidence)


def _product_texts(product: Product) -> Iterable[str]:
    return (product.title, product.short_name, product.brand, *product.aliases)


def _parse_card(lines: Sequence[str]) -> _CardText:
    text = fold_text(" ".join(lines))
    prices = frozenset(Decimal(match[1] or match[2]) for match in PRICE.finditer(text))
    words = PRICE.sub(" ", text)
    number = LEADING_LINK_NUMBER.match(words)
    remaining = words[number.end() :] if number else words
    return _CardText(_character_ngrams(remaining), prices, int(number[1]) if number else None)


def _character_ngrams(text: str) -> frozenset[str]:
    """Two letters where one is Chinese, else three; breaks of lines and words are ignored."""
    letters = "".join(LETTERS.findall(fold_text(text)))
    ngrams = (
        letters[i : i + (2 if CHINESE_CHARACTER.search(letters[i : i + 2]) else 3)] for i in range(len(letters) - 1)
    )
    return frozenset(run for run in ngrams if len(run) == 3 or CHINESE_CHARACTER.search(run))


def _aliases_in(line: str, aliases_by_tokens: Mapping[tuple[str, ...], Alias]) -> Iterator[Alias]:
    tokens = token_surfaces(phonetic_tokens(line))
    for start in range(len(tokens)):
        for end in range(start + 2, len(tokens) + 1):
            if alias := aliases_by_tokens.get(tokens[start:end]):
                yield alias


def _is_question(line: str) -> bool:
    return bool(phrase_patterns(__name__, "texts")["question"].search(line))


def _sighting_text(lines: Sequence[str]) -> str:
    return " ".join(lines)[:MAX_TEXT_CHARACTERS]
