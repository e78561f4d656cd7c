"""Classifies what each unit of a show does: opens, shows, prices, previews, chats, ...

A linear model over hashed n-grams of sounds and characters of the unit and its neighbours. Sounds make it robust to
ASR errors; product words are masked, so that it learns how hosts talk, not what they sell.
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
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, FloatArray, Mention, UtteranceUnits
from domain.session import Language
from domain.speech import Sentence
from models.lexicon.aliases import NAMING_KINDS
from models.text.phonetic_tokens import phonetic_tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

HASH_BUCKETS = 1 << 15  # few of the n-grams that matter collide
BATCH_UNITS = 512  # about an hour
CONTEXT_UNITS = 2  # before and after a unit
EDGE_WEIGHT = 0.3  # of the start or end of the show, beside the n-grams of a unit with length 1
MIN_MASKED_NATS = 1.0  # lighter words of titles are not masked
PRODUCT_MASK, NUMBER_MASK, SENTENCE_END = "□", "#", "|"
TokenForms: TypeAlias = tuple[str, str]
"""A token's code and surface."""


@dataclass(frozen=True, eq=False)
class DiscourseModel:
    """Linear weights. `roles`: (HASH_BUCKETS, roles); `opening`, `closing`: (HASH_BUCKETS,); and their biases."""

    roles: FloatArray
    role_biases: FloatArray
    opening: FloatArray
    closing: FloatArray
    edge_biases: FloatArray

    def classify(self, features: "Iterable[csr_matrix]", units: UtteranceUnits) -> DiscourseClassification:
        """Classify `units`, whose `features` come batch by batch."""
        roles, opening, closing = [], [], []
        for batch in features:
            scores = batch @ self.roles + self.role_biases
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            roles.append(scores / scores.sum(axis=1, keepdims=True))
            opening.append(batch @ self.opening + self.edge_biases[0])
            closing.append(batch @ self.closing + self.edge_biases[1])
        return DiscourseClassification(np.vstack(roles), np.concatenate(opening), np.concatenate(closing), units.starts)


ARRAY_SHAPES = {
    "roles": (HASH_BUCKETS, len(DISCOURSE_ROLES)),
    "role_biases": (len(DISCOURSE_ROLES),),
    "opening": (HASH_BUCKETS,),
    "closing": (HASH_BUCKETS,),
    "edge_biases": (2,),
}
ROLE_NAMES_KEY = "role_names"
"""The array with the names of the columns of `roles`; old files, which lack it, are checked by shape only."""
RETRAIN_REMEDY = "make it anew by `kandian train`"


def save_discourse(model: DiscourseModel, file: Path) -> None:
    """Write the model as .npz of half floats: the same bytes for the same model."""
    arrays = {name: np.asarray(getattr(model, name), dtype=np.float16) for name in ARRAY_SHAPES}
    arrays[ROLE_NAMES_KEY] = np.array(DISCOURSE_ROLES)
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]  # numpy's stubs take the names for its own flag


def load_discourse(file: Path) -> DiscourseModel:
    """Read what `save_discourse` wrote.

    Raises WeightsError, naming `file`, where it is damaged, or of other features or roles.
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            weights = {name: arrays[name].astype(np.float64) for name in ARRAY_SHAPES}
            names = tuple(map(str, arrays[ROLE_NAMES_KEY])) if ROLE_NAMES_KEY in arrays else DISCOURSE_ROLES
    except (OSError, EOFError, KeyError, ValueError, TypeError, AttributeError, BadZipFile, zlib.error) as error:
        raise WeightsError(file, f"is damaged ({error})", RETRAIN_REMEDY) from error
    if names != DISCOURSE_ROLES:
        raise WeightsError(
            file,
            f"knows other roles ({', '.join(names)}) than this version ({', '.join(DISCOURSE_ROLES)})",
            RETRAIN_REMEDY,
        )
    if {name: array.shape for name, array in weights.items()} != ARRAY_SHAPES:
        raise WeightsError(file, "is of other features than this version", RETRAIN_REMEDY)
    return DiscourseModel(**weights)


def discourse_features(
    sentences: Sequence[Sentence], mentions: Iterable[Mention], units: UtteranceUnits, language: Language
) -> "Iterator[csr_matrix]":
    """Batches of (units, HASH_BUCKETS): hashed n-grams of each unit and its neighbours, each unit's of length 1.

    In batches, for the features of a long show take 100 MB.
    """
    masked_tokens = _masked_tokens(sentences, mentions, units)
    ngrams_of = lru_cache(2 * CONTEXT_UNITS + 1)(lambda unit: _ngrams(masked_tokens[unit], language))
    for start in range(0, max(1, len(units)), BATCH_UNITS):
        yield _batch_features(range(start, min(start + BATCH_UNITS, len(units))), len(units), ngrams_of)


def _batch_features(batch: range, count: int, ngrams_of: Callable[[int], frozenset[str]]) -> "csr_matrix":
    """The rows of `batch` of `count` units."""
    from scipy.sparse import csr_matrix

    rows, columns, values = array("i"), array("i"), array("d")  # lists would take five times the memory
    for row, unit in enumerate(batch):
        for offset in range(-CONTEXT_UNITS, CONTEXT_UNITS + 1):
            is_inside = 0 <= unit + offset < count
            ngrams = ngrams_of(unit + offset) if is_inside else frozenset({"edge"})
            value = 1 / math.sqrt(max(1, len(ngrams))) if is_inside else EDGE_WEIGHT
            columns.extend(_hash_bucket(offset, gram) for gram in sorted(ngrams))
            rows.extend([row] * len(ngrams))
            values.extend([value] * len(ngrams))
    indices = (np.frombuffer(rows, dtype=np.int32), np.frombuffer(columns, dtype=np.int32))
    return csr_matrix((np.frombuffer(values), indices), shape=(len(batch), HASH_BUCKETS))


def _hash_bucket(offset: int, ngram: str) -> int:
    return zlib.crc32(f"{offset} {ngram}".encode()) % HASH_BUCKETS


def _masked_tokens(
    sentences: Sequence[Sentence], mentions: Iterable[Mention], units: UtteranceUnits
) -> list[list[TokenForms]]:
    """The tokens of every unit, with one mask for product words and one for numbers."""
    masked_mentions: dict[int, list[Mention]] = {}
    for mention in mentions:
        if mention.kind in NAMING_KINDS or (mention.kind == "title" and mention.weight >= MIN_MASKED_NATS):
            masked_mentions.setdefault(mention.sentence_index, []).append(mention)
    tokens_by_unit: list[list[TokenForms]] = [[] for _ in range(len(units))]
    for number, sentence in enumerate(sentences):
        tokens_by_unit[units.unit_of_sentence[number]] += [
            *_mask_sentence(sentence, masked_mentions.get(number, ())),
            (SENTENCE_END, SENTENCE_END),
        ]
    return tokens_by_unit


def _mask_sentence(sentence: Sentence, masked_mentions: Sequence[Mention]) -> Iterator[TokenForms]:
    previous = ""
    for token in phonetic_tokens(sentence.text):
        time = sentence.char_starts[token.start]
        mask = ""
        if any(mention.span.start <= time < mention.span.end for mention in masked_mentions):
            mask = PRODUCT_MASK
        elif token.surface[0].isdigit():
            mask = NUMBER_MASK
        if mask and mask == previous:
            continue
        previous = mask
        yield (mask, mask) if mask else (token.code, token.surface)


def _ngrams(tokens: Sequence[TokenForms], language: Language) -> frozenset[str]:
    """One to three sounds and one or two characters in Chinese, one or two stems in English."""
    sounds = [sound for sound, _ in tokens]
    ngrams = {f"s{sound}" for sound in sounds} | {f"s{a} {b}" for a, b in pairwise(sounds)}
    if language == "zh":
        written = [sign for _, sign in tokens]
        ngrams |= {f"s{a} {b} {c}" for a, b, c in zip(sounds, sounds[1:], sounds[2:], strict=False)}
        ngrams |= {f"c{sign}" for sign in written} | {f"c{a} {b}" for a, b in pairwise(written)}
    return frozenset(ngrams)
