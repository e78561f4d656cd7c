"""Latin words by ear, across their boundaries: serum is heard as "see rum", air fryer as "air friar"."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

from rapidfuzz.distance import Levenshtein

from models.lexicon.aliases import Alias
from models.text.phonetic_tokens import Token

FEWEST_SOUNDS = 4  # consonants of a name; shorter codes meet by accident
FEWEST_SOUNDS_NEAR = 6  # of a name that may have one of them wrong
LEAST_ALIKE, LEAST_ALIKE_SHORT = 0.6, 0.7  # share of letters that agree; the code leaves vowels out
MOST_WORDS = 6  # that one name is heard as
NEAR_DISTANCE = 0.5  # of the sound that is wrong
EDGELESS = frozenset(
    ("a", "an", "and", "are", "at", "for", "i", "in", "is", "it", "of", "on", "or", "so", "that", "the", "this", "to",
     "was", "we", "with", "you")
)  # fmt: skip
"""Words that no name begins or ends with by ear, unless it does in writing."""


class WordSounds:
    """Finds names of Latin letters by how they sound. The code of a sound is Metaphone's, of words run together."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._exact: dict[str, list[tuple[Alias, str]]] = defaultdict(list)
        self._near: dict[str, list[tuple[Alias, str]]] = defaultdict(list)
        self._longest = 0
        for alias in aliases:
            if all(word.isascii() and word[0].isalpha() for word in alias.written):
                self._add(alias)

    def _add(self, alias: Alias) -> None:
        letters = "".join(alias.written)
        sound = _sound(letters)
        telling = len(_sound("".join(word for word in alias.written if word not in EDGELESS)))
        if telling >= FEWEST_SOUNDS:
            self._longest = max(self._longest, round(len(letters) / LEAST_ALIKE))
            self._exact[sound].append((alias, letters))
        if telling >= FEWEST_SOUNDS_NEAR:
            for key in (sound, *_one_left_out(sound)):
                self._near[key].append((alias, letters))

    def heard_in(self, tokens: Sequence[Token]) -> Iterator[tuple[Alias, int, int, float]]:
        """Name, first token, end, and distance a sound: 0 for the same code. Of windows that overlap the likest."""
        found = [
            (distance - _alike(letters, name), start, end, alias, distance)
            for start, end, letters in _windows(tokens, self._longest)
            for alias, name, distance in self._named(letters)
            if _has_edges(tokens[start], tokens[end - 1], alias)
        ]
        kept: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for _, start, end, alias, distance in sorted(found, key=lambda each: each[:3]):
            if all(end <= left or right <= start for left, right in kept[alias.codes]):
                kept[alias.codes].append((start, end))
                yield alias, start, end, distance

    def _named(self, letters: str) -> Iterator[tuple[Alias, str, float]]:
        sound = _sound(letters)
        least = LEAST_ALIKE if len(sound) > FEWEST_SOUNDS else LEAST_ALIKE_SHORT
        for alias, name in self._exact.get(sound, ()):
            if _alike(letters, name) >= least:
                yield alias, name, 0.0
        if len(sound) >= FEWEST_SOUNDS_NEAR - 1:
            near = {
                id(alias): (alias, name)
                for key in (sound, *_one_left_out(sound))
                for alias, name in self._near.get(key, ())
            }
            for alias, name in near.values():
                if _sound(name) != sound and _alike(letters, name) >= LEAST_ALIKE:
                    yield alias, name, NEAR_DISTANCE / len(sound)


def _windows(tokens: Sequence[Token], longest: int) -> Iterator[tuple[int, int, str]]:
    """Runs of words: first, end, their letters run together, at most `longest`."""
    for start in range(len(tokens)):
        letters = ""
        for end, token in enumerate(_words_from(tokens, start), start + 1):
            letters += token.written
            if len(letters) > longest:
                break
            yield start, end, letters


def _has_edges(first: Token, last: Token, alias: Alias) -> bool:
    starts = first.written not in EDGELESS or first.written == alias.written[0]
    return starts and (last.written not in EDGELESS or last.written == alias.written[-1])


def _alike(letters: str, name: str) -> float:
    return Levenshtein.normalized_similarity(letters, name)


def _words_from(tokens: Sequence[Token], start: int) -> Iterator[Token]:
    return takewhile(lambda token: token.is_word, tokens[start : start + MOST_WORDS])


@lru_cache(maxsize=1 << 16)  # of the windows of a long show, few are met again
def _sound(letters: str) -> str:
    from jellyfish import metaphone

    return metaphone(letters.replace("'", ""))


def _one_left_out(sound: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sound[:i] + sound[i + 1 :] for i in range(len(sound))))
