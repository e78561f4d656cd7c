"""How far the pooled measures would swing if other shows like these had been looked at: the bootstrap over shows.

Shows are drawn, not highlights: those of one show share their host, their room and their sound, and fail together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from learning.evaluation.metrics import Counts, Measures, measures, pooled

DRAWS = 1000
SEED = 20261111
LEVEL = 0.95  # of all draws lie in an interval
FEWEST_SHOWS = 2  # one show drawn again and again always says the same


@dataclass(frozen=True, slots=True)
class Intervals:
    """For each measure, the ends between which 95 % of the draws lie; None where it could not be taken."""

    low: Measures
    high: Measures


def intervals(shows: Sequence[Counts]) -> Intervals | None:
    """The percentile bootstrap (Efron 1979) of the pooled measures; the same every time. None for a single show."""
    if len(shows) < FEWEST_SHOWS:
        return None
    drawn = [measures(pooled(draw)) for draw in _draws(shows)]
    tail = (1 - LEVEL) / 2
    return Intervals(_quantile(drawn, tail), _quantile(drawn, 1 - tail))


def _draws(shows: Sequence[Counts]) -> Iterator[list[Counts]]:
    """As many shows as there are, with replacement, again and again."""
    for draw in np.random.default_rng(SEED).integers(len(shows), size=(DRAWS, len(shows))):
        yield [shows[place] for place in draw]


def _quantile(drawn: Sequence[Measures], q: float) -> Measures:
    """Each measure's quantile over the draws that have it."""
    known = {f.name: [v for each in drawn if (v := getattr(each, f.name)) is not None] for f in fields(Measures)}
    return Measures(**{name: float(np.quantile(values, q)) if values else None for name, values in known.items()})
