"""The products of a catalogue by link number and by price, and which of them a quoted price speaks for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from domain.catalog import MINOR_UNITS, Catalog
from models.numbers.price_quotes import PriceQuote, PriceRange

BOUND_SHARE = 0.35  # of a price's nats, for a bound: of those in simulated shows half were of the product just below
UNMARKED_LIST_SHARE = 0.35  # for a list price that no word marks as one: 0.3 of them were the product's


class NumberIndex:
    """Finds products by link number, by the price asked for them, and by their list price."""

    def __init__(self, catalog: Catalog) -> None:
        self._ids_by_link: dict[int, list[str]] = defaultdict(list)
        self._ids_by_price: dict[Decimal, list[str]] = defaultdict(list)
        self._ids_by_list_price: dict[Decimal, list[str]] = defaultdict(list)
        for product in catalog:
            if product.link_no is not None:
                self._ids_by_link[product.link_no].append(product.product_id)
            if product.price:
                self._ids_by_price[Decimal(product.price) / MINOR_UNITS].append(product.product_id)
            if product.list_price and product.list_price != product.price:
                self._ids_by_list_price[Decimal(product.list_price) / MINOR_UNITS].append(product.product_id)

    def products_linked(self, link_numbers: Iterable[int]) -> tuple[str, ...]:
        """The products with one of `link_numbers`."""
        return tuple(dict.fromkeys(id_ for number in link_numbers for id_ in self._ids_by_link.get(number, ())))

    def products_asked(self, price: Decimal) -> tuple[str, ...]:
        """The products that are sold at exactly `price`, in units of the currency."""
        return tuple(self._ids_by_price.get(price, ()))

    def products_quoted(self, quote: PriceQuote) -> tuple[tuple[str, ...], float]:
        """The products that cost what is quoted, and the share of its nats that the kind of price leaves.

        A list price speaks for products that list it, never for those that are sold at it. A number without a word for
        either may be both.
        """
        if quote.is_bound:
            return ((), 0.0) if quote.is_list else (self._products_just_below(quote.ranges[0]), BOUND_SHARE)
        listed = tuple(dict.fromkeys(_products_in(self._ids_by_list_price, quote.ranges)))
        if quote.is_list:
            return listed, 1.0
        asked = tuple(dict.fromkeys(_products_in(self._ids_by_price, quote.ranges)))
        if quote.role != "bare" or not quote.is_exact:
            return asked, 1.0
        return tuple(dict.fromkeys((*asked, *listed))), 1.0 if asked else UNMARKED_LIST_SHARE

    def _products_just_below(self, prices: PriceRange) -> tuple[str, ...]:
        """The products at the highest price below the bound that ends `prices`."""
        below = [price for price in self._ids_by_price if prices.low <= price < prices.high]
        return tuple(self._ids_by_price[max(below)]) if below else ()


def _products_in(product_ids_by_price: Mapping[Decimal, Sequence[str]], ranges: Iterable[PriceRange]) -> Iterator[str]:
    for prices in ranges:
        if prices.low == prices.high:
            yield from product_ids_by_price.get(prices.low, ())
            continue
        for price, ids in product_ids_by_price.items():
            if prices.contains(price):
                yield from ids
