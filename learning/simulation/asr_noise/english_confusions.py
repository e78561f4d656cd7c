"""Confusable English words: words of hosts that sound alike, and phonetic misspellings."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from learning.simulation.asr_noise.confusion_tables import read_confusion_tables

VOWEL_PATTERN = re.compile("[aeiou]+")
DOUBLED_LETTER_PATTERN = re.compile(r"(.)\1+")
VOWEL_ERROR_PROBABILITY = 0.6  # of a misspelt vowel; else a consonant
MAX_UNTRIMMED_LETTERS = 3  # letters; longer words may lose their last
MAX_NEIGHBOURS = 8


@dataclass(frozen=True, eq=False)
class EnglishConfusions:
    """The words of hosts in lower case, with their counts."""

    counts: Mapping[str, int]
    _by_key: Mapping[str, Sequence[str]]
    _neighbours: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    def from_texts(texts: Iterable[str]) -> "EnglishConfusions":
        counts = Counter(word for text in texts for word in re.findall(r"[a-z']+", text.lower()))
        by_key: dict[str, list[str]] = {}
        for word in sorted(counts):
            for key in _sound_keys(word):
                by_key.setdefault(key, []).append(word)
        return EnglishConfusions(counts, by_key)

    def similar_word(self, word: str, fraction: float) -> str | None:
        """A word of hosts that sounds like `word`; None where there is none."""
        neighbours = self._neighbours.get(word)
        if neighbours is None:
            neighbours = self._neighbours[word] = self._find_neighbours(word)
        return neighbours[int(fraction * len(neighbours))] if neighbours else None

    def _find_neighbours(self, word: str) -> tuple[str, ...]:
        shared_key_counts = Counter(
            other for key in _sound_keys(word) for other in self._by_key.get(key, ()) if other != word
        )
        similar_length_words = [other for other in shared_key_counts if abs(len(other) - len(word)) <= 2]
        ranked_words = sorted(
            similar_length_words, key=lambda other: (-shared_key_counts[other], -self.counts[other], other)
        )
        return tuple(ranked_words[:MAX_NEIGHBOURS])


def misspell_phonetically(word: str, draws: Sequence[float]) -> str:
    """`word` spelt by ear. `draws`: three numbers in [0, 1) that decide how."""
    tables, vowels = read_confusion_tables(), list(VOWEL_PATTERN.finditer(word))
    if vowels and draws[0] < VOWEL_ERROR_PROBABILITY:
        match = vowels[int(draws[1] * len(vowels))]
        others = [spelling for spelling in tables.vowel_spellings if spelling != match.group()]
        return word[: match.start()] + others[int(draws[2] * len(others))] + word[match.end() :]
    letter_index = int(draws[1] * len(word))
    replacements = tables.consonants.get(word[letter_index], "")
    if replacements:
        return word[:letter_index] + replacements[int(draws[2] * len(replacements))] + word[letter_index + 1 :]
    return word[:-1] if len(word) > MAX_UNTRIMMED_LETTERS else word + "s"


@cache
def coarse_sound(word: str) -> str:
    """A coarse sound: confusable consonants are one; the first of several vowels or doubled letters stays."""
    sound = re.sub("[^a-z]", "", word)
    for spelling, coarse in read_confusion_tables().sounds.items():
        sound = sound.replace(spelling, coarse)
    return DOUBLED_LETTER_PATTERN.sub(r"\1", VOWEL_PATTERN.sub(lambda run: run.group()[0], sound))


def _sound_keys(word: str) -> set[str]:
    """Keys that words of similar sound share: the sound, its consonants, and the sound without one letter."""
    sound = coarse_sound(word)
    consonants = VOWEL_PATTERN.sub("", sound)
    one_sound_deleted = {sound[:i] + sound[i + 1 :] for i in range(len(sound))} if len(sound) > 2 else set[str]()
    return {sound, f"-{consonants}", *one_sound_deleted}
