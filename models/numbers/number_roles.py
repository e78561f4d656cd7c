"""What a number means by the words around it: money, money off, a count or a measure (number_roles.toml)."""

import re
from functools import cache
from typing import Literal

from models.numbers.spoken_numbers import SpokenNumber
from models.text.phrase_tables import phrase_patterns

NumberRole = Literal["money", "cued", "bare", "counted", "money off"]
"""money: its own words say so (块, $). cued: the words before are about a price. counted: a measure, a count, a size,
a date. money off: a coupon, what is saved, and from which sum on. bare: none of these."""


def classify_number(text: str, number: SpokenNumber) -> NumberRole:
    """The role of `number`, which stands in `text` (folded)."""
    before = text[max(0, number.start - 16) : number.start]
    patterns = phrase_patterns(__name__, "patterns")
    if patterns["discount_before"].search(before) or patterns["discount_after"].match(text, number.end):
        return "money off"
    if number.is_price:
        return "money"
    if patterns["side_after"].match(text, number.end) or patterns["side_before"].search(before):
        return "counted"
    if _counted_after().match(text, number.end) or patterns["counted_before"].search(before):
        return "counted"
    return "cued" if patterns["price_cue_before"].search(before) else "bare"


@cache
def _counted_after() -> re.Pattern[str]:
    """A unit after a number: Chinese ones follow at once, English ones after a blank or a hyphen too."""
    chinese, english = (phrase_patterns(__name__, "units")[each].pattern for each in ("chinese", "english"))
    return re.compile(
        rf"[多来几]?(?:{chinese})(?![钱])|[ -]?(?:%|[\"″])|[ -](?:{english})\b|(?:{english})\b", re.IGNORECASE
    )
