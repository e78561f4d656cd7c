"""Link numbers as hosts call them, and as recognisers write them: 三号链接, 字号练结, 12耗, link number for.

The words are in link_number_calls.toml.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from models.numbers.chinese_numerals import NUMERALS
from models.numbers.spoken_numbers import SpokenNumber
from models.text.phonetic_tokens import fuzzy_syllable, toneless_pinyin
from models.text.phrase_tables import phrase_patterns, phrase_table

CERTAIN_NATS = 3.0  # 三号链接, link number three
MISHEARD_NATS = 2.4  # 字号练结: number and label by their sound alone
BARE_NATS = 1.8  # 三号
LIKELY_NATS = 1.2  # 三好, "eighteen on the list", "sold thirty-eight"

HAN = re.compile(r"[㐀-鿿]")
CONTINUATION = re.compile(r"[㐀-鿿]")  # 链接一共 and 链接一上 name no link


@dataclass(frozen=True, slots=True)
class LinkNumberCall:
    """A link number called at text[start:end]: one of `numbers`. `nats`: how certain the words themselves are."""

    numbers: tuple[int, ...]
    start: int
    end: int
    nats: float

    @property
    def char_range(self) -> range:
        return range(self.start, self.end)


def find_link_calls(text: str, numbers: Sequence[SpokenNumber]) -> tuple[LinkNumberCall, ...]:
    """The link numbers called in `text` (folded), in which `numbers` were found, left to right; none overlap."""
    recognized = [call for number in numbers for call in _recognized_calls(text, number)]
    recognized_chars = covered_chars(recognized)
    misheard = [
        call
        for call in (*_misheard_chinese_calls(text), *_misheard_english_calls(text))
        if recognized_chars.isdisjoint(call.char_range)
    ]
    return tuple(sorted([*recognized, *misheard], key=lambda call: call.start))


def covered_chars(calls: Iterable[LinkNumberCall]) -> set[int]:
    """The indices of the characters that belong to `calls`."""
    return {index for call in calls for index in call.char_range}


def _recognized_calls(text: str, number: SpokenNumber) -> Iterator[LinkNumberCall]:
    """A number that was recognised, beside words that make it a link number."""
    if (
        number.is_price
        or number.value != int(number.value)
        or _pattern("date_before").search(text, max(0, number.start - 12), number.start)
    ):
        return
    call_numbers = (int(number.value),)
    is_chinese = not text[number.start].isascii()
    is_after_label = has_label_before(text, number.start)
    is_labelled_before = is_after_label and not (is_chinese and CONTINUATION.match(text, number.end))
    label_after = parse_label_after(text, number.end)
    if label_after:
        end, nats = label_after
        yield LinkNumberCall(call_numbers, number.start, end, CERTAIN_NATS if is_after_label else nats)
    elif is_labelled_before:
        yield LinkNumberCall(call_numbers, number.start, number.end, CERTAIN_NATS)
    elif _pattern("sold_before").search(text, max(0, number.start - 12), number.start):
        yield LinkNumberCall(call_numbers, number.start, number.end, LIKELY_NATS)
    elif listed := _pattern("on_the_list").match(text, number.end):
        yield LinkNumberCall(call_numbers, number.start, listed.end(), LIKELY_NATS)


def has_label_before(text: str, start: int) -> bool:
    """Whether the words before `start` of `text` (folded) say that a link number follows."""
    return bool(_pattern("label_before_number").search(text, max(0, start - 24), start))  # not by sound: 洗脸接12号


def parse_label_after(text: str, end: int) -> tuple[int, float] | None:
    """Where the label after a number ends, and its nats: 号链接, 号, 好, or 链接 alone."""
    if label := _pattern("label_after_number").match(text, end):
        if _pattern("non_link_noun").match(text, label.end()):
            return None
        word = _pattern("link_word").match(text, label.end())
        label_end = word.end() if word else _end_of_link(text, label.end())
        return (label_end, CERTAIN_NATS) if label_end > label.end() else (label.end(), BARE_NATS)
    link_start = end + 1 if _sounds_like_hao(text, end) else end
    link_end = _end_of_link(text, link_start)
    if link_end > link_start:
        return link_end, CERTAIN_NATS
    is_number = text[end - 1].isascii() or (end > 1 and text[end - 2] in NUMERALS)  # 三好 is two words, 十三好 a label
    return (end + 1, LIKELY_NATS) if is_number and _pattern("hao_as_good").match(text, end) else None


def syllable_at(text: str, index: int) -> str:
    """The sound of the Chinese character at `index` of `text`, "" where there is none."""
    return fuzzy_syllable(text[index]) if index < len(text) and HAN.match(text[index]) else ""


def _end_of_link(text: str, index: int) -> int:
    """Where the sounds LIAN JIE end that begin at `index`, blanks before them skipped; `index` where none do."""
    start = index + (text[index : index + 1] == " ")
    return start + 2 if _is_link_word(text[start : start + 2]) else index


def _is_link_word(pair: str) -> bool:
    return [syllable_at(pair, 0), syllable_at(pair, 1)] == ["LIAN", "JIE"]


def _misheard_chinese_calls(text: str) -> Iterator[LinkNumberCall]:
    """Sounds of up to three numerals before the sounds of 号链接: 字号练结 is link four, 十儿号连接 link twelve."""
    for index in range(1, len(text) - 2):
        end = _end_of_link(text, index + 1)
        if end == index + 1 or not _sounds_like_hao(text, index):
            continue
        for length in (3, 2, 1):
            numbers = _homophone_numbers(text[max(0, index - length) : index])
            if numbers and index >= length:
                yield LinkNumberCall(numbers, index - length, end, MISHEARD_NATS)
                break


def _homophone_numbers(run: str) -> tuple[int, ...]:
    """The link numbers that a run of one to three characters may stand for."""
    digits_by_position = [_homophone_digits(char) for char in run]
    if not all(digits_by_position):
        return ()
    if len(digits_by_position) == 1:
        return digits_by_position[0]
    if len(digits_by_position) == 3:
        return tuple(
            10 * tens + ones
            for tens in digits_by_position[0]
            for ones in digits_by_position[2]
            if _is_ten(run[1]) and 1 < tens < 10 > ones
        )
    if _is_ten(run[0]):
        return tuple(10 + ones for ones in digits_by_position[1] if ones < 10)
    return tuple(10 * tens for tens in digits_by_position[0] if _is_ten(run[1]) and 1 < tens < 10)


@cache
def _homophone_digits(character: str) -> tuple[int, ...]:
    if character.isascii():
        return (int(character),) if character.isdigit() and character != "0" else ()
    if not HAN.match(character):
        return ()
    sounds = phrase_table(__name__)["sounds"]
    digits: list[int] = sounds["digits"].get(fuzzy_syllable(character), [])
    retroflex_digits: list[int] = sounds["retroflex_digits"].get(toneless_pinyin(character), digits)
    return tuple(retroflex_digits)


def _is_ten(character: str) -> bool:
    """Whether it may stand for 十. What sounds like 是 says more often "is" than ten."""
    return character in phrase_table(__name__)["sounds"]["ten"]


def _sounds_like_hao(text: str, index: int) -> bool:
    """Whether the character at `index` has a sound that 号 is taken for before 链接."""
    return syllable_at(text, index) in phrase_table(__name__)["sounds"]["hao"]


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return phrase_patterns(__name__, "patterns")[kind]


@cache
def _misheard_number() -> re.Pattern[str]:
    """A label, "number", and a word that a number word is recognised as; then perhaps the end of a clause."""
    english = phrase_table(__name__)["english"]
    labels, words = "|".join(english["labels"]), "|".join(english["misheard"])
    return re.compile(rf"\b({labels})( number)? ({words})\b(\s*(?:$|[,.!?;]))?")


@cache
def _ordinal_link() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(phrase_table(__name__)['english']['ordinals'])}) link\b")


def _misheard_english_calls(text: str) -> Iterator[LinkNumberCall]:
    """The words that number words are recognised as, after words that call a link: link number for, item ate."""
    english = phrase_table(__name__)["english"]
    for match in _misheard_number().finditer(text):
        label, is_numbered, word, stop = match.groups()
        is_called = bool(is_numbered) or label != "number"
        if word not in english["common"] or (stop is not None and is_called):
            nats = MISHEARD_NATS if is_called else LIKELY_NATS
            yield LinkNumberCall((english["misheard"][word],), match.start(), match.end(3), nats)
    for match in _ordinal_link().finditer(text):
        yield LinkNumberCall((english["ordinals"][match[1]],), match.start(), match.end(), BARE_NATS)
