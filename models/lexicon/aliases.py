"""All names that a product may be called by, listed in the catalogue or derived, and the words that describe it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from domain.catalog import Catalog, Product
from domain.evidence import MentionKind
from models.lexicon.alias_mining import BRACKETS, mine_aliases
from models.lexicon.brand_names import brand_synonyms
from models.text.phonetic_tokens import PhoneticToken, phonetic_tokens, token_codes, token_surfaces

MAX_NAME_TOKENS = 8  # longer names are never said whole; runs of their words are found by title_words.py
MatchLevel = Literal["written", "sound", "near"]
"""How a name was recognised: spelt right, with the right sounds, or with nearly the right ones."""

MIN_TOKENS_BY_SOUND, MIN_TOKENS_FUZZY = 3, 5  # of derived names: there are many, and short ones match by accident
MIN_MINED_SYLLABLES = 3  # of products with listed names; mined names of two mostly mean other things
MINED_WEIGHT_SHARE = 0.7  # of a listed name's weight
NAMING_KINDS: tuple[MentionKind, ...] = ("name", "alias", "brand")
"""The kinds of mentions that name a product, the strongest first."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that may be said for any of `product_ids`. `codes` are its sounds, `surfaces` how they are written.

    `weight_share`, in (0, 1]: of a listed name's weight. `loosest_match`: the level at which it may still be matched.
    """

    codes: tuple[str, ...]
    surfaces: tuple[str, ...]
    kind: MentionKind
    product_ids: tuple[str, ...]
    weight_share: float = 1.0
    loosest_match: MatchLevel = "near"


def catalog_aliases(catalog: Catalog) -> tuple[Alias, ...]:
    """Every listed name, once. A name that another product's name contains belongs to both."""
    return _merge_owners(
        ((product, kind, tokens, 1.0) for product in catalog for kind, tokens in _listed_names(product)), catalog
    )


def all_aliases(catalog: Catalog) -> tuple[Alias, ...]:
    """All names: `catalog_aliases`, then those mined from titles, and brands in the other language."""
    listed = catalog_aliases(catalog)
    listed_codes = {alias.codes for alias in listed}
    derived = (
        alias
        for alias in _merge_owners(_derived_names(catalog), catalog, is_derived=True)
        if alias.codes not in listed_codes
    )
    return listed + tuple(derived)


_OwnedName: TypeAlias = tuple[Product, MentionKind, tuple[PhoneticToken, ...], float]


def _derived_names(catalog: Catalog) -> Iterator[_OwnedName]:
    """Names that are not listed, with their share of a listed one's weight."""
    mined = mine_aliases(catalog)
    for product in catalog:
        is_named = any(kind != "brand" for kind, _ in _listed_names(product))
        min_tokens = MIN_MINED_SYLLABLES if is_named else 1
        for tokens in mined[product.product_id]:
            if len(tokens) >= min_tokens or tokens[0].is_latin:
                yield product, "alias", tokens, MINED_WEIGHT_SHARE
        brands = (phonetic_tokens(name) for name in brand_synonyms(product.brand))
        yield from ((product, "brand", tokens, 1.0) for tokens in brands if _is_sayable_name(tokens))


def _merge_owners(
    owned_names: Iterable[_OwnedName], catalog: Catalog, *, is_derived: bool = False
) -> tuple[Alias, ...]:
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    alias_by_codes: dict[tuple[str, ...], Alias] = {}
    for product, kind, tokens, weight_share in owned_names:
        codes = token_codes(tokens)
        owners[codes].add(product.product_id)
        previous = alias_by_codes.get(codes)
        if previous is None or NAMING_KINDS.index(kind) < NAMING_KINDS.index(previous.kind):
            surfaces = token_surfaces(tokens)
            alias_by_codes[codes] = Alias(
                codes, surfaces, kind, (), weight_share, _loosest_match(tokens) if is_derived else "near"
            )
    _share_contained_names(owners)
    order = {product.product_id: i for i, product in enumerate(catalog)}
    return tuple(
        replace(alias_by_codes[codes], product_ids=tuple(sorted(ids, key=order.__getitem__)))
        for codes, ids in owners.items()
    )


def _listed_names(product: Product) -> Iterator[tuple[MentionKind, tuple[PhoneticToken, ...]]]:
    name_texts: list[tuple[MentionKind, str]] = [("name", product.short_name), ("brand", product.brand)]
    name_texts += [("alias", alias) for alias in product.aliases]
    for kind, text in name_texts:
        tokens = phonetic_tokens(text)
        if _is_sayable_name(tokens) and len(tokens) <= MAX_NAME_TOKENS:
            yield kind, tokens


def _is_sayable_name(tokens: tuple[PhoneticToken, ...]) -> bool:
    """Whether it has more than one syllable or two letters, which are said by accident."""
    return len(tokens) > 1 or (len(tokens) == 1 and tokens[0].is_latin and len(tokens[0].surface) > 2)


def _loosest_match(tokens: tuple[PhoneticToken, ...]) -> MatchLevel:
    if any(token.is_latin for token in tokens) or len(tokens) >= MIN_TOKENS_FUZZY:
        return "near"
    return "sound" if len(tokens) >= MIN_TOKENS_BY_SOUND else "written"


def _share_contained_names(owners: dict[tuple[str, ...], set[str]]) -> None:
    """Give a name to products whose names contain it too: 电动牙刷 may also mean the 儿童电动牙刷."""
    shared = {codes: set(ids) for codes, ids in owners.items()}
    for longer, ids in owners.items():
        for start in range(len(longer)):
            for end in range(start + 1, len(longer) + 1):
                shorter = longer[start:end]
                if shorter in owners and shorter != longer:
                    shared[shorter] |= ids
    owners.update(shared)


def descriptive_phrases(product: Product) -> Iterator[tuple[PhoneticToken, ...]]:
    """The phrases that describe the product: title without its brackets, names, attributes, category, brand."""
    texts = [BRACKETS.sub(" ", product.title), product.short_name, product.brand, *product.aliases]
    texts += [*product.attributes.values(), *product.category.split("/")]
    for text in texts:
        for phrase in re.split(r"[\s,，、。/;；|]+", text) if not text.isascii() else [text]:
            tokens = phonetic_tokens(phrase)
            if tokens:
                yield tokens
