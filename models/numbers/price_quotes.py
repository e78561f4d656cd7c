"""What hosts say that things cost: exactly, about (一百七不到), and for several at once (两瓶三百三)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.numbers.number_roles import Use, use_of
from models.numbers.spoken_numbers import SpokenNumber, numbers_in

ONE = Decimal(1)
LOW_BELOW = Decimal("0.88")  # 不到一百七: hosts round up to the next handsome number, no further
HIGH_ABOVE = Decimal("1.15")  # 一百出头
AROUND = Decimal("0.08")  # 两百左右
ODD = Decimal("0.2")  # 三百来块: from a little below to a fifth above
TOTAL_OFF = Decimal("0.012")  # 两瓶三百三 for 164.9 each
LEAST_OFF = Decimal("0.02")  # minor units that a total is rounded by, for one
SMALLEST_ABOUT, LARGEST_ABOUT = 10, 10**7
SMALLEST_TOTAL = 5

BELOW_AFTER = re.compile(
    r"(?:块|元|块钱)?(?:都|还)?(?:不到|以内|以下|不足|没到)|(?: (?:dollars|bucks))? (?:or less|and under|tops)\b"
)
BELOW_BEFORE = re.compile(
    r"(?:不到|不足|低于|没到|少于|不超过)$|\b(?:under|less than|below|not even|cheaper than|just shy of)(?: an?)? ?\$?$"
)
ABOVE_AFTER = re.compile(r"(?:块|元)?(?:出头|挂零)|(?: (?:dollars|bucks))?(?: and)? change\b")
ABOVE_BEFORE = re.compile(r"\b(?:just|barely|a (?:hair|bit|little)) (?:over|above) ?\$?$")
SOME_AFTER = re.compile(r"(?:多|几)(?=块|元|[,，。.!！?？\s]|$)|(?:块|元)多|[ -](?:something|odd)\b| and something\b")
ODD_AFTER = re.compile(r"来(?:块|元|钱)|块来钱|把块")
AROUND_AFTER = re.compile(r"(?:块|元|块钱)?(?:左右|上下)|(?: (?:dollars|bucks))? (?:or so|ish|give or take)\b|-?ish\b")
AROUND_BEFORE = re.compile(
    r"(?:大概|差不多|将近|约|大约|接近)(?:是|也就)?$|\b(?:around|about|roughly|almost|nearly|close to|like) ?\$?$"
)

COUNT = "([二两俩三仨四五六七八九十]|[2-9]|1[0-2])"
COUNT_WORD = "(two|three|four|five|six|ten|twelve|[2-9]|1[02]|a pair)"
MEASURE = "(?:个|件|瓶|盒|套|条|双|包|支|只|袋|罐|份|片装?|张|组|箱|台|本|杯|管|桶|对|提|枚|床|把|根|斤)"
TOGETHER = "(?:装|一起|加起来|一共|总共|合起来|才|就|也就|是|卖|到手|只|要)*[,，]?"
THINGS = "(?: (?:of (?:them|these|those|em|'em)|bottles|packs|boxes|pairs|bags|jars|tubes|sets|pieces|cans))?"
TIMES = "(?! (?:days|weeks|months|years|hours|minutes|of you))"
BEFORE_TOTAL = re.compile(
    rf"{COUNT}{MEASURE}{TOGETHER}$|(俩|仨){TOGETHER}$"
    rf"|\b{COUNT_WORD}{THINGS}(?: is| are|'s| come to| comes to)? (?:for|at)(?: just| only)? ?\$?$"
)
HALF_PRICE = re.compile(rf"第二{MEASURE}半价|\bsecond (?:one )?(?:is |at )?half (?:price|off)\b")
SECOND_AT_HALF = Decimal("1.5")  # singles that two of them cost
AFTER_TOTAL = re.compile(
    rf"(?:块钱?|元)?{COUNT}{MEASURE}(?![起减折送])|(?: (?:dollars|bucks))? for {COUNT_WORD}\b{TIMES}"
)
COUNTS = {sign: value for value, sign in enumerate("二三四五六七八九十", start=2)} | {
    "两": 2, "俩": 2, "仨": 3, "two": 2, "a pair": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "ten": 10, "twelve": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Range:
    """Prices from `low` to `high`, both included."""

    low: Decimal
    high: Decimal

    def holds(self, price: Decimal) -> bool:
        """Whether a price lies in it."""
        return self.low <= price <= self.high


@dataclass(frozen=True, slots=True)
class PriceQuote:
    """Something said at text[start:end] to cost what one of `ranges` holds; `use`: what the words around say of it."""

    ranges: tuple[Range, ...]
    start: int
    end: int
    use: Use
    is_exact: bool


def quotes_in(text: str, numbers: Sequence[SpokenNumber]) -> Iterator[PriceQuote]:
    """The prices among `numbers`, which were found in `text` (folded); what counts or measures is none."""
    taken = 0
    for number in numbers:
        use = use_of(text, number)
        if number.start < taken or use in ("counted", "money off"):
            continue
        quote = _about(text, number, use) or _total(text, number, use) or _exact(number, use)
        taken = quote.end
        yield quote


def prices_in(text: str) -> tuple[PriceQuote, ...]:
    """The prices said in `text` (folded)."""
    return tuple(quotes_in(text, numbers_in(text)))


def _exact(number: SpokenNumber, use: Use) -> PriceQuote:
    values = [number.value, *([number.other] if number.other is not None else [])]
    if number.upper is not None:
        return PriceQuote((Range(number.value, number.upper),), number.start, number.end, use, is_exact=False)
    return PriceQuote(tuple(Range(value, value) for value in values), number.start, number.end, use, is_exact=True)


def _about(text: str, number: SpokenNumber, use: Use) -> PriceQuote | None:
    """What is said with 不到, 出头, 多, 左右 and their like."""
    value = number.value
    if not SMALLEST_ABOUT <= value <= LARGEST_ABOUT or number.upper is not None or value != int(value):
        return None
    found = _range(text, number, value)
    if found is None:
        return None
    start, end, prices = found
    return PriceQuote((prices,), start, end, use, is_exact=False)


def _range(text: str, number: SpokenNumber, value: Decimal) -> tuple[int, int, Range] | None:
    before = text[max(0, number.start - 20) : number.start]
    for after, early, low, high in (
        (BELOW_AFTER, BELOW_BEFORE, value * LOW_BELOW, value),
        (ABOVE_AFTER, ABOVE_BEFORE, value, value * HIGH_ABOVE),
        (SOME_AFTER, None, value, value + _last_unit(value) - Decimal("0.01")),
        (ODD_AFTER, None, value * (ONE - AROUND), value * (ONE + ODD)),
        (AROUND_AFTER, AROUND_BEFORE, value * (ONE - AROUND), value * (ONE + AROUND)),
    ):
        if match := after.match(text, number.end):
            return number.start, match.end(), Range(low, high)
        if early and (match := early.search(before)):
            return number.start - len(before) + match.start(), number.end, Range(low, high)
    return None


def _last_unit(value: Decimal) -> Decimal:
    """The place of the last digit that is not 0: 10 for 一百二十, 100 for 三百."""
    digits = str(int(value))
    return Decimal(10) ** (len(digits) - len(digits.rstrip("0")))


def _total(text: str, number: SpokenNumber, use: Use) -> PriceQuote | None:
    """What several cost together: the price is the total, or its share."""
    before = BEFORE_TOTAL.search(text, max(0, number.start - 30), number.start)
    after = None if before else AFTER_TOTAL.match(text, number.end)
    match = before or after
    if match is None or number.value < SMALLEST_TOTAL or number.upper is not None:
        return None
    said = next(group for group in match.groups() if group)
    count = int(said) if said.isdigit() else COUNTS[said]
    share = number.value / count
    off = max(share * TOTAL_OFF, LEAST_OFF)
    ranges = [Range(number.value, number.value), Range(share - off, share + off)]
    if count == 2 and HALF_PRICE.search(text):
        single = number.value / SECOND_AT_HALF
        ranges.append(Range(single - off, single + off))
    start, end = (match.start(), number.end) if before else (number.start, match.end())
    return PriceQuote(tuple(ranges), start, end, use, is_exact=False)
