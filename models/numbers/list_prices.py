"""Tells list prices from prices asked: 原价 299, was 299, 六百九十九的我们 329 (list_prices.toml)."""

import re
from functools import cache

from models.numbers.spoken_numbers import SpokenNumber
from models.text.phrase_tables import phrase_patterns

MAX_CUE_CHARS = 40  # of the longest words before a number
MAX_TURN_CHARS = 28  # from a list price to the price asked that follows it
MIN_LIST_PRICE = 10  # a smaller number before a price counts something


def is_list_price(text: str, number: SpokenNumber, following: SpokenNumber | None) -> bool:
    """Whether `number` of `text` (folded) is what the product costs elsewhere, by its words or by the lower price
    that it is compared with: `following`, the next number.
    """
    patterns = phrase_patterns(__name__, "patterns")
    if _words_before().search(text, max(0, number.start - MAX_CUE_CHARS), number.start):
        return True
    if patterns["after"].match(text, number.end):
        return True
    if following is None or not MIN_LIST_PRICE <= following.value < number.value:
        return False
    is_near = following.start - number.end <= MAX_TURN_CHARS
    return is_near and bool(patterns["turn"].search(text, number.end, following.start))


@cache
def _words_before() -> re.Pattern[str]:
    """A word for a list price, and what may stand between it and the number after."""
    chinese, english = (phrase_patterns(__name__, language) for language in ("chinese", "english"))
    return re.compile(
        rf"(?:{chinese['words'].pattern}){chinese['between'].pattern}$"
        rf"|\b(?:{english['words'].pattern}){english['between'].pattern}$"
    )
