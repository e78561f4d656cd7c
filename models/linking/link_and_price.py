"""Finds link numbers (链接号) and prices, by which hosts refer to products instead of names."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.catalog import Catalog
from domain.evidence import Mention
from domain.speech import Sentence
from models.linking.joined_number_choice import ChosenReading, SpokenNumbers, choose_readings
from models.linking.joined_numbers import find_joined_readings
from models.linking.link_number_calls import covered_chars, find_link_calls
from models.linking.number_index import NumberIndex
from models.numbers.number_roles import NumberRole
from models.numbers.price_quotes import PriceQuote, find_price_quotes
from models.numbers.spoken_numbers import find_numbers
from models.text.phonetic_tokens import fold_text
from models.text.typography import has_han

MAX_PRICE_NATS = 2.5  # less than a name: prices recur within a catalogue
ROLE_SHARES: Mapping[NumberRole, float] = {"money": 1.0, "cued": 0.85, "bare": 0.75}
"""Of a price's nats. On 24 simulated shows 0.92, 0.88 and 0.79 of such numbers were the product's price."""
BARE_ENGLISH_SHARE = 0.35  # of them 0.41 were: English counts without measure words
APPROXIMATE_SHARE = 0.7  # for a price that is not said exactly
MIN_BARE_PRICE = 10  # a smaller number without 块 counts something else
MAX_CATALOG_SHARE = 0.25  # of products above which an approximate price is no evidence


@dataclass(frozen=True, slots=True)
class _NumberMatch:
    kind: Literal["link", "price"]
    product_ids: tuple[str, ...]
    start: int
    end: int
    nats: float


class LinkAndPriceMatcher:
    """Matches sentences against the link numbers and prices of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog_size = len(catalog)
        self._index = NumberIndex(catalog)

    def find(self, index: int, sentence: Sentence) -> Iterator[Mention]:
        """Link numbers and prices in the `index`-th sentence of a show. A number is one or the other, never both."""
        for match in self._matches(fold_text(sentence.text)):
            text = sentence.text[match.start : match.end]
            span = sentence.span_of(match.start, match.end)
            yield Mention(match.kind, match.product_ids, span, index, text, match.nats)

    def _matches(self, text: str) -> Iterator[_NumberMatch]:
        spoken = _spoken_numbers(text)
        joined = choose_readings(find_joined_readings(text), spoken, self._index)
        joined_chars = {i for each in joined for i in range(each.reading.start, each.reading.end)}
        for each in joined:
            yield from self._joined_matches(each)
        for call in spoken.calls:
            ids = self._index.products_linked(call.numbers)
            if ids and joined_chars.isdisjoint(call.char_range):
                yield _NumberMatch("link", ids, call.start, call.end, call.nats)
        for quote in spoken.quotes:
            if joined_chars.isdisjoint(range(quote.start, quote.end)):
                yield from self._price_matches(text, quote)

    def _joined_matches(self, joined: ChosenReading) -> Iterator[_NumberMatch]:
        reading = joined.reading
        price_nats = self._price_nats(joined.priced_ids) * joined.price_share
        yield _NumberMatch("price", joined.priced_ids, reading.price_start, reading.price_end, price_nats)
        if joined.linked_ids:
            start, end = reading.link_range
            yield _NumberMatch("link", joined.linked_ids, start, end, reading.nats)

    def _price_matches(self, text: str, quote: PriceQuote) -> Iterator[_NumberMatch]:
        ids, share = self._index.products_quoted(quote)
        if not ids or (quote.role != "money" and quote.ranges[0].high < MIN_BARE_PRICE):
            return
        if not quote.is_exact and len(ids) > max(2, MAX_CATALOG_SHARE * self._catalog_size):
            return
        nats = self._price_nats(ids) * share * _price_probability(text, quote)
        yield _NumberMatch("price", ids, quote.start, quote.end, nats)

    def _price_nats(self, product_ids: Sequence[str]) -> float:
        return min(MAX_PRICE_NATS, math.log((self._catalog_size + 1) / len(product_ids)))


def _spoken_numbers(text: str) -> SpokenNumbers:
    """The link numbers of `text` (folded), and the prices among its other numbers."""
    numbers = find_numbers(text)
    calls = find_link_calls(text, numbers)
    call_chars = covered_chars(calls)
    other_numbers = [each for each in numbers if call_chars.isdisjoint(range(each.start, each.end))]
    return SpokenNumbers(calls, tuple(find_price_quotes(text, other_numbers)))


def _price_probability(text: str, quote: PriceQuote) -> float:
    """The chance that such a quote is the product's price."""
    share = BARE_ENGLISH_SHARE if quote.role == "bare" and not has_han(text) else ROLE_SHARES.get(quote.role, 0.0)
    return share if quote.is_exact or quote.is_bound else share * APPROXIMATE_SHARE
