"""Numbers as people say them: 九十九块九, 一百六十九, 两百三, 169.9, twenty four fifty, a buck fifty."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from models.numbers.chinese_numerals import BEGINNINGS, DIGITS, MEASURES, NUMERALS, UNITS, first_numeral
from models.numbers.english_numerals import phrases_in
from models.text.phonetic_tokens import folded

IN_DIGITS = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?(?:[百千万](?:[1-9一二三四五六七八九](?![0-9十百千]))?)?"
)
IN_NUMERALS = re.compile(rf"[{BEGINNINGS}][{NUMERALS}]*")
NUMBER = re.compile(f"(?:{IN_DIGITS.pattern})|(?:{IN_NUMERALS.pattern})")
DIGIT = f"[{''.join(DIGITS)}0-9]"
NO_TAIL = rf"(?![十百千万0-9{MEASURES}])"
TAIL = re.compile(
    rf"(?:(?:块|元|圆)(?:([0-9]{{2}})(?![0-9])|(?:零|0)({DIGIT})|([酒久]|{DIGIT})(?:毛|角)?(?:({DIGIT})(?:分)?)?)"
    rf"|[快筷]({DIGIT}|[酒久])){NO_TAIL}"
)
POINT = re.compile(rf"点({DIGIT}{{1,3}})(?![十百千万分刻]|{DIGIT})")
MAO = re.compile(r"[毛角](?![巾衣线孔囊刷利病衫绒呢茸料坯落])(?=钱|$|[\W\s]|[一每])")
SMALL_CHANGE = re.compile(rf"(?<![0-9{NUMERALS}几多来一])块([一二三四五六七八九])毛(?:钱)?")
MONEY_BEFORE = re.compile(r"[$¥£€]\s*$")
MONEY_AFTER = re.compile(
    r"块(?!头)|[元圆]|[快筷](?=钱)|\s*-?(?:dollar|buck|pound sterling|quid|euro)|\s*(?:usd|rmb|yuan)\b"
)
CENTS = re.compile(r"\s*(?:dollars?|bucks?)(?:,? and)? ")
AND_CENTS = re.compile(r"\s*(?:¢|cents?\b)")
A_BUCK = re.compile(r"\ba (?:buck|dollar)\b(?! (?:a|off|store|tree|general))")


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A number said at text[start:end]. `is_price` when words around it say money.

    `other`: what else the words may mean, 999 for "nine ninety nine". `upper`: 400 for 三四百, else `value`.
    """

    value: Decimal
    start: int
    end: int
    is_price: bool
    other: Decimal | None = None
    upper: Decimal | None = None


def numbers_in(text: str) -> tuple[SpokenNumber, ...]:
    """Every number in `text`, Chinese or English, written in digits or in words, left to right."""
    even = folded(text)
    found = sorted([*_in_signs(even), *_english(even), *_small_change(even)], key=lambda number: number.start)
    return tuple(_with_cents(even, found))


def _in_signs(text: str) -> Iterator[SpokenNumber]:
    """Numbers in digits or Chinese numerals, with what follows 块 or 点."""
    place = 0
    while match := NUMBER.search(text, place):
        low, high, end = _read(text, match)
        tail = TAIL.match(text, end) or (POINT.match(text, end) if low == int(low) else None)
        added = _added(tail) if tail else Decimal(0)
        place = tail.end() if tail else end
        is_money = bool(tail and tail.re is TAIL) or _is_money(text, match.start(), place)
        if not tail and low < 10 and MAO.match(text, place):
            low, high, is_money, place = low / 10, high / 10, True, place + 1
        upper = high + added if high > low else None
        yield SpokenNumber(low + added, match.start(), place, is_money, upper=upper)


def _read(text: str, match: re.Match[str]) -> tuple[Decimal, Decimal, int]:
    """The least and the most that the number at `match` says, and where it ends."""
    said = match.group()
    if not said[0].isascii():
        numeral = first_numeral(said, text[match.end() : match.end() + 1])
        return numeral.low, numeral.high, match.start() + numeral.length
    digits = re.sub(r"[^0-9.]", "", said.rstrip("一二三四五六七八九"))
    unit = next((UNITS[char] for char in said if char in UNITS), 0)
    if not unit:
        return Decimal(digits), Decimal(digits), match.end()
    head, _, last = re.split("([百千万])", said.replace(",", ""), maxsplit=1)
    tenths = int(last) if last.isascii() and last else DIGITS.get(last, 0)
    value = Decimal(head) * unit + tenths * unit / Decimal(10)
    return value, value, match.end()


def _added(tail: re.Match[str]) -> Decimal:
    """What the digits after 块 or 点 add."""
    if tail.re is POINT:
        return Decimal("0." + "".join(map(_digit, tail[1])))
    hundredths, ones, tenths, after_tenths, misheard = tail.groups()
    if hundredths:
        return Decimal(f"0.{hundredths}")
    if ones:
        return Decimal(f"0.0{_digit(ones)}")
    return Decimal(f"0.{_digit(tenths or misheard)}{_digit(after_tenths) if after_tenths else ''}")


def _digit(sign: str) -> str:
    return sign if sign.isascii() else str(DIGITS.get(sign, 9))  # 块九 is often heard as 块酒


def _small_change(text: str) -> Iterator[SpokenNumber]:
    """块八毛, one and eight tenths; a buck."""
    for match in SMALL_CHANGE.finditer(text):
        yield SpokenNumber(1 + Decimal(DIGITS[match[1]]) / 10, match.start(), match.end(), is_price=True)
    for match in A_BUCK.finditer(text):
        yield SpokenNumber(Decimal(1), match.start(), match.end(), is_price=True)


def _english(text: str) -> Iterator[SpokenNumber]:
    for phrase in phrases_in(text):
        is_price = _is_money(text, phrase.start, phrase.end) or phrase.other is not None
        is_price = is_price or text.endswith("grand", 0, phrase.end)
        yield SpokenNumber(phrase.value, phrase.start, phrase.end, is_price, phrase.other)


def _is_money(text: str, start: int, end: int) -> bool:
    return bool(MONEY_AFTER.match(text, end) or MONEY_BEFORE.search(text, max(0, start - 4), start))


def _with_cents(text: str, numbers: list[SpokenNumber]) -> Iterator[SpokenNumber]:
    """Twenty four dollars and fifty cents, and a buck fifty, are one number each."""
    place = 0
    while place < len(numbers):
        number = numbers[place]
        after = numbers[place + 1] if place + 1 < len(numbers) else None
        is_buck = bool(A_BUCK.fullmatch(text, number.start, number.end))
        if after and _are_cents(text, number, after, is_buck=is_buck):
            yield SpokenNumber(number.value + after.value / 100, number.start, after.end, is_price=True)
            place += 1
        elif not is_buck and not _is_inside(number, numbers[:place]):
            yield number
        place += 1


def _are_cents(text: str, number: SpokenNumber, cents: SpokenNumber, *, is_buck: bool) -> bool:
    between = text[number.end : cents.start]
    if not (10 <= cents.value < 100 and cents.value == int(cents.value) and number.value == int(number.value)):
        return False
    if is_buck:
        return between == " "
    return bool(CENTS.fullmatch(between) and AND_CENTS.match(text, cents.end))


def _is_inside(number: SpokenNumber, others: list[SpokenNumber]) -> bool:
    return any(other.start <= number.start < other.end for other in others[-2:])
