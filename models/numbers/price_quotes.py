"""Prices as hosts say them: exactly, about (一百七左右), below a bound (一百七不到), for several (两瓶三百三)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from models.numbers.list_prices import is_list_price
from models.numbers.number_roles import NumberRole, classify_number
from models.numbers.spoken_numbers import SpokenNumber, find_numbers
from models.text.phrase_tables import phrase_patterns

ONE = Decimal(1)
BELOW_LOW_FACTOR = Decimal("0.88")  # 不到一百七: hosts round up to the next round number, no further
ABOVE_HIGH_FACTOR = Decimal("1.15")  # 一百出头
AROUND_MARGIN = Decimal("0.08")  # 两百左右
ODD_MARGIN = Decimal("0.2")  # 三百来块: from a little below to a fifth above
TOTAL_TOLERANCE = Decimal("0.012")  # 两瓶三百三 for 164.9 each
MIN_TOTAL_TOLERANCE = Decimal("0.02")  # by which rounding a total changes the price of one
MIN_APPROXIMATE_PRICE, MAX_APPROXIMATE_PRICE = 10, 10**7
MIN_TOTAL = 5  # a smaller number is no price of several

COUNT = "([二两俩三仨四五六七八九十]|[2-9]|1[0-2])"
COUNT_WORD = "(two|three|four|five|six|ten|twelve|[2-9]|1[02]|a pair)"
MEASURE_WORD = "(?:个|件|瓶|盒|套|条|双|包|支|只|袋|罐|份|片装?|张|组|箱|台|本|杯|管|桶|对|提|枚|床|把|根|斤)"
TOTAL_WORDS = "(?:装|一起|加起来|一共|总共|合起来|才|就|也就|是|卖|到手|只|要)*[,，]?"
COUNTED_NOUNS = "(?: (?:of (?:them|these|those|em|'em)|bottles|packs|boxes|pairs|bags|jars|tubes|sets|pieces|cans))?"
NOT_A_DURATION = "(?! (?:days|weeks|months|years|hours|minutes|of you))"
COUNT_BEFORE_TOTAL = re.compile(
    rf"{COUNT}{MEASURE_WORD}{TOTAL_WORDS}$|(俩|仨){TOTAL_WORDS}$"
    rf"|\b{COUNT_WORD}{COUNTED_NOUNS}(?: is| are|'s| come to| comes to)? (?:for|at)(?: just| only)? ?\$?$"
)
HALF_PRICE = re.compile(rf"第二{MEASURE_WORD}半价|\bsecond (?:one )?(?:is |at )?half (?:price|off)\b")
HALF_PRICE_PAIR_FACTOR = Decimal("1.5")  # singles that two of them cost
COUNT_AFTER_TOTAL = re.compile(
    rf"(?:块钱?|元)?{COUNT}{MEASURE_WORD}(?![起减折送])|(?: (?:dollars|bucks))? for {COUNT_WORD}\b{NOT_A_DURATION}"
)
COUNT_VALUES = {sign: value for value, sign in enumerate("二三四五六七八九十", start=2)} | {
    "两": 2, "俩": 2, "仨": 3, "two": 2, "a pair": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "ten": 10, "twelve": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Prices from `low` to `high`, both included."""

    low: Decimal
    high: Decimal

    def contains(self, price: Decimal) -> bool:
        """Whether a price lies in it."""
        return self.low <= price <= self.high


@dataclass(frozen=True, slots=True)
class PriceQuote:
    """A price said at text[start:end]: within one of `ranges`. `role`: by the words around it.

    `is_bound`: the price is somewhere below the end of its range. `is_list`: what it costs elsewhere, not here.
    """

    ranges: tuple[PriceRange, ...]
    start: int
    end: int
    role: NumberRole
    is_exact: bool
    is_bound: bool = False
    is_list: bool = False


def find_price_quotes(text: str, numbers: Sequence[SpokenNumber]) -> Iterator[PriceQuote]:
    """The prices among `numbers`, which stand in `text` (folded)."""
    last_end = 0
    for number, following in zip(numbers, (*numbers[1:], None), strict=False):
        role = classify_number(text, number)
        if number.start < last_end or role in ("counted", "money off"):
            continue
        quote = _approximate_quote(text, number, role) or _total_quote(text, number, role) or _exact_quote(number, role)
        last_end = quote.end
        yield replace(quote, is_list=is_list_price(text, number, following))


def parse_prices(text: str) -> tuple[PriceQuote, ...]:
    """The prices said in `text` (folded)."""
    return tuple(find_price_quotes(text, find_numbers(text)))


def _exact_quote(number: SpokenNumber, role: NumberRole) -> PriceQuote:
    values = [number.value, *([number.alternative] if number.alternative is not None else [])]
    if number.upper_bound is not None:
        return PriceQuote(
            (PriceRange(number.value, number.upper_bound),), number.start, number.end, role, is_exact=False
        )
    return PriceQuote(
        tuple(PriceRange(value, value) for value in values), number.start, number.end, role, is_exact=True
    )


def _approximate_quote(text: str, number: SpokenNumber, role: NumberRole) -> PriceQuote | None:
    """A price said with 不到, 出头, 多, 左右 and their like."""
    value = number.value
    if (
        not MIN_APPROXIMATE_PRICE <= value <= MAX_APPROXIMATE_PRICE
        or number.upper_bound is not None
        or value != int(value)
    ):
        return None
    approximation = _approximate_range(text, number, value)
    if approximation is None:
        return None
    kind, start, end, prices = approximation
    return PriceQuote((prices,), start, end, role, is_exact=False, is_bound=kind == "below")


def _approximate_range(text: str, number: SpokenNumber, value: Decimal) -> tuple[str, int, int, PriceRange] | None:
    """The kind of approximation, where its words begin and end, and the prices that it allows."""
    before = text[max(0, number.start - 20) : number.start]
    patterns = phrase_patterns(__name__, "patterns")
    for kind, low, high in (
        ("below", value * BELOW_LOW_FACTOR, value),
        ("above", value, value * ABOVE_HIGH_FACTOR),
        ("some", value, value + _last_digit_value(value) - Decimal("0.01")),
        ("odd", value * (ONE - AROUND_MARGIN), value * (ONE + ODD_MARGIN)),
        ("around", value * (ONE - AROUND_MARGIN), value * (ONE + AROUND_MARGIN)),
    ):
        if match := patterns[f"{kind}_after"].match(text, number.end):
            return kind, number.start, match.end(), PriceRange(low, high)
        if f"{kind}_before" in patterns and (match := patterns[f"{kind}_before"].search(before)):
            return kind, number.start - len(before) + match.start(), number.end, PriceRange(low, high)
    return None


def _last_digit_value(value: Decimal) -> Decimal:
    """The unit of the last digit that is not 0: 10 for 一百二十, 100 for 三百."""
    digits = str(int(value))
    return Decimal(10) ** (len(digits) - len(digits.rstrip("0")))


def _total_quote(text: str, number: SpokenNumber, role: NumberRole) -> PriceQuote | None:
    """The price of several together: the total, or its share for one."""
    before = COUNT_BEFORE_TOTAL.search(text, max(0, number.start - 30), number.start)
    after = None if before else COUNT_AFTER_TOTAL.match(text, number.end)
    match = before or after
    if match is None or number.value < MIN_TOTAL or number.upper_bound is not None:
        return None
    count_text = next(group for group in match.groups() if group)
    count = int(count_text) if count_text.isdigit() else COUNT_VALUES[count_text]
    unit_price = number.value / count
    tolerance = max(unit_price * TOTAL_TOLERANCE, MIN_TOTAL_TOLERANCE)
    ranges = [PriceRange(number.value, number.value), PriceRange(unit_price - tolerance, unit_price + tolerance)]
    if count == 2 and HALF_PRICE.search(text):
        single = number.value / HALF_PRICE_PAIR_FACTOR
        ranges.append(PriceRange(single - tolerance, single + tolerance))
    start, end = (match.start(), number.end) if before else (number.start, match.end())
    return PriceQuote(tuple(ranges), start, end, role, is_exact=False)
