"""How hard a unit is to recognise: frequent units in familiar pairs are easy.

Whisper base gets two thirds of the characters wrong that no other show contains, and one in twelve of those that every
show contains in familiar pairs (development set; English words alike). Names suffer most, and names matter most.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2

MAX_COUNT_PER_TEXT = 4  # a name that is frequent in one show only stays rare
MAX_ERROR_RATE, MIN_ERROR_RATE = 0.72, 0.15  # of units never and always seen, in unfamiliar pairs
PAIR_ERROR_REDUCTION = 0.62  # share of the errors that familiar pairs avoid
FAMILIAR_PAIR_SHARE = 0.4  # share of texts from which a pair is fully familiar

UnitPair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class WordFamiliarity:
    """Counts of units (characters or lower-case words), and the number of texts with each pair of neighbours."""

    unit_counts: Mapping[str, int]
    pair_counts: Mapping[UnitPair, int]
    text_count: int

    @staticmethod
    def from_texts(texts: Iterable[Sequence[str]]) -> "WordFamiliarity":
        """The counts of `texts`, each the units of one show, where no unit counts more than MAX_COUNT_PER_TEXT."""
        unit_counts, pair_counts = Counter[str](), Counter[UnitPair]()
        text_count = 0
        for text in texts:
            unit_counts.update({unit: min(MAX_COUNT_PER_TEXT, times) for unit, times in Counter(text).items()})
            pair_counts.update(set(pairwise(text)))
            text_count += 1
        return WordFamiliarity(unit_counts, pair_counts, text_count)

    def hardness(self, text: Sequence[str], show_familiarity: "WordFamiliarity") -> list[float]:
        """The error rate of each unit of `text` before that of a profile is applied. `show_familiarity`: counts of this
        show, which do not make a unit familiar.
        """
        pairs = [0.0, *(self._pair_familiarity(pair, show_familiarity) for pair in pairwise(text)), 0.0]
        neighbour_familiarity = [max(pair) for pair in pairwise(pairs)]  # one for each unit, and one for no unit
        max_log_count = log2(1 + MAX_COUNT_PER_TEXT * max(1, self.text_count - show_familiarity.text_count))
        unit_error_rates = [
            MAX_ERROR_RATE
            - (MAX_ERROR_RATE - MIN_ERROR_RATE) * min(1.0, self._log_count(unit, show_familiarity) / max_log_count)
            for unit in text
        ]
        return [
            hard * (1 - PAIR_ERROR_REDUCTION * near**2)
            for hard, near in zip(unit_error_rates, neighbour_familiarity, strict=False)
        ]

    def _log_count(self, unit: str, show_familiarity: "WordFamiliarity") -> float:
        return log2(1 + max(0, self.unit_counts.get(unit, 0) - show_familiarity.unit_counts.get(unit, 0)))

    def _pair_familiarity(self, pair: UnitPair, show_familiarity: "WordFamiliarity") -> float:
        other_text_count = self.pair_counts.get(pair, 0) - show_familiarity.pair_counts.get(pair, 0)
        familiar_count = FAMILIAR_PAIR_SHARE * max(1, self.text_count - show_familiarity.text_count)
        return min(1.0, max(0, other_text_count) / familiar_count)
