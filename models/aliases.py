"""What a product may be called, mined from the catalogue, and the words around it that tell it from others."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from domain.catalog import Catalog, Product
from domain.evidence import MentionKind
from models.tokens import Token, tokens_of

LONGEST_NAME = 8  # tokens; longer names are never said whole, their parts are met by title runs
BRACKETS = re.compile(r"【[^】]*】|\[[^\]]*\]|（[^）]*）|\([^)]*\)")
KIND_RANK: dict[MentionKind, int] = {"name": 0, "alias": 1, "brand": 2}


@dataclass(frozen=True, slots=True)
class Alias:
    """A name that may be said for any of `product_ids`. `codes` are its sounds, `written` how they are written.

    `share`, in (0, 1]: of the weight of a name that the catalogue gives.
    """

    codes: tuple[str, ...]
    written: tuple[str, ...]
    kind: MentionKind
    product_ids: tuple[str, ...]
    share: float = 1.0


def aliases_of(catalog: Catalog) -> tuple[Alias, ...]:
    """Every name in the catalogue once. A name that another product's name contains belongs to both."""
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    spelling: dict[tuple[str, ...], tuple[MentionKind, tuple[str, ...]]] = {}
    for product in catalog:
        for kind, tokens in _names(product):
            codes = _codes(tokens)
            owners[codes].add(product.product_id)
            known = spelling.get(codes)
            if known is None or KIND_RANK[kind] < KIND_RANK[known[0]]:
                spelling[codes] = (kind, tuple(token.written for token in tokens))
    _share_contained(owners)
    order = {product.product_id: i for i, product in enumerate(catalog)}
    return tuple(
        Alias(codes, spelling[codes][1], spelling[codes][0], tuple(sorted(ids, key=order.__getitem__)))
        for codes, ids in owners.items()
    )


def _names(product: Product) -> Iterator[tuple[MentionKind, tuple[Token, ...]]]:
    given: list[tuple[MentionKind, str]] = [("name", product.short_name), ("brand", product.brand)]
    given += [("alias", alias) for alias in product.aliases]
    for kind, text in given:
        tokens = tokens_of(text)
        if 1 < len(tokens) <= LONGEST_NAME or (len(tokens) == 1 and tokens[0].is_word and len(tokens[0].written) > 2):
            yield kind, tokens


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
