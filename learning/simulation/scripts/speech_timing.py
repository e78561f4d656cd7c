"""When a script is spoken: each utterance with its time, and the truth that follows."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from domain.clock import Seconds, Span
from domain.session import Language
from learning.evaluation.ground_truth import TrueHighlight, Truth
from learning.simulation.scripts.script import Script, Utterance

LONGEST_ASIDE: Seconds = 20.0  # chat inside an explanation that does not end it: the development set's definition
SHORTEST_HIGHLIGHT: Seconds = 8.0  # shorter explanations count neither for nor against: the same definition
BREATH: Seconds = 0.33  # between two utterances; the median in the development set
FASTEST_BREATH, SLOWEST_BREATH = 0.2, 0.45  # seconds; tenth and eighth tenths there
SETTLING: Seconds = 1.5  # a recording begins before the hosts do
RATES: dict[Language, tuple[float, float]] = {"zh": (3.9, 6.8), "en": (2.5, 3.9)}
"""Slowest and fastest host: characters (zh) or words (en) a second, stops within the sentence included."""
WOBBLE = 0.12  # standard deviation of the logarithm of a host's rate, from sentence to sentence


@dataclass(frozen=True, slots=True)
class Spoken:
    """An utterance and when it was spoken."""

    utterance: Utterance
    span: Span


def speak(script: Script, rng: np.random.Generator) -> tuple[Spoken, ...]:
    """`script` spoken by hosts, each of a rate of its own."""
    slowest, fastest = RATES[script.language]
    hosts = sorted({utterance.host for utterance in script.utterances})
    rates = dict(zip(hosts, rng.uniform(slowest, fastest, len(hosts)).tolist(), strict=True))
    wobble = np.exp(rng.normal(0.0, WOBBLE, len(script.utterances))).tolist()
    breaths = rng.uniform(FASTEST_BREATH, SLOWEST_BREATH, len(script.utterances)).tolist()
    spoken = []
    time = SETTLING
    for utterance, factor, breath in zip(script.utterances, wobble, breaths, strict=True):
        end = time + length_of(utterance.text, script.language) / (rates[utterance.host] * factor)
        spoken.append(Spoken(utterance, Span(time, end)))
        time = end + breath + (utterance.pause_after or 0.0)
    return tuple(spoken)


def length_of(text: str, language: Language) -> int:
    """Characters (zh) or words (en) to be spoken; at least 1."""
    return max(1, sum(map(str.isalnum, text)) if language == "zh" else len(text.split()))


def truth_of(name: str, spoken: Sequence[Spoken], duration: Seconds, product_ids: Collection[str]) -> Truth:
    """What follows from the utterances' `about`; products that are not among `product_ids` are nothing."""
    stretches = explanations(spoken, product_ids)
    highlights = tuple(stretch for stretch in stretches if stretch.span.duration >= SHORTEST_HIGHLIGHT)
    ignored = tuple(stretch.span for stretch in stretches if stretch.span.duration < SHORTEST_HIGHLIGHT)
    return Truth(name, duration, highlights, ignored)


def explanations(spoken: Iterable[Spoken], product_ids: Collection[str]) -> tuple[TrueHighlight, ...]:
    """Stretches about the same products; one goes on after an aside of up to LONGEST_ASIDE about nothing."""
    found: list[TrueHighlight] = []
    for each in spoken:
        about = tuple(product_id for product_id in each.utterance.about if product_id in product_ids)
        last = found[-1] if found else None
        if last and set(last.product_ids) == set(about) and each.span.start - last.end <= LONGEST_ASIDE:
            found[-1] = TrueHighlight(last.start, max(last.end, each.span.end), last.product_ids)
        elif about and each.span.duration > 0:
            found.append(TrueHighlight(each.span.start, each.span.end, about))
    return tuple(found)
