"""The errors of a recogniser, sound by sound."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

import numpy as np

from domain.evidence import FloatArray
from domain.session import Language
from learning.simulation.asr_noise.english_confusions import Vocabulary, by_ear
from learning.simulation.asr_noise.mandarin_confusions import KINDS, Syllabary, is_ideograph
from learning.simulation.asr_noise.noise_profiles import Channel
from learning.simulation.asr_noise.spoken_units import Sound, SoundKind
from learning.simulation.asr_noise.word_familiarity import Heard

LANGUAGES: tuple[Language, ...] = get_args(Language)
HEARD = ("character", "word")
HIGHEST_CHANCE = 0.95
SHORTEST_BY_EAR = 4  # letters; shorter words are all known, and misheard as each other
DRAWS = 6  # numbers that decide over one sound
ALIKE_SHOWS = 25.0  # how near a show's shares of likeness are to its channel's (weight of a Dirichlet law)
EVEN = 0.05  # weight of each kind that no show is wholly without
LIKER, LIKER_IF_HARD = 0.7, 1.6  # exponents: what is unknown is written as it sounds, what is known slips anyhow
STEPS = 6  # of an iteration that halves its error at each
SLURRED = 0.2  # standard deviation of the logarithm of how much harder a voice makes a unit, throughout a show
NUMERALS_HARDNESS = 0.12  # as words that every show says
FILLERS = {"zh": "的了啊是那这个呢就", "en": ("um", "the", "a", "and", "it's", "like", "you", "so")}
WRONG_DIGIT = 0.35  # of the rate of errors: a number in digits that is a wrong one


@dataclass(frozen=True, slots=True)
class Ear:
    """What a recogniser has learnt: what is familiar in each language, and what sounds alike."""

    heard: Mapping[Language, Heard]
    syllabary: Syllabary
    vocabulary: Vocabulary

    @staticmethod
    def of(texts: Iterable[tuple[Language, Sequence[str]]]) -> "Ear":
        """The ear of one who has heard `texts`, each a language and the utterances of one show."""
        shows = [(language, [*texts]) for language, texts in texts]
        units = {
            language: Heard.of([units_of(text, language) for each, text in shows if each == language])
            for language in LANGUAGES
        }
        said: dict[Language, list[str]] = {
            language: [text for each, texts in shows if each == language for text in texts] for language in LANGUAGES
        }
        return Ear(units, Syllabary.of(said["zh"]), Vocabulary.of(said["en"]))


def units_of(texts: Iterable[str], language: Language) -> list[str]:
    """What is heard of `texts` unit by unit: characters (zh) or lower-case words (en), "" between utterances."""
    units = []
    for text in texts:
        parts = text if language == "zh" else re.findall(r"[a-z']+", text.lower())
        units += ["", *(part for part in parts if part.isalnum() or language == "en")]
    return units


@dataclass(slots=True)
class Mishearing:
    """One recogniser at one show. `rate`: of errors. `after_error`, `otherwise`: chance of one over the hardness.

    `hardness`: of each sound of each utterance, before the rate is applied. `likeness`: cumulated shares of the kinds
    of likeness, as the voice of this show has them.
    """

    channel: Channel
    ear: Ear
    rate: float
    after_error: float
    otherwise: float
    hardness: Sequence[Sequence[float]]
    likeness: Sequence[float]
    _habits: dict[str, str] = field(default_factory=dict)
    _was_wrong: bool = False

    @staticmethod
    def of(channel: Channel, ear: Ear, said: Sequence[Sequence[Sound]], rng: np.random.Generator) -> "Mishearing":
        """A recogniser of the kind of `channel` that hears `said`."""
        rate = float(rng.uniform(*channel.error_rate))
        likeness = np.cumsum(rng.dirichlet(EVEN + ALIKE_SHOWS * np.array(channel.likeness)))
        hardness = _hardness(said, ear.heard[channel.language], rng)
        counted = [
            each
            for sounds, row in zip(said, hardness, strict=True)
            for sound, each in zip(sounds, row, strict=True)
            if sound.kind in HEARD
        ]
        scale = _scale(rate, np.array(counted))
        burst = min(channel.burst, HIGHEST_CHANCE / rate) if rate else 1.0
        calm = (1 - rate * burst) / (1 - rate)  # so that errors still come at the rate
        return Mishearing(channel, ear, rate, scale * burst, scale * calm, hardness, likeness.tolist())

    def heard(
        self, utterance: int, sounds: Sequence[Sound], quality: float, rng: np.random.Generator
    ) -> Iterator[Sound]:
        """What is heard of an utterance, its number given. `quality`: how many times the errors of the usual."""
        draws = rng.random((sum(len(sound.text) + 1 for sound in sounds), DRAWS)).tolist()
        taken = iter(draws)
        for sound, hardness in zip(sounds, self.hardness[utterance], strict=True):
            if sound.kind == "stop":
                yield sound
            elif sound.digits and next(taken)[0] < self.channel.digits:
                yield self._number(sound, quality, next(taken))
            else:
                for each in _taken_apart(sound):
                    yield from self._sound(each, quality * hardness, next(taken))

    def _number(self, sound: Sound, quality: float, draw: Sequence[float]) -> Sound:
        digits = sound.digits
        if draw[0] < WRONG_DIGIT * self.rate * quality:
            at = int(draw[1] * len(digits))
            digits = digits[:at] + (str(int(10 * draw[2])) if draw[3] < 0.6 else "") + digits[at + 1 :]
        return Sound("number", digits or sound.digits, sound.start, sound.end)

    def _sound(self, sound: Sound, hardness: float, draw: Sequence[float]) -> Iterator[Sound]:
        is_wrong = draw[0] < min(HIGHEST_CHANCE, hardness * (self.after_error if self._was_wrong else self.otherwise))
        self._was_wrong = is_wrong
        if not is_wrong:
            yield sound
        elif draw[1] >= self.channel.deleted:
            if draw[1] < self.channel.deleted + self.channel.inserted:
                fillers = FILLERS[self.channel.language]
                yield Sound(sound.kind, fillers[int(draw[2] * len(fillers))], sound.start, sound.start)
                yield sound
            else:
                written = self._written(sound, hardness, draw[2:])
                yield Sound(sound.kind, written, sound.start, sound.end)

    def _written(self, sound: Sound, hardness: float, draw: Sequence[float]) -> str:
        known = self._habits.get(sound.text)
        if known and draw[0] < self.channel.habit:
            return known
        if sound.kind == "word":
            written = self._word(sound.text, draw)
        else:
            written = self._character(sound.text, draw[1] ** (LIKER + LIKER_IF_HARD * hardness), draw[2])
        self._habits.setdefault(sound.text, written)
        return written

    def _character(self, text: str, unlike: float, share: float) -> str:
        if not is_ideograph(text):
            return text
        kind = KINDS[min(bisect_right(self.likeness, unlike), len(KINDS) - 1)]
        return self.ear.syllabary.instead_of(text, kind, share)

    def _word(self, text: str, draw: Sequence[float]) -> str:
        word = text.lower()
        is_alike = draw[1] < self.channel.alike or len(word) < SHORTEST_BY_EAR
        alike = self.ear.vocabulary.instead_of(word, draw[2]) if is_alike else None
        return alike or by_ear(word, (draw[2], draw[3], draw[1]))


def _scale(rate: float, hardness: FloatArray) -> float:
    """What makes the mean chance of an error `rate`, none above HIGHEST_CHANCE. `hardness`: (sounds,)."""
    scale = 1.0
    for _ in range(STEPS if len(hardness) else 0):
        scale *= rate / float(np.minimum(HIGHEST_CHANCE, scale * hardness).mean()) if rate else 0.0
    return scale


def _hardness(said: Sequence[Sequence[Sound]], heard: Heard, rng: np.random.Generator) -> list[list[float]]:
    """How hard each sound of this show's voices is to make out; stops are heard, numerals are easy."""
    rows = [[sound.text.lower() if sound.kind in HEARD else "" for sound in sounds] for sounds in said]
    own = Heard.of([[unit for row in rows for unit in ("", *filter(None, row))]])
    units = sorted({unit for row in rows for unit in row})
    slurred = dict(zip(units, np.exp(rng.normal(0.0, SLURRED, len(units))).tolist(), strict=True))
    hardness = []
    for row in rows:
        known = iter(heard.hardness([*filter(None, row)], own))
        hardness.append([next(known) * slurred[unit] if unit else NUMERALS_HARDNESS for unit in row])
    return hardness


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
