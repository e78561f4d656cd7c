"""Numbers as recognisers write them: 一百二十九 becomes 129, twenty-four fifty becomes 24.50 or 2450."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.session import Language

CHINESE_DIGITS = "零一二三四五六七八九"
CHINESE_DIGIT_VALUES = {numeral: value for value, numeral in enumerate(CHINESE_DIGITS)} | {"两": 2, "〇": 0}
CHINESE_UNIT_VALUES = {"十": 10, "百": 100, "千": 1000, "万": 10000}
CHINESE_NUMBER_PATTERN = re.compile(
    "(?:[一二三四五六七八九两]?[十百千万]零?)+[一二三四五六七八九]?|(?<![块点元])[零〇一二三四五六七八九两]+"
)
MEASURE_WORD_PATTERN = re.compile("[号块元斤克折度岁码级毫厘米寸瓦升秒]")
"""Before these, a single numeral is written in digits, too."""

LINK_MEASURE_WORD = "号"  # a single 一 is written in digits before this only: 这一块 is no number
KEPT_AS_WORDS = frozenset(("一一", "一万", "十万", "两万", "百", "千", "万", "百万", "千万", "一百", "一千"))
"""Never written in digits."""

ENGLISH_BELOW_TWENTY = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ENGLISH_NUMBER_VALUES = {word: value for value, word in enumerate(ENGLISH_BELOW_TWENTY)} | {
    word: 10 * value for value, word in enumerate(ENGLISH_TENS, start=2)
}
ENGLISH_SCALE_VALUES = {"hundred": 100, "thousand": 1000}


@dataclass(frozen=True, slots=True)
class RenderedNumber:
    """A number at text[start:end] (or words[start:end]), and its digits."""

    start: int
    end: int
    digits: str


def find_chinese_numbers(text: str) -> Iterator[RenderedNumber]:
    """The numbers of `text` that recognisers write in digits. Of two side by side only the first."""
    last_end = -1
    for match in CHINESE_NUMBER_PATTERN.finditer(text):
        numeral_text = match.group()
        is_rendered = numeral_text not in KEPT_AS_WORDS and (
            len(numeral_text) > 1 or _has_measure_word(numeral_text, text[match.end() :][:1])
        )
        if is_rendered and match.start() != last_end:
            yield RenderedNumber(match.start(), match.end(), _chinese_to_digits(numeral_text))
            last_end = match.end()


def _has_measure_word(numeral: str, following: str) -> bool:
    return following == LINK_MEASURE_WORD or (numeral != "一" and bool(MEASURE_WORD_PATTERN.match(following)))


def _chinese_to_digits(numerals: str) -> str:
    if all(numeral in CHINESE_DIGIT_VALUES for numeral in numerals):
        return "".join(str(CHINESE_DIGIT_VALUES[numeral]) for numeral in numerals)
    total, digit, unit = 0, 0, 1
    for numeral in numerals:
        if numeral in CHINESE_DIGIT_VALUES:
            digit = CHINESE_DIGIT_VALUES[numeral]
            unit = 1 if digit == 0 else unit
        elif numeral == "万":
            total, digit, unit = (total + digit) * 10000, 0, 10000
        else:
            unit = CHINESE_UNIT_VALUES[numeral]
            total, digit = total + (digit or 1) * unit, 0
    return str(total + digit * (unit // 10 if unit >= 100 else 1))  # 两百三 is 230


def find_english_numbers(words: Sequence[str]) -> Iterator[RenderedNumber]:
    """The numbers in `words` (lower case, no punctuation, no hyphens). "twenty four fifty" is one number of two
    parts.
    """
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and (
            words[end] in ENGLISH_NUMBER_VALUES or (end > start and words[end] in ENGLISH_SCALE_VALUES)
        ):
            end += 1
        if end > start:
            yield RenderedNumber(start, end, _english_to_digits(words[start:end]))
        start = max(end, start + 1)


def _english_to_digits(words: Sequence[str]) -> str:
    parts: list[int] = []
    part_limit = 0  # the next word of a part must be below it
    for word in words:
        if word in ENGLISH_SCALE_VALUES:
            parts[-1] *= ENGLISH_SCALE_VALUES[word]
            part_limit = ENGLISH_SCALE_VALUES[word]
        elif 0 < ENGLISH_NUMBER_VALUES[word] < part_limit:
            parts[-1] += ENGLISH_NUMBER_VALUES[word]
            part_limit = 10 if word in ENGLISH_TENS else 0
        else:
            parts.append(ENGLISH_NUMBER_VALUES[word])
            part_limit = 10 if word in ENGLISH_TENS else 0
    return ".".join(map(str, parts)) if len(parts) == 2 and 10 <= parts[1] < 100 else "".join(map(str, parts))


def number_to_words(number: int, language: Language) -> str:
    """A number below 100 in words (13: 十三, "thirteen"); digits from 100."""
    if not 0 <= number < 100:
        return str(number)
    return _number_to_chinese(number) if language == "zh" else _number_to_english(number)


def _number_to_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return CHINESE_DIGITS[ones]
    return ("" if tens == 1 else CHINESE_DIGITS[tens]) + "十" + (CHINESE_DIGITS[ones] if ones else "")


def _number_to_english(number: int) -> str:
    if number < len(ENGLISH_BELOW_TWENTY):
        return ENGLISH_BELOW_TWENTY[number]
    tens, ones = divmod(number, 10)
    return ENGLISH_TENS[tens - 2] + (f" {ENGLISH_BELOW_TWENTY[ones]}" if ones else "")
