"""Numbers as people say them: 九十九块九, 一百六十九, 两百三, 169.9, twenty four fifty."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "俩": 2}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
NUMERALS = "零一二三四五六七八九两〇十百千万"
SPOKEN = re.compile(rf"\d+(?:\.\d+)?|[{NUMERALS}]+")
TAIL = re.compile(rf"(?:块|元)([{NUMERALS[:10]}\d酒久])(?![{NUMERALS}\d])")  # 块九 is often heard as 块酒

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
    return tuple(sorted([*_chinese(text), *_english(text.lower())], key=lambda number: number.start))


def _chinese(text: str) -> Iterator[SpokenNumber]:
    read_to = 0
    for match in SPOKEN.finditer(text):
        if match.start() < read_to:  # the 九 after 块 was read with its price
            continue
        value = Decimal(match.group()) if match.group()[0].isascii() else _numeral(match.group())
        tail = TAIL.match(text, match.end())
        end = tail.end() if tail else match.end()
        if tail:
            tenths = tail.group(1)
            value += Decimal(int(tenths) if tenths.isdigit() else DIGITS.get(tenths, 9)) / 10
        read_to = end
        is_price = tail is not None or text[end : end + 1] in ("块", "元") or text[: match.start()].endswith(("$", "¥"))
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
            after = text[run[-1].end() :].lstrip()
            is_price = after.startswith(("dollar", "buck", "pound", "euro")) or value != int(value)
            yield SpokenNumber(value, run[0].start(), run[-1].end(), is_price)
        run = [match] if match is not None and _continues(match.group(), False) else []


def _continues(word: str, is_inside: bool) -> bool:
    return word in ENGLISH_ONES or word in ENGLISH_TENS or (is_inside and word in ("hundred", "thousand", "and"))


def _english_value(words: list[str]) -> Decimal | None:
    groups: list[int] = []  # "twenty four | fifty": a new group begins where a word can't continue the number
    last = 0
    for word in words:
        if word == "and":
            continue
        if word in ("hundred", "thousand"):
            groups[-1] *= 100 if word == "hundred" else 1000
            last = 1000
        else:
            value = ENGLISH_ONES.get(word, ENGLISH_TENS.get(word, 0))
            fits = groups and (last >= 100 or (20 <= last < 100 and 0 < value < 10))
            if fits:
                groups[-1] += value
            else:
                groups.append(value)
            last = value
    if len(groups) == 1:
        return Decimal(groups[0])
    if len(groups) == 2 and 10 <= groups[1] < 100:
        return Decimal(groups[0]) + Decimal(groups[1]) / 100
    return None
