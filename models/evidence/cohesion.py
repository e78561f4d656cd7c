"""Lexical cohesion of a show: where its words change, and where they come back. Nothing here is learned.

A turn to another topic is a valley of the likeness between the words before and after it (Hearst 1997, TextTiling).
Pitches that a host gives again and again are alike; chat is like nothing else. What is said while a product is named
is about it wherever it is said again.
"""

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds
from domain.evidence import FloatArray, UtteranceUnits
from models.text.phonetic_tokens import phonetic_tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

WINDOW_S: Seconds = 60.0  # of words that are compared, before and after
MIN_WINDOW_S: Seconds = 30.0  # at the ends of a show: so few words are like nothing, which is no turn
PEAK_RADIUS_S: Seconds = 20.0  # a valley is the deepest one this far around
MIN_TERM_UNITS = 2  # a term of one unit is like nothing
MAX_TERM_UNIT_SHARE = 0.2  # more common terms tell no topics apart
REPEAT_WINDOW_S: Seconds = 20.0
MIN_REPEAT_DISTANCE_S: Seconds = 90.0  # nearer likeness is that of one topic
REPEAT_BATCH_UNITS = 256  # bounds the memory of comparing all units with all
ECHO_BACKGROUND = 0.5  # squared cosines of units that are about nothing, added: a faint likeness is none
ECHO_FLOOR_NATS = 0.1  # mean evidence so small is none
MAX_DEVIATIONS = 3.0  # of a feature from the mean of its show


@dataclass(frozen=True, eq=False)
class Cohesion:
    """Features of each unit, (units,) each, in standard deviations of this show.

    `shift`: how much deeper the likeness of words is where the unit begins than around; 0 or more. `is_valley`: 1
    where that is deepest, else 0. `repetition`: how much of what is said around the unit is said at other times, too.
    `echo`: (units, products): log-ratio of the mean evidence for the product where words like the unit's are said to
    that in the whole show; 0 where it is less.
    """

    shift: FloatArray
    is_valley: FloatArray
    repetition: FloatArray
    echo: FloatArray


def lexical_cohesion(units: UtteranceUnits, topic_nats: FloatArray) -> Cohesion:
    """The cohesion of the words of `units`; zeros in a show without words that are said twice. `topic_nats`: (units,
    products), how much of each unit is about each product.
    """
    terms = _term_matrix(units.texts)
    if not terms.nnz:
        nothing = np.zeros(len(units))
        return Cohesion(nothing, nothing, nothing, np.zeros_like(topic_nats))
    depth = _valley_depths(_boundary_likeness(terms, units.starts), units.starts)
    repetition, echo = _recurrence(terms, units, topic_nats)
    return Cohesion(
        np.maximum(_standardize(depth), 0.0),
        _is_deepest(depth, units.starts),
        _standardize(repetition),
        np.maximum(np.log((echo + ECHO_FLOOR_NATS) / (echo.mean(axis=0) + ECHO_FLOOR_NATS)), 0.0),
    )


def _term_matrix(texts: tuple[str, ...]) -> "csr_matrix":
    """(units, terms): weights of words and pairs of sounds, rare ones most."""
    from scipy.sparse import csr_matrix

    unit_terms = [sorted(_terms(text)) for text in texts]
    counts = Counter(term for terms in unit_terms for term in terms)
    max_count = max(MIN_TERM_UNITS, MAX_TERM_UNIT_SHARE * len(texts))
    column_of = {term: i for i, term in enumerate(sorted(counts)) if MIN_TERM_UNITS <= counts[term] <= max_count}
    columns = [column_of[term] for terms in unit_terms for term in terms if term in column_of]
    weights = [math.log(len(texts) / counts[term]) for terms in unit_terms for term in terms if term in column_of]
    row_ends = np.cumsum([0, *(sum(term in column_of for term in terms) for terms in unit_terms)])
    return csr_matrix((weights, columns, row_ends), shape=(len(texts), max(column_of.values(), default=0) + 1))


def _terms(text: str) -> set[str]:
    """Latin stems, and pairs of neighbouring Chinese sounds."""
    tokens = phonetic_tokens(text)
    pairs = {f"{a.code} {b.code}" for a, b in pairwise(tokens) if not (a.is_latin or b.is_latin)}
    return pairs | {token.code for token in tokens if token.is_latin and not token.surface[0].isdigit()}


def _boundary_likeness(terms: "csr_matrix", starts: FloatArray) -> FloatArray:
    """(units,): cosine of the words before and after each unit's start."""
    first = np.searchsorted(starts, starts - WINDOW_S)
    last = np.searchsorted(starts, starts + WINDOW_S)
    indices = np.arange(len(starts))
    return _row_cosines(_window_sums(terms, first, indices), _window_sums(terms, indices, last))


def _window_sums(terms: "csr_matrix", first: NDArray[np.int64], last: NDArray[np.int64]) -> "csr_matrix":
    """(units, terms): sums of the rows first..last-1 of each unit."""
    from scipy.sparse import csr_matrix

    columns = np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)])
    row_ends = np.concatenate([[0], np.cumsum(last - first)])
    window = csr_matrix((np.ones(len(columns)), columns, row_ends), shape=(len(first), terms.shape[0]))
    return window @ terms


def _row_cosines(one: "csr_matrix", other: "csr_matrix") -> FloatArray:
    dots = np.asarray(one.multiply(other).sum(axis=1))[:, 0]
    lengths = np.sqrt([np.asarray(each.multiply(each).sum(axis=1))[:, 0] for each in (one, other)])
    return np.asarray(dots / np.maximum(lengths.prod(axis=0), 1e-9))


def _valley_depths(likeness: FloatArray, starts: FloatArray) -> FloatArray:
    """(units,): how far likeness rises on both sides of each boundary, within WINDOW_S; 0 at the ends of the show."""
    first, last = np.searchsorted(starts, starts - WINDOW_S), np.searchsorted(starts, starts + WINDOW_S)
    before = np.array([likeness[a : i + 1].max() for i, a in enumerate(first)])
    after = np.array([likeness[i:b].max() for i, b in enumerate(last)])
    is_inside = (starts - starts[0] >= MIN_WINDOW_S) & (starts[-1] - starts >= MIN_WINDOW_S)
    return np.where(is_inside, before + after - 2 * likeness, 0.0)


def _is_deepest(depth: FloatArray, starts: FloatArray) -> FloatArray:
    first = np.searchsorted(starts, starts - PEAK_RADIUS_S)
    last = np.searchsorted(starts, starts + PEAK_RADIUS_S, side="right")
    deepest = np.array([depth[a:b].max() for a, b in zip(first, last, strict=True)])
    return np.asarray((depth == deepest) & (depth > depth.mean() + depth.std()), dtype=np.float64)


def _recurrence(terms: "csr_matrix", units: UtteranceUnits, topic_nats: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(units,): the greatest cosine of the words around each unit with words said far from it; and (units, products):
    the mean of `topic_nats` of all other units, weighted by the squared cosine.
    """
    first = np.searchsorted(units.starts, units.starts - REPEAT_WINDOW_S / 2)
    last = np.searchsorted(units.starts, units.starts + REPEAT_WINDOW_S / 2, side="right")
    windows = _window_sums(terms, first, last)
    lengths = np.sqrt(np.asarray(windows.multiply(windows).sum(axis=1))[:, 0])
    windows = windows.multiply(1 / np.maximum(lengths, 1e-9)[:, None]).tocsr()
    repetition, echo = np.zeros(len(units)), np.zeros_like(topic_nats)
    for start in range(0, len(units), REPEAT_BATCH_UNITS):
        rows = slice(start, start + REPEAT_BATCH_UNITS)
        cosines = (windows[rows] @ windows.T).toarray()
        distances = np.abs(units.starts[rows, None] - units.starts)
        weights = np.where(distances > 0, cosines**2, 0.0)
        echo[rows] = (weights @ topic_nats) / (weights.sum(axis=1, keepdims=True) + ECHO_BACKGROUND)
        repetition[rows] = np.where(distances < MIN_REPEAT_DISTANCE_S, 0.0, cosines).max(axis=1)
    return repetition, echo


def _standardize(values: FloatArray) -> FloatArray:
    deviation = float(values.std())
    return np.clip((values - values.mean()) / deviation, -MAX_DEVIATIONS, MAX_DEVIATIONS) if deviation else 0 * values
