"""Link numbers 链接号 and prices: what a host says of the shelf instead of a name."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from domain.catalog import MINOR_UNITS, Catalog
from domain.evidence import Mention
from domain.speech import Sentence
from models.linking.link_number_calls import LinkCall, link_calls_in, places_of
from models.numbers.number_roles import Use
from models.numbers.price_quotes import PriceQuote, Range, quotes_in
from models.numbers.spoken_numbers import numbers_in
from models.text.phonetic_tokens import folded
from models.text.typography import has_han

MOST_PRICE_NATS = 2.5
SHARE_OF: Mapping[Use, float] = {"money": 1.0, "cued": 0.85, "bare": 0.75}
"""Of a price's nats: measured on 24 simulated shows, 0.92, 0.88 and 0.79 of such numbers are the product's price."""
BARE_IN_ENGLISH = 0.35  # 0.41 of them are: English counts without measure words
ABOUT_SHARE = 0.7  # of a price that is not said exactly
SMALLEST_BARE_PRICE = 10  # a smaller number without 块 counts something else
WIDEST = 0.25  # share of the catalogue above which prices in an interval tell nothing


class ShelfNumbers:
    """The numbers of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._size = len(catalog)
        self._links: dict[int, list[str]] = defaultdict(list)
        self._prices: dict[Decimal, list[str]] = defaultdict(list)
        for product in catalog:
            if product.link_no is not None:
                self._links[product.link_no].append(product.product_id)
            for price in {product.price, product.list_price} - {None, 0}:
                self._prices[Decimal(price or 0) / MINOR_UNITS].append(product.product_id)

    def find(self, index: int, sentence: Sentence) -> Iterator[Mention]:
        """Link numbers and prices in the `index`-th sentence of a show. A number is one or the other, never both."""
        text = folded(sentence.text)
        numbers = numbers_in(text)
        calls = link_calls_in(text, numbers)
        for call in calls:
            yield from self._link(index, sentence, call)
        taken = places_of(calls)
        free = [each for each in numbers if taken.isdisjoint(range(each.start, each.end))]
        for quote in quotes_in(text, free):
            yield from self._price(index, sentence, quote)

    def _link(self, index: int, sentence: Sentence, call: LinkCall) -> Iterator[Mention]:
        ids = tuple(dict.fromkeys(id_ for number in call.numbers for id_ in self._links.get(number, ())))
        if ids:
            said = sentence.text[call.start : call.end]
            yield Mention("link", ids, sentence.time_of(call.start, call.end), index, said, call.nats)

    def _price(self, index: int, sentence: Sentence, quote: PriceQuote) -> Iterator[Mention]:
        ids = self._costing(quote)
        if not ids or (quote.use != "money" and quote.ranges[0].high < SMALLEST_BARE_PRICE):
            return
        if not quote.is_exact and len(ids) > max(2, WIDEST * self._size):
            return
        weight = min(MOST_PRICE_NATS, math.log((self._size + 1) / len(ids)))
        weight *= _certainty(sentence.text, quote)
        said = sentence.text[quote.start : quote.end]
        yield Mention("price", ids, sentence.time_of(quote.start, quote.end), index, said, weight)

    def _costing(self, quote: PriceQuote) -> tuple[str, ...]:
        """The products that cost what is quoted."""
        found: dict[str, None] = {}
        for prices in quote.ranges:
            found |= dict.fromkeys(self._within(prices))
        return tuple(found)

    def _within(self, prices: Range) -> Iterator[str]:
        if prices.low == prices.high:
            yield from self._prices.get(prices.low, ())
            return
        for price, ids in self._prices.items():
            if prices.holds(price):
                yield from ids


def _certainty(text: str, quote: PriceQuote) -> float:
    """How often what is said so is the product's price, in [0, 1]."""
    share = BARE_IN_ENGLISH if quote.use == "bare" and not has_han(text) else SHARE_OF.get(quote.use, 0.0)
    return share if quote.is_exact else share * ABOUT_SHARE
