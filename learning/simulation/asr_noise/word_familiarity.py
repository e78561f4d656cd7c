"""How hard what is said is to make out: what a recogniser has often heard, alone and next to its neighbour, is easy.

Whisper base hears two thirds of the characters wrong that no other show has said, and one in twelve of those that
every show says in company it knows (development set; English words alike). Names suffer most, and that is what matters.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2

MAX_COUNT_PER_TEXT = 4  # a name said thirty times in one show stays rare to a recogniser that has heard all shows
MAX_ERROR_RATE, MIN_ERROR_RATE = 0.72, 0.15  # error rates of units never and always heard, in unknown company
PAIR_ERROR_REDUCTION = 0.62  # how much of the errors known company takes away
FAMILIAR_PAIR_SHARE = 0.4  # share of texts in which a pair is known company

UnitPair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class WordFamiliarity:
    """How often units (characters or lower-case words) were heard, and in how many texts pairs of them were."""

    unit_counts: Mapping[str, int]
    pair_counts: Mapping[UnitPair, int]
    text_count: int

    @staticmethod
    def from_texts(texts: Iterable[Sequence[str]]) -> "WordFamiliarity":
        """What was heard in `text_count`, each the units of one show, of which none counts more than MOST_OF_A_TEXT."""
        unit_counts, pair_counts = Counter[str](), Counter[UnitPair]()
        text_count = 0
        for text in texts:
            unit_counts.update({unit: min(MAX_COUNT_PER_TEXT, times) for unit, times in Counter(text).items()})
            pair_counts.update(set(pairwise(text)))
            text_count += 1
        return WordFamiliarity(unit_counts, pair_counts, text_count)

    def hardness(self, text: Sequence[str], show_familiarity: "WordFamiliarity") -> list[float]:
        """How often each unit of `text` is misheard before a channel's rate is applied; what `show_familiarity`
        adds is unknown.
        """
        pair_familiarities = [self._pair_familiarity(pair, show_familiarity) for pair in pairwise(text)]
        neighbour_familiarity = (
            [max(near) for near in zip([0.0, *pair_familiarities], [*pair_familiarities, 0.0], strict=True)]
            if text
            else []
        )
        max_log_count = log2(1 + MAX_COUNT_PER_TEXT * max(1, self.text_count - show_familiarity.text_count))
        unit_error_rates = [
            MAX_ERROR_RATE
            - (MAX_ERROR_RATE - MIN_ERROR_RATE) * min(1.0, self._log_count(unit, show_familiarity) / max_log_count)
            for unit in text
        ]
        return [
            hard * (1 - PAIR_ERROR_REDUCTION * near**2)
            for hard, near in zip(unit_error_rates, neighbour_familiarity, strict=True)
        ]

    def _log_count(self, unit: str, show_familiarity: "WordFamiliarity") -> float:
        return log2(1 + max(0, self.unit_counts.get(unit, 0) - show_familiarity.unit_counts.get(unit, 0)))

    def _pair_familiarity(self, pair: UnitPair, show_familiarity: "WordFamiliarity") -> float:
        other_text_count = self.pair_counts.get(pair, 0) - show_familiarity.pair_counts.get(pair, 0)
        return min(
            1.0,
            max(0, other_text_count) / (FAMILIAR_PAIR_SHARE * max(1, self.text_count - show_familiarity.text_count)),
        )
