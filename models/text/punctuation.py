"""Punctuates a transcript for readers: marks that a recogniser left out, blanks by one rule, the readers' script.

For display only: matching uses the text as recognised, with a time for each character. Words are in punctuation.toml.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from domain.clock import Seconds
from domain.session import Language, WritingSystem
from domain.speech import Sentence
from models.text.normalization import convert_script
from models.text.phrase_tables import phrase_patterns, phrase_table

MIN_FULL_STOP_PAUSE_S: Seconds = 0.5  # ends a sentence; the best value on four of the devset's five Chinese shows
WRITTEN_STOP_BONUS_S: Seconds = 0.2  # of pause, for a full stop of the recogniser: 40 % of them are right (devset)
OPENER_BONUS_S: Seconds = 0.15  # of pause, for a word with which hosts begin something new
MIN_COMMA_STEP_S: Seconds = 0.45  # from one character's start to the next: two characters of slow talk and a breath
MIN_COMMA_STEP_RATIO = 2.5  # to the sentence's median step: none in slow talk and in captions without finer times
MIN_CLAUSE_CHARS = 8  # characters before a word that begins a clause earns a comma

FULL_WIDTH_MARKS = str.maketrans({",": "，", "?": "？", "!": "！", ":": "：", ";": "；", ".": "。"})
IDEOGRAPH = r"\u3400-\u9fff\uf900-\ufaff"
SENTENCE_END_MARKS = "。？！…"
MARKS = "，。？！：；、…"


def punctuate(sentences: Sequence[Sentence], language: Language, writing_system: WritingSystem) -> tuple[str, ...]:
    """One text for each sentence, as people should read it."""
    if language == "en":
        return tuple(_normalize_english_spacing(sentence.text) for sentence in sentences)
    pauses = [*(_effective_pause(before, after) for before, after in pairwise(sentences)), MIN_FULL_STOP_PAUSE_S]
    return tuple(
        convert_script(
            _add_end_mark(_punctuate_chinese(sentence), is_sentence_end=stop >= MIN_FULL_STOP_PAUSE_S), writing_system
        )
        for sentence, stop in zip(sentences, pauses, strict=False)
    )


def _effective_pause(before: Sentence, after: Sentence) -> Seconds:
    """The pause between two sentences, with other signs that the first is over counted as seconds."""
    stop_bonus = WRITTEN_STOP_BONUS_S if before.text.endswith((".", "。")) else 0.0
    is_opener = phrase_patterns(__name__, "marks")["sentence_opener"].match(after.text)
    opener_bonus = OPENER_BONUS_S if is_opener else 0.0
    return after.start - before.end + stop_bonus + opener_bonus


def unclear_text(language: Language, writing_system: WritingSystem, text: str = "") -> str:
    """How a stretch is shown in which nothing, or only unreliable `text`, was recognised."""
    label: str = phrase_table(__name__)["unclear"][language]
    shown = label if language == "en" else convert_script(label, writing_system)
    return f"{shown} {text}".strip()


def _normalize_english_spacing(text: str) -> str:
    return re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s+", " ", text)).strip()


def _punctuate_chinese(sentence: Sentence) -> str:
    """Marks of Chinese width, no blanks beside ideographs, commas at pauses and before words that begin a clause."""
    text = _add_pause_commas(sentence)
    text = re.sub(rf"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])|(?<=[{MARKS}])\s+", "", re.sub(r"\s+", " ", text))
    text = re.sub(r"(?<!\d)[,?!:;.](?!\d)|(?<=\d)[,?!;](?!\d)|(?<!\d)[,?!;](?=\d)", _to_full_width, text)
    text = re.sub(rf"\s*([{MARKS}])\s*", r"\1", text)
    return _add_clause_commas(text)


def _to_full_width(mark: re.Match[str]) -> str:
    """A mark in Chinese width, unless it stands inside Latin words."""
    before, after = mark.string[: mark.start()][-1:], mark.string[mark.end() :][:1]
    is_latin = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    return mark[0] if is_latin else mark[0].translate(FULL_WIDTH_MARKS)


def _add_pause_commas(sentence: Sentence) -> str:
    """The text with a comma wherever the host paused between two ideographs."""
    steps = [after - before for before, after in pairwise(sentence.char_starts)]
    min_comma_step = (
        max(MIN_COMMA_STEP_S, MIN_COMMA_STEP_RATIO * sorted(steps)[len(steps) // 2]) if steps else MIN_COMMA_STEP_S
    )
    characters = [sentence.text[:1]]
    for (before, after), (start, next_start) in zip(
        pairwise(sentence.text), pairwise(sentence.char_starts), strict=True
    ):
        is_inside = bool(re.fullmatch(rf"[{IDEOGRAPH}]{{2}}", before + after))
        characters.append("，" + after if is_inside and next_start - start >= min_comma_step else after)
    return "".join(characters)


def _add_clause_commas(text: str) -> str:
    punctuated, chars_since_mark = "", 0
    for piece in _clause_start().split(text):
        chars_since_mark = len(re.split(f"[{MARKS}]", punctuated)[-1])
        punctuated += f"，{piece}" if punctuated and chars_since_mark >= MIN_CLAUSE_CHARS else piece
    return punctuated


@cache
def _clause_start() -> re.Pattern[str]:
    """Between two characters, neither a mark, where a word follows that begins a clause."""
    return re.compile(rf"(?<=[^{MARKS}])(?={phrase_patterns(__name__, 'marks')['clause_start'].pattern})")


def _add_end_mark(text: str, *, is_sentence_end: bool) -> str:
    """The text with a mark at its end: a comma where the host went on."""
    bare = text.rstrip("，、。：；")
    if not bare or bare[-1] in SENTENCE_END_MARKS:
        return bare or text
    if phrase_patterns(__name__, "marks")["question"].search(bare):
        return bare + "？"
    return bare + ("。" if is_sentence_end else "，")
