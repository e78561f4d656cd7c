"""Text from people: what titles, summaries and ids may hold; and text for terminals: times, printable lines."""

import unicodedata
from typing import TYPE_CHECKING

from domain.errors import InvalidValue

if TYPE_CHECKING:  # the command line prints text before it needs clocks
    from domain.clock import Seconds

MAX_TITLE_CHARS = 200  # those that kandian writes take at most 50 columns; this leaves room for people
MAX_SUMMARY_CHARS = 2000
MAX_ID_CHARS = 200
FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories that no line of text holds: control characters, surrogates, line and paragraph separators."""
REPLACEMENT_CHARACTER = "\ufffd"
INVISIBLE_CATEGORIES = frozenset({"Cf"})  # format characters: they reorder lines or hide letters, and show nothing
UNPRINTABLE_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})  # control the terminal, cannot be written, or mean nothing
LINE_BREAK_CATEGORIES = frozenset({"Zl", "Zp"})


def check_title(title: str) -> None:
    """Raise InvalidValue unless `title` can be shown as one line."""
    if not title.strip():
        raise InvalidValue("a title must not be blank")
    _check_line("a title", title, MAX_TITLE_CHARS)


def check_summary(summary: str) -> None:
    """Raise InvalidValue unless `summary` can be shown. It may be empty."""
    _check_line("a summary", summary, MAX_SUMMARY_CHARS)


def check_id(owner: str, identifier: str) -> None:
    """Raise InvalidValue unless `identifier` can be the id of `owner`, "a product" or "a highlight". The message does
    not repeat it.
    """
    if not identifier.strip():
        raise InvalidValue(f"{owner}'s id must not be blank")
    _check_line(f"{owner}'s id", identifier, MAX_ID_CHARS)


def _check_line(label: str, text: str, max_chars: int) -> None:
    if len(text) > max_chars:
        raise InvalidValue(f"{label} must not be longer than {max_chars} characters, these are {len(text)}")
    bad = next((c for c in text if unicodedata.category(c) in FORBIDDEN_CATEGORIES), None)
    if bad is not None:
        raise InvalidValue(f"{label} must be one line without control characters, and holds U+{ord(bad):04X}")


def format_hms(time: "Seconds", *, tenths: bool = False, omit_zero_hours: bool = False) -> str:
    """`time` as h:mm:ss, cut to whole seconds; with `tenths` as h:mm:ss.t, rounded. Times below 0 are 0.

    `omit_zero_hours`: m:ss below an hour, as players show it.
    """
    minutes, seconds = divmod(max(0.0, round(time, 1) if tenths else int(time)), 60)
    hours, minutes = divmod(int(minutes), 60)
    seconds_text = f"{seconds:04.1f}" if tenths else f"{int(seconds):02}"
    return f"{minutes}:{seconds_text}" if omit_zero_hours and not hours else f"{hours}:{minutes:02}:{seconds_text}"


def is_unicode(encoding: str) -> bool:
    """Whether a terminal of this encoding can show any character."""
    return encoding.lower().startswith("utf")


def printable(text: str, encoding: str = "utf-8") -> str:
    """`text` on one line, without anything that moves the cursor, reorders the line or is invisible.

    What the terminal's `encoding` cannot write becomes a question mark.
    """
    sanitized = "".join(map(_printable_character, text)).strip()
    return sanitized if is_unicode(encoding) else sanitized.encode(encoding, "replace").decode(encoding)


def _printable_character(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category in LINE_BREAK_CATEGORIES:
        return " "
    if category in INVISIBLE_CATEGORIES:
        return ""
    return REPLACEMENT_CHARACTER if category in UNPRINTABLE_CATEGORIES else character
