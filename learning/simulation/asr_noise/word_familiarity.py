"""How hard what is said is to make out: what a recogniser has often heard, alone and next to its neighbour, is easy.

Whisper base hears two thirds of the characters wrong that no other show has said, and one in twelve of those that
every show says in company it knows (development set; English words alike). Names suffer most, and that is what matters.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2

MOST_OF_A_TEXT = 4  # a name said thirty times in one show stays rare to a recogniser that has heard all shows
HARDEST, EASIEST = 0.72, 0.15  # error rates of units never and always heard, in unknown company
PAIR_HELPS = 0.62  # how much of the errors known company takes away
PAIR_KNOWN = 0.4  # share of texts in which a pair is known company

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Heard:
    """How often units (characters or lower-case words) were heard, and in how many texts pairs of them were."""

    units: Mapping[str, int]
    pairs: Mapping[Pair, int]
    texts: int

    @staticmethod
    def of(texts: Iterable[Sequence[str]]) -> "Heard":
        """What was heard in `texts`, each the units of one show, of which none counts more than MOST_OF_A_TEXT."""
        units, pairs = Counter[str](), Counter[Pair]()
        count = 0
        for text in texts:
            units.update({unit: min(MOST_OF_A_TEXT, times) for unit, times in Counter(text).items()})
            pairs.update(set(pairwise(text)))
            count += 1
        return Heard(units, pairs, count)

    def hardness(self, text: Sequence[str], own: "Heard") -> list[float]:
        """How often each unit of `text` is misheard before a channel's rate is applied; what `own` adds is unknown."""
        company = [self._company(pair, own) for pair in pairwise(text)]
        known = [max(near) for near in zip([0.0, *company], [*company, 0.0], strict=True)] if text else []
        most = log2(1 + MOST_OF_A_TEXT * max(1, self.texts - own.texts))
        alone = [HARDEST - (HARDEST - EASIEST) * min(1.0, self._heard(unit, own) / most) for unit in text]
        return [hard * (1 - PAIR_HELPS * near**2) for hard, near in zip(alone, known, strict=True)]

    def _heard(self, unit: str, own: "Heard") -> float:
        return log2(1 + max(0, self.units.get(unit, 0) - own.units.get(unit, 0)))

    def _company(self, pair: Pair, own: "Heard") -> float:
        others = self.pairs.get(pair, 0) - own.pairs.get(pair, 0)
        return min(1.0, max(0, others) / (PAIR_KNOWN * max(1, self.texts - own.texts)))
