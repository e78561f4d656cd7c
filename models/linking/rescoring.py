"""What counts of a second look. A name that was only listened for must not become one that was heard: it has to sound
like what was heard first at the same place, to explain the sound better than that does, and much better than a name
that was listened for as well and that nobody says.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from domain.evidence import Mention
from domain.rescoring import Doubt, Reading, Reheard, Window
from domain.session import Language
from models.linking.entity_linker import MOST_NATS_PER_NAME, NATS_PER_NAME, NATS_PER_TOKEN
from models.linking.title_words import MOST_NATS_PER_RUN
from models.speech.recognizer import Likelihoods
from models.text.phonetic_tokens import tokens_of

LEAST_GAIN = 1.0  # nats; on three shows of the devset no name below was said, and none above was not
SURE_GAIN = 3.0  # nats at which a name earns 63 % of what it earns when it is spelt right

LEAST_WEIGHT = 0.2  # nats; less changes no decision, and people would read it as a reason
LEAST_LEAD = 5.0  # nats over a decoy; names that were said lead by 7 and more on three shows of the devset

DECOYS: dict[Language, tuple[str, ...]] = {
    "zh": ("雨伞", "电风扇", "玻璃水杯", "竹编晾衣篮", "折叠露营帐篷"),
    "en": ("lantern", "paper lantern", "folding paper lantern"),
}
"""Names of things, by length. They are of no catalogue, so that no change of one makes a window be heard again."""


def hear_again(window: Window, listen: Callable[[Sequence[str]], Likelihoods]) -> Reheard:
    """Weigh what was heard first in `window` against its readings. `listen`: gets names, listens for them."""
    decoys = [decoy_of(reading.name, window.language) for reading in window.readings]
    likelihoods = listen(tuple(dict.fromkeys((*window.names, *decoys))))
    first, *others = likelihoods([window.text, *(read_as(window.text, reading) for reading in window.readings)])
    gains = [other - first for other in others]
    for i, (reading, decoy) in enumerate(zip(window.readings, decoys, strict=True)):
        if gains[i] >= LEAST_GAIN:  # the rest is out already: spare the cost
            (echo,) = likelihoods([read_as(window.text, replace(reading, name=decoy))])
            gains[i] = min(gains[i], others[i] - echo - LEAST_LEAD)
    return Reheard(window, tuple(gains))


def decoy_of(name: str, language: Language) -> str:
    """The decoy that is nearest to `name` in length, so that chance favours neither."""
    length = len(tokens_of(name))
    return min(DECOYS[language], key=lambda decoy: abs(len(tokens_of(decoy)) - length))


def read_as(text: str, reading: Reading) -> str:
    return text[: reading.start] + reading.name + text[reading.end :]


def mentions_of(doubt: Doubt, reheard: Reheard) -> Iterator[Mention]:
    """The names that were said after all; of several for the same characters the likeliest."""
    found = sorted(zip(reheard.gains, doubt.window.readings, doubt.places, strict=True), key=lambda each: -each[0])
    kept: list[Reading] = []
    for gain, reading, place in found:
        most = MOST_NATS_PER_RUN if place.kind == "title" else MOST_NATS_PER_NAME
        weight = round(min(most, weight_of(reading.name, gain)) - place.known, 3)
        is_more = gain >= LEAST_GAIN and weight >= LEAST_WEIGHT
        if is_more and not any(reading.start < other.end and other.start < reading.end for other in kept):
            kept.append(reading)
            yield Mention(place.kind, place.product_ids, place.span, place.sentence, reading.name, weight)


def weight_of(name: str, gain: float) -> float:
    """Nats: those of the name when it is spelt right, less where the sound is less sure."""
    most = min(MOST_NATS_PER_NAME, NATS_PER_NAME + NATS_PER_TOKEN * len(tokens_of(name)))
    return most * (1 - math.exp(-gain / SURE_GAIN))
