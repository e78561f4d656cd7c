"""Numbers as people say them: 九十九块九, 一百六十九, 两百三, 169.9, twenty four fifty."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from models.tokens import folded

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "俩": 2}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
NUMERALS = "零一二三四五六七八九两〇十百千万"  # 百, 千, 万 begin no number: 百搭, 千万, 万一
MEASURES = "个件瓶盒套条双包支只袋罐斤份片张组箱台本杯管颗粒桶块"  # 两百块一瓶 is 200 a bottle, not 200.1
SPOKEN = re.compile(rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|[{NUMERALS[:13]}][{NUMERALS}]*")
TAIL = re.compile(rf"(?:块|元)([{NUMERALS[:10]}0-9酒久])(?![十百千万0-9{MEASURES}])")  # 块九 is often heard as 块酒
MONEY_BEFORE = re.compile(r"[$¥]\s*$")
MONEY_AFTER = re.compile(r"[块元]|\s*(?:dollar|buck|pound|euro)")

ENGLISH_ONES = {
    name: value
    for value, name in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {"a": 1}  # a hundred; any other "a" is not a number (see ENGLISH_WORD)
ENGLISH_TENS = {
    name: 10 * value
    for value, name in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
ENGLISH_WORD = re.compile(r"a(?= (?:hundred|thousand)\b)|(?!a\b)[a-z]+|[^a-z\s-]")


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A number said at text[start:end]. `is_price` when words around it say money."""

    value: Decimal
    start: int
    end: int
    is_price: bool


def numbers_in(text: str) -> tuple[SpokenNumber, ...]:
    """Every number in `text`, Chinese or English, written in digits or in words, left to right."""
    even = folded(text)
    return tuple(sorted([*_in_signs(even), *_english(even)], key=lambda number: number.start))


def _in_signs(text: str) -> Iterator[SpokenNumber]:
    """Numbers in digits or Chinese numerals, with what follows 块."""
    read_to = 0
    for match in SPOKEN.finditer(text):
        if match.start() < read_to:  # the 九 after 块 was read with its price
            continue
        said = match.group().replace(",", "")
        value = Decimal(said) if said[0].isascii() else _numeral(said)
        tail = TAIL.match(text, match.end())
        end = tail.end() if tail else match.end()
        if tail:
            tenths = tail.group(1)
            value += Decimal(int(tenths) if tenths.isdigit() else DIGITS.get(tenths, 9)) / 10
        read_to = end
        is_price = bool(
            tail or MONEY_AFTER.match(text, end) or MONEY_BEFORE.search(text, max(0, match.start() - 4), match.start())
        )
        yield SpokenNumber(value, match.start(), end, is_price)


def _numeral(word: str) -> Decimal:
    """The value of a Chinese numeral; a last digit without its unit counts tenths of the unit before: 两百三 is 230."""
    if all(char in DIGITS for char in word):
        return Decimal("".join(str(DIGITS[char]) for char in word))
    total, section, digit, unit = 0, 0, None, 1
    for char in word:
        if char in DIGITS:
            digit, unit = DIGITS[char], (1 if char in "零〇" else unit)
        elif char == "万":
            total, section, digit, unit = (total + section + (digit or 0)) * 10000, 0, None, 10000
        else:
            unit = UNITS[char]
            section += (1 if digit is None else digit) * unit
            digit = None
    if digit is not None:
        section += digit * (unit // 10 if unit >= 100 else 1)
    return Decimal(total + section)


def _english(text: str) -> Iterator[SpokenNumber]:
    """Runs of English number words: "twenty four fifty" is 24.50, "a hundred and five" is 105."""
    run: list[re.Match[str]] = []
    for match in [*ENGLISH_WORD.finditer(text), None]:
        if match is not None and _continues(match.group(), bool(run)):
            run.append(match)
            continue
        while run and run[-1].group() in ("and", "a", "point"):
            run.pop()
        value = _english_value([part.group() for part in run])
        if value is not None:
            is_price = bool(MONEY_AFTER.match(text, run[-1].end())) or value != int(value)
            yield SpokenNumber(value, run[0].start(), run[-1].end(), is_price)
        run = [match] if match is not None and _continues(match.group(), False) else []


def _continues(word: str, is_inside: bool) -> bool:
    return word in ENGLISH_ONES or word in ENGLISH_TENS or (is_inside and word in ("hundred", "thousand", "and"))


def _english_value(words: list[str]) -> Decimal | None:
    groups = [_english_integer(group) for group in _groups(words)]
    if len(groups) == 1:
        return Decimal(groups[0])
    if len(groups) == 2 and 10 <= groups[1] < 100:
        return Decimal(groups[0]) + Decimal(groups[1]) / 100
    return None


def _groups(words: list[str]) -> list[list[str]]:
    """One for each number: "twenty four | fifty". A new one begins where a word can't continue the last."""
    groups: list[list[str]] = []
    room = 0  # the next word of the group must be below it
    for word in words:
        if word in ("hundred", "thousand"):
            groups[-1].append(word)
            room = 100 if word == "hundred" else 1000
        elif word != "and":
            value = ENGLISH_ONES.get(word, ENGLISH_TENS.get(word, 0))
            if 0 < value < room:
                groups[-1].append(word)
            else:
                groups.append([word])
            room = 10 if word in ENGLISH_TENS else 0
    return groups


def _english_integer(words: list[str]) -> int:
    total = section = 0
    for word in words:
        if word == "thousand":
            total, section = total + max(1, section) * 1000, 0
        elif word == "hundred":
            section = max(1, section) * 100
        else:
            section += ENGLISH_ONES.get(word, ENGLISH_TENS.get(word, 0))
    return total + section
