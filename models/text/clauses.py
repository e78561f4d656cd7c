"""Joins spoken clauses, which are cut at pauses, into sentences that people can read (clauses.toml)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.clock import Seconds, Span
from domain.session import Language
from domain.speech import Sentence
from models.text.phrase_tables import phrase_patterns
from models.text.typography import display_width, to_full_width_marks, to_single_line

SENTENCE_END_MARKS = "。！？!?…."
CLAUSE_END_MARKS = ",，、:：;；"
MAX_PAUSE_AFTER_COMMA_S: Seconds = 1.6  # a longer silence ends the sentence even there
MAX_PAUSE_WITHOUT_MARK_S: Seconds = 0.9
MIN_COMMA_PAUSE_S: Seconds = 0.3  # below it an English clause was cut for its length, not at a pause
MAX_SHORT_COLUMNS = 16  # a sentence that short ("It's a stain.") goes with the next
MAX_SENTENCE_COLUMNS = 84  # two lines on a phone, as many as one reads at a glance
MAX_MERGE_GAP_S: Seconds = 1.2


@dataclass(frozen=True, slots=True)
class ReadableSentence:
    """One sentence as people write it. `clause_indices`: the numbers, in the show, of the clauses in it."""

    clause_indices: tuple[int, ...]
    span: Span
    text: str


def join_clauses(clauses: Mapping[int, Sentence], language: Language) -> tuple[ReadableSentence, ...]:
    """The sentences of `clauses`, which are given by their number in the show. Unreliable ones are left out."""
    groups = [*_group_clauses([(n, clauses[n]) for n in sorted(clauses) if clauses[n].is_reliable])]
    merged = [*_merge_short(groups)]
    return tuple(_readable_sentence(group, language) for group in merged)


_IndexedClause = tuple[int, Sentence]


def _group_clauses(clauses: Sequence[_IndexedClause]) -> Iterator[list[_IndexedClause]]:
    group: list[_IndexedClause] = []
    for clause in clauses:
        if group and (_ends_sentence(group[-1], clause) or _is_full(group, clause)):
            yield group
            group = []
        group.append(clause)
    if group:
        yield group


def _ends_sentence(last: _IndexedClause, following: _IndexedClause) -> bool:
    gap = following[1].start - last[1].end
    mark = last[1].text.rstrip()[-1:]
    if following[0] != last[0] + 1 or mark in SENTENCE_END_MARKS:
        return True
    return gap > (MAX_PAUSE_AFTER_COMMA_S if mark in CLAUSE_END_MARKS else MAX_PAUSE_WITHOUT_MARK_S)


def _is_full(group: Sequence[_IndexedClause], following: _IndexedClause) -> bool:
    return sum(display_width(sentence.text) for _, sentence in [*group, following]) > MAX_SENTENCE_COLUMNS


def _merge_short(groups: Sequence[list[_IndexedClause]]) -> Iterator[list[_IndexedClause]]:
    """Very short sentences go with the next one."""
    pending: list[_IndexedClause] = []
    for group in groups:
        if pending and not _can_merge(pending, group):
            yield pending
            pending = []
        pending = [*pending, *group]
        if sum(display_width(sentence.text) for _, sentence in pending) > MAX_SHORT_COLUMNS:
            yield pending
            pending = []
    if pending:
        yield pending


def _can_merge(pending: Sequence[_IndexedClause], group: Sequence[_IndexedClause]) -> bool:
    is_next = group[0][0] == pending[-1][0] + 1
    is_question = pending[-1][1].text.rstrip()[-1:] in "?？"
    return is_next and not is_question and group[0][1].start - pending[-1][1].end <= MAX_MERGE_GAP_S


def _readable_sentence(group: Sequence[_IndexedClause], language: Language) -> ReadableSentence:
    span = Span(group[0][1].start, group[-1][1].end)
    return ReadableSentence(tuple(number for number, _ in group), span, joined_text([s for _, s in group], language))


def joined_text(clauses: Sequence[Sentence], language: Language) -> str:
    """The text of neighbouring clauses as one sentence, with the marks of its language."""
    text = ""
    for last, clause in zip([None, *clauses], clauses, strict=False):
        text += _separator(last, clause, language) + clause.text.strip()
    return _punctuate_chinese(text) if language == "zh" else _punctuate_english(text)


def _separator(last: Sentence | None, clause: Sentence, language: Language) -> str:
    if last is None:
        return ""
    if last.text.rstrip()[-1:] in SENTENCE_END_MARKS + CLAUSE_END_MARKS:
        return "" if language == "zh" else " "
    if language == "en":
        return ", " if clause.start - last.end >= MIN_COMMA_PAUSE_S else " "
    patterns = phrase_patterns(__name__, "chinese")
    is_unfinished = patterns["unfinished_end"].search(last.text.rstrip())
    is_inside = is_unfinished or patterns["continuing_start"].search(clause.text.lstrip())
    return "" if is_inside and clause.start - last.end < MIN_COMMA_PAUSE_S else ","


def strip_fillers(text: str, language: Language) -> str:
    """`text` without the words a speaker starts with while thinking: 好，那个, okay, so, um."""
    stripped = phrase_patterns(__name__, language)["filler"].sub("", text)
    return (stripped[:1].upper() + stripped[1:] if language == "en" else stripped) or text


def _punctuate_chinese(text: str) -> str:
    normalized = to_full_width_marks(to_single_line(text)).rstrip(CLAUSE_END_MARKS + " ")
    normalized = re.sub(r"([一-鿿]{1,2})(?:，\1){2,}", r"\1", normalized)  # 好，好，好
    if normalized and normalized[-1] in SENTENCE_END_MARKS:
        return normalized
    last = re.split("[，。！？]", normalized)[-1]
    return normalized + ("？" if _is_question(last, "zh") else "。")


def _punctuate_english(text: str) -> str:
    normalized = to_single_line(text).rstrip(CLAUSE_END_MARKS + " ")
    normalized = normalized[:1].upper() + normalized[1:]
    if normalized and normalized[-1] in SENTENCE_END_MARKS:
        return normalized
    return normalized + ("?" if _is_question(normalized, "en") else ".")


def _is_question(text: str, language: Language) -> bool:
    return bool(phrase_patterns(__name__, language)["question"].search(text))
