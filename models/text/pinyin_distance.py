"""The phonetic distance of two Mandarin syllables: 0 for the same, 1 for nothing alike.

The idea is DimSim's (K18-1043): initials and finals are points in a space in which what people and recognisers mix up
is near. The coordinates come from phonetics (place and manner of articulation, aspiration; height and backness of the
tongue), and so do the weights: nothing is fitted to a recogniser's errors.
"""

import re
from functools import cache
from math import hypot

INITIALS: dict[str, tuple[float, float, float]] = {
    "b": (0, 0, 0), "p": (0, 0, 1), "m": (0, 3, 0), "f": (0, 2, 1),
    "d": (1, 0, 0), "t": (1, 0, 1), "l": (1, 3, 0),
    "z": (1.5, 1, 0), "c": (1.5, 1, 1), "s": (1.5, 2, 1), "r": (1.5, 3, 0),
    "j": (2.5, 1, 0), "q": (2.5, 1, 1), "x": (2.5, 2, 1),
    "g": (3.5, 0, 0), "k": (3.5, 0, 1), "h": (3.5, 2, 1),
}  # fmt: skip
"""Place from the lips to the throat; manner: stop, affricate, fricative, nasal or lateral; aspiration."""
PLACE_WEIGHT, MANNER_WEIGHT, ASPIRATION_WEIGHT = 0.2, 0.25, 0.2
MISSING_INITIAL_DISTANCE = 0.5  # between an initial and none
CONFUSABLE_INITIAL_DISTANCES = {frozenset("fh"): 0.25}  # half of the dialects mix them up

VOWELS = {"a": (0.0, 0.5), "o": (0.5, 1.0), "e": (0.5, 0.6), "i": (1.0, 0.0), "u": (1.0, 1.0), "v": (1.0, 0.2)}
"""Height and backness of the tongue, from 0 to 1."""
VOWEL_WEIGHT, GLIDE_WEIGHT, CODA_WEIGHT = 0.5, 0.2, 0.25
FINALS = {  # glide, vowel, coda
    "a": "-a-", "o": "-o-", "e": "-e-", "i": "-i-", "u": "-u-", "v": "-v-", "ai": "-ai", "ei": "-ei", "ao": "-ao",
    "ou": "-oo", "an": "-an", "en": "-en", "in": "-in", "un": "uen", "ong": "-un", "ia": "ia-", "ie": "ie-",
    "iao": "iao", "iu": "ioo", "ian": "ian", "iong": "iun", "ua": "ua-", "uo": "uo-", "uai": "uai", "ui": "uei",
    "uan": "uan", "ue": "ve-", "ve": "ve-", "er": "-er", "van": "van", "vn": "vin",
}  # fmt: skip
ZERO_INITIAL_FINALS = {
    "yi": "i", "yin": "in", "ya": "ia", "ye": "ie", "yao": "iao", "you": "iu", "yan": "ian", "yong": "iong", "yo": "ou",
    "yu": "v", "yue": "ve", "yuan": "van", "yun": "vn", "wu": "u", "wa": "ua", "wo": "uo", "wai": "uai", "wei": "ui",
    "wan": "uan", "wen": "un",
}  # fmt: skip
FINALS_AFTER_PALATAL = {"u": "v", "ue": "ve", "uan": "van", "un": "vn"}
SYLLABLE = re.compile("([bpmfdtlgkhjqxrzcs]?)(.*)")


@cache
def syllable_distance(one: str, other: str) -> float:
    """In [0, 1], between two codes of models/text/phonetic_tokens.py; 1 where one of them is no syllable."""
    if one == other:
        return 0.0
    ours, theirs = _split_syllable(one), _split_syllable(other)
    if ours is None or theirs is None:
        return 1.0
    return min(1.0, _initial_distance(ours[0], theirs[0]) + _final_distance(ours[1], theirs[1]))


@cache
def _split_syllable(code: str) -> tuple[str, str] | None:
    """Initial and final (glide, vowel, coda); None for what is no syllable."""
    lower_code = code.lower()
    spelling = ZERO_INITIAL_FINALS.get(lower_code, lower_code)
    match = SYLLABLE.fullmatch(spelling)
    if match is None or not code.isupper():
        return None
    initial, final = match.groups()
    final = FINALS_AFTER_PALATAL.get(final, final) if initial and initial in "jqx" else final
    return (initial, FINALS[final]) if final in FINALS else None


def _initial_distance(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if not one or not other:
        return MISSING_INITIAL_DISTANCE
    confusable_distance = CONFUSABLE_INITIAL_DISTANCES.get(frozenset(one + other))
    differences = (abs(a - b) for a, b in zip(INITIALS[one], INITIALS[other], strict=True))
    weights = (PLACE_WEIGHT, MANNER_WEIGHT, ASPIRATION_WEIGHT)
    return (
        sum(w * d for w, d in zip(weights, differences, strict=True))
        if confusable_distance is None
        else confusable_distance
    )


def _final_distance(one: str, other: str) -> float:
    (height, back), (other_height, other_back) = VOWELS[one[1]], VOWELS[other[1]]
    vowel_distance = VOWEL_WEIGHT * hypot(height - other_height, back - other_back)
    return vowel_distance + GLIDE_WEIGHT * (one[0] != other[0]) + CODA_WEIGHT * (one[2] != other[2])
