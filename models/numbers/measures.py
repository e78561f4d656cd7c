"""Measures as people say and titles write them, in one unit each: 一公斤, 两斤 and 1kg are 1000 g, 一米八 is 180 cm."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from models.numbers.chinese_numerals import DIGITS
from models.numbers.spoken_numbers import SpokenNumber, numbers_in
from models.text.phonetic_tokens import folded

UNITS = (
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
UNIT = re.compile("[ -]?(?:" + "|".join(f"(?P<u{i}>{words})" for i, (words, _, _) in enumerate(UNITS)) + ")(?![a-z])")
SIZE_BEFORE = re.compile(r"\bsizes? $")
FACTOR_BEFORE = re.compile(r"\bspf ?$")
HALF = re.compile(r"半(?=公斤|斤|升|米)")
TENTHS = re.compile(rf"([{''.join(DIGITS)}\d])(?![{''.join(DIGITS)}\d十百千万])")
LETTERS = re.compile(
    r"(?<![a-z0-9'&-])(x{0,4}[sl]|m)(?:码|号(?!链接)|(?= size))|(?<=\bsize )(x{0,4}[sl]|m)(?![a-z0-9'])"
)
COUNTED = ("pieces", "packs")
FEWEST_COUNTED = 10  # fewer are what somebody orders or gives away, 拍两瓶, unless they are called a set:
SET = re.compile("[/ ]?(?:装|一?[盒包袋箱组套])")
PACK = ("pack", "ct", "count")


@dataclass(frozen=True, slots=True)
class Measure:
    """`value` (digits without needless zeros, or letters of a size) of `unit`, said at text[start:end]."""

    value: str
    unit: str
    start: int
    end: int


def measures_in(text: str) -> Iterator[Measure]:
    """The measures in `text`, not in order. Two packs and two boxes are both 2 packs: hosts say either."""
    even = folded(text)
    for number in numbers_in(even):
        if not number.is_price and number.upper is None:
            yield from _measured(even, number)
    for half in HALF.finditer(even):
        yield from _with_unit(even, Decimal("0.5"), half.start(), half.end())
    for letters in LETTERS.finditer(even):
        yield Measure(letters[1] or letters[2], "size", letters.start(), letters.end())


def _measured(text: str, number: SpokenNumber) -> Iterator[Measure]:
    before = text[max(0, number.start - 6) : number.start]
    if SIZE_BEFORE.search(before):
        yield Measure(_plain(number.value), "size", number.start, number.end)
    elif FACTOR_BEFORE.search(before):
        yield Measure(_plain(number.value), "spf", number.start, number.end)
    else:
        yield from _with_unit(text, number.value, number.start, number.end)


def _with_unit(text: str, value: Decimal, start: int, end: int) -> Iterator[Measure]:
    said = UNIT.match(text, end)
    if said is None or said.lastgroup is None:
        return
    _, unit, factor = UNITS[int(said.lastgroup[1:])]
    stop = said.end()
    if (
        unit in COUNTED
        and value < FEWEST_COUNTED
        and not (SET.match(text, stop) or said[0].strip(" -").startswith(PACK))
    ):
        return
    if unit in ("cm", "g") and value == int(value) and said.group() in ("米", "斤"):
        value, stop = _with_tenths(text, value, stop)
    yield Measure(_plain(value * Decimal(factor)), unit, start, stop)


def _with_tenths(text: str, value: Decimal, end: int) -> tuple[Decimal, int]:
    """一米八 is 1.8 metres, 一斤半 one and a half."""
    if text.startswith("半", end):
        return value + Decimal("0.5"), end + 1
    tenths = TENTHS.match(text, end)
    if not tenths:
        return value, end
    return value + Decimal(DIGITS.get(tenths[1], tenths[1])) / 10, tenths.end()


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
