"""Chooses among the readings of numbers that were run together, by what the catalogue has.

A price and a link number of one product are no accident: such a reading beats the number as it is written. A price
alone is only believed where what is written fits no product.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.linking.joined_numbers import JoinedReading
from models.linking.link_number_calls import LinkNumberCall
from models.linking.number_index import NumberIndex
from models.numbers.price_quotes import PriceQuote

CONFIRMED_SHARE = 1.0  # of a price's nats where the product's link number is called too
ALONE_SHARE = 0.35  # where it is not: about what an English number without words of money is worth


@dataclass(frozen=True, slots=True)
class SpokenNumbers:
    """What a sentence says by its numbers as they are written."""

    calls: Sequence[LinkNumberCall]
    quotes: Sequence[PriceQuote]


@dataclass(frozen=True, slots=True)
class ChosenReading:
    """A reading with the products at its price, and those with its link number. `price_share`: of a price's nats."""

    reading: JoinedReading
    priced_ids: tuple[str, ...]
    linked_ids: tuple[str, ...]
    price_share: float

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """The better, the smaller: with a link number, as written, early."""
        return (not self.linked_ids, not self.reading.is_literal, self.reading.start)


def choose_readings(
    readings: Sequence[JoinedReading], spoken: SpokenNumbers, index: NumberIndex
) -> tuple[ChosenReading, ...]:
    """The readings that fit the catalogue better than the numbers of one sentence as written; none overlap."""
    chosen: list[ChosenReading] = []
    supported = (each for reading in readings for each in _supported(reading, spoken, index))
    for each in sorted(supported, key=lambda each: each.rank):
        if not any(_overlaps(each.reading, other.reading) for other in chosen):
            chosen.append(each)
    return tuple(chosen)


def _supported(reading: JoinedReading, spoken: SpokenNumbers, index: NumberIndex) -> Iterator[ChosenReading]:
    priced = index.products_asked(reading.price)
    linked = index.products_linked([reading.link_number]) if reading.link_number else ()
    calls = [call for call in spoken.calls if _overlaps(call, reading) and index.products_linked(call.numbers)]
    quotes = [quote for quote in spoken.quotes if _overlaps(quote, reading)]
    called_ids = {product_id for call in calls for product_id in index.products_linked(call.numbers)}
    quoted_ids = {product_id for quote in quotes for product_id in index.products_quoted(quote)[0]}
    if not set(priced).isdisjoint(linked):
        is_one_number = any(
            call.start <= reading.start and reading.end <= call.end for call in calls
        )  # 12号 is link 12
        if not is_one_number and called_ids.isdisjoint(quoted_ids):
            yield ChosenReading(reading, priced, linked, CONFIRMED_SHARE)
    elif priced and reading.is_literal and not called_ids and not quoted_ids:
        is_confirmed = not set(index.products_linked(n for call in spoken.calls for n in call.numbers)).isdisjoint(
            priced
        )
        yield ChosenReading(reading, priced, (), CONFIRMED_SHARE if is_confirmed else ALONE_SHARE)


def _overlaps(first: JoinedReading | LinkNumberCall | PriceQuote, second: JoinedReading) -> bool:
    return first.start < second.end and second.start < first.end
