"""Detects hallucinations: Whisper writes text for music, gets stuck in loops, and quotes its training data.

Limits are those of its authors where they gave one; batched decoding applies none of them itself. Phrases are in
hallucination_filter.toml.
"""

import re
import zlib
from collections.abc import Collection
from enum import Enum
from functools import cache

from domain.session import Language
from models.speech.recognizer import DecodedChunk
from models.text.phrase_tables import phrase_patterns

MAX_DECODER_TOKENS = 224  # where CTranslate2 stops: half of Whisper's 448
MIN_TRUNCATED_TOKENS = 215  # text that ends so near MAX_DECODER_TOKENS was cut off
MAX_COMPRESSION_RATIO = 2.4  # Whisper's own limit; Mandarin talk and chants reach 1.6, loops 13 and more
MIN_MEAN_LOGPROB = -1.0  # Whisper's own limit
MIN_LOGPROB_IN_SILENCE = -0.7  # stricter than MIN_MEAN_LOGPROB
MAX_NO_SPEECH_PROBABILITY = 0.6  # Whisper's own limit
MAX_CHARACTERS_PER_S: dict[Language, float] = {
    "zh": 9.0,
    "en": 27.0,
}  # characters, letters; the fastest hosts speak 8 and 22
MAX_LOOP_UNIT_CHARACTERS = 12  # longer loops are found by compression
MAX_REPEATS = 2  # of units of 4 characters and more
MAX_SHORT_UNIT_REPEATS = 5  # of units of 2 or 3 characters: hosts do shout 四号四号四号
MAX_CHANT_REPEATS = 8
MIN_SPEECH_CHARACTERS = 12  # beside boilerplate; fewer are the rest of its own sentence

NON_WORD_CHARACTERS = re.compile(r"[\W_]+")


class HallucinationKind(Enum):
    """Why a decoded text is no evidence."""

    TRUNCATED = "cut off at the most tokens a decoder writes"
    HIGH_COMPRESSION = "compresses too well"
    LOOP = "a short text again and again"
    LOW_LOGPROB = "words of low probability"
    NO_SPEECH = "probably no speech"
    TOO_FAST = "more characters than anybody says in the time"
    BOILERPLATE = "a text that no host says"


def detect_hallucinations(decoded: DecodedChunk, language: Language) -> frozenset[HallucinationKind]:
    """What is wrong with `decoded`; empty when it is reliable."""
    characters = NON_WORD_CHARACTERS.sub("", decoded.text)
    checks = {
        HallucinationKind.TRUNCATED: decoded.tokens >= MIN_TRUNCATED_TOKENS,
        HallucinationKind.HIGH_COMPRESSION: compression_ratio(decoded.text) > MAX_COMPRESSION_RATIO
        and not _is_chant(characters),
        HallucinationKind.LOOP: has_repetition_loop(characters),
        HallucinationKind.LOW_LOGPROB: bool(characters) and decoded.mean_logprob < MIN_MEAN_LOGPROB,
        HallucinationKind.NO_SPEECH: _is_likely_silence(decoded),
        HallucinationKind.TOO_FAST: len(characters) > 4 + MAX_CHARACTERS_PER_S[language] * decoded.chunk.speech,
        HallucinationKind.BOILERPLATE: bool(_pattern("boilerplate").search(decoded.text)) or _is_farewell(characters),
    }
    return frozenset(kind for kind, is_present in checks.items() if is_present)


def compression_ratio(text: str) -> float:
    """Bytes of UTF-8 over bytes when compressed: Whisper's measure of repetition."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw))


def has_repetition_loop(characters: str) -> bool:
    """Whether a unit of 1 to 12 characters is repeated too often in a row; chants of hosts may be, up to a limit."""
    return any(
        len(match[0]) // size > _max_repeats(match[1])
        for size in range(1, MAX_LOOP_UNIT_CHARACTERS + 1)
        for match in re.finditer(rf"(.{{{size}}})\1{{{MAX_REPEATS},}}", characters)
    )


def _max_repeats(unit: str) -> int:
    if len(set(unit)) == 1 or _is_chant(unit):
        return MAX_CHANT_REPEATS
    return MAX_REPEATS if len(unit) > 3 else MAX_SHORT_UNIT_REPEATS


def is_not_speech(decoded: DecodedChunk, kinds: Collection[HallucinationKind]) -> bool:
    """Whether a text of these kinds is no speech at all: for silence, or boilerplate with hardly any rest."""
    if HallucinationKind.NO_SPEECH in kinds:
        return True
    remainder = NON_WORD_CHARACTERS.sub("", _pattern("boilerplate").sub("", decoded.text))
    is_nothing_else = len(remainder) < MIN_SPEECH_CHARACTERS or _is_farewell(remainder)
    return HallucinationKind.BOILERPLATE in kinds and is_nothing_else


def _is_likely_silence(decoded: DecodedChunk) -> bool:
    return decoded.no_speech_chance > MAX_NO_SPEECH_PROBABILITY and decoded.mean_logprob < MIN_LOGPROB_IN_SILENCE


def _is_farewell(characters: str) -> bool:
    return bool(_pattern("farewell").fullmatch(characters))


def _is_chant(characters: str) -> bool:
    """Whether it is nothing but what hosts shout, one after the other."""
    return bool(_repeated_chant().fullmatch(characters))


@cache
def _repeated_chant() -> re.Pattern[str]:
    return re.compile(f"(?:{_pattern('chant').pattern})+", re.IGNORECASE)


def _pattern(kind: str) -> re.Pattern[str]:
    return phrase_patterns(__name__, "phrases")[kind]
