"""Chinese numerals: 一百六十九 is 169, 两百三 is 230, 一六九 is 169, 三十九九 is 39.9, 一百九十九一套 is 199."""

from dataclasses import dataclass
from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "幺": 1}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
NUMERALS = "".join((*DIGITS, *UNITS))
BEGINNINGS = "".join((*DIGITS, "十"))  # 百, 千, 万 begin no number: 百搭, 千万, 万一
MEASURES = "个件瓶盒套条双包支只袋罐斤份片张组箱台本杯管颗粒桶块对单提枚床把根"
"""What is counted after a price: 两百块一瓶 is 200 a bottle, not 200.1."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """The first number of a run of numerals: from `low` to `high` (one but for 三四百), `length` characters."""

    low: Decimal
    high: Decimal
    length: int


def first_numeral(run: str, following: str = "") -> Numeral:
    """The number that `run` (of NUMERALS, not empty) begins with. `following`: the character after the run."""
    spelt = _spelt(run)
    if spelt > 1 and not _is_unit(run, spelt):
        value = Decimal("".join(str(DIGITS[char]) for char in run[:spelt]))
        return Numeral(value, value, spelt)
    if spelt == 2 and DIGITS[run[1]] == DIGITS[run[0]] + 1:  # 三四百, 七八十
        rest = _structured(run[1:], following)
        unit = UNITS[run[2]]
        if rest.length == 2:
            return Numeral(Decimal(DIGITS[run[0]] * unit), Decimal(DIGITS[run[1]] * unit), 3)
    if spelt > 1:  # 九 and 六十 side by side
        value = Decimal("".join(str(DIGITS[char]) for char in run[: spelt - 1]))
        return Numeral(value, value, spelt - 1)
    return _structured(run, following)


def _spelt(run: str) -> int:
    """How many numerals it begins with that are no units."""
    return next((i for i, char in enumerate(run) if char not in DIGITS), len(run))


def _is_unit(run: str, place: int) -> bool:
    return place < len(run) and run[place] in UNITS


def _structured(run: str, following: str) -> Numeral:
    """Digits with units that fall: a last digit without one counts tenths of the unit before, 两百三 is 230."""
    total = section = 0
    last, place, has_gap = 100000, 0, False
    while place < len(run):
        char = run[place]
        if char in "零〇" and place:
            has_gap, place = True, place + 1
            continue
        has_digit = char in DIGITS
        unit = UNITS.get(run[place + has_digit : place + has_digit + 1], 0)
        if unit == 0 or (unit >= last and unit != 10000) or (not has_digit and unit < 10000 and place):
            break
        if unit == 10000:
            if total:
                break
            section += DIGITS[char] if has_digit else 0
            total, section = section * 10000, 0
        else:
            section += (DIGITS[char] if has_digit else 1) * unit
        last, place, has_gap = unit, place + has_digit + 1, False
    tail, place = _last_digit(run, following, place, 1 if has_gap or place == 0 else last)
    place = len(run[:place].rstrip("零〇")) or place
    value = Decimal(total + section) + tail
    return Numeral(value, value, max(1, place))


def _last_digit(run: str, following: str, place: int, unit: int) -> tuple[Decimal, int]:
    """What the digits after the last unit add, and where they end."""
    after = f"{run[place + 1 :]}{following}"[:1]
    if place >= len(run) or run[place] not in DIGITS:
        return Decimal(0), place
    if _is_unit(run, place + 1) or (unit >= 100 and run[place] in "一两" and _is_counted(after)):
        return Decimal(0), place  # 九十九 and 两百 side by side; 两百 and 一套
    value = Decimal(DIGITS[run[place]])
    if unit >= 100:
        return value * (unit // 10), place + 1
    tenths = _tenths(run, following, place + 1)
    return value + Decimal(tenths) / 10, place + 1 + bool(tenths)


def _is_counted(following: str) -> bool:
    return following != "块" and following != "" and following in MEASURES


def _tenths(run: str, following: str, place: int) -> int:
    """三十九九: the last of two digits after tens, where it counts nothing else; 三十二三 is about as many."""
    is_last = place == len(run) - 1 and place >= 3 and run[place] in DIGITS
    if not is_last or (following and following in MEASURES) or DIGITS[run[place]] == DIGITS[run[place - 1]] + 1:
        return 0
    return DIGITS[run[place]]
