"""What a product may be called, by the catalogue and beyond it, and the words that describe it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from domain.catalog import Catalog, Product
from domain.evidence import MentionKind
from models.lexicon.alias_mining import BRACKETS, mined_aliases
from models.lexicon.brand_names import other_names
from models.text.phonetic_tokens import Token, tokens_of

LONGEST_NAME = 8  # tokens; longer names are never said whole, their parts are met by title runs
Nearness = Literal["written", "sound", "near"]
"""How a name was heard: spelt right, with the right sounds, or with nearly the right ones."""

SHORTEST_BY_SOUND, SHORTEST_NEARLY = 3, 5  # tokens of names that the catalogue does not give; there are so many of them
SHORTEST_BESIDE_GIVEN = 3  # syllables of mined names of a product that has given ones: of two, they say other things
MINED_SHARE = 0.7  # of the weight of a name that the catalogue gives
KIND_RANK: dict[MentionKind, int] = {"name": 0, "alias": 1, "brand": 2}


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that may be said for any of `product_ids`. `codes` are its sounds, `written` how they are written.

    `share`, in (0, 1]: of the weight of a name that the catalogue gives. `farthest`: how far from it what is heard may
    be.
    """

    codes: tuple[str, ...]
    written: tuple[str, ...]
    kind: MentionKind
    product_ids: tuple[str, ...]
    share: float = 1.0
    farthest: Nearness = "near"


def aliases_of(catalog: Catalog) -> tuple[Alias, ...]:
    """Every name that the catalogue gives, once. A name that another product's name contains belongs to both."""
    return _owned(((product, kind, tokens, 1.0) for product in catalog for kind, tokens in _names(product)), catalog)


def spoken_names_of(catalog: Catalog) -> tuple[Alias, ...]:
    """What hosts may say: `aliases_of`, then names mined from titles, and brands in the other language."""
    given = aliases_of(catalog)
    known = {alias.codes for alias in given}
    derived = (alias for alias in _owned(_derived(catalog), catalog, is_derived=True) if alias.codes not in known)
    return given + tuple(derived)


_Named: TypeAlias = tuple[Product, MentionKind, tuple[Token, ...], float]


def _derived(catalog: Catalog) -> Iterator[_Named]:
    """Names that the catalogue does not give, with their share of a given one's weight."""
    mined = mined_aliases(catalog)
    for product in catalog:
        is_named = any(kind != "brand" for kind, _ in _names(product))
        shortest = SHORTEST_BESIDE_GIVEN if is_named else 1
        for tokens in mined[product.product_id]:
            if len(tokens) >= shortest or tokens[0].is_word:
                yield product, "alias", tokens, MINED_SHARE
        brands = (tokens_of(name) for name in other_names(product.brand))
        yield from ((product, "brand", tokens, 1.0) for tokens in brands if _is_long_enough(tokens))


def _owned(named: Iterable[_Named], catalog: Catalog, *, is_derived: bool = False) -> tuple[Alias, ...]:
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    spelling: dict[tuple[str, ...], Alias] = {}
    for product, kind, tokens, share in named:
        codes = _codes(tokens)
        owners[codes].add(product.product_id)
        known = spelling.get(codes)
        if known is None or KIND_RANK[kind] < KIND_RANK[known.kind]:
            written = tuple(token.written for token in tokens)
            spelling[codes] = Alias(codes, written, kind, (), share, _farthest(tokens) if is_derived else "near")
    _share_contained(owners)
    order = {product.product_id: i for i, product in enumerate(catalog)}
    return tuple(
        replace(spelling[codes], product_ids=tuple(sorted(ids, key=order.__getitem__))) for codes, ids in owners.items()
    )


def _names(product: Product) -> Iterator[tuple[MentionKind, tuple[Token, ...]]]:
    given: list[tuple[MentionKind, str]] = [("name", product.short_name), ("brand", product.brand)]
    given += [("alias", alias) for alias in product.aliases]
    for kind, text in given:
        tokens = tokens_of(text)
        if _is_long_enough(tokens) and len(tokens) <= LONGEST_NAME:
            yield kind, tokens


def _is_long_enough(tokens: tuple[Token, ...]) -> bool:
    """One syllable or two letters are said by accident."""
    return len(tokens) > 1 or (len(tokens) == 1 and tokens[0].is_word and len(tokens[0].written) > 2)


def _farthest(tokens: tuple[Token, ...]) -> Nearness:
    if any(token.is_word for token in tokens) or len(tokens) >= SHORTEST_NEARLY:
        return "near"
    return "sound" if len(tokens) >= SHORTEST_BY_SOUND else "written"


def _share_contained(owners: dict[tuple[str, ...], set[str]]) -> None:
    """电动牙刷 may also mean the 儿童电动牙刷 on the same shelf: give the shorter name to both."""
    shared = {codes: set(ids) for codes, ids in owners.items()}
    for longer, ids in owners.items():
        for start in range(len(longer)):
            for end in range(start + 1, len(longer) + 1):
                shorter = longer[start:end]
                if shorter in owners and shorter != longer:
                    shared[shorter] |= ids
    owners.update(shared)


def descriptive_tokens(product: Product) -> Iterator[tuple[Token, ...]]:
    """The phrases that describe the product: title without its brackets, names, attributes, category, brand."""
    texts = [BRACKETS.sub(" ", product.title), product.short_name, product.brand, *product.aliases]
    texts += [*product.attributes.values(), *product.category.split("/")]
    for text in texts:
        for phrase in re.split(r"[\s,，、。/;；|]+", text) if not text.isascii() else [text]:
            tokens = tokens_of(phrase)
            if tokens:
                yield tokens


def _codes(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    return tuple(token.code for token in tokens)
