"""Brands in the other language (brand_names.toml): a host says 兰蔻 where the catalogue has Lancôme."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from models.text.phonetic_tokens import fold_text
from models.text.phrase_tables import phrase_table

SEPARATORS = re.compile(r"[^0-9a-z㐀-鿿]+")


def brand_synonyms(brand: str) -> tuple[str, ...]:
    """Other names of a brand; none for brands that brand_names.toml does not list.

    A brand may be given in both languages at once (Lancôme/兰蔻): each part is looked up as well.
    """
    synonyms_by_key = _synonyms_by_key()
    parts = {_lookup_key(part) for part in (brand, *re.split(r"[/|（()）·\s]+", brand))}
    parts |= {_lookup_key(run) for run in re.findall(r"[㐀-鿿]+|[^㐀-鿿]+", brand)}
    synonyms = dict.fromkeys(name for part in sorted(parts) for name in synonyms_by_key.get(part, ()))
    return tuple(name for name in synonyms if _lookup_key(name) not in parts)


@cache
def _synonyms_by_key() -> Mapping[str, tuple[str, ...]]:
    lists: Mapping[str, str] = phrase_table(__name__)["brands"]
    rows = [tuple(row.split(" = ")) for text in lists.values() for row in text.strip().splitlines()]
    groups = [tuple(name.strip() for side in row for name in side.split(",")) for row in rows]
    return {_lookup_key(name): group for group in groups for name in group}


def _lookup_key(name: str) -> str:
    """`name` without case, accents, blanks and punctuation."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return SEPARATORS.sub("", fold_text(plain))
