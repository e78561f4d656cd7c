"""Text for terminals: times, strangers' words made harmless, and words cut to a width in cells (Chinese takes two)."""

import unicodedata

from rich.cells import cell_len, set_cell_size

from domain.clock import Seconds

REPLACEMENT = "\ufffd"
ELLIPSIS = "…"
ASCII_ELLIPSIS = "~"
INVISIBLE = frozenset({"Cf"})  # format characters: they turn lines around or hide letters, and show nothing
HARMFUL = frozenset({"Cc", "Cs", "Co", "Cn"})  # they drive the terminal, cannot be written, or mean nothing
LINE_BREAKS = frozenset({"Zl", "Zp"})


def clock(time: Seconds) -> str:
    """`time` as h:mm:ss, cut to whole seconds."""
    minutes, seconds = divmod(max(0, int(time)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def is_unicode(encoding: str) -> bool:
    """Whether a terminal of this encoding can show any character."""
    return encoding.lower().startswith("utf")


def printable(text: str, encoding: str = "utf-8") -> str:
    """`text` on one line, without anything that could move the cursor, turn the line around or hide itself.

    What the terminal's `encoding` cannot write becomes a question mark.
    """
    harmless = "".join(map(_printable, text)).strip()
    return harmless if is_unicode(encoding) else harmless.encode(encoding, "replace").decode(encoding)


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace() or category in LINE_BREAKS:
        return " "
    if category in INVISIBLE:
        return ""
    return REPLACEMENT if category in HARMFUL else character


def fit(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """`text` in exactly `width` cells: padded with spaces, or cut and ended with `ellipsis`."""
    if cell_len(text) <= width or width < 1:
        return set_cell_size(text, max(0, width))
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + ellipsis, width)
