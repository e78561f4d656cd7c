"""Clauses, cut where the speaker breathed, put together again to sentences that people can read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.clock import Seconds, Span
from domain.session import Language
from domain.speech import Sentence
from models.text.typography import chinese_marks, columns, one_line

STRONG = "。！？!?…."
WEAK = ",，、:：;；"
LONGEST_BREATH: Seconds = 1.6  # after a comma; a longer silence ends the sentence
LONGEST_STOP: Seconds = 0.9  # without any mark
COMMA_PAUSE: Seconds = 0.3  # shorter: an English clause was cut for its length, not at a breath
GOES_ON = re.compile(r"[的地得和跟与加把被在是一这那个很给让从向对用\da-zA-Z]$")  # no Chinese clause ends so
BELONGS_BEFORE = re.compile(r"^[的地得了着过呢吗吧啊们]")
SHORT = 16  # columns; a sentence that short ("It's a stain.") goes with the next
LONGEST = 84  # columns; two lines on a phone, as many as one reads at a glance
JOIN_WITHIN: Seconds = 1.2
QUESTION: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"(?:吗|么|呢|是不是|对不对|好不好|能不能|可不可以|行不行|要不要|有没有|怎么用|怎么选|多少钱|多大|什么码)[啊呀呢的]?$"
        r"|^(?:为什么|怎么|谁|哪)[^，]{0,12}$"
    ),
    "en": re.compile(r"^(?:do|does|did|is|are|can|could|will|would|how|what|which|who|why|where|when)\b", re.I),
}
FILLERS: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(
        r"^(?:(?:好了?|来|嗯+|啊+|哎+呀?|诶|哦|呃|那个|那么|然后|对|行|那|就是|就是说|其实|所以|OK|ok)[，,。\s]+)+"
    ),
    "en": re.compile(
        r"^(?:(?:okay|ok|alright|all right|so|oh|um+|uh+|well|now|like|and|yeah|yes|listen|look|you know)[,.]\s+"
        r"|(?:um+|uh+)\s+)+",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence as people write it. `clauses` are the numbers, in the show, of what it was put together from."""

    clauses: tuple[int, ...]
    span: Span
    text: str


def spoken_sentences(said: Mapping[int, Sentence], language: Language) -> tuple[Spoken, ...]:
    """The sentences of `said`, clauses by their number in the show. What was not heard reliably is left out."""
    groups = [*_groups([(n, said[n]) for n in sorted(said) if said[n].is_reliable])]
    merged = [*_merged(groups)]
    return tuple(_spoken(group, language) for group in merged)


_Clause = tuple[int, Sentence]


def _groups(clauses: Sequence[_Clause]) -> Iterator[list[_Clause]]:
    group: list[_Clause] = []
    for clause in clauses:
        if group and (_ends(group[-1], clause) or _is_full(group, clause)):
            yield group
            group = []
        group.append(clause)
    if group:
        yield group


def _ends(last: _Clause, following: _Clause) -> bool:
    gap = following[1].start - last[1].end
    mark = last[1].text.rstrip()[-1:]
    if following[0] != last[0] + 1 or mark in STRONG:
        return True
    return gap > (LONGEST_BREATH if mark in WEAK else LONGEST_STOP)


def _is_full(group: Sequence[_Clause], following: _Clause) -> bool:
    return sum(columns(sentence.text) for _, sentence in [*group, following]) > LONGEST


def _merged(groups: Sequence[list[_Clause]]) -> Iterator[list[_Clause]]:
    """Very short sentences go with the next one."""
    waiting: list[_Clause] = []
    for group in groups:
        if waiting and not _belongs(waiting, group):
            yield waiting
            waiting = []
        waiting = [*waiting, *group]
        if sum(columns(sentence.text) for _, sentence in waiting) > SHORT:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _belongs(waiting: Sequence[_Clause], group: Sequence[_Clause]) -> bool:
    is_next = group[0][0] == waiting[-1][0] + 1
    is_question = waiting[-1][1].text.rstrip()[-1:] in "?？"
    return is_next and not is_question and group[0][1].start - waiting[-1][1].end <= JOIN_WITHIN


def _spoken(group: Sequence[_Clause], language: Language) -> Spoken:
    span = Span(group[0][1].start, group[-1][1].end)
    return Spoken(tuple(number for number, _ in group), span, readable([s for _, s in group], language))


def readable(clauses: Sequence[Sentence], language: Language) -> str:
    """The text of neighbouring clauses as one sentence, with the marks of its language."""
    text = ""
    for last, clause in zip([None, *clauses], clauses, strict=False):
        text += _joint(last, clause, language) + clause.text.strip()
    return _chinese(text) if language == "zh" else _english(text)


def _joint(last: Sentence | None, clause: Sentence, language: Language) -> str:
    if last is None:
        return ""
    if last.text.rstrip()[-1:] in STRONG + WEAK:
        return "" if language == "zh" else " "
    if language == "en":
        return ", " if clause.start - last.end >= COMMA_PAUSE else " "
    is_inside = GOES_ON.search(last.text.rstrip()) or BELONGS_BEFORE.search(clause.text.lstrip())
    return "" if is_inside and clause.start - last.end < COMMA_PAUSE else ","


def without_fillers(text: str, language: Language) -> str:
    """`text` without the words a speaker starts with while thinking: 好，那个, okay, so, um."""
    cut = FILLERS[language].sub("", text)
    return (cut[:1].upper() + cut[1:] if language == "en" else cut) or text


def _chinese(text: str) -> str:
    even = chinese_marks(one_line(text)).rstrip(WEAK + " ")
    even = re.sub(r"([一-鿿]{1,2})(?:，\1){2,}", r"\1", even)  # 好，好，好
    if even and even[-1] in STRONG:
        return even
    last = re.split("[，。！？]", even)[-1]
    return even + ("？" if QUESTION["zh"].search(last) else "。")


def _english(text: str) -> str:
    even = one_line(text).rstrip(WEAK + " ")
    even = even[:1].upper() + even[1:]
    if even and even[-1] in STRONG:
        return even
    return even + ("?" if QUESTION["en"].search(even) else ".")
