"""Quantities in speech and titles, in one unit a kind: 一公斤, 两斤 and 1kg are 1000 g, 一米八 is 180 cm, 45*50 a size.

The units are in measures.toml.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from models.numbers.chinese_numerals import DIGITS
from models.numbers.spoken_numbers import SpokenNumber, find_numbers
from models.text.phonetic_tokens import fold_text
from models.text.phrase_tables import phrase_table

SIZE_BEFORE = re.compile(r"\bsizes? $")
FACTOR_BEFORE = re.compile(r"\bspf ?$")
HALF = re.compile(r"半(?=公斤|斤|升|米)")
TENTHS = re.compile(rf"([{''.join(DIGITS)}\d])(?![{''.join(DIGITS)}\d十百千万])")
LETTER_SIZE = re.compile(
    r"(?<![a-z0-9'&-])(x{0,4}[sl]|m)(?:码|号(?!链接)|(?= size))|(?<=\bsize )(x{0,4}[sl]|m)(?![a-z0-9'])"
)
TIMES = re.compile(r"(?:厘米|公分| ?cm| ?inch(?:es)?| ?in)?(?:乘以?| ?[x×*] ?| by )")
MISHEARD_TIMES = re.compile(r"(?:厘米|公分)?[成城程诚]以?")  # 45成50, between sides of two digits
MIN_MISHEARD_SIDE = 10
COUNT_UNITS = ("pieces", "packs")
MIN_COUNT = 10  # fewer are what somebody orders or gives away (拍两瓶), unless the text calls them a set
SET_SUFFIX = re.compile("[/ ]?(?:装|一?[盒包袋箱组套])")
PACK_PREFIXES = ("pack", "ct", "count")


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` (digits without needless zeros, or letters of a size) of `unit`, said at text[start:end]."""

    value: str
    unit: str
    start: int
    end: int


def find_quantities(text: str) -> Iterator[Quantity]:
    """The quantities in `text`, in no order. Two packs and two boxes are both 2 packs: hosts say either."""
    normalized = fold_text(text)
    numbers = find_numbers(normalized)
    yield from _sizes_by_sides(normalized, numbers)
    for number in numbers:
        if not number.is_price and number.upper_bound is None:
            yield from _quantities_of_number(normalized, number)
    for half in HALF.finditer(normalized):
        yield from _quantity_with_unit(normalized, Decimal("0.5"), half.start(), half.end())
    for letters in LETTER_SIZE.finditer(normalized):
        yield Quantity(letters[1] or letters[2], "size", letters.start(), letters.end())


def _sizes_by_sides(text: str, numbers: Sequence[SpokenNumber]) -> Iterator[Quantity]:
    """Two sides, as "45x50"."""
    for first, second in pairwise(numbers):
        between = text[first.end : second.start]
        is_misheard = MISHEARD_TIMES.fullmatch(between) and min(first.value, second.value) >= MIN_MISHEARD_SIDE
        if is_misheard or TIMES.fullmatch(between):
            sides = f"{_format_decimal(first.value)}x{_format_decimal(second.value)}"
            yield Quantity(sides, "sides", first.start, second.end)


def _quantities_of_number(text: str, number: SpokenNumber) -> Iterator[Quantity]:
    before = text[max(0, number.start - 6) : number.start]
    if SIZE_BEFORE.search(before):
        yield Quantity(_format_decimal(number.value), "size", number.start, number.end)
    elif FACTOR_BEFORE.search(before):
        yield Quantity(_format_decimal(number.value), "spf", number.start, number.end)
    else:
        yield from _quantity_with_unit(text, number.value, number.start, number.end)


def _quantity_with_unit(text: str, value: Decimal, start: int, end: int) -> Iterator[Quantity]:
    unit_match = _unit_pattern().match(text, end)
    if unit_match is None or unit_match.lastgroup is None:
        return
    _, unit, factor = _units()[int(unit_match.lastgroup[1:])]
    quantity_end = unit_match.end()
    if (
        unit in COUNT_UNITS
        and value < MIN_COUNT
        and not (SET_SUFFIX.match(text, quantity_end) or unit_match[0].strip(" -").startswith(PACK_PREFIXES))
    ):
        return
    if unit in ("cm", "g") and value == int(value) and unit_match.group() in ("米", "斤"):
        value, quantity_end = _add_tenths(text, value, quantity_end)
    yield Quantity(_format_decimal(value * Decimal(factor)), unit, start, quantity_end)


def _units() -> list[list[str]]:
    """Words, unit and factor of each unit of measurement."""
    rows: list[list[str]] = phrase_table(__name__)["units"]["units"]
    return rows


@cache
def _unit_pattern() -> re.Pattern[str]:
    """A unit after a number. Its group is called u and the index of its unit."""
    groups = "|".join(f"(?P<u{i}>{words})" for i, (words, _, _) in enumerate(_units()))
    return re.compile(f"[ -]?(?:{groups})(?![a-z])")


def _add_tenths(text: str, value: Decimal, end: int) -> tuple[Decimal, int]:
    """一米八 is 1.8 metres, 一斤半 one and a half."""
    if text.startswith("半", end):
        return value + Decimal("0.5"), end + 1
    tenths = TENTHS.match(text, end)
    if not tenths:
        return value, end
    return value + Decimal(DIGITS.get(tenths[1], tenths[1])) / 10, tenths.end()


def _format_decimal(value: Decimal) -> str:
    return format(value.normalize(), "f")
