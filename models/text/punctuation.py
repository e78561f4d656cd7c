"""A transcript that people like to read: sentence marks where a recogniser left them out, one rule for blanks, and
the script that readers use. Only for show: matching keeps the text as it was heard, a time for each character.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from domain.clock import Seconds
from domain.session import Language, Script
from domain.speech import Sentence
from models.text.normalization import in_script

FULL_STOP_PAUSE: Seconds = 0.5  # from which a sentence is over; best on four of the devset's five Chinese shows
WRITTEN_STOP: Seconds = 0.2  # of pause that a full stop of the recogniser counts for: 40 % of its stops are right
NEW_BEGINNING: Seconds = 0.15  # of pause that a word counts for with which hosts begin something new
COMMA_PAUSE: Seconds = 0.45  # from one character's start to the next: two characters of slow talk and a breath
COMMA_STEPS = 2.5  # of the sentence's usual step: slow talk, and captions without finer times, have no commas in it
SHORTEST_CLAUSE = 8  # characters before a word that begins a clause earns a comma

UNCLEAR: dict[Language, str] = {"zh": "[听不清]", "en": "[unclear]"}

WIDE_MARKS = str.maketrans({",": "，", "?": "？", "!": "！", ":": "：", ";": "；", ".": "。"})
IDEOGRAPH = r"\u3400-\u9fff\uf900-\ufaff"
ENDS = "。？！…"
MARKS = "，。？！：；、…"
QUESTION = re.compile(
    r"(?:吗|么|呢|没有|是不是|对不对|好不好|行不行|要不要|能不能|可不可以|为什么|是什么|干什么|怎么办|怎么样|多少钱?|几块钱?|哪[个款里儿]|是吧)$"
)
CLAUSE = re.compile(
    r"(?<=[^，。？！：；、…])(?=但是|可是|所以|然后|因为|不过|而且|如果|就是说|来[,，]|接下来|另外|其实|反正|比如)"
)

BEGINNING = re.compile("来|好|那|所以|然后|但是|我们|大家|今天|你看|有人|下一个|接下来")


def readable(sentences: Sequence[Sentence], language: Language, script: Script) -> tuple[str, ...]:
    """One text for each sentence, as people should read it."""
    if language == "en":
        return tuple(_tidy_english(sentence.text) for sentence in sentences)
    stops = [*(_stop_after(before, after) for before, after in pairwise(sentences)), FULL_STOP_PAUSE]
    return tuple(
        in_script(_ended(_chinese(sentence), is_over=stop >= FULL_STOP_PAUSE), script)
        for sentence, stop in zip(sentences, stops, strict=False)
    )


def _stop_after(before: Sentence, after: Sentence) -> Seconds:
    """The pause between two sentences, and what else says that the first is over, as seconds of pause."""
    written = WRITTEN_STOP if before.text.endswith((".", "。")) else 0.0
    begins = NEW_BEGINNING if BEGINNING.match(after.text) else 0.0
    return after.start - before.end + written + begins


def unclear(language: Language, script: Script, text: str = "") -> str:
    """How a stretch is shown of which nothing, or only `text` in doubt, was made out."""
    mark = UNCLEAR[language] if language == "en" else in_script(UNCLEAR[language], script)
    return f"{mark} {text}".strip()


def _tidy_english(text: str) -> str:
    return re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s+", " ", text)).strip()


def _chinese(sentence: Sentence) -> str:
    """Marks of Chinese width, no blanks beside ideographs, commas at pauses and before words that begin a clause."""
    text = _with_pauses(sentence)
    text = re.sub(rf"(?<![A-Za-z0-9])\s+|\s+(?![A-Za-z0-9])|(?<=[{MARKS}])\s+", "", re.sub(r"\s+", " ", text))
    text = re.sub(r"(?<!\d)[,?!:;.](?!\d)|(?<=\d)[,?!;](?!\d)|(?<!\d)[,?!;](?=\d)", _widened, text)
    text = re.sub(rf"\s*([{MARKS}])\s*", r"\1", text)
    return _with_clauses(text)


def _widened(mark: re.Match[str]) -> str:
    """A mark in Chinese width, unless it stands inside Latin words."""
    before, after = mark.string[: mark.start()][-1:], mark.string[mark.end() :][:1]
    is_latin = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
    return mark[0] if is_latin else mark[0].translate(WIDE_MARKS)


def _with_pauses(sentence: Sentence) -> str:
    """The text with a comma wherever the host paused between two ideographs."""
    steps = [after - before for before, after in pairwise(sentence.char_starts)]
    longest = max(COMMA_PAUSE, COMMA_STEPS * sorted(steps)[len(steps) // 2]) if steps else COMMA_PAUSE
    made = [sentence.text[:1]]
    for (before, after), (start, next_start) in zip(
        pairwise(sentence.text), pairwise(sentence.char_starts), strict=True
    ):
        is_inside = bool(re.fullmatch(rf"[{IDEOGRAPH}]{{2}}", before + after))
        made.append("，" + after if is_inside and next_start - start >= longest else after)
    return "".join(made)


def _with_clauses(text: str) -> str:
    made, since = "", 0
    for piece in CLAUSE.split(text):
        since = len(re.split(f"[{MARKS}]", made)[-1])
        made += f"，{piece}" if made and since >= SHORTEST_CLAUSE else piece
    return made


def _ended(text: str, *, is_over: bool) -> str:
    """The text with a mark at its end that tells whether the host went on."""
    bare = text.rstrip("，、。：；")
    if not bare or bare[-1] in ENDS:
        return bare or text
    if QUESTION.search(bare):
        return bare + "？"
    return bare + ("。" if is_over else "，")
