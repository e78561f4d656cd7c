"""Utterance units: a few sentences said in one breath, and the silences between them; the grid of all evidence.

Recognisers break sentences at every short pause; what hosts do shows in whole utterances, some 4 s long.
"""

import math
from collections.abc import Sequence

import numpy as np

from domain.clock import Seconds, Span
from domain.evidence import FloatArray, UtteranceUnits
from domain.speech import Sentence

MAX_SILENCE_UNIT_S: Seconds = 10.0  # a longer silence has units of its own, so that events have a place in it
MAX_UNIT_S: Seconds = 8.0  # 95th percentile of the utterances in the labelled scripts, as spoken
MAX_PAUSE_S: Seconds = 0.8  # a longer pause ends a unit
MIN_LAST_UNIT_S: Seconds = 0.1  # so that the last unit is never empty
NEIGHBOUR_WEIGHTS = (0.5, 0.25)  # of the next unit, and of the one after it


def build_utterance_units(sentences: Sequence[Sentence], replay: Span) -> UtteranceUnits:
    """The units of `replay`. A short silence before the first sentence is in none."""
    builder = _UnitBuilder()
    speech_end = replay.start
    for sentence in sentences:
        if not builder.continues_unit(sentence, speech_end):
            builder.add_silence(speech_end, sentence.start)
            builder.add_unit(sentence.start, "", sentence.is_reliable)
        builder.append_sentence(sentence)
        speech_end = max(speech_end, sentence.end)
    builder.add_silence(speech_end, replay.end)
    if not builder.starts:
        builder.add_unit(replay.start, "", False)
    return builder.build(replay)


class _UnitBuilder:
    """Units under construction."""

    def __init__(self) -> None:
        self.starts: list[Seconds] = []
        self.speech_ends: list[Seconds] = []
        self.texts: list[str] = []
        self.are_reliable: list[bool] = []
        self.unit_of_sentence: list[int] = []

    def continues_unit(self, sentence: Sentence, speech_end: Seconds) -> bool:
        """Whether it is said in one breath with the unit before it."""
        return (
            bool(self.unit_of_sentence)
            and self.unit_of_sentence[-1] == len(self.texts) - 1
            and self.are_reliable[-1] == sentence.is_reliable
            and sentence.start - speech_end <= MAX_PAUSE_S
            and sentence.end - self.starts[-1] <= MAX_UNIT_S
        )

    def add_silence(self, start: Seconds, end: Seconds) -> None:
        if end - start > MAX_SILENCE_UNIT_S:
            count = math.ceil((end - start) / MAX_SILENCE_UNIT_S)
            for i in range(count):
                self.add_unit(start + i * (end - start) / count, "", False)

    def add_unit(self, start: Seconds, text: str, is_reliable: bool) -> None:
        self.starts.append(start)
        self.speech_ends.append(start)
        self.texts.append(text)
        self.are_reliable.append(is_reliable)

    def append_sentence(self, sentence: Sentence) -> None:
        self.texts[-1] += sentence.text
        self.speech_ends[-1] = max(self.speech_ends[-1], sentence.end)
        self.unit_of_sentence.append(len(self.texts) - 1)

    def build(self, replay: Span) -> UtteranceUnits:
        end = max(replay.end, self.starts[-1] + MIN_LAST_UNIT_S)
        return UtteranceUnits(
            np.array(self.starts),
            np.array([*self.starts[1:], end]),
            np.array(self.speech_ends),
            tuple(self.texts),
            np.array(self.are_reliable, dtype=np.float64),
            tuple(self.unit_of_sentence),
        )


def neighbour_sum(nats: FloatArray) -> FloatArray:
    """Weighted sum over the two units before and after each. `nats`: (units, ...); same shape out."""
    total = np.zeros_like(nats)
    for distance, share in enumerate(NEIGHBOUR_WEIGHTS, 1):
        total[distance:] += share * nats[:-distance]
        total[:-distance] += share * nats[distance:]
    return total
