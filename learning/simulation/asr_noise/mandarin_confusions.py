"""Which Chinese characters a recogniser writes for another: those of the same, a near or a half equal syllable.

The classes are cut by how sounds are made, on purpose more widely than those that models/text/phonetic_tokens.py
merges: a matcher that is only tried on the confusions it knows would look better than it is.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import Literal

INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
NEAR_INITIALS = ("bp", "dt", "gkh", "jqx", "zh ch sh z c s r", "mnl r", "fh", "yw")
NEAR_FINALS = (
    "a ia ua",
    "an ang en eng ian iang uan uang",
    "in ing en eng un ong iong",
    "ai ei ui uai ue ie e i",
    "ao ou o uo iao iu u",
    "i v e er",
    "u v",
    "en e",
)
COMMON = range(0xB0, 0xD8)  # first bytes of the 3755 characters of GB 2312 level 1, the ones that people use
TALK_WEIGHT = 20.0  # how much likelier a recogniser writes a character for each time in 10,000 that hosts say it
ELSEWHERE = (0.0, 0.5, 0.25, 0.75, 0.125, 0.625)  # shares of the weight further on, where a choice falls on itself
Kind = Literal["same", "near", "half", "far"]
KINDS: tuple[Kind, ...] = ("same", "near", "half", "far")


@dataclass(frozen=True, slots=True)
class Choice:
    """Characters to choose from, and their cumulated weights."""

    characters: Sequence[str]
    cumulated: Sequence[float]

    def at(self, share: float) -> str:
        """The character at `share` in [0, 1) of the whole weight."""
        return self.characters[bisect_left(self.cumulated, share * self.cumulated[-1])]


@dataclass(frozen=True, eq=False)
class Syllabary:
    """What a recogniser writes for what it mishears: characters by their sound, those that hosts say often first.

    `counts`: times that each was said, `total` together.
    """

    counts: Mapping[str, int]
    total: int
    _choices: dict[tuple[str, Kind], Choice | None] = field(default_factory=dict)

    @staticmethod
    def of(texts: Iterable[str]) -> "Syllabary":
        """The syllabary of one who has heard `texts`."""
        counts = Counter(character for text in texts for character in text if is_ideograph(character))
        return Syllabary(counts, counts.total())

    def instead_of(self, character: str, kind: Kind, share: float) -> str:
        """Another character of the `kind` of likeness; the nearest kind wider where there is none."""
        for wider in KINDS[KINDS.index(kind) :]:
            choice = self._choice(syllable_of(character), wider)
            shares = ((share + shift) % 1.0 for shift in ELSEWHERE) if choice else ()
            written = next((other for at in shares if choice and (other := choice.at(at)) != character), "")
            if written:
                return written
        return character

    def _choice(self, syllable: str, kind: Kind) -> Choice | None:
        key = (syllable, kind)
        if key not in self._choices:
            self._choices[key] = self._made(syllable, kind)
        return self._choices[key]

    def _made(self, syllable: str, kind: Kind) -> Choice | None:
        alike = [
            character
            for sound, characters in common_characters().items()
            if likeness(syllable, sound) == kind
            for character in characters
        ]
        each_10_000 = 1e4 / max(1, self.total)
        weights = [1.0 + TALK_WEIGHT * each_10_000 * self.counts.get(each, 0) for each in alike]
        return Choice(alike, tuple(accumulate(weights))) if alike else None


def is_ideograph(character: str) -> bool:
    """Whether `character` is a Chinese one."""
    return "\u3400" <= character <= "\u9fff"


@cache
def common_characters() -> Mapping[str, Sequence[str]]:
    """The common characters of each toneless syllable."""
    characters = (bytes((first, second)).decode("gb2312", "ignore") for first in COMMON for second in range(0xA1, 0xFF))
    by_sound: dict[str, list[str]] = {}
    for character in filter(None, characters):
        by_sound.setdefault(syllable_of(character), []).append(character)
    return by_sound


@cache
def syllable_of(character: str) -> str:
    """The toneless syllable of one Chinese character, its commonest reading."""
    from pypinyin import Style, lazy_pinyin

    return str(lazy_pinyin(character, style=Style.NORMAL, v_to_u=False)[0])


@cache
def likeness(one: str, other: str) -> Kind:
    """How alike two syllables sound: the same, near in both halves, equal in one half, or far."""
    if one == other:
        return "same"
    (initial, final), (other_initial, other_final) = _halves(one), _halves(other)
    if _is_near(initial, other_initial, NEAR_INITIALS) and _is_near(final, other_final, NEAR_FINALS):
        return "near"
    return "half" if initial == other_initial or final == other_final else "far"


def _halves(syllable: str) -> tuple[str, str]:
    initial = next((each for each in INITIALS if syllable.startswith(each)), "")
    return initial, syllable[len(initial) :]


def _is_near(one: str, other: str, groups: Iterable[str]) -> bool:
    return one == other or any(one in _members(group) and other in _members(group) for group in groups)


@cache
def _members(group: str) -> frozenset[str]:
    return frozenset(part for word in group.split() for part in (word if _is_letters(word) else (word,)))


def _is_letters(word: str) -> bool:
    """Whether a group's word stands for one initial a letter (bp, jqx), not for one sound (zh, iang)."""
    return word in ("bp", "dt", "gkh", "jqx", "mnl", "fh", "yw")
