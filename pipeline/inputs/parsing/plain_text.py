"""Text from strangers: cleaned before anything else reads or shows it."""

import re
from collections.abc import Mapping

WHITESPACE = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
HIDDEN_CHARACTERS = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # change the direction of the text around them
    "\u200b\u2060\ufeff\ufff9-\ufffb"  # are invisible, but keep words from matching
    "\ud800-\udfff]"  # surrogates, which no file can hold
)


def to_plain_text(text: str) -> str:
    """`text` on one line, without control characters, bidi overrides and spaces around it."""
    if text.isprintable():  # true of nearly all text, and ten times as fast
        return text.strip()
    return HIDDEN_CHARACTERS.sub("", WHITESPACE.sub(" ", text)).strip()


def title_warnings(fields: Mapping[str, object]) -> tuple[str, ...]:
    """A warning if `to_plain_text` changes the "title" in `fields`."""
    title = fields.get("title")
    return ("control characters taken out of title",) if isinstance(title, str) and has_hidden_characters(title) else ()


def has_hidden_characters(text: str) -> bool:
    """Whether `to_plain_text` removes more from `text` than the spaces around it."""
    return not text.isprintable() and to_plain_text(text) != text.strip()
