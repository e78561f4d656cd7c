"""Link numbers as hosts call them, and as recognisers write them: 三号链接, 字号练结, 12耗, link number for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from models.numbers.chinese_numerals import NUMERALS
from models.numbers.spoken_numbers import SpokenNumber
from models.text.phonetic_tokens import fuzzy_syllable, toneless_pinyin

CERTAIN_NATS = 3.0  # 三号链接, link number three
MISHEARD_NATS = 2.4  # 字号练结: number and label by their sound alone
BARE_NATS = 1.8  # 三号
LIKELY_NATS = 1.2  # 三好, "eighteen on the list", "sold thirty-eight"

HAN = re.compile(r"[㐀-鿿]")
HAO_SYLLABLES = frozenset(("HAO", "HOU", "GAO", "KAO"))  # the sounds that 号 is taken for before 链接
HAO_CHARACTERS = "号耗浩豪"  # 毫 begins 毫升; 好 is a word of its own, see GOOD
DIGITS_BY_SYLLABLE = {
    "YI": (1,), "ER": (2,), "SAN": (3,), "ZI": (4,), "WU": (5,), "LIU": (6,), "QI": (7,), "BA": (8,), "JIU": (9,),
    "LIAN": (2,), "YAO": (1,),
}  # fmt: skip
RETROFLEX_CONFUSIONS = {"si": (4,), "shi": (10, 4)}  # many hosts say 十 as 四, and recognisers write 是 for both
TEN_CHARACTERS = "十时石实食"  # what sounds like 是 says more often "is" than ten
LINK_WORD = re.compile(r"宝贝|品(?!牌)|坑|车|购物车|款")
HAO_AS_GOOD = re.compile(r"好(?![看吃用的多几评处喝听闻])")
NON_LINK_NOUN = re.compile(r"[码色线楼店字院门机仓床厅球]|下午|上午|晚|早")
LABEL_AFTER_NUMBER = re.compile(rf"\s*(?:[{HAO_CHARACTERS}]|(?<=[0-9])后(?=$|[\s,，。.!！]))")
DATE_BEFORE = re.compile(r"[月]\s*$|月[一二三四五六七八九十0-9]*(?:号|日)[到至和]$")
LABEL_BEFORE_NUMBER = re.compile(
    r"(?:坑位|[链连练][接结]|\b(?:link|item|lot|card|pin|listing|(?:the )?number|no\.)(?:'s| is|:| #)?)\s*#?$"
)
CONTINUATION = re.compile(r"[㐀-鿿]")  # 链接一共 and 链接一上 name no link
SOLD_BEFORE = re.compile(r"(?:^|[,.!?] ?)(?:sold|comment|type|claim) $")
ON_THE_LIST = re.compile(r" (?:on|in|from) the (?:list|shelf|tray|carousel|app)\b")
MISHEARD_NUMBER_VALUES = {
    "won": 1, "to": 2, "too": 2, "tree": 3, "free": 3, "for": 4, "fore": 4, "fife": 5, "sicks": 6, "sex": 6, "ate": 8,
    "nein": 9, "tin": 10,
}  # fmt: skip
MISHEARD_NUMBER = re.compile(
    rf"\b(link|item|lot|card|listing|pin|number)( number)? ({'|'.join(MISHEARD_NUMBER_VALUES)})\b(\s*(?:$|[,.!?;]))?"
)
COMMON_WORDS = frozenset(("to", "too", "for", "free"))  # a link to buy, free: numbers only where nothing follows
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}
ORDINAL_LINK = re.compile(rf"\b({'|'.join(ORDINALS)}) link\b")


@dataclass(frozen=True, slots=True)
class LinkNumberCall:
    """A link number called at text[start:end]: one of `numbers`. `nats`: how much the words themselves are worth."""

    numbers: tuple[int, ...]
    start: int
    end: int
    nats: float

    @property
    def char_range(self) -> range:
        """Of its characters."""
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
    """The places of the text that `calls` take."""
    return {place for call in calls for place in call.char_range}


def _recognized_calls(text: str, number: SpokenNumber) -> Iterator[LinkNumberCall]:
    """A number that was understood, beside words that make it a link number."""
    if (
        number.is_price
        or number.value != int(number.value)
        or DATE_BEFORE.search(text, max(0, number.start - 12), number.start)
    ):
        return
    call_numbers = (int(number.value),)
    is_chinese = not text[number.start].isascii()
    has_label_before = _has_label_before(text, number.start)
    is_labelled_before = has_label_before and not (is_chinese and CONTINUATION.match(text, number.end))
    label_after = _parse_label_after(text, number.end)
    if label_after:
        end, nats = label_after
        yield LinkNumberCall(call_numbers, number.start, end, CERTAIN_NATS if has_label_before else nats)
    elif is_labelled_before:
        yield LinkNumberCall(call_numbers, number.start, number.end, CERTAIN_NATS)
    elif SOLD_BEFORE.search(text, max(0, number.start - 12), number.start):
        yield LinkNumberCall(call_numbers, number.start, number.end, LIKELY_NATS)
    elif listed := ON_THE_LIST.match(text, number.end):
        yield LinkNumberCall(call_numbers, number.start, listed.end(), LIKELY_NATS)


def _has_label_before(text: str, start: int) -> bool:
    return bool(LABEL_BEFORE_NUMBER.search(text, max(0, start - 24), start))  # not by sound: 洗脸接12号


def _parse_label_after(text: str, end: int) -> tuple[int, float] | None:
    """Where the label after a number ends, and its nats: 号链接, 号, 好, or 链接 alone."""
    if label := LABEL_AFTER_NUMBER.match(text, end):
        if NON_LINK_NOUN.match(text, label.end()):
            return None
        word = LINK_WORD.match(text, label.end())
        label_end = word.end() if word else _end_of_link(text, label.end())
        return (label_end, CERTAIN_NATS) if label_end > label.end() else (label.end(), BARE_NATS)
    link_start = end + 1 if syllable_at(text, end) in HAO_SYLLABLES else end
    link_end = _end_of_link(text, link_start)
    if link_end > link_start:
        return link_end, CERTAIN_NATS
    is_number = text[end - 1].isascii() or (end > 1 and text[end - 2] in NUMERALS)  # 三好 is two words, 十三好 a label
    return (end + 1, LIKELY_NATS) if is_number and HAO_AS_GOOD.match(text, end) else None


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
        if end == index + 1 or syllable_at(text, index) not in HAO_SYLLABLES:
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
            if run[1] in TEN_CHARACTERS and 1 < tens < 10 > ones
        )
    if run[0] in TEN_CHARACTERS:
        return tuple(10 + ones for ones in digits_by_position[1] if ones < 10)
    return tuple(10 * tens for tens in digits_by_position[0] if run[1] in TEN_CHARACTERS and 1 < tens < 10)


@cache
def _homophone_digits(character: str) -> tuple[int, ...]:
    if character.isascii():
        return (int(character),) if character.isdigit() and character != "0" else ()
    if not HAN.match(character):
        return ()
    return RETROFLEX_CONFUSIONS.get(toneless_pinyin(character), DIGITS_BY_SYLLABLE.get(fuzzy_syllable(character), ()))


def _misheard_english_calls(text: str) -> Iterator[LinkNumberCall]:
    """The words that number words are heard as, after words that call a link: link number for, item ate."""
    for match in MISHEARD_NUMBER.finditer(text):
        label, is_numbered, word, stop = match.groups()
        is_called = bool(is_numbered) or label != "number"
        if word not in COMMON_WORDS or (stop is not None and is_called):
            nats = MISHEARD_NATS if is_called else LIKELY_NATS
            yield LinkNumberCall((MISHEARD_NUMBER_VALUES[word],), match.start(), match.end(3), nats)
    for match in ORDINAL_LINK.finditer(text):
        yield LinkNumberCall((ORDINALS[match[1]],), match.start(), match.end(), BARE_NATS)
