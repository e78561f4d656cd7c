"""Attributes in what was said: sizes, counts, colours and other short values that products of the catalogue have."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import filterfalse

from domain.catalog import Catalog
from domain.evidence import Mention
from domain.speech import Sentence
from models.lexicon.product_traits import Heard, Trait, WordFinder, attribute_phrases, figures_in, figures_of, words
from models.numbers.colours import PLAIN

NATS = 0.5  # of log((K + 1) / n)
MOST_NATS = 2.0
WIDEST = 0.3  # share of the catalogue above which a value tells nothing
COMMON_IN_SPEECH = 0.05  # share of sentences above which a value counts half
SENTENCES_OF_ANY_SHOW = 50  # without them, every value in a show of a minute would be common
LEAST_NATS = 0.05
NAMING = ("name", "alias", "title")


class AttributeMatcher:
    """Matches the sentences of one show against the attributes of its catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._size = len(catalog)
        owners: dict[Trait, dict[str, None]] = defaultdict(dict)
        phrases = {product.product_id: tuple(attribute_phrases(product)) for product in catalog}
        for product in catalog:
            for trait in (
                *sorted(filterfalse(_is_plain, figures_of(product))),
                *map(words, phrases[product.product_id]),
            ):
                owners[trait][product.product_id] = None
        self._owners = {trait: tuple(ids) for trait, ids in owners.items()}
        self._words = WordFinder(phrase for each in phrases.values() for phrase in each)

    def find(self, sentences: Sequence[Sentence], known: Sequence[Mention]) -> tuple[Mention, ...]:
        """Every attribute in the sentences that were heard reliably.

        `known`: mentions of names and words of titles. For a product that one of them names in the same words, the
        attribute is no further evidence, and is left out.
        """
        heard = [(i, self._heard(s.text)) for i, s in enumerate(sentences) if s.is_reliable]
        counts = Counter(trait for _, found in heard for trait in {each.trait for each in found})
        common = {trait for trait, n in counts.items() if n > COMMON_IN_SPEECH * (len(heard) + SENTENCES_OF_ANY_SHOW)}
        said = _by_sentence(known)
        return tuple(
            mention
            for i, found in heard
            for each in found
            for mention in self._mention(i, sentences[i], each, said.get(i, ()), each.trait in common)
        )

    def _heard(self, text: str) -> tuple[Heard, ...]:
        """What products have; the longest of words that overlap, and none that is a colour or a measure too."""
        there = [each for each in figures_in(text) if each.share]
        kept = [each for each in there if each.trait in self._owners]
        figures = len(kept)
        for each in sorted(self._words.find(text), key=lambda each: each.start - each.end):
            if not any(each.start < other.end and other.start < each.end for other in (*there, *kept)):
                kept.append(each)
        return (*kept[:figures], *sorted(kept[figures:], key=lambda each: each.start))

    def _mention(
        self, index: int, sentence: Sentence, heard: Heard, known: Sequence[Mention], is_common: bool
    ) -> Iterator[Mention]:
        fitting = self._owners[heard.trait]
        nats = (
            min(MOST_NATS, NATS * math.log((self._size + 1) / len(fitting))) * heard.share * (0.5 if is_common else 1)
        )
        if nats < LEAST_NATS or len(fitting) > max(2, WIDEST * self._size):
            return
        span = sentence.time_of(heard.start, heard.end)
        there = [each for each in known if each.span.start < span.end and span.start < each.span.end]
        told = {product_id for each in there for product_id in each.product_ids}
        ids = tuple(product_id for product_id in fitting if product_id not in told)
        if ids:
            yield Mention("attribute", ids, span, index, sentence.text[heard.start : heard.end], nats)


def _is_plain(trait: Trait) -> bool:
    """Whether it is a colour without a shade: of 57 in simulated shows 4 were said of a product that has it.

    Hosts list what a product comes in, and talk of their clothes. Between sisters such a colour tells more.
    """
    return trait[0] == "family" or (trait[0] == "shade" and trait[1] in PLAIN)


def _by_sentence(mentions: Sequence[Mention]) -> dict[int, list[Mention]]:
    found: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.kind in NAMING:
            found[mention.sentence].append(mention)
    return found
