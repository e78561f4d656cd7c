"""Whether two Chinese syllables side by side are one word, as far as one sees without a dictionary of all words.

就不, 久不 and 式即 stand on two sides of a border; 摸不 is no misheard 抹布, and 师傅 no misheard 湿敷.
"""

from functools import cache

from models.text.phrase_tables import phrase_table


def crosses_word_border(first: str, second: str) -> bool:
    """Whether a word ends between the two syllables, which are written so."""
    if first in _syllables("endings") or second in _syllables("beginnings"):
        return True
    if second in _syllables("numerals") or second.isdigit():
        return True
    return first in _syllables("function_words") and second in _syllables("function_words")


def makes_sense(first: str, second: str) -> bool:
    """Whether the two syllables say something as they are written, so that nothing else was misheard as them."""
    function_words = _syllables("function_words")
    return first in function_words or second in function_words or f"{first}{second}" in _known_words()


@cache
def _syllables(kind: str) -> frozenset[str]:
    return frozenset(phrase_table(__name__)["syllables"][kind].split()[0])


@cache
def _known_words() -> frozenset[str]:
    """The common words, and those of two syllables that pypinyin knows the tones of, some 20,000."""
    from pypinyin.phrases_dict import phrases_dict

    common: str = phrase_table(__name__)["words"]["common"]
    return frozenset(common.split()) | {word for word in phrases_dict if len(word) == 2}
