"""Words that people give: how long they may be, and what they must not hold."""

import unicodedata

from domain.errors import InvalidValue

LONGEST_TITLE = 200  # characters; the machine's own take at most 50 columns, this leaves room for people
LONGEST_SUMMARY = 2000  # characters
LONGEST_NAME = 200  # characters of an id
UNSHOWN = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories of what no line of text holds: control characters, halves of pairs, line and paragraph breaks."""


def check_title(title: str) -> None:
    """Raise InvalidValue unless `title` can be shown as one line."""
    if not title.strip():
        raise InvalidValue("a title must not be blank")
    _check_line("a title", title, LONGEST_TITLE)


def check_summary(summary: str) -> None:
    """Raise InvalidValue unless `summary` can be shown. It may be empty."""
    _check_line("a summary", summary, LONGEST_SUMMARY)


def check_name(what: str, name: str) -> None:
    """Raise InvalidValue unless `name` can be the id of `what`, "a product" or "a highlight". It is not repeated."""
    if not name.strip():
        raise InvalidValue(f"{what}'s id must not be blank")
    _check_line(f"{what}'s id", name, LONGEST_NAME)


def _check_line(what: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise InvalidValue(f"{what} must not be longer than {longest} characters, these are {len(text)}")
    bad = next((c for c in text if unicodedata.category(c) in UNSHOWN), None)
    if bad is not None:
        raise InvalidValue(f"{what} must be one line without control characters, and holds U+{ord(bad):04X}")
