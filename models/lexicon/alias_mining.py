"""Names that the catalogue does not give, mined from keyword-stuffed titles.

A host says 自在卸妆油 for "逐本自在卸妆油150ml油皮混油清爽型植物卸妆…". Titles are cut at brackets, at their brand, at
numbers and units, and at words that promise or praise (title_vocabulary.toml). In the remaining pieces, names end in
a product noun: one of the general list, or a part of the product's category. Modifiers stand before it, so runs with
up to MAX_MODIFIER_TOKENS tokens before it are names too. So are the words after the brand (a series or a nickname),
and short pieces that stand alone, after a dash for instance. A phrase that more than MAX_CATALOG_SHARE of the
catalogue shares is no name.

Chinese is not segmented: a run that is no word is never said, and costs nothing.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import pairwise
from typing import TypeAlias

from domain.catalog import Catalog, Product
from models.lexicon.title_vocabulary import TitleVocabulary, build_title_vocabulary
from models.text.phonetic_tokens import PhoneticToken, TokenSurfaces, phonetic_tokens, token_surfaces

BRACKETS = re.compile(r"【[^】]*】|\[[^\]]*\]|（[^）]*）|\([^)]*\)")
BREAKS = re.compile(r"\s+[-–—|]\s+|[,，、。/;；:：|*+]+")
MAX_ALIASES = 10  # of a product
MIN_ALIAS_TOKENS, MAX_ALIAS_TOKENS = 2, 6
MAX_MODIFIER_TOKENS = {True: 2, False: 4}  # tokens before a noun: English words, Chinese characters
SERIES_LENGTHS = (2, 3)  # characters after the brand
MAX_CATALOG_SHARE = 1 / 3  # of products above which a phrase names nothing
WHOLE_PIECE_LIKELIHOOD, AFTER_BRAND_LIKELIHOOD = 0.8, 0.9  # relative to a phrase that ends in a noun, which has 1
LIKELIHOOD_LOSS_PER_PIECE, MAX_LOSS_PIECES = 0.2, 4  # pieces after the first one are less likely names
FIRST_WORDS_LIKELIHOOD, MAX_FIRST_WORDS = 0.5, 4  # pairs of the first English words
ODD_LENGTH_PENALTY = 0.4
LIKELIHOOD_PER_RARITY_NAT = 0.1  # rarity: in the catalogue

_MinedAlias: TypeAlias = tuple[TokenSurfaces, tuple[PhoneticToken, ...]]


def mine_aliases(catalog: Catalog) -> Mapping[str, tuple[tuple[PhoneticToken, ...], ...]]:
    """Names of each product by its id, likeliest first. A name that other titles contain is theirs as well."""
    candidates = {product.product_id: list(_alias_candidates(product)) for product in catalog}
    candidate_surfaces = {token_surfaces(tokens) for own in candidates.values() for _, tokens in own}
    holders = _products_by_phrase(catalog, candidate_surfaces)
    max_products = max(1.0, MAX_CATALOG_SHARE * len(catalog))
    product_counts = {words: len(ids) for words, ids in holders.items() if 1 <= len(ids) <= max_products}
    mined = {id_: dict(_select_best(own, product_counts, len(catalog))) for id_, own in candidates.items()}
    for words, tokens in [each for own in mined.values() for each in own.items()]:
        for id_ in holders[words]:
            mined[id_].setdefault(words, tokens)
    return {id_: tuple(own.values()) for id_, own in mined.items()}


def _select_best(
    candidates: Sequence[tuple[float, tuple[PhoneticToken, ...]]],
    product_counts: Mapping[TokenSurfaces, int],
    catalog_size: int,
) -> list[_MinedAlias]:
    scores: dict[TokenSurfaces, tuple[float, tuple[PhoneticToken, ...]]] = {}
    for likelihood, tokens in candidates:
        words = token_surfaces(tokens)
        if MIN_ALIAS_TOKENS <= len(words) <= MAX_ALIAS_TOKENS and words in product_counts:
            score = likelihood + LIKELIHOOD_PER_RARITY_NAT * math.log((catalog_size + 1) / product_counts[words])
            if words not in scores or score > scores[words][0]:
                scores[words] = (score, tokens)
    ranked = sorted(scores, key=lambda words: (-scores[words][0], words))
    return [(words, scores[words][1]) for words in ranked[:MAX_ALIASES]]


def _products_by_phrase(catalog: Catalog, searched_phrases: Set[TokenSurfaces]) -> Mapping[TokenSurfaces, list[str]]:
    """For each of the `searched_phrases`, the products whose titles contain it."""
    holders: dict[TokenSurfaces, list[str]] = defaultdict(list)
    for product in catalog:
        words = token_surfaces(phonetic_tokens(product.title))
        runs = {
            words[i : i + n] for n in range(MIN_ALIAS_TOKENS, MAX_ALIAS_TOKENS + 1) for i in range(len(words) - n + 1)
        }
        for run in runs & searched_phrases:
            holders[run].append(product.product_id)
    return holders


def _alias_candidates(product: Product) -> Iterator[tuple[float, tuple[PhoneticToken, ...]]]:
    """Possible names with their likelihood: 1 for the first noun of the title, less for what follows."""
    vocabulary = build_title_vocabulary(product)
    piece_index = 0  # titles begin with what the product is; other keywords follow
    for text in BREAKS.split(BRACKETS.sub(" , ", product.title)):
        for piece, is_after_brand in _title_pieces(text, product.brand, vocabulary):
            position_penalty = LIKELIHOOD_LOSS_PER_PIECE * min(piece_index, MAX_LOSS_PIECES)
            if len(piece) <= MAX_ALIAS_TOKENS:
                yield WHOLE_PIECE_LIKELIHOOD - position_penalty, piece
            if (is_after_brand or piece_index == 0) and not piece[0].is_latin:
                yield from (
                    (AFTER_BRAND_LIKELIHOOD - position_penalty, piece[:length])
                    for length in SERIES_LENGTHS
                    if length < len(piece)
                )
            if piece_index == 0 and piece[0].is_latin:
                yield from ((FIRST_WORDS_LIKELIHOOD, pair) for pair in pairwise(piece[:MAX_FIRST_WORDS]))
            for likelihood, tokens in _noun_phrases(piece, vocabulary):
                yield likelihood - position_penalty, tokens
            piece_index += 1


def _noun_phrases(
    piece: tuple[PhoneticToken, ...], vocabulary: TitleVocabulary
) -> Iterator[tuple[float, tuple[PhoneticToken, ...]]]:
    words = token_surfaces(piece)
    for number, (start, end) in enumerate(_noun_spans(words, vocabulary)):
        is_chinese = not piece[start].is_latin
        for modifier_count in range(min(MAX_MODIFIER_TOKENS[not is_chinese], start) + 1):
            has_odd_modifier = (
                is_chinese and modifier_count % 2 == 1 and end - start > 1
            )  # most Chinese words have two characters
            yield (
                1.0 - LIKELIHOOD_LOSS_PER_PIECE * number - (ODD_LENGTH_PENALTY if has_odd_modifier else 0.0),
                piece[start - modifier_count : end],
            )


def _noun_spans(words: TokenSurfaces, vocabulary: TitleVocabulary) -> Iterator[tuple[int, int]]:
    """Where product nouns stand, the longest at each position."""
    index = 0
    while index < len(words):
        lengths = range(min(vocabulary.max_tokens, len(words) - index), 0, -1)
        length = next((n for n in lengths if words[index : index + n] in vocabulary.product_nouns), 0)
        if length:
            yield index, index + length
        index += max(1, length)


def _title_pieces(
    text: str, brand: str, vocabulary: TitleVocabulary
) -> Iterator[tuple[tuple[PhoneticToken, ...], bool]]:
    """Runs of tokens without brand, numbers and filler; and whether the brand stands directly before."""
    tokens = phonetic_tokens(text)
    words, brand_words = token_surfaces(tokens), token_surfaces(phonetic_tokens(brand))
    start = index = 0
    is_after_brand = False
    while index < len(tokens):
        length = _skipped_length(words, index, brand_words, vocabulary)
        if not length:
            index += 1
            continue
        if index > start:
            yield tokens[start:index], is_after_brand
        is_after_brand = bool(brand_words) and words[index : index + length] == brand_words
        start = index = index + length
    if start < len(tokens):
        yield tokens[start:], is_after_brand


def _skipped_length(words: TokenSurfaces, index: int, brand: TokenSurfaces, vocabulary: TitleVocabulary) -> int:
    """The number of tokens from `index` on that belong to no name."""
    if brand and words[index : index + len(brand)] == brand:
        return len(brand)
    if words[index][0].isdigit():
        is_unit = index + 1 < len(words) and words[index + 1].isascii() and len(words[index + 1]) <= 2
        return 2 if is_unit else 1
    for length in range(min(vocabulary.max_tokens, len(words) - index), 0, -1):
        if words[index : index + length] in vocabulary.product_nouns:
            return 0
        if words[index : index + length] in vocabulary.filler:
            return length
    return 0
