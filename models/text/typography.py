"""How text is set for people: one line, Chinese without blanks, English with them, no longer than there is room."""

import re
import unicodedata
from itertools import accumulate

HAN = "㐀-鿿"
FULL_WIDTH = "，。！？；：、“”（）《》…"
IS_HAN = re.compile(f"[{HAN}]")
BLANK_IN_CHINESE = re.compile(rf"(?<=[{HAN}{FULL_WIDTH}]) +(?=[{HAN}{FULL_WIDTH}])")
BLANK_AT_MARK = re.compile(rf" +(?=[{FULL_WIDTH}])|(?<=[{FULL_WIDTH}]) +")
CHINESE_MARKS = {",": "，", ".": "。", "?": "？", "!": "！", ";": "；", ":": "："}
MARK_AFTER_HAN = re.compile(rf"(?<=[{HAN}])\s*[,.?!;:]+|[,.?!;:]+(?=\s*[{HAN}])")
BETWEEN_DIGITS = re.compile(r"(?<=\d),(?=\d)(?!\d{3}(?!\d))")  # 29块9,16号 lists, 16,000 counts


def one_line(text: str) -> str:
    """`text` without what cannot be seen (control and direction characters), blanks single, none inside Chinese."""
    seen = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return BLANK_IN_CHINESE.sub("", " ".join("".join(seen).split()))


def has_han(text: str) -> bool:
    return bool(IS_HAN.search(text))


def columns(text: str) -> int:
    """The width of `text`: a Chinese character takes two columns, a Latin letter one."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shortened(text: str, limit: int) -> str:
    """`text` in at most `limit` columns: cut with … where it must be, between words where there are words."""
    stop = 0  # characters that fit beside the …
    for place, width in enumerate(accumulate(map(_width, text)), start=1):
        if width <= limit - 1:
            stop = place
        if width > limit:
            break
    else:
        return text
    kept, following = text[:stop], text[stop]
    words = kept.rpartition(" ")[0]
    is_inside_word = following.isascii() and following.isalnum() and kept[-1:].isascii()
    if is_inside_word and 2 * len(words) > len(kept):
        kept = words
    return kept.rstrip(" ,，、;；:：-") + "…"


def put_together(first: str, second: str) -> str:
    """Two pieces side by side: Chinese meets Chinese without a blank."""
    if not first or not second:
        return first or second
    return first + ("" if has_han(first[-1]) and has_han(second[0]) else " ") + second


def chinese_marks(text: str) -> str:
    """Half-width marks beside Chinese as full-width ones; 3.0, 16,000 and 20:30 keep theirs."""

    def full(match: re.Match[str]) -> str:
        mark = match.group().strip()
        return "……" if set(mark) == {"."} and len(mark) > 2 else CHINESE_MARKS[mark[-1]]

    return BLANK_AT_MARK.sub("", BLANK_IN_CHINESE.sub("", MARK_AFTER_HAN.sub(full, BETWEEN_DIGITS.sub("，", text))))
