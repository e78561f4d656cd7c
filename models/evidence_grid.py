"""Puts all evidence on one grid: units of a few sentences said in one breath, and of silence in between.

Recognisers break sentences at every short pause; cues and matches were weighed on whole utterances, some 4 s long.
"""

import math
from collections.abc import Sequence

import numpy as np

from domain.clock import Seconds, Span
from domain.evidence import Evidence, FloatArray, Mention
from domain.speech import Sentence, Transcript
from models.cues import Cues, cues_in
from models.room_log import TimedEvent, room_evidence

LONGEST_SILENCE: Seconds = 10.0  # a longer one is cut into units of its own, so that events can speak in it
LONGEST_UNIT: Seconds = 8.0  # 95th percentile of the utterances in the labelled scripts, as spoken
LONGEST_BREATH: Seconds = 0.8  # a longer pause ends a unit


def evidence_of(
    transcript: Transcript,
    mentions: Sequence[Mention],
    events: Sequence[TimedEvent],
    product_ids: tuple[str, ...],
    replay: Span,
) -> Evidence:
    """The evidence for a whole show. `events` are on the replay clock."""
    grid = _Grid(transcript.sentences, replay)
    cues = [cues_in(text, transcript.language) if text else None for text in grid.texts]
    starts, ends = np.array(grid.starts), np.array([*grid.starts[1:], max(replay.end, grid.starts[-1])])
    return Evidence(
        product_ids=product_ids,
        starts=starts,
        ends=ends,
        speech=_speech(mentions, grid.unit_of, cues, product_ids),
        events=room_evidence(events, starts, ends, len(product_ids)),
        opening=np.array([cue.opening if cue else 0.0 for cue in cues]),
        closing=np.array([cue.closing if cue else 0.0 for cue in cues]),
        is_heard=np.array([float(is_heard) for is_heard in grid.are_heard]),
    )


class _Grid:
    """Units that fill the replay: the sentences of one breath, until the next begin, and pieces of long silences.

    A short silence before the first sentence is no unit: nothing could be known of it but that a take may begin there.
    `unit_of` holds the unit of every sentence, by its number.
    """

    def __init__(self, sentences: Sequence[Sentence], replay: Span) -> None:
        self.starts: list[Seconds] = []
        self.texts: list[str] = []
        self.are_heard: list[bool] = []
        self.unit_of: list[int] = []
        said_until = replay.start
        for sentence in sentences:
            if not self._goes_on(sentence, said_until):
                self._add_silence(said_until, sentence.start)
                self._add(sentence.start, "", sentence.is_reliable)
            self.texts[-1] += sentence.text
            self.unit_of.append(len(self.texts) - 1)
            said_until = max(said_until, sentence.end)
        self._add_silence(said_until, replay.end)
        if not self.starts:
            self._add(replay.start, "", False)

    def _goes_on(self, sentence: Sentence, said_until: Seconds) -> bool:
        """Whether it is said in one breath with the unit before it."""
        return (
            bool(self.unit_of)
            and self.unit_of[-1] == len(self.texts) - 1
            and self.are_heard[-1] == sentence.is_reliable
            and sentence.start - said_until <= LONGEST_BREATH
            and sentence.end - self.starts[-1] <= LONGEST_UNIT
        )

    def _add_silence(self, start: Seconds, end: Seconds) -> None:
        if end - start > LONGEST_SILENCE:
            count = math.ceil((end - start) / LONGEST_SILENCE)
            for i in range(count):
                self._add(start + i * (end - start) / count, "", False)

    def _add(self, start: Seconds, text: str, is_heard: bool) -> None:
        self.starts.append(start)
        self.texts.append(text)
        self.are_heard.append(is_heard)


def _speech(
    mentions: Sequence[Mention], units: Sequence[int], cues: Sequence[Cues | None], product_ids: tuple[str, ...]
) -> FloatArray:
    """(units, products), nats. Words shared by n of K products lose the share log n / log K of their weight."""
    column = {product_id: i for i, product_id in enumerate(product_ids)}
    speech = np.zeros((len(cues), len(product_ids)))
    for mention in mentions:
        unit = units[mention.sentence]
        cue = cues[unit]
        alike = math.log(len(mention.product_ids)) / math.log(len(product_ids) + 1)
        weight = mention.weight * (1 - alike) * (cue.mention_share if cue else 1.0)
        for product_id in mention.product_ids:
            speech[unit, column[product_id]] += weight
    return speech
