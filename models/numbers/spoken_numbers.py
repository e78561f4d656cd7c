"""Numbers as people say them: 九十九块九, 一百六十九, 两百三, 169.9, twenty four fifty, a buck fifty."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from models.numbers.chinese_numerals import (
    DIGITS,
    MEASURE_WORDS,
    NUMBER_STARTS,
    NUMERALS,
    UNIT_VALUES,
    parse_first_numeral,
)
from models.numbers.english_numerals import find_number_phrases
from models.text.phonetic_tokens import fold_text

DIGIT_NUMBER = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?(?:[百千万](?:[1-9一二三四五六七八九](?![0-9十百千]))?)?"
)
NUMERAL_NUMBER = re.compile(rf"[{NUMBER_STARTS}][{NUMERALS}]*")
NUMBER = re.compile(f"(?:{DIGIT_NUMBER.pattern})|(?:{NUMERAL_NUMBER.pattern})")
DIGIT = f"[{''.join(DIGITS)}0-9]"
NOT_A_UNIT = rf"(?![十百千万0-9{MEASURE_WORDS}])"
DECIMAL_TAIL = re.compile(
    rf"(?:(?:块|元|圆)(?:([0-9]{{2}})(?![0-9])|(?:零|0)({DIGIT})|([酒久]|{DIGIT})(?:毛|角)?(?:({DIGIT})(?:分)?)?)"
    rf"|[快筷]({DIGIT}|[酒久])){NOT_A_UNIT}"
)
DECIMAL_POINT = re.compile(rf"点({DIGIT}{{1,3}})(?![十百千万分刻]|{DIGIT})")
TENTHS_UNIT = re.compile(r"[毛角](?![巾衣线孔囊刷利病衫绒呢茸料坯落])(?=钱|$|[\W\s]|[一每])")
SMALL_CHANGE = re.compile(rf"(?<![0-9{NUMERALS}几多来一])块([一二三四五六七八九])毛(?:钱)?")
MONEY_BEFORE = re.compile(r"[$¥£€]\s*$")
MONEY_AFTER = re.compile(
    r"块(?!头)|[元圆]|[快筷](?=钱)|\s*-?(?:dollar|buck|pound sterling|quid|euro)|\s*(?:usd|rmb|yuan)\b"
)
BEFORE_CENTS = re.compile(r"\s*(?:dollars?|bucks?)(?:,? and)? ")
CENTS_UNIT = re.compile(r"\s*(?:¢|cents?\b)")
ONE_DOLLAR = re.compile(r"\ba (?:buck|dollar)\b(?! (?:a|off|store|tree|general))")


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A number said at text[start:end]. `is_price`: words around it make it money.

    `alternative`: what else the words may mean, 999 for "nine ninety nine".
    `upper_bound`: 400 for 三四百, else `value`.
    """

    value: Decimal
    start: int
    end: int
    is_price: bool
    alternative: Decimal | None = None
    upper_bound: Decimal | None = None


def find_numbers(text: str) -> tuple[SpokenNumber, ...]:
    """Every number in `text`, Chinese or English, written in digits or in words, left to right."""
    normalized = fold_text(text)
    candidates = sorted(
        [*_numbers_in_digits(normalized), *_english_numbers(normalized), *_small_change(normalized)],
        key=lambda number: number.start,
    )
    return tuple(_merge_cents(normalized, candidates))


def _numbers_in_digits(text: str) -> Iterator[SpokenNumber]:
    """Numbers in digits or Chinese numerals, with what follows 块 or 点."""
    position = 0
    while match := NUMBER.search(text, position):
        low, high, end = _parse_number(text, match)
        tail = DECIMAL_TAIL.match(text, end) or (DECIMAL_POINT.match(text, end) if low == int(low) else None)
        fraction = _parse_fraction(tail) if tail else Decimal(0)
        position = tail.end() if tail else end
        is_money = bool(tail and tail.re is DECIMAL_TAIL) or _is_money(text, match.start(), position)
        if not tail and low < 10 and TENTHS_UNIT.match(text, position):
            low, high, is_money, position = low / 10, high / 10, True, position + 1
        upper_bound = high + fraction if high > low else None
        yield SpokenNumber(low + fraction, match.start(), position, is_money, upper_bound=upper_bound)


def _parse_number(text: str, match: re.Match[str]) -> tuple[Decimal, Decimal, int]:
    """The lowest and highest value of the number at `match`, and where it ends."""
    matched_text = match.group()
    if not matched_text[0].isascii():
        numeral = parse_first_numeral(matched_text, text[match.end() : match.end() + 1])
        return numeral.low, numeral.high, match.start() + numeral.length
    digits = re.sub(r"[^0-9.]", "", matched_text.rstrip("一二三四五六七八九"))
    unit = next((UNIT_VALUES[char] for char in matched_text if char in UNIT_VALUES), 0)
    if not unit:
        return Decimal(digits), Decimal(digits), match.end()
    head, _, last = re.split("([百千万])", matched_text.replace(",", ""), maxsplit=1)
    tenths = int(last) if last.isascii() and last else DIGITS.get(last, 0)
    value = Decimal(head) * unit + tenths * unit / Decimal(10)
    return value, value, match.end()


def _parse_fraction(tail: re.Match[str]) -> Decimal:
    """What the digits after 块 or 点 add."""
    if tail.re is DECIMAL_POINT:
        return Decimal("0." + "".join(map(_to_digit, tail[1])))
    hundredths, ones, tenths, after_tenths, misheard = tail.groups()
    if hundredths:
        return Decimal(f"0.{hundredths}")
    if ones:
        return Decimal(f"0.0{_to_digit(ones)}")
    return Decimal(f"0.{_to_digit(tenths or misheard)}{_to_digit(after_tenths) if after_tenths else ''}")


def _to_digit(sign: str) -> str:
    return sign if sign.isascii() else str(DIGITS.get(sign, 9))  # 块九 is often heard as 块酒


def _small_change(text: str) -> Iterator[SpokenNumber]:
    """块八毛, one and eight tenths; a buck."""
    for match in SMALL_CHANGE.finditer(text):
        yield SpokenNumber(1 + Decimal(DIGITS[match[1]]) / 10, match.start(), match.end(), is_price=True)
    for match in ONE_DOLLAR.finditer(text):
        yield SpokenNumber(Decimal(1), match.start(), match.end(), is_price=True)


def _english_numbers(text: str) -> Iterator[SpokenNumber]:
    for phrase in find_number_phrases(text):
        is_price = _is_money(text, phrase.start, phrase.end) or phrase.alternative is not None
        is_price = is_price or text.endswith("grand", 0, phrase.end)
        yield SpokenNumber(phrase.value, phrase.start, phrase.end, is_price, phrase.alternative)


def _is_money(text: str, start: int, end: int) -> bool:
    return bool(MONEY_AFTER.match(text, end) or MONEY_BEFORE.search(text, max(0, start - 4), start))


def _merge_cents(text: str, numbers: list[SpokenNumber]) -> Iterator[SpokenNumber]:
    """Twenty four dollars and fifty cents, and a buck fifty, are one number each."""
    index = 0
    while index < len(numbers):
        number = numbers[index]
        next_number = numbers[index + 1] if index + 1 < len(numbers) else None
        is_buck = bool(ONE_DOLLAR.fullmatch(text, number.start, number.end))
        if next_number and _is_dollars_and_cents(text, number, next_number, is_buck=is_buck):
            yield SpokenNumber(number.value + next_number.value / 100, number.start, next_number.end, is_price=True)
            index += 1
        elif not is_buck and not _is_nested(number, numbers[:index]):
            yield number
        index += 1


def _is_dollars_and_cents(text: str, number: SpokenNumber, cents: SpokenNumber, *, is_buck: bool) -> bool:
    between = text[number.end : cents.start]
    if not (10 <= cents.value < 100 and cents.value == int(cents.value) and number.value == int(number.value)):
        return False
    if is_buck:
        return between == " "
    return bool(BEFORE_CENTS.fullmatch(between) and CENTS_UNIT.match(text, cents.end))


def _is_nested(number: SpokenNumber, others: list[SpokenNumber]) -> bool:
    return any(other.start <= number.start < other.end for other in others[-2:])
