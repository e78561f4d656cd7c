"""Confusable Chinese characters: those of the same, a near or a half equal syllable.

The classes follow how sounds are articulated and are wider, on purpose, than those that models/text/phonetic_tokens.py
merges: a matcher tested only on the confusions that it knows would look better than it is.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import Literal

from learning.simulation.asr_noise.confusion_tables import read_confusion_tables

GB2312_LEVEL_1_FIRST_BYTES = range(0xB0, 0xD8)  # first bytes of the 3755 common characters, GB 2312 level 1
HOST_FREQUENCY_WEIGHT = 20.0  # added weight of a character for each occurrence in 10,000 characters of hosts
RETRY_OFFSETS = (0.0, 0.5, 0.25, 0.75, 0.125, 0.625)  # added to the fraction where a choice is the character itself
SyllableSimilarity = Literal["same", "near", "half", "far"]
SYLLABLE_SIMILARITIES: tuple[SyllableSimilarity, ...] = ("same", "near", "half", "far")


@dataclass(frozen=True, slots=True)
class WeightedCharacters:
    """Candidate characters and their cumulative weights."""

    characters: Sequence[str]
    cumulative_weights: Sequence[float]

    def pick(self, fraction: float) -> str:
        """The character at `fraction` in [0, 1) of the whole weight."""
        return self.characters[bisect_left(self.cumulative_weights, fraction * self.cumulative_weights[-1])]


@dataclass(frozen=True, eq=False)
class MandarinConfusions:
    """What a recogniser writes for what it mishears: characters by their sound, frequent ones first.

    `counts`: of each character in the texts of hosts, `total` together.
    """

    counts: Mapping[str, int]
    total: int
    _candidates: dict[tuple[str, SyllableSimilarity], WeightedCharacters | None] = field(default_factory=dict)

    @staticmethod
    def from_texts(texts: Iterable[str]) -> "MandarinConfusions":
        """The confusions of a recogniser that knows `texts`."""
        counts = Counter(character for text in texts for character in text if is_chinese_character(character))
        return MandarinConfusions(counts, counts.total())

    def similar_character(self, character: str, similarity: SyllableSimilarity, fraction: float) -> str:
        """Another character of this similarity, or of the next wider one that has any."""
        for wider_similarity in SYLLABLE_SIMILARITIES[SYLLABLE_SIMILARITIES.index(similarity) :]:
            candidates = self._cached_candidates(toneless_syllable(character), wider_similarity)
            fractions = ((fraction + shift) % 1.0 for shift in RETRY_OFFSETS) if candidates else ()
            replacement = next(
                (other for at in fractions if candidates and (other := candidates.pick(at)) != character), ""
            )
            if replacement:
                return replacement
        return character

    def _cached_candidates(self, syllable: str, similarity: SyllableSimilarity) -> WeightedCharacters | None:
        key = (syllable, similarity)
        if key not in self._candidates:
            self._candidates[key] = self._find_candidates(syllable, similarity)
        return self._candidates[key]

    def _find_candidates(self, syllable: str, similarity: SyllableSimilarity) -> WeightedCharacters | None:
        similar_characters = [
            character
            for sound, characters in common_characters().items()
            if syllable_similarity(syllable, sound) == similarity
            for character in characters
        ]
        per_10_000 = 1e4 / max(1, self.total)
        weights = [1.0 + HOST_FREQUENCY_WEIGHT * per_10_000 * self.counts.get(each, 0) for each in similar_characters]
        return WeightedCharacters(similar_characters, tuple(accumulate(weights))) if similar_characters else None


def is_chinese_character(character: str) -> bool:
    """Whether `character` is a Chinese one."""
    return "\u3400" <= character <= "\u9fff"


@cache
def common_characters() -> Mapping[str, Sequence[str]]:
    """The common characters of each toneless syllable."""
    characters = (
        bytes((first, second)).decode("gb2312", "ignore")
        for first in GB2312_LEVEL_1_FIRST_BYTES
        for second in range(0xA1, 0xFF)
    )
    by_sound: dict[str, list[str]] = {}
    for character in filter(None, characters):
        by_sound.setdefault(toneless_syllable(character), []).append(character)
    return by_sound


@cache
def toneless_syllable(character: str) -> str:
    """The toneless syllable of one Chinese character in its most frequent reading."""
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(character, style=Style.NORMAL, v_to_u=False)[0])


@cache
def syllable_similarity(first: str, second: str) -> SyllableSimilarity:
    """The similarity of two syllables: equal, near in both halves, equal in one half, or far."""
    if first == second:
        return "same"
    (initial, final), (other_initial, other_final) = _split_syllable(first), _split_syllable(second)
    tables = read_confusion_tables()
    if _are_similar(initial, other_initial, tables.similar_initials) and _are_similar(
        final, other_final, tables.similar_finals
    ):
        return "near"
    return "half" if initial == other_initial or final == other_final else "far"


@cache
def _split_syllable(syllable: str) -> tuple[str, str]:
    initials = {initial for group in read_confusion_tables().similar_initials for initial in group}
    initial = next((each for each in (syllable[:2], syllable[:1]) if each in initials), "")
    return initial, syllable[len(initial) :]


def _are_similar(first: str, second: str, groups: Iterable[Sequence[str]]) -> bool:
    return first == second or any(first in group and second in group for group in groups)
