"""Finds Latin names by Metaphone codes across word boundaries: serum in "see rum", air fryer in "air friar"."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import takewhile

from rapidfuzz.distance import Levenshtein

from models.lexicon.aliases import Alias
from models.text.phonetic_tokens import PhoneticToken
from models.text.phrase_tables import phrase_table

MIN_CONSONANTS = 4  # of a name; shorter codes match by accident
MIN_CONSONANTS_FUZZY = 6  # of a name that may have one of them wrong
MIN_SIMILARITY, MIN_SIMILARITY_SHORT = 0.6, 0.7  # share of letters that agree; the code leaves vowels out
MAX_WORDS = 6  # that one name is recognised as
FUZZY_DISTANCE = 0.5  # of the one wrong consonant


class MetaphoneIndex:
    """Finds names in Latin letters. Codes are Metaphone's, of words run together."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._exact: dict[str, list[tuple[Alias, str]]] = defaultdict(list)
        self._fuzzy: dict[str, list[tuple[Alias, str]]] = defaultdict(list)
        self._max_letters = 0
        for alias in aliases:
            if all(word.isascii() and word[0].isalpha() for word in alias.surfaces):
                self._add(alias)

    def _add(self, alias: Alias) -> None:
        letters = "".join(alias.surfaces)
        code = _metaphone_code(letters)
        content_consonants = len(
            _metaphone_code("".join(word for word in alias.surfaces if word not in _edge_stop_words()))
        )
        if content_consonants >= MIN_CONSONANTS:
            self._max_letters = max(self._max_letters, round(len(letters) / MIN_SIMILARITY))
            self._exact[code].append((alias, letters))
        if content_consonants >= MIN_CONSONANTS_FUZZY:
            for key in (code, *_single_deletions(code)):
                self._fuzzy[key].append((alias, letters))

    def find(self, tokens: Sequence[PhoneticToken]) -> Iterator[tuple[Alias, int, int, float]]:
        """Name, first token, end, and mean distance: 0 for the same code. Of windows that overlap, the most similar."""
        candidates = [
            (distance - _letter_similarity(letters, name), start, end, alias, distance)
            for start, end, letters in _word_windows(tokens, self._max_letters)
            for alias, name, distance in self._matching_aliases(letters)
            if _has_content_edges(tokens[start], tokens[end - 1], alias)
        ]
        kept: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for _, start, end, alias, distance in sorted(candidates, key=lambda each: each[:3]):
            if all(end <= left or right <= start for left, right in kept[alias.codes]):
                kept[alias.codes].append((start, end))
                yield alias, start, end, distance

    def _matching_aliases(self, letters: str) -> Iterator[tuple[Alias, str, float]]:
        code = _metaphone_code(letters)
        min_similarity = MIN_SIMILARITY if len(code) > MIN_CONSONANTS else MIN_SIMILARITY_SHORT
        for alias, name in self._exact.get(code, ()):
            if _letter_similarity(letters, name) >= min_similarity:
                yield alias, name, 0.0
        if len(code) >= MIN_CONSONANTS_FUZZY - 1:
            fuzzy_aliases = {
                id(alias): (alias, name)
                for key in (code, *_single_deletions(code))
                for alias, name in self._fuzzy.get(key, ())
            }
            for alias, name in fuzzy_aliases.values():
                if _metaphone_code(name) != code and _letter_similarity(letters, name) >= MIN_SIMILARITY:
                    yield alias, name, FUZZY_DISTANCE / len(code)


def _word_windows(tokens: Sequence[PhoneticToken], max_letters: int) -> Iterator[tuple[int, int, str]]:
    """Runs of words: first, end, their letters run together, at most `max_letters`."""
    for start in range(len(tokens)):
        letters = ""
        for end, token in enumerate(_leading_words(tokens, start), start + 1):
            letters += token.surface
            if len(letters) > max_letters:
                break
            yield start, end, letters


def _has_content_edges(first: PhoneticToken, last: PhoneticToken, alias: Alias) -> bool:
    has_content_start = first.surface not in _edge_stop_words() or first.surface == alias.surfaces[0]
    return has_content_start and (last.surface not in _edge_stop_words() or last.surface == alias.surfaces[-1])


@cache
def _edge_stop_words() -> frozenset[str]:
    words: str = phrase_table(__name__)["edges"]["stop_words"]
    return frozenset(words.split())


def _letter_similarity(letters: str, name: str) -> float:
    return Levenshtein.normalized_similarity(letters, name)


def _leading_words(tokens: Sequence[PhoneticToken], start: int) -> Iterator[PhoneticToken]:
    return takewhile(lambda token: token.is_latin, tokens[start : start + MAX_WORDS])


@lru_cache(maxsize=1 << 16)  # few of the windows of a long show recur
def _metaphone_code(letters: str) -> str:
    from jellyfish import metaphone

    return metaphone(letters.replace("'", ""))


def _single_deletions(code: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code[:i] + code[i + 1 :] for i in range(len(code))))
