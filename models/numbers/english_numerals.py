"""English number words: twenty four fifty is 24.50, a hundred and five is 105, nine ninety nine is 9.99 or 999."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

NUMBERS_BELOW_TWENTY = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
ONES = {name: value for value, name in enumerate(NUMBERS_BELOW_TWENTY)} | {"a": 1, "oh": 0}  # a hundred, nine oh five
TENS = {
    name: 10 * value
    for value, name in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), start=2
    )
}
SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000}
WORD_PATTERN = re.compile(r"a(?= (?:hundred|thousand|grand)\b)|(?!a\b)[a-z]+|[^a-z\s-]")  # any other "a" is no number
ONE_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class NumberPhrase:
    """A number said in words at text[start:end]: `value`, or `alternative` where the words may mean that as well."""

    value: Decimal
    alternative: Decimal | None
    start: int
    end: int


def find_number_phrases(text: str) -> Iterator[NumberPhrase]:
    """The runs of English number words in `text` (lower case) that are numbers."""
    run: list[re.Match[str]] = []
    for match in [*WORD_PATTERN.finditer(text), None]:
        if match is not None and _continues(match.group(), run):
            run.append(match)
            continue
        yield from _parse_run(run)
        run = [match] if match is not None and _continues(match.group(), []) else []


def _continues(word: str, run: Sequence[re.Match[str]]) -> bool:
    if word in ("and", "oh") or word in SCALES:
        return bool(run) and run[-1].group() not in ("and", "oh")
    return word in ONES or word in TENS


def _parse_run(run: list[re.Match[str]]) -> Iterator[NumberPhrase]:
    while run and run[-1].group() in ("and", "a", "oh"):
        run.pop()
    groups = _split_numbers([part.group() for part in run])
    values = [_number_value(words) for words in groups]
    if len(groups) == 1:
        yield NumberPhrase(Decimal(values[0]), None, run[0].start(), run[-1].end())
    elif len(groups) == 2 and (10 <= values[1] < 100 or groups[1][0] == "oh") and values[0]:
        cents = values[0] + values[1] * ONE_HUNDREDTH
        whole = Decimal(values[0] * 100 + values[1]) if values[0] < 100 else None
        yield NumberPhrase(cents, whole, run[0].start(), run[-1].end())
    elif len(groups) == 2 and 1 <= values[1] < 10 and 20 <= values[0] < 100:  # forty-nine nine
        yield NumberPhrase(values[0] + values[1] * ONE_HUNDREDTH * 10, None, run[0].start(), run[-1].end())


def _split_numbers(words: Sequence[str]) -> list[list[str]]:
    """The words by number: "twenty four | fifty". A number ends where the next word can't continue it."""
    groups: list[list[str]] = []
    limit = 0  # the next word of the group must be below it
    for word in words:
        if word in SCALES:
            groups[-1].append(word)
            limit = min(100, SCALES[word]) if word == "hundred" else 1000
        elif word == "oh":
            groups.append([word])
            limit = 10
        elif word != "and":
            value = ONES.get(word, TENS.get(word, 0))
            if 0 < value < limit:
                groups[-1].append(word)
            else:
                groups.append([word])
            limit = 10 if word in TENS else 0
    return groups


def _number_value(words: Sequence[str]) -> int:
    total = section = 0
    for word in words:
        if word in ("thousand", "grand"):
            total, section = total + max(1, section) * 1000, 0
        elif word == "hundred":
            section = max(1, section) * 100
        else:
            section += ONES.get(word, TENS.get(word, 0))
    return total + section
