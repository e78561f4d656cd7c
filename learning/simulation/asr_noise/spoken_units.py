"""The units of an utterance: characters, words, numbers, and stops between clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from domain.clock import Seconds
from domain.session import Language
from learning.simulation.scripts.number_rendering import find_chinese_numbers, find_english_numbers
from learning.simulation.scripts.speech_timing import TimedUtterance

SpokenUnitKind = Literal["character", "word", "number", "stop"]
ENGLISH_TOKEN = re.compile(r"[A-Za-z0-9'’]+(?:\.\d+)?|[.,!?;:…—]+")
CHINESE_TOKEN = re.compile(r"[A-Za-z0-9]+(?:\.\d+)?|[^\sA-Za-z0-9]")
SENTENCE_END_MARKS = frozenset("。！？!?.；;…")
SENTENCE_PAUSE_FACTOR, CLAUSE_PAUSE_FACTOR = 1.2, 0.9  # relative to the mean stop
LATE_START_S: Seconds = 0.07  # recognisers start a first word late and end a last one early: medians of the
EARLY_END_S: Seconds = 0.13  # development set
LETTERS_PER_BEAT = 3.0  # of a Latin word; a beat is the duration of a Chinese character


@dataclass(frozen=True, slots=True)
class SpokenUnit:
    """One spoken unit. `text`: as in the script; `digits`: the same in digits, "" where it is no number."""

    kind: SpokenUnitKind
    text: str
    start: Seconds
    end: Seconds
    digits: str = ""

    @property
    def ends_sentence(self) -> bool:
        """Whether a stop ends a sentence."""
        return self.text[:1] in SENTENCE_END_MARKS


def split_into_units(
    timed_utterance: TimedUtterance, language: Language, beats_per_pause: float
) -> tuple[SpokenUnit, ...]:
    """The units of an utterance, spread over its time. A stop lasts `beats_per_pause` characters."""
    span, text = timed_utterance.span, timed_utterance.utterance.text
    parts = list(_chinese_tokens(text) if language == "zh" else _english_tokens(text))
    beats = [
        beats_per_pause * _pause_factor(text) if kind == "stop" else _unit_beats(kind, text) for kind, text, _ in parts
    ]
    if parts and parts[-1][0] == "stop":
        beats[-1] = 0.0  # the utterance ends with its last sound
    late_start, early_end = (min(loss, span.duration / 4) for loss in (LATE_START_S, EARLY_END_S))
    seconds_per_beat = (span.duration - late_start - early_end) / max(1.0, sum(beats))
    time = span.start + late_start
    units = []
    for (kind, text, digits), unit_beats in zip(parts, beats, strict=True):
        units.append(SpokenUnit(kind, text, time, time + seconds_per_beat * unit_beats, digits))
        time += seconds_per_beat * unit_beats
    return tuple(units)


def _pause_factor(mark: str) -> float:
    return SENTENCE_PAUSE_FACTOR if mark[:1] in SENTENCE_END_MARKS else CLAUSE_PAUSE_FACTOR


def _unit_beats(kind: SpokenUnitKind, text: str) -> float:
    if text.isascii():
        return sum(0.6 + len(word) / LETTERS_PER_BEAT for word in text.split())
    return float(len(text)) if kind == "number" else 1.0


def _chinese_tokens(text: str) -> Iterator[tuple[SpokenUnitKind, str, str]]:
    numbers = {number.start: number for number in find_chinese_numbers(text)}
    number_end = 0
    for token in CHINESE_TOKEN.finditer(text):
        token_text = token.group()
        if token.start() < number_end:
            continue
        if number := numbers.get(token.start()):
            number_end = number.end
            yield "number", text[number.start : number.end], number.digits
        elif token_text[0].isascii() and token_text[0].isalnum():
            yield "word", token_text, ""
        else:
            yield ("character" if token_text.isalnum() else "stop"), token_text, ""


def _english_tokens(text: str) -> Iterator[tuple[SpokenUnitKind, str, str]]:
    tokens = ENGLISH_TOKEN.findall(text.replace("-", " "))
    numbers = {number.start: number for number in find_english_numbers([token.lower() for token in tokens])}
    number_end = 0
    for i, token in enumerate(tokens):
        if i < number_end:
            continue
        if number := numbers.get(i):
            number_end = number.end
            yield "number", " ".join(tokens[i:number_end]), number.digits
        else:
            yield ("word" if token[0].isalnum() or token[0] in "'’" else "stop"), token, ""
