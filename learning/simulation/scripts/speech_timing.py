"""The times of a script's utterances, and the truth that follows."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from domain.clock import Seconds, Span
from domain.session import Language
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.evaluation.manners import Manner
from learning.simulation.scripts.script import ShowScript, Utterance

MAX_ASIDE_S: Seconds = 20.0  # chat that does not end an explanation; by definition of the development set
MIN_HIGHLIGHT_S: Seconds = 8.0  # shorter explanations are ignored; by the same definition
MEDIAN_BREATH_S: Seconds = 0.33  # between two utterances, median of the development set
MIN_BREATH_S, MAX_BREATH_S = 0.2, 0.45  # first and eighth decile of the development set
LEAD_IN_S: Seconds = 1.5  # from the start of the recording to the first word
SPEECH_RATES: dict[Language, tuple[float, float]] = {"zh": (3.9, 6.8), "en": (2.5, 3.9)}
"""Slowest and fastest host: characters (zh) or words (en) a second, with the pauses inside a sentence."""
SPEECH_RATE_LOG_STD = 0.12  # of the logarithm of a host's rate, from sentence to sentence


@dataclass(frozen=True, slots=True)
class TimedUtterance:
    """An utterance and its time."""

    utterance: Utterance
    span: Span


def assign_speech_times(script: ShowScript, rng: np.random.Generator) -> tuple[TimedUtterance, ...]:
    """The utterances of `script`, spoken by hosts of different rates."""
    min_rate, max_rate = SPEECH_RATES[script.language]
    hosts = sorted({utterance.host for utterance in script.utterances})
    rates = dict(zip(hosts, rng.uniform(min_rate, max_rate, len(hosts)).tolist(), strict=True))
    rate_factors = np.exp(rng.normal(0.0, SPEECH_RATE_LOG_STD, len(script.utterances))).tolist()
    breath_durations = rng.uniform(MIN_BREATH_S, MAX_BREATH_S, len(script.utterances)).tolist()
    timed_utterances = []
    time = LEAD_IN_S
    for utterance, factor, breath in zip(script.utterances, rate_factors, breath_durations, strict=True):
        end = time + speech_length(utterance.text, script.language) / (rates[utterance.host] * factor)
        timed_utterances.append(TimedUtterance(utterance, Span(time, end)))
        time = end + breath + (utterance.pause_after or 0.0)
    return tuple(timed_utterances)


def speech_length(text: str, language: Language) -> int:
    """The number of characters (zh) or words (en); at least 1."""
    return max(1, sum(map(str.isalnum, text)) if language == "zh" else len(text.split()))


def derive_ground_truth(
    name: str,
    utterances: Sequence[TimedUtterance],
    duration: Seconds,
    product_ids: Collection[str],
    manners: tuple[Manner, ...] = (),
) -> GroundTruth:
    """The truth by the utterances' `about`. Products outside `product_ids` do not count."""
    stretches = derive_explanations(utterances, product_ids)
    highlights = tuple(stretch for stretch in stretches if stretch.span.duration >= MIN_HIGHLIGHT_S)
    ignored = tuple(stretch.span for stretch in stretches if stretch.span.duration < MIN_HIGHLIGHT_S)
    return GroundTruth(name, duration, highlights, ignored, manners)


def derive_explanations(
    utterances: Iterable[TimedUtterance], product_ids: Collection[str]
) -> tuple[TrueHighlight, ...]:
    """Stretches about the same products. Asides of up to MAX_ASIDE_S do not end one."""
    merged: list[TrueHighlight] = []
    for each in utterances:
        about = tuple(product_id for product_id in each.utterance.about if product_id in product_ids)
        previous = merged[-1] if merged else None
        if previous and set(previous.product_ids) == set(about) and each.span.start - previous.end <= MAX_ASIDE_S:
            merged[-1] = TrueHighlight(previous.start, max(previous.end, each.span.end), previous.product_ids)
        elif about and each.span.duration > 0:
            merged.append(TrueHighlight(each.span.start, each.span.end, about))
    return tuple(merged)
