"""Finds attributes of products in a transcript: sizes, counts, colours and other short values."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import filterfalse

from domain.catalog import Catalog
from domain.evidence import Mention
from domain.speech import Sentence
from models.lexicon.product_traits import (
    PhraseMatcher,
    Trait,
    TraitMatch,
    attribute_phrases,
    find_quantities_and_colours,
    phrase_trait,
    quantities_and_colours_of,
)
from models.linking.term_weights import MIN_COMMON_SHARE, PRIOR_SENTENCES
from models.numbers.colours import is_basic_colour

NATS_PER_LOG_RATIO = 0.5  # of log((products + 1) / products with the value)
MAX_NATS = 2.0  # less than MAX_NATS_PER_RUN of title words
MAX_CATALOG_SHARE = 0.3  # of products above which a value is no evidence
MIN_NATS = 0.05  # lighter mentions change nothing
COMMON_WEIGHT = 0.5  # of a value in more than MIN_COMMON_SHARE of the sentences
DESCRIBING_KINDS = ("name", "alias", "title")


class AttributeMatcher:
    """Matches the sentences of one show against the attributes of its catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog_size = len(catalog)
        owners: dict[Trait, dict[str, None]] = defaultdict(dict)
        phrases = {product.product_id: tuple(attribute_phrases(product)) for product in catalog}
        for product in catalog:
            for trait in (
                *sorted(filterfalse(_is_basic_colour, quantities_and_colours_of(product))),
                *map(phrase_trait, phrases[product.product_id]),
            ):
                owners[trait][product.product_id] = None
        self._product_ids_by_trait = {trait: tuple(ids) for trait, ids in owners.items()}
        self._phrase_matcher = PhraseMatcher(phrase for each in phrases.values() for phrase in each)

    def find(self, sentences: Sequence[Sentence], name_mentions: Sequence[Mention]) -> tuple[Mention, ...]:
        """Every attribute in the reliable sentences.

        `name_mentions`: mentions of names and words of titles. For a product that one of them names in the same words,
        the attribute is no further evidence, and is left out.
        """
        matches_by_sentence = [(i, self._trait_matches(s.text)) for i, s in enumerate(sentences) if s.is_reliable]
        counts = Counter(trait for _, matches in matches_by_sentence for trait in {each.trait for each in matches})
        common_traits = {
            trait for trait, n in counts.items() if n > MIN_COMMON_SHARE * (len(matches_by_sentence) + PRIOR_SENTENCES)
        }
        mentions_by_sentence = _group_by_sentence(name_mentions)
        return tuple(
            mention
            for i, matches in matches_by_sentence
            for each in matches
            for mention in self._mention(
                i, sentences[i], each, mentions_by_sentence.get(i, ()), each.trait in common_traits
            )
        )

    def _trait_matches(self, text: str) -> tuple[TraitMatch, ...]:
        """Traits of products: of words that overlap the longest, and none that are part of a colour or measure."""
        figure_matches = [each for each in find_quantities_and_colours(text) if each.weight_share]
        matches = [each for each in figure_matches if each.trait in self._product_ids_by_trait]
        figure_count = len(matches)
        for each in sorted(self._phrase_matcher.find(text), key=lambda each: each.start - each.end):
            if not any(each.start < other.end and other.start < each.end for other in (*figure_matches, *matches)):
                matches.append(each)
        return (*matches[:figure_count], *sorted(matches[figure_count:], key=lambda each: each.start))

    def _mention(
        self, index: int, sentence: Sentence, trait_match: TraitMatch, name_mentions: Sequence[Mention], is_common: bool
    ) -> Iterator[Mention]:
        owner_ids = self._product_ids_by_trait[trait_match.trait]
        nats = (
            min(MAX_NATS, NATS_PER_LOG_RATIO * math.log((self._catalog_size + 1) / len(owner_ids)))
            * trait_match.weight_share
            * (COMMON_WEIGHT if is_common else 1)
        )
        if nats < MIN_NATS or len(owner_ids) > max(2, MAX_CATALOG_SHARE * self._catalog_size):
            return
        span = sentence.span_of(trait_match.start, trait_match.end)
        overlapping = [each for each in name_mentions if each.span.start < span.end and span.start < each.span.end]
        named_ids = {product_id for each in overlapping for product_id in each.product_ids}
        ids = tuple(product_id for product_id in owner_ids if product_id not in named_ids)
        if ids:
            yield Mention("attribute", ids, span, index, sentence.text[trait_match.start : trait_match.end], nats)


def _is_basic_colour(trait: Trait) -> bool:
    """Whether it is a colour without a shade: of 57 in simulated shows 4 were said of a product that has it.

    Hosts list the colours of a product, and talk about their clothes. Between near-duplicates such a colour is better
    evidence (sibling_contrast.py).
    """
    return trait[0] == "family" or (trait[0] == "shade" and is_basic_colour(trait[1]))


def _group_by_sentence(mentions: Sequence[Mention]) -> dict[int, list[Mention]]:
    grouped: dict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.kind in DESCRIBING_KINDS:
            grouped[mention.sentence_index].append(mention)
    return grouped
