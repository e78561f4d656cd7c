"""Measures as people say and titles write them, in one unit each: 一公斤, 两斤 and 1kg are 1000 g, 一米八 is 180 cm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from models.numbers.chinese_numerals import DIGITS
from models.numbers.spoken_numbers import SpokenNumber, find_numbers
from models.text.phonetic_tokens import fold_text

MEASUREMENT_UNITS = (
    (r"毫升|ml|milliliters?|millilitres?", "ml", "1"),
    (r"公升|升|l|liters?|litres?", "ml", "1000"),
    (r"毫克|mg|milligrams?", "mg", "1"),
    (r"公斤|千克|kg|kilos?|kilograms?", "g", "1000"),
    (r"市?斤", "g", "500"),
    (r"克|g|grams?", "g", "1"),
    (r"(?:fl\.? ?)?(?:oz|ounces?)", "oz", "1"),
    (r"lbs?|pounds?(?! sterling)", "oz", "16"),
    (r"厘米|公分|cm|centimeters?", "cm", "1"),
    (r"毫米|mm|millimeters?", "cm", "0.1"),
    (r"米|m|meters?|metres?", "cm", "100"),
    (r"英寸|寸|吋|inch(?:es)?|in|[\"″]", "inch", "1"),
    (r"feet|foot|ft", "inch", "12"),
    (r"瓦|w|watts?", "watt", "1"),
    (r"毫安时?|mah", "mah", "1"),
    (r"gb|g内存", "gb", "1"),
    (r"(?:尺)?码", "size", "1"),
    (r"岁|years? old|y", "years", "1"),
    (r"packs?|ct|counts?|pcs?|pieces?", "pieces", "1"),
    (r"片|粒|颗|枚", "pieces", "1"),
    (r"支|只|条|双|包|袋|盒|瓶|罐|卷|抽|本|册|张|件(?!事)", "packs", "1"),
)
UNIT_PATTERN = re.compile(
    "[ -]?(?:" + "|".join(f"(?P<u{i}>{words})" for i, (words, _, _) in enumerate(MEASUREMENT_UNITS)) + ")(?![a-z])"
)
SIZE_BEFORE = re.compile(r"\bsizes? $")
FACTOR_BEFORE = re.compile(r"\bspf ?$")
HALF = re.compile(r"半(?=公斤|斤|升|米)")
TENTHS = re.compile(rf"([{''.join(DIGITS)}\d])(?![{''.join(DIGITS)}\d十百千万])")
LETTER_SIZE = re.compile(
    r"(?<![a-z0-9'&-])(x{0,4}[sl]|m)(?:码|号(?!链接)|(?= size))|(?<=\bsize )(x{0,4}[sl]|m)(?![a-z0-9'])"
)
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
    for number in find_numbers(normalized):
        if not number.is_price and number.upper_bound is None:
            yield from _quantities_of_number(normalized, number)
    for half in HALF.finditer(normalized):
        yield from _quantity_with_unit(normalized, Decimal("0.5"), half.start(), half.end())
    for letters in LETTER_SIZE.finditer(normalized):
        yield Quantity(letters[1] or letters[2], "size", letters.start(), letters.end())


def _quantities_of_number(text: str, number: SpokenNumber) -> Iterator[Quantity]:
    before = text[max(0, number.start - 6) : number.start]
    if SIZE_BEFORE.search(before):
        yield Quantity(_format_decimal(number.value), "size", number.start, number.end)
    elif FACTOR_BEFORE.search(before):
        yield Quantity(_format_decimal(number.value), "spf", number.start, number.end)
    else:
        yield from _quantity_with_unit(text, number.value, number.start, number.end)


def _quantity_with_unit(text: str, value: Decimal, start: int, end: int) -> Iterator[Quantity]:
    unit_match = UNIT_PATTERN.match(text, end)
    if unit_match is None or unit_match.lastgroup is None:
        return
    _, unit, factor = MEASUREMENT_UNITS[int(unit_match.lastgroup[1:])]
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
