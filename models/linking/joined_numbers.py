"""Other readings of numbers that recognisers run together: a price and a link number, a price and a count.

Whisper writes 22块95号 for 二十二块九，十五号, 594个颜色 for 五十九，四个颜色, "19.995" for "nineteen ninety-nine,
five" and "1999" for a price with cents. A text has many such readings; the catalogue says which of them makes sense.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice

from models.linking.link_number_calls import CERTAIN_NATS, LIKELY_NATS, has_label_before, parse_label_after
from models.numbers.chinese_numerals import NUMERALS
from models.numbers.spoken_numbers import find_numbers
from models.text.typography import has_han

MAX_RUN_CHARS = 12  # of the longest price with its link number: 一百二十九块九二十五
MIN_PRICE = 10  # as a plain number: of 19号 the 1 is no price
MAX_LINK_NUMBER = 999
MAX_READINGS = 400  # of a sentence: of some forty runs, more than anybody says in one breath
MAX_CACHED_RUNS = 10_000  # parts of runs, which repeat within a show
RUN = re.compile(rf"[0-9{NUMERALS}][0-9{NUMERALS}块点.]{{1,{MAX_RUN_CHARS - 1}}}(?![0-9{NUMERALS}块点.]|(?<=\.)$)")
LONG_DECIMAL = re.compile(r"(?<![0-9.])([0-9]{1,3}\.[0-9]{2})(?: ?)([0-9]{1,2})(?![0-9.])")
CENTS_WITHOUT_POINT = re.compile(r"(?<![0-9.,])([0-9]{1,3}) ?([0-9]{2})(?![0-9.,]*[0-9])")
COUNT_AFTER_PRICE = re.compile(r"(?<![0-9.])([1-9][0-9]{1,3})[1-9](?=个|种|款|色|条|件|双|支|瓶|盒|包)")


@dataclass(frozen=True, slots=True)
class JoinedReading:
    """What text[start:end] may mean: a price at text[price_start:price_end], and perhaps a link number.

    `nats` are those of the link number's words. `is_literal`: whether every digit is as written; recognisers also lose
    the ten of 十五 after another digit.
    """

    price: Decimal
    price_start: int
    price_end: int
    link_number: int | None
    start: int
    end: int
    nats: float
    is_literal: bool = True

    @property
    def link_range(self) -> tuple[int, int]:
        """Where the link number and its words stand: what is not the price."""
        return (self.price_end, self.end) if self.price_start == self.start else (self.start, self.price_start)


def find_joined_readings(text: str) -> tuple[JoinedReading, ...]:
    """The readings of `text` (folded), besides the one that takes every number as it is written."""
    if not any(character.isdigit() or character in NUMERALS for character in text):
        return ()
    english_readings = () if has_han(text) else _english_readings(text)
    return tuple(islice(chain(_labelled_readings(text), _count_readings(text), english_readings), MAX_READINGS))


def _labelled_readings(text: str) -> Iterator[JoinedReading]:
    """Every way to part a run of digits beside the label of a link: price and number, or after a label the reverse."""
    for run in RUN.finditer(text):
        start, end = run.span()
        if label := parse_label_after(text, end):
            label_end, nats = label
            for cut in range(start + 1, end):
                for number, is_literal in _link_numbers(text, cut, end):
                    if price := _price(text[start:cut]):
                        yield JoinedReading(price, start, cut, number, start, label_end, nats, is_literal)
        elif has_label_before(text, start):
            for cut in range(start + 1, end):
                price, link_number = _price(text[cut:end]), _whole_number(text[start:cut])
                if price and link_number:
                    yield JoinedReading(price, cut, end, link_number, start, end, CERTAIN_NATS)


def _count_readings(text: str) -> Iterator[JoinedReading]:
    """A price and a small count."""
    for match in COUNT_AFTER_PRICE.finditer(text):
        start, end = match.span(1)
        yield JoinedReading(Decimal(match[1]), start, end, None, start, match.end(), 0.0)


def _english_readings(text: str) -> Iterator[JoinedReading]:
    """Cents and a link number after them, and cents without their point."""
    for match in LONG_DECIMAL.finditer(text):
        price = Decimal(match[1])
        for link_number in (int(match[2]) or None, None):
            yield JoinedReading(
                price, match.start(), match.end(1), link_number, match.start(), match.end(), LIKELY_NATS
            )
    for match in CENTS_WITHOUT_POINT.finditer(text):
        price = Decimal(f"{match[1]}.{match[2]}")
        yield JoinedReading(price, match.start(), match.end(), None, match.start(), match.end(), 0.0)


def _link_numbers(text: str, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """The link numbers that text[start:end] may be, and whether they are as written."""
    number = _whole_number(text[start:end])
    if number is None:
        return
    yield number, True
    if end - start == 1 and text[start].isascii() and text[start - 1].isascii():
        yield 10 + number, False


@lru_cache(MAX_CACHED_RUNS)
def _whole_number(run: str) -> int | None:
    number = None if set(run) & set("块点.") else _value(run)
    return int(number) if number is not None and number <= MAX_LINK_NUMBER else None


@lru_cache(MAX_CACHED_RUNS)
def _price(run: str) -> Decimal | None:
    """The value of `run` if all of it is one number that begins with no 0, and a price that hosts ask."""
    value = _value(run)
    is_likely = value is not None and (value >= MIN_PRICE or value != int(value) or "块" in run)
    return value if is_likely else None


def _value(run: str) -> Decimal | None:
    numbers = find_numbers(run)
    is_whole = len(numbers) == 1 and numbers[0].start == 0 and numbers[0].end == len(run.removesuffix("块"))
    return numbers[0].value if is_whole and run[0] != "0" and numbers[0].upper_bound is None else None
