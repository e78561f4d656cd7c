"""Finds link numbers (链接号) and prices, by which hosts refer to products instead of names."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from domain.catalog import MINOR_UNITS, Catalog
from domain.evidence import Mention
from domain.speech import Sentence
from models.linking.link_number_calls import LinkNumberCall, covered_chars, find_link_calls
from models.numbers.number_roles import NumberRole
from models.numbers.price_quotes import PriceQuote, PriceRange, find_price_quotes
from models.numbers.spoken_numbers import find_numbers
from models.text.phonetic_tokens import fold_text
from models.text.typography import has_han

MAX_PRICE_NATS = 2.5  # less than a name: prices recur within a catalogue
ROLE_SHARES: Mapping[NumberRole, float] = {"money": 1.0, "cued": 0.85, "bare": 0.75}
"""Of a price's nats. On 24 simulated shows 0.92, 0.88 and 0.79 of such numbers were the product's price."""
BARE_ENGLISH_SHARE = 0.35  # of them 0.41 were: English counts without measure words
APPROXIMATE_SHARE = 0.7  # for a price that is not said exactly
BOUND_SHARE = 0.35  # for a bound: of those in simulated shows half were about the product just below
UNMARKED_LIST_SHARE = 0.35  # for a list price that no word marks as one: 0.3 of them were the product's
MIN_BARE_PRICE = 10  # a smaller number without 块 counts something else
MAX_CATALOG_SHARE = 0.25  # of products above which an approximate price is no evidence


class LinkAndPriceMatcher:
    """Matches sentences against the link numbers and prices of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog_size = len(catalog)
        self._product_ids_by_link: dict[int, list[str]] = defaultdict(list)
        self._product_ids_by_price: dict[Decimal, list[str]] = defaultdict(list)
        self._product_ids_by_list_price: dict[Decimal, list[str]] = defaultdict(list)
        for product in catalog:
            if product.link_no is not None:
                self._product_ids_by_link[product.link_no].append(product.product_id)
            if product.price:
                self._product_ids_by_price[Decimal(product.price) / MINOR_UNITS].append(product.product_id)
            if product.list_price and product.list_price != product.price:
                self._product_ids_by_list_price[Decimal(product.list_price) / MINOR_UNITS].append(product.product_id)

    def find(self, index: int, sentence: Sentence) -> Iterator[Mention]:
        """Link numbers and prices in the `index`-th sentence of a show. A number is one or the other, never both."""
        text = fold_text(sentence.text)
        numbers = find_numbers(text)
        calls = find_link_calls(text, numbers)
        for call in calls:
            yield from self._link_mentions(index, sentence, call)
        call_chars = covered_chars(calls)
        other_numbers = [each for each in numbers if call_chars.isdisjoint(range(each.start, each.end))]
        for quote in find_price_quotes(text, other_numbers):
            yield from self._price_mentions(index, sentence, quote)

    def _link_mentions(self, index: int, sentence: Sentence, call: LinkNumberCall) -> Iterator[Mention]:
        ids = tuple(dict.fromkeys(id_ for number in call.numbers for id_ in self._product_ids_by_link.get(number, ())))
        if ids:
            call_text = sentence.text[call.start : call.end]
            yield Mention("link", ids, sentence.span_of(call.start, call.end), index, call_text, call.nats)

    def _price_mentions(self, index: int, sentence: Sentence, quote: PriceQuote) -> Iterator[Mention]:
        ids, share = self._products_quoted(quote)
        if not ids or (quote.role != "money" and quote.ranges[0].high < MIN_BARE_PRICE):
            return
        if not quote.is_exact and len(ids) > max(2, MAX_CATALOG_SHARE * self._catalog_size):
            return
        weight = min(MAX_PRICE_NATS, math.log((self._catalog_size + 1) / len(ids)))
        weight *= share * _price_probability(sentence.text, quote)
        quote_text = sentence.text[quote.start : quote.end]
        yield Mention("price", ids, sentence.span_of(quote.start, quote.end), index, quote_text, weight)

    def _products_quoted(self, quote: PriceQuote) -> tuple[tuple[str, ...], float]:
        """The products that cost what is quoted, and the share of its nats that the kind of price leaves.

        A list price speaks for products that list it, never for those that are sold at it. A number without a word for
        either may be both.
        """
        if quote.is_bound:
            return ((), 0.0) if quote.is_list else (self._products_just_below(quote.ranges[0]), BOUND_SHARE)
        listed = tuple(dict.fromkeys(_products_in(self._product_ids_by_list_price, quote.ranges)))
        if quote.is_list:
            return listed, 1.0
        asked = tuple(dict.fromkeys(_products_in(self._product_ids_by_price, quote.ranges)))
        if quote.role != "bare" or not quote.is_exact:
            return asked, 1.0
        return tuple(dict.fromkeys((*asked, *listed))), 1.0 if asked else UNMARKED_LIST_SHARE

    def _products_just_below(self, prices: PriceRange) -> tuple[str, ...]:
        """The products at the highest price below the bound that ends `prices`."""
        below = [price for price in self._product_ids_by_price if prices.low <= price < prices.high]
        return tuple(self._product_ids_by_price[max(below)]) if below else ()


def _products_in(product_ids_by_price: Mapping[Decimal, Sequence[str]], ranges: Iterable[PriceRange]) -> Iterator[str]:
    for prices in ranges:
        if prices.low == prices.high:
            yield from product_ids_by_price.get(prices.low, ())
            continue
        for price, ids in product_ids_by_price.items():
            if prices.contains(price):
                yield from ids


def _price_probability(text: str, quote: PriceQuote) -> float:
    """The chance that such a quote is the product's price."""
    share = BARE_ENGLISH_SHARE if quote.role == "bare" and not has_han(text) else ROLE_SHARES.get(quote.role, 0.0)
    return share if quote.is_exact or quote.is_bound else share * APPROXIMATE_SHARE
