"""What each unit of a show does - opens, shows, prices, previews, chats, ... - learned with product words masked.

A linear model over n-grams of sounds and signs of the unit and its neighbours, hashed into buckets. Sounds make it
survive what recognisers get wrong; masking makes it learn how hosts talk, not what they sell.
"""

import math
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from zipfile import BadZipFile

import numpy as np

from domain.errors import WeightsError
from domain.evidence import ROLES, Discourse, FloatArray, Mention
from domain.session import Language
from domain.speech import Sentence
from models.segmentation.utterance_units import Units
from models.text.phonetic_tokens import tokens_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

BUCKETS = 1 << 15  # few of the n-grams that matter meet in one
UNITS_AT_A_TIME = 512  # about an hour
NEIGHBOURS = 2  # units before and after that are looked at
EDGE_SHARE = 0.3  # how much it counts that the show begins or ends there
MASKED_NATS = 1.0  # words of titles that say less are left to be seen
PRODUCT, NUMBER, STOP = "□", "#", "|"
HeardToken: TypeAlias = tuple[str, str]
"""Its sound, and how it is written."""


@dataclass(frozen=True, eq=False)
class DiscourseModel:
    """`roles`: (BUCKETS, roles), `opening`, `closing`: (BUCKETS,); the biases are what an empty unit scores."""

    roles: FloatArray
    role_biases: FloatArray
    opening: FloatArray
    closing: FloatArray
    edge_biases: FloatArray

    def read(self, features: "Iterable[csr_matrix]", units: Units) -> Discourse:
        """What the units do whose `features` these are, some units after the other."""
        roles, opening, closing = [], [], []
        for some in features:
            scores = some @ self.roles + self.role_biases
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            roles.append(scores / scores.sum(axis=1, keepdims=True))
            opening.append(some @ self.opening + self.edge_biases[0])
            closing.append(some @ self.closing + self.edge_biases[1])
        return Discourse(np.vstack(roles), np.concatenate(opening), np.concatenate(closing), units.starts)


SHAPES = {
    "roles": (BUCKETS, len(ROLES)),
    "role_biases": (len(ROLES),),
    "opening": (BUCKETS,),
    "closing": (BUCKETS,),
    "edge_biases": (2,),
}
ROLE_NAMES = "role_names"
"""The array that says which roles the columns are: files older than it are known by their shapes alone."""
ANEW = "make it anew by `kandian train`"


def save_discourse(model: DiscourseModel, file: Path) -> None:
    """Write the model as .npz of half floats: the same bytes for the same model."""
    arrays = {name: np.asarray(getattr(model, name), dtype=np.float16) for name in SHAPES}
    arrays[ROLE_NAMES] = np.array(ROLES)
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # numpy's stubs take the names for its own flag


def load_discourse(file: Path) -> DiscourseModel:
    """What `save_discourse` wrote.

    Raises WeightsError, naming `file`, where it is damaged, or of other features or roles.
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            found = {name: arrays[name].astype(np.float64) for name in SHAPES}
            names = tuple(map(str, arrays[ROLE_NAMES])) if ROLE_NAMES in arrays else ROLES
    except (OSError, EOFError, KeyError, ValueError, TypeError, AttributeError, BadZipFile, zlib.error) as error:
        raise WeightsError(file, f"is damaged ({error})", ANEW) from error
    if names != ROLES:
        raise WeightsError(file, f"knows other roles ({', '.join(names)}) than this version ({', '.join(ROLES)})", ANEW)
    if {name: array.shape for name, array in found.items()} != SHAPES:
        raise WeightsError(file, "is of other features than this version", ANEW)
    return DiscourseModel(**found)


def discourse_features(
    sentences: Sequence[Sentence], mentions: Iterable[Mention], units: Units, language: Language
) -> "Iterator[csr_matrix]":
    """(some units, BUCKETS), unit after unit: the hashed n-grams of each and its neighbours, each unit's of length one.

    Some units at a time: those of a long show are 100 MB.
    """
    masked = _masked(sentences, mentions, units)
    grams_of = lru_cache(2 * NEIGHBOURS + 1)(lambda unit: _grams(masked[unit], language))
    for start in range(0, max(1, len(units)), UNITS_AT_A_TIME):
        yield _features(range(start, min(start + UNITS_AT_A_TIME, len(units))), len(units), grams_of)


def _features(some: range, count: int, grams_of: Callable[[int], frozenset[str]]) -> "csr_matrix":
    """The rows of `some` of `count` units."""
    from scipy.sparse import csr_matrix

    rows, columns, values = array("i"), array("i"), array("d")  # lists would take five times the memory
    for row, unit in enumerate(some):
        for place in range(-NEIGHBOURS, NEIGHBOURS + 1):
            is_inside = 0 <= unit + place < count
            grams = grams_of(unit + place) if is_inside else frozenset({"edge"})
            value = 1 / math.sqrt(max(1, len(grams))) if is_inside else EDGE_SHARE
            columns.extend(_bucket(place, gram) for gram in sorted(grams))
            rows.extend([row] * len(grams))
            values.extend([value] * len(grams))
    places = (np.frombuffer(rows, dtype=np.int32), np.frombuffer(columns, dtype=np.int32))
    return csr_matrix((np.frombuffer(values), places), shape=(len(some), BUCKETS))


def _bucket(place: int, gram: str) -> int:
    return zlib.crc32(f"{place} {gram}".encode()) % BUCKETS


def _masked(sentences: Sequence[Sentence], mentions: Iterable[Mention], units: Units) -> list[list[HeardToken]]:
    """The tokens of every unit, product words and numbers each as one sign."""
    hidden: dict[int, list[Mention]] = {}
    for mention in mentions:
        if mention.kind in ("name", "alias", "brand") or (mention.kind == "title" and mention.weight >= MASKED_NATS):
            hidden.setdefault(mention.sentence, []).append(mention)
    said: list[list[HeardToken]] = [[] for _ in range(len(units))]
    for number, sentence in enumerate(sentences):
        said[units.unit_of[number]] += [*_tokens(sentence, hidden.get(number, ())), (STOP, STOP)]
    return said


def _tokens(sentence: Sentence, hidden: Sequence[Mention]) -> Iterator[HeardToken]:
    last = ""
    for token in tokens_of(sentence.text):
        time = sentence.char_starts[token.start]
        sign = ""
        if any(mention.span.start <= time < mention.span.end for mention in hidden):
            sign = PRODUCT
        elif token.written[0].isdigit():
            sign = NUMBER
        if sign and sign == last:
            continue
        last = sign
        yield (sign, sign) if sign else (token.code, token.written)


def _grams(tokens: Sequence[HeardToken], language: Language) -> frozenset[str]:
    """One to three sounds and one or two signs in Chinese, one or two stems in English."""
    sounds = [sound for sound, _ in tokens]
    grams = {f"s{sound}" for sound in sounds} | {f"s{a} {b}" for a, b in pairwise(sounds)}
    if language == "zh":
        signs = [sign for _, sign in tokens]
        grams |= {f"s{a} {b} {c}" for a, b, c in zip(sounds, sounds[1:], sounds[2:], strict=False)}
        grams |= {f"c{sign}" for sign in signs} | {f"c{a} {b}" for a, b in pairwise(signs)}
    return frozenset(grams)
