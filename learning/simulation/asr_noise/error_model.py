"""The errors of a recogniser, unit by unit."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

import numpy as np

from domain.evidence import FloatArray
from domain.session import Language
from learning.simulation.asr_noise.english_confusions import EnglishConfusions, misspell_phonetically
from learning.simulation.asr_noise.mandarin_confusions import (
    SYLLABLE_SIMILARITIES,
    MandarinConfusions,
    is_chinese_character,
)
from learning.simulation.asr_noise.noise_profiles import NoiseProfile
from learning.simulation.asr_noise.spoken_units import SpokenUnit, SpokenUnitKind
from learning.simulation.asr_noise.word_familiarity import WordFamiliarity

LANGUAGES: tuple[Language, ...] = get_args(Language)
MISHEARABLE_KINDS = ("character", "word")
MAX_ERROR_PROBABILITY = 0.95
MIN_MISSPELT_LETTERS = 4  # letters; shorter words are confused with each other
DRAWS_PER_UNIT = 6  # random numbers for one unit
CONFUSION_CONCENTRATION = 25.0  # weight of a Dirichlet law: how near a show's shares are to its profile's
CONFUSION_PRIOR = 0.05  # weight of each kind, so that no share is 0
BASE_SIMILARITY_EXPONENT, HARDNESS_SIMILARITY_EXPONENT = 0.7, 1.6  # errors of hard units sound more alike
SCALING_ITERATIONS = 6  # each halves the error
VOICE_HARDNESS_LOG_STD = 0.2  # of the logarithm of how much harder a voice makes a unit
NUMBER_HARDNESS = 0.12  # as hard as words that every show has
FILLER_WORDS = {"zh": "的了啊是那这个呢就", "en": ("um", "the", "a", "and", "it's", "like", "you", "so")}
WRONG_DIGIT_FACTOR = 0.35  # of the error rate: numbers with a wrong digit


@dataclass(frozen=True, slots=True)
class ConfusionModel:
    """What a recogniser has learned: familiar words of each language, and confusable sounds."""

    familiarity: Mapping[Language, WordFamiliarity]
    mandarin: MandarinConfusions
    english: EnglishConfusions

    @staticmethod
    def from_texts(texts: Iterable[tuple[Language, Sequence[str]]]) -> "ConfusionModel":
        """The model of a recogniser that knows `texts`, each a language and the utterances of one show."""
        shows = [(language, [*texts]) for language, texts in texts]
        familiarity_by_language = {
            language: WordFamiliarity.from_texts(
                [lexical_units(text, language) for each, text in shows if each == language]
            )
            for language in LANGUAGES
        }
        texts_by_language: dict[Language, list[str]] = {
            language: [text for each, texts in shows if each == language for text in texts] for language in LANGUAGES
        }
        return ConfusionModel(
            familiarity_by_language,
            MandarinConfusions.from_texts(texts_by_language["zh"]),
            EnglishConfusions.from_texts(texts_by_language["en"]),
        )


def lexical_units(texts: Iterable[str], language: Language) -> list[str]:
    """The units of `texts`: characters (zh) or lower-case words (en), "" between utterances."""
    units = []
    for text in texts:
        parts = text if language == "zh" else re.findall(r"[a-z']+", text.lower())
        units += ["", *(part for part in parts if part.isalnum() or language == "en")]
    return units


@dataclass(slots=True)
class AsrErrorModel:
    """One recogniser at one show. `burst_scale`, `calm_scale`: error probability for each unit of hardness, after an
    error and otherwise.

    `hardness`: of each unit of each utterance, before the error rate is applied. `cumulative_confusion_shares`: of the
    kinds of similarity, for this show's voices.
    """

    profile: NoiseProfile
    confusion_model: ConfusionModel
    error_rate: float
    burst_scale: float
    calm_scale: float
    hardness: Sequence[Sequence[float]]
    cumulative_confusion_shares: Sequence[float]
    _repeated_errors: dict[str, str] = field(default_factory=dict)
    _was_error: bool = False

    @staticmethod
    def for_show(
        profile: NoiseProfile,
        confusion_model: ConfusionModel,
        units_by_utterance: Sequence[Sequence[SpokenUnit]],
        rng: np.random.Generator,
    ) -> "AsrErrorModel":
        """The recogniser of `profile` at a show of these units."""
        error_rate = float(rng.uniform(*profile.error_rate))
        cumulative_shares = np.cumsum(
            rng.dirichlet(CONFUSION_PRIOR + CONFUSION_CONCENTRATION * np.array(profile.confusion_shares))
        )
        hardness = _unit_hardness(units_by_utterance, confusion_model.familiarity[profile.language], rng)
        mishearable_hardness = [
            each
            for units, row in zip(units_by_utterance, hardness, strict=True)
            for unit, each in zip(units, row, strict=True)
            if unit.kind in MISHEARABLE_KINDS
        ]
        scale = _error_scale(error_rate, np.array(mishearable_hardness))
        burst_factor = min(profile.burst_factor, MAX_ERROR_PROBABILITY / error_rate) if error_rate else 1.0
        calm_factor = (1 - error_rate * burst_factor) / (1 - error_rate)  # keeps the mean error rate
        return AsrErrorModel(
            profile,
            confusion_model,
            error_rate,
            scale * burst_factor,
            scale * calm_factor,
            hardness,
            cumulative_shares.tolist(),
        )

    def apply_errors(
        self, utterance_index: int, units: Sequence[SpokenUnit], error_factor: float, rng: np.random.Generator
    ) -> Iterator[SpokenUnit]:
        """The recognised units of an utterance. `error_factor`: its errors relative to the usual."""
        draws = rng.random((sum(len(unit.text) + 1 for unit in units), DRAWS_PER_UNIT)).tolist()
        draw_iterator = iter(draws)
        for unit, hardness in zip(units, self.hardness[utterance_index], strict=True):
            if unit.kind == "stop":
                yield unit
            elif unit.digits and next(draw_iterator)[0] < self.profile.digit_form_share:
                yield self._misheard_number(unit, error_factor, next(draw_iterator))
            else:
                for part in _split_number(unit):
                    yield from self._misheard_unit(part, error_factor * hardness, next(draw_iterator))

    def _misheard_number(self, unit: SpokenUnit, error_factor: float, draw: Sequence[float]) -> SpokenUnit:
        digits = unit.digits
        if draw[0] < WRONG_DIGIT_FACTOR * self.error_rate * error_factor:
            digit_index = int(draw[1] * len(digits))
            digits = (
                digits[:digit_index] + (str(int(10 * draw[2])) if draw[3] < 0.6 else "") + digits[digit_index + 1 :]
            )
        return SpokenUnit("number", digits or unit.digits, unit.start, unit.end)

    def _misheard_unit(self, unit: SpokenUnit, hardness: float, draw: Sequence[float]) -> Iterator[SpokenUnit]:
        is_error = draw[0] < min(
            MAX_ERROR_PROBABILITY, hardness * (self.burst_scale if self._was_error else self.calm_scale)
        )
        self._was_error = is_error
        if not is_error:
            yield unit
        elif draw[1] >= self.profile.deletion_share:
            if draw[1] < self.profile.deletion_share + self.profile.insertion_share:
                fillers = FILLER_WORDS[self.profile.language]
                yield SpokenUnit(unit.kind, fillers[int(draw[2] * len(fillers))], unit.start, unit.start)
                yield unit
            else:
                replacement = self._replacement(unit, hardness, draw[2:])
                yield SpokenUnit(unit.kind, replacement, unit.start, unit.end)

    def _replacement(self, unit: SpokenUnit, hardness: float, draw: Sequence[float]) -> str:
        repeated_error = self._repeated_errors.get(unit.text)
        if repeated_error and draw[0] < self.profile.repeated_error_share:
            return repeated_error
        if unit.kind == "word":
            replacement = self._similar_word(unit.text, draw)
        else:
            replacement = self._similar_character(
                unit.text, draw[1] ** (BASE_SIMILARITY_EXPONENT + HARDNESS_SIMILARITY_EXPONENT * hardness), draw[2]
            )
        self._repeated_errors.setdefault(unit.text, replacement)
        return replacement

    def _similar_character(self, text: str, dissimilarity: float, fraction: float) -> str:
        if not is_chinese_character(text):
            return text
        similarity = SYLLABLE_SIMILARITIES[
            min(bisect_right(self.cumulative_confusion_shares, dissimilarity), len(SYLLABLE_SIMILARITIES) - 1)
        ]
        return self.confusion_model.mandarin.similar_character(text, similarity, fraction)

    def _similar_word(self, text: str, draw: Sequence[float]) -> str:
        word = text.lower()
        uses_real_word = draw[1] < self.profile.similar_word_share or len(word) < MIN_MISSPELT_LETTERS
        similar_word = self.confusion_model.english.similar_word(word, draw[2]) if uses_real_word else None
        return similar_word or misspell_phonetically(word, (draw[2], draw[3], draw[1]))


def _error_scale(error_rate: float, hardness: FloatArray) -> float:
    """The scale at which the mean error probability is `error_rate`, none above MAX_ERROR_PROBABILITY. `hardness`:
    (units,).
    """
    scale = 1.0
    for _ in range(SCALING_ITERATIONS if len(hardness) else 0):
        scale *= error_rate / float(np.minimum(MAX_ERROR_PROBABILITY, scale * hardness).mean()) if error_rate else 0.0
    return scale


def _unit_hardness(
    units_by_utterance: Sequence[Sequence[SpokenUnit]], familiarity: WordFamiliarity, rng: np.random.Generator
) -> list[list[float]]:
    """The hardness of each unit of the show. Stops count as numbers: both are easy."""
    rows = [
        [unit.text.lower() if unit.kind in MISHEARABLE_KINDS else "" for unit in units] for units in units_by_utterance
    ]
    show_familiarity = WordFamiliarity.from_texts([[unit for row in rows for unit in ("", *filter(None, row))]])
    units = sorted({unit for row in rows for unit in row})
    voice_factors = dict(zip(units, np.exp(rng.normal(0.0, VOICE_HARDNESS_LOG_STD, len(units))).tolist(), strict=True))
    hardness = []
    for row in rows:
        hardness_iterator = iter(familiarity.hardness([*filter(None, row)], show_familiarity))
        hardness.append([next(hardness_iterator) * voice_factors[unit] if unit else NUMBER_HARDNESS for unit in row])
    return hardness


def _split_number(unit: SpokenUnit) -> Iterator[SpokenUnit]:
    """The characters or words of a number; any other unit as it is."""
    parts = unit.text.split() if unit.text.isascii() else list(unit.text)
    if unit.kind != "number":
        yield unit
        return
    step = (unit.end - unit.start) / len(parts)
    kind: SpokenUnitKind = "word" if unit.text.isascii() else "character"
    for i, part in enumerate(parts):
        yield SpokenUnit(kind, part, unit.start + i * step, unit.start + (i + 1) * step)
