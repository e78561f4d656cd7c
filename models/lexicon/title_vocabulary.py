"""The words that titles are stuffed with, and the words for things that names end in (title_vocabulary.toml)."""

from dataclasses import dataclass
from functools import cache

from domain.catalog import Product
from models.text.phonetic_tokens import TokenSurfaces, phonetic_tokens, token_surfaces
from models.text.phrase_tables import phrase_table


@dataclass(frozen=True, slots=True)
class TitleVocabulary:
    """Words, each as its tokens are written."""

    filler: frozenset[TokenSurfaces]
    product_nouns: frozenset[TokenSurfaces]

    @property
    def max_tokens(self) -> int:
        return max(map(len, self.filler | self.product_nouns))


def build_title_vocabulary(product: Product) -> TitleVocabulary:
    """The general words, and what the product's category calls it."""
    general = _general_vocabulary()
    category_nouns = {token_surfaces(phonetic_tokens(kind)) for kind in product.category.split("/")}
    return TitleVocabulary(general.filler, general.product_nouns | {kind for kind in category_nouns if kind})


@cache
def _general_vocabulary() -> TitleVocabulary:
    product_nouns = _words("things")
    return TitleVocabulary(_words("filler") - product_nouns, product_nouns)


def _words(name: str) -> frozenset[TokenSurfaces]:
    """The words of a list, in all languages."""
    languages = phrase_table(__name__).values()
    return frozenset(token_surfaces(phonetic_tokens(word)) for lists in languages for word in lists[name].split())
