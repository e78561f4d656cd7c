"""A show in units: a few sentences said in one breath, and the silences between. All evidence lies on them.

Recognisers break sentences at every short pause; what hosts do is told by whole utterances, some 4 s long.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds, Span
from domain.evidence import FloatArray
from domain.speech import Sentence

LONGEST_SILENCE: Seconds = 10.0  # a longer one is cut into units of its own, so that events can speak in it
LONGEST_UNIT: Seconds = 8.0  # 95th percentile of the utterances in the labelled scripts, as spoken
LONGEST_BREATH: Seconds = 0.8  # a longer pause ends a unit
SHORTEST_SHOW: Seconds = 0.1  # so that the last unit is never empty
NEARBY_SHARES = (0.5, 0.25)  # of what the next unit says, and the one after it


@dataclass(frozen=True, eq=False)
class Units:
    """`starts`, `ends`, `said_until`: (units,), seconds; a unit lasts until the next begins, its words may end before.

    `texts`: what was said, "" in silence. `is_heard`: (units,), 1 where it was heard reliably, else 0. `unit_of`: the
    unit of every sentence, by its number.
    """

    starts: FloatArray
    ends: FloatArray
    said_until: FloatArray
    texts: tuple[str, ...]
    is_heard: FloatArray
    unit_of: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def boundaries(self) -> FloatArray:
        """(units + 1,): where explanations may begin and end."""
        return np.concatenate([self.starts, self.ends[-1:]])

    @property
    def pauses(self) -> FloatArray:
        """(units,): seconds between the last words and the unit."""
        return np.asarray(np.maximum(0.0, self.starts - np.concatenate([self.starts[:1], self.said_until[:-1]])))

    def at(self, time: Seconds) -> int:
        """The unit that holds `time`; -1 before the first."""
        return int(np.searchsorted(self.starts, time, side="right")) - 1

    def within(self, span: Span) -> NDArray[np.bool_]:
        """(units,): which overlap `span`."""
        return (self.ends > span.start) & (self.starts < span.end)


def units_of(sentences: Sequence[Sentence], replay: Span) -> Units:
    """The units that fill `replay`. A short silence before the first sentence is none."""
    grid = _Grid()
    said_until = replay.start
    for sentence in sentences:
        if not grid.goes_on(sentence, said_until):
            grid.add_silence(said_until, sentence.start)
            grid.add(sentence.start, "", sentence.is_reliable)
        grid.extend(sentence)
        said_until = max(said_until, sentence.end)
    grid.add_silence(said_until, replay.end)
    if not grid.starts:
        grid.add(replay.start, "", False)
    return grid.units(replay)


class _Grid:
    """Units under construction."""

    def __init__(self) -> None:
        self.starts: list[Seconds] = []
        self.said_until: list[Seconds] = []
        self.texts: list[str] = []
        self.are_heard: list[bool] = []
        self.unit_of: list[int] = []

    def goes_on(self, sentence: Sentence, said_until: Seconds) -> bool:
        """Whether it is said in one breath with the unit before it."""
        return (
            bool(self.unit_of)
            and self.unit_of[-1] == len(self.texts) - 1
            and self.are_heard[-1] == sentence.is_reliable
            and sentence.start - said_until <= LONGEST_BREATH
            and sentence.end - self.starts[-1] <= LONGEST_UNIT
        )

    def add_silence(self, start: Seconds, end: Seconds) -> None:
        if end - start > LONGEST_SILENCE:
            count = math.ceil((end - start) / LONGEST_SILENCE)
            for i in range(count):
                self.add(start + i * (end - start) / count, "", False)

    def add(self, start: Seconds, text: str, is_heard: bool) -> None:
        self.starts.append(start)
        self.said_until.append(start)
        self.texts.append(text)
        self.are_heard.append(is_heard)

    def extend(self, sentence: Sentence) -> None:
        self.texts[-1] += sentence.text
        self.said_until[-1] = max(self.said_until[-1], sentence.end)
        self.unit_of.append(len(self.texts) - 1)

    def units(self, replay: Span) -> Units:
        end = max(replay.end, self.starts[-1] + SHORTEST_SHOW)
        return Units(
            np.array(self.starts),
            np.array([*self.starts[1:], end]),
            np.array(self.said_until),
            tuple(self.texts),
            np.array(self.are_heard, dtype=np.float64),
            tuple(self.unit_of),
        )


def around(nats: FloatArray) -> FloatArray:
    """What the two units before and after each say. `nats`: (units, anything); same shape out."""
    found = np.zeros_like(nats)
    for distance, share in enumerate(NEARBY_SHARES, 1):
        found[distance:] += share * nats[:-distance]
        found[:-distance] += share * nats[distance:]
    return found
