"""What is spoken in an utterance, sound by sound: characters, words, numbers and the stops between clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from domain.clock import Seconds
from domain.session import Language
from learning.simulation.scripts.number_rendering import Number, chinese_numbers, english_numbers
from learning.simulation.scripts.speech_timing import Spoken

SoundKind = Literal["character", "word", "number", "stop"]
ENGLISH_TOKEN = re.compile(r"[A-Za-z0-9'’]+(?:\.\d+)?|[.,!?;:…—]+")
CHINESE_TOKEN = re.compile(r"[A-Za-z0-9]+(?:\.\d+)?|[^\sA-Za-z0-9]")
STRONG = frozenset("。！？!?.；;…")
STRONG_STOP, WEAK_STOP = 1.2, 0.9  # over the mean stop
LATE_START: Seconds = 0.07  # recognisers find a first word late and a last word's end early: medians of the
EARLY_END: Seconds = 0.13  # development set
LETTERS_A_BEAT = 3.0  # of a Latin word; a beat is the time of a Chinese character


@dataclass(frozen=True, slots=True)
class Sound:
    """One thing said. `text`: as the script has it; `digits`: the same in digits, "" where it is no number."""

    kind: SoundKind
    text: str
    start: Seconds
    end: Seconds
    digits: str = ""

    @property
    def is_strong(self) -> bool:
        """Whether a stop ends a sentence."""
        return self.text[:1] in STRONG


def sounds_of(spoken: Spoken, language: Language, beats_a_stop: float) -> tuple[Sound, ...]:
    """The sounds of an utterance, spread over its time; a stop lasts `beats_a_stop` characters."""
    parts = list(_chinese(spoken.utterance.text) if language == "zh" else _english(spoken.utterance.text))
    beats = [beats_a_stop * _stop(text) if kind == "stop" else _beats(kind, text) for kind, text, _ in parts]
    if parts and parts[-1][0] == "stop":
        beats[-1] = 0.0  # the utterance's time ends with its last sound
    late, early = (min(loss, spoken.span.duration / 4) for loss in (LATE_START, EARLY_END))
    step = (spoken.span.duration - late - early) / max(1.0, sum(beats))
    time = spoken.span.start + late
    sounds = []
    for (kind, text, digits), length in zip(parts, beats, strict=True):
        sounds.append(Sound(kind, text, time, time + step * length, digits))
        time += step * length
    return tuple(sounds)


def _stop(mark: str) -> float:
    return STRONG_STOP if mark[:1] in STRONG else WEAK_STOP


def _beats(kind: SoundKind, text: str) -> float:
    if text.isascii():
        return sum(0.6 + len(word) / LETTERS_A_BEAT for word in text.split())
    return float(len(text)) if kind == "number" else 1.0


def _chinese(text: str) -> Iterator[tuple[SoundKind, str, str]]:
    numbers = {number.start: number for number in chinese_numbers(text)}
    until = 0
    for token in CHINESE_TOKEN.finditer(text):
        said = token.group()
        number = numbers.get(token.start())
        if token.start() < until:
            continue
        if number:
            until = number.end
            yield "number", text[number.start : number.end], number.digits
        elif said[0].isascii() and said[0].isalnum():
            yield "word", said, ""
        else:
            yield ("character" if said.isalnum() else "stop"), said, ""


def _english(text: str) -> Iterator[tuple[SoundKind, str, str]]:
    tokens = ENGLISH_TOKEN.findall(text.replace("-", " "))
    numbers = {number.start: number for number in english_numbers([token.lower() for token in tokens])}
    at = 0
    while at < len(tokens):
        number: Number | None = numbers.get(at)
        if number:
            yield "number", " ".join(tokens[number.start : number.end]), number.digits
            at = number.end
            continue
        yield ("word" if tokens[at][0].isalnum() or tokens[at][0] in "'’" else "stop"), tokens[at], ""
        at += 1
