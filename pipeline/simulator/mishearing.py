"""The errors of a recogniser, sound by sound."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from pipeline.simulator.channels import Channel
from pipeline.simulator.english_sounds import Vocabulary, by_ear
from pipeline.simulator.sounds import Sound, SoundKind
from pipeline.simulator.syllables import KINDS, Syllabary, is_ideograph

HEARD = ("character", "word")
HIGHEST_CHANCE = 0.95
UNEVEN = 0.45  # standard deviation of the logarithm of how well an utterance is heard
SHORTEST_BY_EAR = 4  # letters; shorter words are all known, and misheard as each other
DRAWS = 6  # numbers that decide over one sound
FILLERS = {"zh": "的了啊是那这个呢就", "en": ("um", "the", "a", "and", "it's", "like", "you", "so")}
WRONG_DIGIT = 0.35  # of the rate of errors: a number in digits that is a wrong one


@dataclass(frozen=True, slots=True)
class Ear:
    """What a recogniser has learnt: characters, and English words."""

    syllabary: Syllabary
    vocabulary: Vocabulary

    def hardness(self, text: str, kind: SoundKind) -> float:
        """How often a character or word is misheard, before a channel's own rate is applied."""
        return self.vocabulary.hardness(text.lower()) if kind == "word" else self.syllabary.hardness(text)


@dataclass(slots=True)
class Mishearing:
    """One recogniser at one show. `rate`: of errors; `scale`: it over the mean of the `hardness` of what is said."""

    channel: Channel
    ear: Ear
    rate: float
    scale: float
    hardness: Mapping[str, float]
    _habits: dict[str, str] = field(default_factory=dict)
    _was_wrong: bool = False

    @staticmethod
    def of(channel: Channel, ear: Ear, said: Iterable[Iterable[Sound]], rate: float) -> "Mishearing":
        """The recogniser that hears `said` with errors at `rate`."""
        counts = Counter((sound.text, sound.kind) for sounds in said for sound in sounds if sound.kind in HEARD)
        hardness = {text: ear.hardness(text, kind) for text, kind in counts}
        total = sum(hardness[text] * count for (text, _), count in counts.items())
        return Mishearing(channel, ear, rate, rate * counts.total() / total if total else 1.0, hardness)

    def heard(self, sounds: Sequence[Sound], worse: float, rng: np.random.Generator) -> Iterator[Sound]:
        """What is heard of an utterance. `worse`: how many times the errors of the show's usual."""
        quality = worse * float(np.exp(rng.normal(-(UNEVEN**2) / 2, UNEVEN)))
        draws = rng.random((sum(len(sound.text) + 1 for sound in sounds), DRAWS)).tolist()
        taken = iter(draws)
        for sound in sounds:
            if sound.kind == "stop":
                yield sound
            elif sound.digits and next(taken)[0] < self.channel.digits:
                yield self._number(sound, quality, next(taken, draws[0]))
            else:
                for each in _taken_apart(sound):
                    yield from self._sound(each, quality, next(taken, draws[0]))

    def _number(self, sound: Sound, quality: float, draw: Sequence[float]) -> Sound:
        digits = sound.digits
        if draw[0] < WRONG_DIGIT * self.rate * quality:
            at = int(draw[1] * len(digits))
            digits = digits[:at] + (str(int(10 * draw[2])) if draw[3] < 0.6 else "") + digits[at + 1 :]
        return Sound("number", digits or sound.digits, sound.start, sound.end)

    def _sound(self, sound: Sound, quality: float, draw: Sequence[float]) -> Iterator[Sound]:
        hardness = self.hardness.get(sound.text) or self.ear.hardness(sound.text, sound.kind)
        chance = min(HIGHEST_CHANCE, self.scale * quality * hardness)
        after_error = min(HIGHEST_CHANCE, chance * self.channel.burst)
        is_wrong = draw[0] < (after_error if self._was_wrong else chance * (1 - after_error) / (1 - chance))
        self._was_wrong = is_wrong
        if not is_wrong:
            yield sound
        elif draw[1] >= self.channel.deleted:
            if draw[1] < self.channel.deleted + self.channel.inserted:
                fillers = FILLERS[self.channel.language]
                yield Sound(sound.kind, fillers[int(draw[2] * len(fillers))], sound.start, sound.start)
                yield sound
            else:
                yield Sound(sound.kind, self._written(sound, draw[2:]), sound.start, sound.end)

    def _written(self, sound: Sound, draw: Sequence[float]) -> str:
        known = self._habits.get(sound.text)
        if known and draw[0] < self.channel.habit:
            return known
        written = self._word(sound.text, draw) if sound.kind == "word" else self._character(sound.text, draw)
        self._habits.setdefault(sound.text, written)
        return written

    def _character(self, text: str, draw: Sequence[float]) -> str:
        if not is_ideograph(text):
            return text
        bounds = list(accumulate(self.channel.likeness))
        kind = next(kind for kind, bound in zip(KINDS, bounds, strict=True) if draw[1] * bounds[-1] <= bound)
        return self.ear.syllabary.instead_of(text, kind, draw[2])

    def _word(self, text: str, draw: Sequence[float]) -> str:
        word = text.lower()
        is_alike = draw[1] < self.channel.alike or len(word) < SHORTEST_BY_EAR
        alike = self.ear.vocabulary.instead_of(word, draw[2]) if is_alike else None
        return alike or by_ear(word, (draw[2], draw[3], draw[1]))


def _taken_apart(sound: Sound) -> Iterator[Sound]:
    """A number said in several characters or words as these; any other sound as it is."""
    parts = sound.text.split() if sound.text.isascii() else list(sound.text)
    if sound.kind != "number":
        yield sound
        return
    step = (sound.end - sound.start) / len(parts)
    kind: SoundKind = "word" if sound.text.isascii() else "character"
    for i, part in enumerate(parts):
        yield Sound(kind, part, sound.start + i * step, sound.start + (i + 1) * step)
