"""Which English words a recogniser writes for another: words of hosts that sound alike, and spellings by ear."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

SOUNDS = (  # spelling to a coarse sound, in this order
    ("tion", "xn"), ("ough", "o"), ("igh", "i"), ("sch", "sk"), ("tch", "x"), ("ch", "x"), ("sh", "x"), ("ph", "f"),
    ("th", "t"), ("wh", "w"), ("kn", "n"), ("wr", "r"), ("ck", "k"), ("qu", "kw"), ("gh", "g"), ("dg", "j"),
    ("x", "ks"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("q", "k"), ("z", "s"), ("v", "f"),
    ("g", "k"), ("d", "t"), ("b", "p"), ("y", "i"), ("m", "n"),
)  # fmt: skip
VOWELS = re.compile("[aeiou]+")
DOUBLED = re.compile(r"(.)\1+")
SPELT_BY_EAR = ("ea", "ee", "i", "e", "a", "ai", "o", "oa", "u", "oo", "er", "ar")
CONSONANTS_BY_EAR = {"t": "dcp", "c": "kts", "k": "cg", "p": "bt", "b": "pd", "d": "tb", "m": "n", "n": "m", "s": "zc",
                     "f": "v", "v": "fb", "g": "kj", "l": "r", "r": "lw", "h": "", "w": "r"}  # fmt: skip
VOWELS_FIRST = 0.6  # how often it is a vowel that is spelt otherwise
SHORTEST_CUT = 3  # letters; longer words lose their last
NEAREST = 8


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words of hosts, lower case, with how often each is said."""

    counts: Mapping[str, int]
    _by_key: Mapping[str, Sequence[str]]
    _near: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    def of(texts: Iterable[str]) -> "Vocabulary":
        counts = Counter(word for text in texts for word in re.findall(r"[a-z']+", text.lower()))
        by_key: dict[str, list[str]] = {}
        for word in sorted(counts):
            for key in _keys(word):
                by_key.setdefault(key, []).append(word)
        return Vocabulary(counts, by_key)

    def instead_of(self, word: str, share: float) -> str | None:
        """A word of hosts that sounds like `word`; None where there is none."""
        near = self._near.get(word)
        if near is None:
            near = self._near[word] = self._nearest(word)
        return near[int(share * len(near))] if near else None

    def _nearest(self, word: str) -> tuple[str, ...]:
        alike = Counter(other for key in _keys(word) for other in self._by_key.get(key, ()) if other != word)
        lengths_near = [other for other in alike if abs(len(other) - len(word)) <= 2]
        best = sorted(lengths_near, key=lambda other: (-alike[other], -self.counts[other], other))
        return tuple(best[:NEAREST])


def by_ear(word: str, shares: Sequence[float]) -> str:
    """`word` as one might spell it who never read it. `shares`: three numbers in [0, 1) that decide."""
    vowels = list(VOWELS.finditer(word))
    if vowels and shares[0] < VOWELS_FIRST:
        found = vowels[int(shares[1] * len(vowels))]
        others = [spelling for spelling in SPELT_BY_EAR if spelling != found.group()]
        return word[: found.start()] + others[int(shares[2] * len(others))] + word[found.end() :]
    at = int(shares[1] * len(word))
    instead = CONSONANTS_BY_EAR.get(word[at], "")
    if instead:
        return word[:at] + instead[int(shares[2] * len(instead))] + word[at + 1 :]
    return word[:-1] if len(word) > SHORTEST_CUT else word + "s"


@cache
def sound_of(word: str) -> str:
    """A coarse sound: consonants that are mixed up are one; of vowels in a row and doubled letters the first stays."""
    sound = re.sub("[^a-z]", "", word)
    for spelling, heard in SOUNDS:
        sound = sound.replace(spelling, heard)
    return DOUBLED.sub(r"\1", VOWELS.sub(lambda run: run.group()[0], sound))


def _keys(word: str) -> set[str]:
    """Keys that words of like sound share: the sound, it without its vowels, and it with one sound left out."""
    sound = sound_of(word)
    bones = VOWELS.sub("", sound)
    left_out = {sound[:i] + sound[i + 1 :] for i in range(len(sound))} if len(sound) > 2 else set[str]()
    return {sound, f"-{bones}", *left_out}
