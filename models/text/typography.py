"""Text as it is set for people: on one line, blanks in English only, cut where there is no room."""

import re
import unicodedata
from itertools import accumulate

HAN = "㐀-鿿"
FULL_WIDTH = "，。！？；：、“”（）《》…"
HAN_PATTERN = re.compile(f"[{HAN}]")
SPACE_IN_CHINESE = re.compile(rf"(?<=[{HAN}{FULL_WIDTH}]) +(?=[{HAN}{FULL_WIDTH}])")
SPACE_AT_MARK = re.compile(rf" +(?=[{FULL_WIDTH}])|(?<=[{FULL_WIDTH}]) +")
FULL_WIDTH_BY_HALF_WIDTH = {",": "，", ".": "。", "?": "？", "!": "！", ";": "；", ":": "："}
MARK_BESIDE_HAN = re.compile(rf"(?<=[{HAN}])\s*[,.?!;:]+|[,.?!;:]+(?=\s*[{HAN}])")
COMMA_BETWEEN_DIGITS = re.compile(r"(?<=\d),(?=\d)(?!\d{3}(?!\d))")  # 29块9,16号 lists, 16,000 counts


def to_single_line(text: str) -> str:
    """`text` without control and direction characters, with single blanks, and none inside Chinese."""
    visible = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return SPACE_IN_CHINESE.sub("", " ".join("".join(visible).split()))


def has_han(text: str) -> bool:
    return bool(HAN_PATTERN.search(text))


def display_width(text: str) -> int:
    """The width of `text`: a Chinese character takes two columns, a Latin letter one."""
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def truncate(text: str, max_columns: int) -> str:
    """`text` in at most `max_columns` columns: cut with … where it must be, between words where there are words."""
    stop = 0  # characters that fit beside the …
    for index, width in enumerate(accumulate(map(_character_width, text)), start=1):
        if width <= max_columns - 1:
            stop = index
        if width > max_columns:
            break
    else:
        return text
    head, next_character = text[:stop], text[stop]
    words = head.rpartition(" ")[0]
    is_inside_word = next_character.isascii() and next_character.isalnum() and head[-1:].isascii()
    if is_inside_word and 2 * len(words) > len(head):
        head = words
    return head.rstrip(" ,，、;；:：-") + "…"


def join_with_spacing(first: str, second: str) -> str:
    """Two pieces side by side: Chinese meets Chinese without a blank."""
    if not first or not second:
        return first or second
    return first + ("" if has_han(first[-1]) and has_han(second[0]) else " ") + second


def to_full_width_marks(text: str) -> str:
    """Half-width marks beside Chinese as full-width ones; 3.0, 16,000 and 20:30 keep theirs."""

    def full_width(match: re.Match[str]) -> str:
        mark = match.group().strip()
        return "……" if set(mark) == {"."} and len(mark) > 2 else FULL_WIDTH_BY_HALF_WIDTH[mark[-1]]

    return SPACE_AT_MARK.sub(
        "", SPACE_IN_CHINESE.sub("", MARK_BESIDE_HAN.sub(full_width, COMMA_BETWEEN_DIGITS.sub("，", text)))
    )
