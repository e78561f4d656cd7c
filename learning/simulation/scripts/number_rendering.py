"""Numbers as a recogniser writes them: 一百二十九 becomes 129, twenty-four fifty becomes 24.50 or 2450."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.session import Language

SIGNS = "零一二三四五六七八九"
DIGITS = {numeral: value for value, numeral in enumerate(SIGNS)} | {"两": 2, "〇": 0}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
RUN = re.compile(
    "(?:[一二三四五六七八九两]?[十百千万]零?)+[一二三四五六七八九]?|(?<![块点元])[零〇一二三四五六七八九两]+"
)
COUNTED = re.compile("[号块元斤克折度岁码级毫厘米寸瓦升秒]")  # after these even a lone numeral is written in digits
LINK = "号"  # the only thing that a lone 一 is written in digits before: 这一块 is no number
WORDS = frozenset(
    ("一一", "一万", "十万", "两万", "百", "千", "万", "百万", "千万", "一百", "一千")
)  # stay as they are
ENGLISH_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ENGLISH = {word: value for value, word in enumerate(ENGLISH_SMALL)} | {
    word: 10 * value for value, word in enumerate(ENGLISH_TENS, start=2)
}
SCALES = {"hundred": 100, "thousand": 1000}


@dataclass(frozen=True, slots=True)
class Number:
    """A number said at text[start:end] (or words[start:end]), and how digits would write it."""

    start: int
    end: int
    digits: str


def chinese_numbers(text: str) -> Iterator[Number]:
    """The numbers of `text` that recognisers write in digits. Of two side by side, 268 and 1, only the first."""
    latest = -1
    for run in RUN.finditer(text):
        said = run.group()
        is_written = said not in WORDS and (len(said) > 1 or _is_counted(said, text[run.end() :][:1]))
        if is_written and run.start() != latest:
            yield Number(run.start(), run.end(), _digits(said))
            latest = run.end()


def _is_counted(numeral: str, following: str) -> bool:
    return following == LINK or (numeral != "一" and bool(COUNTED.match(following)))


def _digits(run: str) -> str:
    if all(numeral in DIGITS for numeral in run):
        return "".join(str(DIGITS[numeral]) for numeral in run)
    total, digit, unit = 0, 0, 1
    for numeral in run:
        if numeral in DIGITS:
            digit = DIGITS[numeral]
            unit = 1 if digit == 0 else unit
        elif numeral == "万":
            total, digit, unit = (total + digit) * 10000, 0, 10000
        else:
            unit = UNITS[numeral]
            total, digit = total + (digit or 1) * unit, 0
    return str(total + digit * (unit // 10 if unit >= 100 else 1))  # 两百三 is 230


def english_numbers(words: Sequence[str]) -> Iterator[Number]:
    """The numbers in `words` (lower case, no marks, hyphens taken apart); "twenty four fifty" is one of two parts."""
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and (words[end] in ENGLISH or (end > start and words[end] in SCALES)):
            end += 1
        if end > start:
            yield Number(start, end, _english_digits(words[start:end]))
        start = max(end, start + 1)


def _english_digits(words: Sequence[str]) -> str:
    parts: list[int] = []
    room = 0  # the next word of a part must be below it
    for word in words:
        if word in SCALES:
            parts[-1] *= SCALES[word]
            room = SCALES[word]
        elif 0 < ENGLISH[word] < room:
            parts[-1] += ENGLISH[word]
            room = 10 if word in ENGLISH_TENS else 0
        else:
            parts.append(ENGLISH[word])
            room = 10 if word in ENGLISH_TENS else 0
    return ".".join(map(str, parts)) if len(parts) == 2 and 10 <= parts[1] < 100 else "".join(map(str, parts))


def in_words(number: int, language: Language) -> str:
    """A number below 100 as hosts say it (13: 十三, "thirteen"); digits from 100."""
    if not 0 <= number < 100:
        return str(number)
    return _chinese_words(number) if language == "zh" else _english_words(number)


def _chinese_words(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return SIGNS[ones]
    return ("" if tens == 1 else SIGNS[tens]) + "十" + (SIGNS[ones] if ones else "")


def _english_words(number: int) -> str:
    if number < len(ENGLISH_SMALL):
        return ENGLISH_SMALL[number]
    tens, ones = divmod(number, 10)
    return ENGLISH_TENS[tens - 2] + (f" {ENGLISH_SMALL[ones]}" if ones else "")
