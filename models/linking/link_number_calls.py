"""Link numbers as hosts call them, and as recognisers write them: 三号链接, 字号练结, 12耗, link number for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from models.numbers.chinese_numerals import NUMERALS
from models.numbers.spoken_numbers import SpokenNumber
from models.text.phonetic_tokens import pinyin, syllable

SURE_NATS = 3.0  # 三号链接, link number three
MISHEARD_NATS = 2.4  # 字号练结: number and label by their sound alone
BARE_NATS = 1.8  # 三号
LIKELY_NATS = 1.2  # 三好, "eighteen on the list", "sold thirty-eight"

HAN = re.compile(r"[㐀-鿿]")
HAO = frozenset(("HAO", "HOU", "GAO", "KAO"))  # the sounds that 号 is taken for before 链接
HAO_SIGNS = "号耗浩豪"  # 毫 begins 毫升; 好 is a word of its own, see GOOD
WAYS_TO_SAY = {
    "YI": (1,), "ER": (2,), "SAN": (3,), "ZI": (4,), "WU": (5,), "LIU": (6,), "QI": (7,), "BA": (8,), "JIU": (9,),
    "LIAN": (2,), "YAO": (1,),
}  # fmt: skip
FLAT_OR_NOT = {"si": (4,), "shi": (10, 4)}  # many hosts say 十 as 四, and recognisers write 是 for both
TENS = "十时石实食"  # what sounds like 是 says more often "is" than ten
LINK_WORD = re.compile(r"宝贝|品(?!牌)|坑|车|购物车|款")
GOOD = re.compile(r"好(?![看吃用的多几评处喝听闻])")
NOT_A_LINK = re.compile(r"[码色线楼店字院门机仓床厅球]|下午|上午|晚|早")
AFTER_NUMBER = re.compile(rf"\s*(?:[{HAO_SIGNS}]|(?<=[0-9])后(?=$|[\s,，。.!！]))")
DATE_BEFORE = re.compile(r"[月]\s*$|月[一二三四五六七八九十0-9]*(?:号|日)[到至和]$")
BEFORE_NUMBER = re.compile(
    r"(?:坑位|[链连练][接结]|\b(?:link|item|lot|card|pin|listing|(?:the )?number|no\.)(?:'s| is|:| #)?)\s*#?$"
)
GOES_ON = re.compile(r"[㐀-鿿]")  # 链接一共 and 链接一上 name no link
SOLD = re.compile(r"(?:^|[,.!?] ?)(?:sold|comment|type|claim) $")
ON_THE_LIST = re.compile(r" (?:on|in|from) the (?:list|shelf|tray|carousel|app)\b")
HEARD_NUMBERS = {
    "won": 1, "to": 2, "too": 2, "tree": 3, "free": 3, "for": 4, "fore": 4, "fife": 5, "sicks": 6, "sex": 6, "ate": 8,
    "nein": 9, "tin": 10,
}  # fmt: skip
HEARD_NUMBER = re.compile(
    rf"\b(link|item|lot|card|listing|pin|number)( number)? ({'|'.join(HEARD_NUMBERS)})\b(\s*(?:$|[,.!?;]))?"
)
COMMON_WORDS = frozenset(("to", "too", "for", "free"))  # a link to buy, free: numbers only where nothing follows
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}
ORDINAL_LINK = re.compile(rf"\b({'|'.join(ORDINALS)}) link\b")


@dataclass(frozen=True, slots=True)
class LinkCall:
    """A link number called at text[start:end]: one of `numbers`. `nats`: how much the words themselves are worth."""

    numbers: tuple[int, ...]
    start: int
    end: int
    nats: float

    @property
    def places(self) -> range:
        """Of its characters."""
        return range(self.start, self.end)


def link_calls_in(text: str, numbers: Sequence[SpokenNumber]) -> tuple[LinkCall, ...]:
    """The link numbers called in `text` (folded), in which `numbers` were found, left to right; none overlap."""
    written = [call for number in numbers for call in _written(text, number)]
    taken = places_of(written)
    heard = [call for call in (*_heard_in_chinese(text), *_heard_in_english(text)) if taken.isdisjoint(call.places)]
    return tuple(sorted([*written, *heard], key=lambda call: call.start))


def places_of(calls: Iterable[LinkCall]) -> set[int]:
    """The places of the text that `calls` take."""
    return {place for call in calls for place in call.places}


def _written(text: str, number: SpokenNumber) -> Iterator[LinkCall]:
    """A number that was understood, beside words that make it a link number."""
    if (
        number.is_price
        or number.value != int(number.value)
        or DATE_BEFORE.search(text, max(0, number.start - 12), number.start)
    ):
        return
    named = (int(number.value),)
    is_chinese = not text[number.start].isascii()
    before = _before_number(text, number.start)
    is_before = before and not (is_chinese and GOES_ON.match(text, number.end))
    after = _after_number(text, number.end)
    if after:
        end, nats = after
        yield LinkCall(named, number.start, end, SURE_NATS if before else nats)
    elif is_before:
        yield LinkCall(named, number.start, number.end, SURE_NATS)
    elif SOLD.search(text, max(0, number.start - 12), number.start):
        yield LinkCall(named, number.start, number.end, LIKELY_NATS)
    elif listed := ON_THE_LIST.match(text, number.end):
        yield LinkCall(named, number.start, listed.end(), LIKELY_NATS)


def _before_number(text: str, start: int) -> bool:
    return bool(BEFORE_NUMBER.search(text, max(0, start - 24), start))  # not by sound: 洗脸接12号


def _after_number(text: str, end: int) -> tuple[int, float] | None:
    """Where the label after a number ends, and its nats: 号链接, 号, 好, or 链接 alone."""
    if label := AFTER_NUMBER.match(text, end):
        if NOT_A_LINK.match(text, label.end()):
            return None
        word = LINK_WORD.match(text, label.end())
        said_end = word.end() if word else _end_of_link(text, label.end())
        return (said_end, SURE_NATS) if said_end > label.end() else (label.end(), BARE_NATS)
    place = end + 1 if syllable_at(text, end) in HAO else end
    linked = _end_of_link(text, place)
    if linked > place:
        return linked, SURE_NATS
    is_number = text[end - 1].isascii() or (end > 1 and text[end - 2] in NUMERALS)  # 三好 is two words, 十三好 a label
    return (end + 1, LIKELY_NATS) if is_number and GOOD.match(text, end) else None


def syllable_at(text: str, place: int) -> str:
    """The sound of the Chinese character at `place` of `text`, "" where there is none."""
    return syllable(text[place]) if place < len(text) and HAN.match(text[place]) else ""


def _end_of_link(text: str, place: int) -> int:
    """Where the sounds LIAN JIE end that begin at `place`, blanks before them skipped; `place` where none do."""
    start = place + (text[place : place + 1] == " ")
    return start + 2 if _is_link(text[start : start + 2]) else place


def _is_link(pair: str) -> bool:
    return [syllable_at(pair, 0), syllable_at(pair, 1)] == ["LIAN", "JIE"]


def _heard_in_chinese(text: str) -> Iterator[LinkCall]:
    """Sounds of up to three numerals before the sounds of 号链接: 字号练结 is link four, 十儿号连接 link twelve."""
    for place in range(1, len(text) - 2):
        end = _end_of_link(text, place + 1)
        if end == place + 1 or syllable_at(text, place) not in HAO:
            continue
        for length in (3, 2, 1):
            numbers = _numbers_that_sound(text[max(0, place - length) : place])
            if numbers and place >= length:
                yield LinkCall(numbers, place - length, end, MISHEARD_NATS)
                break


def _numbers_that_sound(run: str) -> tuple[int, ...]:
    """The link numbers that a run of one to three characters may stand for."""
    sounds = [_digits_that_sound(char) for char in run]
    if not all(sounds):
        return ()
    if len(sounds) == 1:
        return sounds[0]
    if len(sounds) == 3:
        return tuple(
            10 * tens + ones for tens in sounds[0] for ones in sounds[2] if run[1] in TENS and 1 < tens < 10 > ones
        )
    if run[0] in TENS:
        return tuple(10 + ones for ones in sounds[1] if ones < 10)
    return tuple(10 * tens for tens in sounds[0] if run[1] in TENS and 1 < tens < 10)


@cache
def _digits_that_sound(character: str) -> tuple[int, ...]:
    if character.isascii():
        return (int(character),) if character.isdigit() and character != "0" else ()
    if not HAN.match(character):
        return ()
    return FLAT_OR_NOT.get(pinyin(character), WAYS_TO_SAY.get(syllable(character), ()))


def _heard_in_english(text: str) -> Iterator[LinkCall]:
    """The words that number words are heard as, after words that call a link: link number for, item ate."""
    for match in HEARD_NUMBER.finditer(text):
        label, is_numbered, word, stop = match.groups()
        is_called = bool(is_numbered) or label != "number"
        if word not in COMMON_WORDS or (stop is not None and is_called):
            nats = MISHEARD_NATS if is_called else LIKELY_NATS
            yield LinkCall((HEARD_NUMBERS[word],), match.start(), match.end(3), nats)
    for match in ORDINAL_LINK.finditer(text):
        yield LinkCall((ORDINALS[match[1]],), match.start(), match.end(), BARE_NATS)
