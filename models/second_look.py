"""What counts of a second look. A name that was only listened for must not become one that was heard: it has to sound
like what was heard first at the same place, and to explain the sound better than that does.
"""

import math
from collections.abc import Callable, Iterator, Sequence

from domain.evidence import Mention
from domain.second_look import Doubt, Reading, Reheard, Window
from models.product_matcher import MOST_NATS_PER_NAME, NATS_PER_NAME, NATS_PER_TOKEN
from models.tokens import tokens_of

LEAST_GAIN = 1.0  # nats; on three shows of the devset no name below was said, and none above was not
SURE_GAIN = 3.0  # nats at which a name earns 63 % of what it earns when it is spelt right

Likelihoods = Callable[[Sequence[str]], tuple[float, ...]]
"""How likely each of some texts is as what a sound says, natural logarithms."""


def hear_again(window: Window, likelihoods: Likelihoods) -> Reheard:
    """Weigh what was heard first in `window` against its readings."""
    first, *others = likelihoods([window.text, *(read_as(window.text, reading) for reading in window.readings)])
    return Reheard(window, tuple(other - first for other in others))


def read_as(text: str, reading: Reading) -> str:
    return text[: reading.start] + reading.name + text[reading.end :]


def mentions_of(doubt: Doubt, reheard: Reheard) -> Iterator[Mention]:
    """The names that were said after all; of several for the same characters the likeliest."""
    found = sorted(zip(reheard.gains, doubt.window.readings, doubt.places, strict=True), key=lambda each: -each[0])
    kept: list[Reading] = []
    for gain, reading, place in found:
        if gain >= LEAST_GAIN and not any(reading.start < other.end and other.start < reading.end for other in kept):
            kept.append(reading)
            weight = round(weight_of(reading.name, gain), 3)
            yield Mention(place.kind, place.product_ids, place.span, place.sentence, reading.name, weight)


def weight_of(name: str, gain: float) -> float:
    """Nats: those of the name when it is spelt right, less where the sound is less sure."""
    most = min(MOST_NATS_PER_NAME, NATS_PER_NAME + NATS_PER_TOKEN * len(tokens_of(name)))
    return most * (1 - math.exp(-gain / SURE_GAIN))
