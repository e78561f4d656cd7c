"""Which words of a sentence sound most like a name: both are compared as letters of their sounds."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from domain.catalog import Catalog
from domain.session import Language
from models.lexicon.aliases import Alias, catalog_aliases
from models.lexicon.distinguishing_phrases import find_distinguishing_phrases
from models.text.phonetic_tokens import PhoneticToken, phonetic_tokens

MIN_SIMILARITY = 0.6  # share of letters; devset: reached by 29 of 42 names that the recogniser got wrong in three shows
MIN_LETTERS = 4  # of a name's sound; shorter names match by accident


@dataclass(frozen=True, slots=True)
class PhoneticName:
    """A name of a product: as a recogniser would write it, and the letters of its sound."""

    alias: Alias
    text: str
    letters: str


@dataclass(frozen=True, slots=True)
class PhoneticSentence:
    """A sentence by its sound. `letter_starts`: for each token, where it begins in `letters`."""

    tokens: tuple[PhoneticToken, ...]
    letters: str
    letter_starts: tuple[int, ...]

    @property
    def edges(self) -> tuple[int, ...]:
        """Where tokens begin in `letters`, and where the last one ends."""
        return (*self.letter_starts, len(self.letters))

    def letters_of(self, first: int, last: int) -> str:
        """The letters of tokens [first, last)."""
        return self.letters[self.letter_starts[first] : self.edges[last]]

    def tokens_at(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that letters [start, end) belong to, the ends rounded to the nearest token."""
        first = min(_nearest(self.edges, start), len(self.tokens) - 1)
        return first, max(first + 1, _nearest(self.edges, end))


@dataclass(frozen=True, slots=True)
class NameMatch:
    """The characters [start, end) of a sentence sound like a name. `similarity`: share of letters, in [0, 1]."""

    start: int
    end: int
    similarity: float


def phonetic_names(
    catalog: Catalog, near_duplicates: Mapping[str, Set[str]], language: Language
) -> tuple[PhoneticName, ...]:
    """The names that the catalogue gives, then the phrases that tell `near_duplicates`, by product id, apart."""
    aliases = (*catalog_aliases(catalog), *find_distinguishing_phrases(catalog, near_duplicates))
    separator = "" if language == "zh" else " "
    return tuple(PhoneticName(each, separator.join(each.surfaces), "".join(each.codes).lower()) for each in aliases)


def phonetic_sentence(text: str) -> PhoneticSentence:
    tokens = phonetic_tokens(text)
    codes = [token.code.lower() for token in tokens]
    starts = tuple(sum(map(len, codes[:i])) for i in range(len(codes)))
    return PhoneticSentence(tokens, "".join(codes), starts)


def best_match(name: PhoneticName, sentence: PhoneticSentence) -> NameMatch | None:
    """The words that sound most like `name`; None where nothing reaches MIN_SIMILARITY."""
    letters, token_range = name.letters, _aligned_tokens(name.letters, sentence)
    if token_range is None:
        return None
    first, last = token_range
    similarity, first, last = max(
        (Levenshtein.normalized_similarity(letters, sentence.letters_of(a, b)), a, b)
        for a in range(max(0, first - 1), first + 2)
        for b in range(max(a + 1, last - 1), min(last + 1, len(sentence.tokens)) + 1)
    )
    if similarity < MIN_SIMILARITY:
        return None
    return NameMatch(sentence.tokens[first].start, sentence.tokens[last - 1].end, similarity)


def _aligned_tokens(letters: str, sentence: PhoneticSentence) -> tuple[int, int] | None:
    """About which tokens [first, last) the letters of a name fit best; None where they fit nowhere."""
    if not sentence.tokens or len(letters) < MIN_LETTERS or len(sentence.letters) < len(letters) - 1:
        return None
    if len(sentence.letters) <= len(letters):
        return 0, len(sentence.tokens)
    alignment = partial_ratio_alignment(letters, sentence.letters, score_cutoff=100 * MIN_SIMILARITY)
    return None if alignment is None else sentence.tokens_at(alignment.dest_start, alignment.dest_end)


def _nearest(edges: Sequence[int], letter: int) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - letter))
