"""Rescoring of a window: the recogniser's likelihoods decide between its text and hypotheses with a product's name.

A name given as a hotword must not become a mention by that alone. It has to explain the audio better than the
recognised text does, and much better than a decoy: a name that is given as a hotword too and that nobody says.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from domain.evidence import Mention
from domain.rescoring import Hypothesis, RescoredWindow, RescoringCandidate, RescoringWindow
from domain.session import Language
from models.linking.entity_linker import MAX_NATS_PER_NAME, NATS_PER_NAME, NATS_PER_TOKEN
from models.linking.title_words import MAX_NATS_PER_RUN
from models.speech.recognizer import TextLikelihoodScorer
from models.text.phonetic_tokens import phonetic_tokens

MIN_GAIN_NATS = 1.0  # devset, three shows: every name above was said, none below was
GAIN_SCALE_NATS = 3.0  # gain at which a name earns 63 % of what it earns when it is spelt right

MIN_WEIGHT_NATS = 0.2  # less changes no decision, and people would read it as a reason
MIN_DECOY_LEAD_NATS = 5.0  # devset, three shows: names that were said lead by 7 and more

DECOYS: dict[Language, tuple[str, ...]] = {
    "zh": ("雨伞", "电风扇", "玻璃水杯", "竹编晾衣篮", "折叠露营帐篷"),
    "en": ("lantern", "paper lantern", "folding paper lantern"),
}
"""Names of things, by length. They come from no catalogue, so that a changed catalogue costs no rescoring."""


def rescore(
    window: RescoringWindow, likelihoods_for: Callable[[Sequence[str]], TextLikelihoodScorer]
) -> RescoredWindow:
    """Compare the text of `window` with its hypotheses. `likelihoods_for`: from hotwords to a scorer of texts."""
    decoys = [choose_decoy(each.name, window.language) for each in window.hypotheses]
    likelihoods = likelihoods_for(tuple(dict.fromkeys((*window.hotwords, *decoys))))
    baseline, *hypothesis_scores = likelihoods(
        [window.text, *(apply_hypothesis(window.text, each) for each in window.hypotheses)]
    )
    gains = [score - baseline for score in hypothesis_scores]
    for i, (hypothesis, decoy) in enumerate(zip(window.hypotheses, decoys, strict=True)):
        if gains[i] >= MIN_GAIN_NATS:  # the others are out already: no decoy need be scored
            (decoy_score,) = likelihoods([apply_hypothesis(window.text, replace(hypothesis, name=decoy))])
            gains[i] = min(gains[i], hypothesis_scores[i] - decoy_score - MIN_DECOY_LEAD_NATS)
    return RescoredWindow(window, tuple(gains))


def choose_decoy(name: str, language: Language) -> str:
    """The decoy nearest to `name` in length, so that chance favours neither."""
    length = len(phonetic_tokens(name))
    return min(DECOYS[language], key=lambda decoy: abs(len(phonetic_tokens(decoy)) - length))


def apply_hypothesis(text: str, hypothesis: Hypothesis) -> str:
    return text[: hypothesis.start] + hypothesis.name + text[hypothesis.end :]


def accepted_mentions(candidate: RescoringCandidate, rescored: RescoredWindow) -> Iterator[Mention]:
    """A mention for each name that was said after all; of several for the same characters the likeliest."""
    ranked = sorted(
        zip(rescored.gains, candidate.window.hypotheses, candidate.targets, strict=True), key=lambda each: -each[0]
    )
    kept: list[Hypothesis] = []
    for gain, hypothesis, target in ranked:
        max_weight = MAX_NATS_PER_RUN if target.kind == "title" else MAX_NATS_PER_NAME
        weight = round(min(max_weight, weight_from_gain(hypothesis.name, gain)) - target.known_nats, 3)
        is_accepted = gain >= MIN_GAIN_NATS and weight >= MIN_WEIGHT_NATS
        if is_accepted and not any(hypothesis.start < other.end and other.start < hypothesis.end for other in kept):
            kept.append(hypothesis)
            yield Mention(target.kind, target.product_ids, target.span, target.sentence_index, hypothesis.name, weight)


def weight_from_gain(name: str, gain: float) -> float:
    """Nats: as many as the name earns when it is spelt right, fewer where the audio is less certain."""
    max_weight = min(MAX_NATS_PER_NAME, NATS_PER_NAME + NATS_PER_TOKEN * len(phonetic_tokens(name)))
    return max_weight * (1 - math.exp(-gain / GAIN_SCALE_NATS))
