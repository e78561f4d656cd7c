"""What counts of a second look. A name that was only listened for must not become one that was heard: it has to sound
like what was heard first at the same place, to explain the sound better than that does, and much better than a name
that was listened for as well and that nobody says.
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

MIN_GAIN_NATS = 1.0  # nats; on three shows of the devset no name below was said, and none above was not
GAIN_SCALE_NATS = 3.0  # nats at which a name earns 63 % of what it earns when it is spelt right

MIN_WEIGHT_NATS = 0.2  # nats; less changes no decision, and people would read it as a reason
MIN_DECOY_LEAD_NATS = 5.0  # nats over a decoy; names that were said lead by 7 and more on three shows of the devset

DECOYS: dict[Language, tuple[str, ...]] = {
    "zh": ("雨伞", "电风扇", "玻璃水杯", "竹编晾衣篮", "折叠露营帐篷"),
    "en": ("lantern", "paper lantern", "folding paper lantern"),
}
"""Names of things, by length. They are of no catalogue, so that no change of one makes a window be heard again."""


def rescore(
    window: RescoringWindow, likelihoods_for: Callable[[Sequence[str]], TextLikelihoodScorer]
) -> RescoredWindow:
    """Weigh what was heard first in `window` against its readings. `likelihoods_for`: gets names, listens for them."""
    decoys = [choose_decoy(reading.name, window.language) for reading in window.hypotheses]
    likelihoods = likelihoods_for(tuple(dict.fromkeys((*window.hotwords, *decoys))))
    baseline, *hypothesis_scores = likelihoods(
        [window.text, *(apply_hypothesis(window.text, reading) for reading in window.hypotheses)]
    )
    gains = [other - baseline for other in hypothesis_scores]
    for i, (reading, decoy) in enumerate(zip(window.hypotheses, decoys, strict=True)):
        if gains[i] >= MIN_GAIN_NATS:  # the rest is out already: spare the cost
            (decoy_score,) = likelihoods([apply_hypothesis(window.text, replace(reading, name=decoy))])
            gains[i] = min(gains[i], hypothesis_scores[i] - decoy_score - MIN_DECOY_LEAD_NATS)
    return RescoredWindow(window, tuple(gains))


def choose_decoy(name: str, language: Language) -> str:
    """The decoy that is nearest to `name` in length, so that chance favours neither."""
    length = len(phonetic_tokens(name))
    return min(DECOYS[language], key=lambda decoy: abs(len(phonetic_tokens(decoy)) - length))


def apply_hypothesis(text: str, hypothesis: Hypothesis) -> str:
    return text[: hypothesis.start] + hypothesis.name + text[hypothesis.end :]


def accepted_mentions(candidate: RescoringCandidate, rescored: RescoredWindow) -> Iterator[Mention]:
    """The names that were said after all; of several for the same characters the likeliest."""
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
    """Nats: those of the name when it is spelt right, less where the sound is less sure."""
    max_weight = min(MAX_NATS_PER_NAME, NATS_PER_NAME + NATS_PER_TOKEN * len(phonetic_tokens(name)))
    return max_weight * (1 - math.exp(-gain / GAIN_SCALE_NATS))
