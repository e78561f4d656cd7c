"""Puts all evidence on one grid: a unit a sentence, and units of silence where nothing was said for a while."""

import math
from collections.abc import Sequence

import numpy as np

from domain.clock import Seconds, Span
from domain.evidence import Evidence, FloatArray, Mention
from domain.speech import Sentence, Transcript
from models.cues import Cues, cues_in
from models.room_log import TimedEvent, room_evidence

LONGEST_SILENCE: Seconds = 10.0  # a longer one is cut into units of its own, so that events can speak in it
ALIKE_EXPONENT = 1.0  # how fast a mention that several products share loses weight


def evidence_of(
    transcript: Transcript,
    mentions: Sequence[Mention],
    events: Sequence[TimedEvent],
    product_ids: tuple[str, ...],
    replay: Span,
) -> Evidence:
    """The evidence for a whole show. `events` are on the replay clock."""
    starts, ends, sentences = _grid(transcript.sentences, replay)
    cues = [cues_in(sentence.text, transcript.language) if sentence else None for sentence in sentences]
    units = [unit for unit, sentence in enumerate(sentences) if sentence]
    return Evidence(
        product_ids=product_ids,
        starts=starts,
        ends=ends,
        speech=_speech(mentions, units, cues, product_ids),
        events=room_evidence(events, starts, ends, len(product_ids)),
        opening=np.array([cue.opening if cue else 0.0 for cue in cues]),
        closing=np.array([cue.closing if cue else 0.0 for cue in cues]),
        is_heard=np.array([float(bool(sentence and sentence.is_reliable)) for sentence in sentences]),
    )


def _grid(sentences: Sequence[Sentence], replay: Span) -> tuple[FloatArray, FloatArray, list[Sentence | None]]:
    """Units that fill the replay: a sentence's runs until the next one begins, but for long silences.

    A short silence before the first sentence is no unit: nothing could be known of it but that a take may begin there.
    """
    starts: list[Seconds] = []
    owners: list[Sentence | None] = []
    said_until = replay.start
    for sentence in sentences:
        _add_silence(said_until, sentence.start, starts, owners)
        starts.append(sentence.start)
        owners.append(sentence)
        said_until = max(said_until, sentence.end)
    _add_silence(said_until, replay.end, starts, owners)
    if not starts:
        starts, owners = [replay.start], [None]
    return np.array(starts), np.array([*starts[1:], max(replay.end, starts[-1])]), owners


def _add_silence(start: Seconds, end: Seconds, starts: list[Seconds], owners: list[Sentence | None]) -> None:
    if end - start > LONGEST_SILENCE:
        count = math.ceil((end - start) / LONGEST_SILENCE)
        starts += [start + i * (end - start) / count for i in range(count)]
        owners += [None] * count


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
        weight = mention.weight * (1 - alike) ** ALIKE_EXPONENT * (cue.mention_share if cue else 1.0)
        for product_id in mention.product_ids:
            speech[unit, column[product_id]] += weight
    return speech
