"""Chinese numerals: 一百六十九 is 169, 两百三 is 230, 一六九 is 169, 三十九九 is 39.9, 一百九十九一套 is 199."""

from dataclasses import dataclass
from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "幺": 1}
UNIT_VALUES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
NUMERALS = "".join((*DIGITS, *UNIT_VALUES))
NUMBER_STARTS = "".join((*DIGITS, "十"))  # 百, 千, 万 begin no number: 百搭, 千万, 万一
MEASURE_WORDS = "个件瓶盒套条双包支只袋罐斤份片张组箱台本杯管颗粒桶块对单提枚床把根"
"""What is counted after a price: 两百块一瓶 is 200 a bottle, not 200.1."""


@dataclass(frozen=True, slots=True)
class ChineseNumeral:
    """The first number of a run of numerals, `length` characters long. `low` and `high` differ for 三四百 only."""

    low: Decimal
    high: Decimal
    length: int


def parse_first_numeral(run: str, following: str = "") -> ChineseNumeral:
    """The number that `run` (of NUMERALS, not empty) begins with. `following`: the character after the run."""
    digit_count = _leading_digit_count(run)
    if digit_count > 1 and not _is_unit(run, digit_count):
        value = Decimal("".join(str(DIGITS[char]) for char in run[:digit_count]))
        return ChineseNumeral(value, value, digit_count)
    if digit_count == 2 and DIGITS[run[1]] == DIGITS[run[0]] + 1:  # 三四百, 七八十
        rest = _parse_with_units(run[1:], following)
        unit = UNIT_VALUES[run[2]]
        if rest.length == 2:
            return ChineseNumeral(Decimal(DIGITS[run[0]] * unit), Decimal(DIGITS[run[1]] * unit), 3)
    if digit_count > 1:  # 九 and 六十 side by side
        value = Decimal("".join(str(DIGITS[char]) for char in run[: digit_count - 1]))
        return ChineseNumeral(value, value, digit_count - 1)
    return _parse_with_units(run, following)


def _leading_digit_count(run: str) -> int:
    """The number of digits before the first unit."""
    return next((i for i, char in enumerate(run) if char not in DIGITS), len(run))


def _is_unit(run: str, index: int) -> bool:
    return index < len(run) and run[index] in UNIT_VALUES


def _parse_with_units(run: str, following: str) -> ChineseNumeral:
    """Digits with falling units; a last digit without one counts tenths of the unit before: 两百三 is 230."""
    total = section = 0
    last, index, has_zero = 100000, 0, False
    while index < len(run):
        char = run[index]
        if char in "零〇" and index:
            has_zero, index = True, index + 1
            continue
        has_digit = char in DIGITS
        unit = UNIT_VALUES.get(run[index + has_digit : index + has_digit + 1], 0)
        if unit == 0 or (unit >= last and unit != 10000) or (not has_digit and unit < 10000 and index):
            break
        if unit == 10000:
            if total:
                break
            section += DIGITS[char] if has_digit else 0
            total, section = section * 10000, 0
        else:
            section += (DIGITS[char] if has_digit else 1) * unit
        last, index, has_zero = unit, index + has_digit + 1, False
    tail, index = _parse_last_digit(run, following, index, 1 if has_zero or index == 0 else last)
    index = len(run[:index].rstrip("零〇")) or index
    value = Decimal(total + section) + tail
    return ChineseNumeral(value, value, max(1, index))


def _parse_last_digit(run: str, following: str, index: int, unit: int) -> tuple[Decimal, int]:
    """What the digits after the last unit add, and where they end."""
    after = f"{run[index + 1 :]}{following}"[:1]
    if index >= len(run) or run[index] not in DIGITS:
        return Decimal(0), index
    if _is_unit(run, index + 1) or (unit >= 100 and run[index] in "一两" and _is_counted(after)):
        return Decimal(0), index  # 九十九 and 两百 side by side; 两百 and 一套
    value = Decimal(DIGITS[run[index]])
    if unit >= 100:
        return value * (unit // 10), index + 1
    tenths = _parse_tenths(run, following, index + 1)
    return value + Decimal(tenths) / 10, index + 1 + bool(tenths)


def _is_counted(following: str) -> bool:
    return following != "块" and following != "" and following in MEASURE_WORDS


def _parse_tenths(run: str, following: str, index: int) -> int:
    """三十九九: the last of two digits after tens, where it counts nothing else; 三十二三 is about as many."""
    is_last = index == len(run) - 1 and index >= 3 and run[index] in DIGITS
    if not is_last or (following and following in MEASURE_WORDS) or DIGITS[run[index]] == DIGITS[run[index - 1]] + 1:
        return 0
    return DIGITS[run[index]]
