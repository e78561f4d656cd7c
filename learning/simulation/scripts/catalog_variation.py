"""Variations of a catalogue: near-duplicates that differ in one thing, and other link numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from domain.catalog import Catalog, Product
from domain.session import Language
from learning.simulation.scripts.number_rendering import number_to_words

SIZE_PATTERN = re.compile(
    r"(?<![\d.])(\d{1,4})(?=\s?(?:ml|g|kg|L|W|mAh|cm|mm|ft|oz|inch|片|包|支|只|条|袋|盒|枚|斤|克|色|件))"
)
YEAR_PATTERN = re.compile(r"20[12]\d")
SIZE_FACTORS = (0.5, 2.0, 1.5, 0.6, 3.0)
COLOUR_NAMES: Mapping[Language, Sequence[str]] = {
    "zh": ("黑色", "白色", "米色", "蓝色", "粉色", "灰色", "绿色", "棕色", "红色", "紫色"),
    "en": ("Black", "White", "Beige", "Blue", "Pink", "Grey", "Green", "Brown", "Red", "Purple"),
}
VERSION_NAMES: Mapping[Language, Sequence[str]] = {
    "zh": ("升级款", "轻享版", "加大号", "迷你", "经典款", "礼盒装", "第二代", "Pro"),
    "en": ("Plus", "Lite", "XL", "Mini", "Classic", "Gift Set", "2nd Gen", "Pro"),
}
MIN_PRICE_FACTOR, MAX_PRICE_FACTOR = 0.6, 1.5  # of a near-duplicate's price
CHINESE_LINK_PATTERN = re.compile(r"[一二三四五六七八九十]+(?=号)")
ENGLISH_LINK_PATTERN = re.compile(r"\b(number|number's|link|item|lot|listing|sold) ([a-z]+)([- ][a-z]+)?", re.I)
KEEP_ALIASES_PROBABILITY = 0.3


def add_near_duplicates(
    products: Sequence[Product], source_ids: Sequence[str], language: Language, rng: np.random.Generator
) -> tuple[Product, ...]:
    """`products` and, for each of `source_ids`, a near-duplicate of another size, colour or version."""
    by_id = {product.product_id: product for product in products}
    used_link_numbers = {product.link_no for product in products}
    free_link_numbers = (number for number in range(1, 10_000) if number not in used_link_numbers)
    titles, near_duplicates = {product.title for product in products}, dict[str, Product]()
    for product_id in source_ids:
        near_duplicate = _near_duplicate(by_id[product_id], next(free_link_numbers), language, rng)
        if near_duplicate.title not in titles:
            near_duplicates.setdefault(near_duplicate.title, near_duplicate)
    return (*products, *near_duplicates.values())


def _near_duplicate(product: Product, link_no: int, language: Language, rng: np.random.Generator) -> Product:
    title, short_name, variation = _vary_title(product, language, rng)
    factor = float(rng.uniform(MIN_PRICE_FACTOR, MAX_PRICE_FACTOR))
    aliases = product.aliases if rng.random() < KEEP_ALIASES_PROBABILITY else ()
    return replace(
        product,
        product_id=f"{product.product_id}-{link_no}{variation}",
        link_no=link_no,
        title=title,
        short_name=short_name,
        aliases=aliases,
        price=None if product.price is None else max(100, int(product.price * factor) // 100 * 100),
        list_price=None,
        image="",
    )


def _vary_title(product: Product, language: Language, rng: np.random.Generator) -> tuple[str, str, str]:
    """Title and short name of a near-duplicate, and what distinguishes it in a word."""
    size, year = SIZE_PATTERN.search(product.title), YEAR_PATTERN.search(product.title)
    variation_draw = rng.random()
    if size and variation_draw < 0.5:
        new_size = str(max(1, round(int(size[1]) * SIZE_FACTORS[int(rng.integers(len(SIZE_FACTORS)))])))
        return _replace_match(product.title, size, new_size), product.short_name.replace(size[1], new_size), new_size
    if year and variation_draw < 0.7:
        new_year = str(int(year[0]) - int(rng.integers(1, 4)))
        return _replace_match(product.title, year, new_year), product.short_name.replace(year[0], new_year), new_year
    is_colour = variation_draw < 0.75
    words = COLOUR_NAMES[language] if is_colour else VERSION_NAMES[language]
    word = words[int(rng.integers(len(words)))]
    old_colour = next((other for other in COLOUR_NAMES[language] if is_colour and other in product.title), None)
    title = product.title.replace(old_colour, word) if old_colour else f"{product.title} {word}"
    separator = " " if language == "en" else ""
    short_name = f"{word}{separator}{product.short_name}" if product.short_name else ""
    return title, short_name, word.replace(" ", "")


def _replace_match(title: str, match: re.Match[str], replacement: str) -> str:
    return title[: match.start()] + replacement + title[match.end() :]


def relink_text(text: str, link_number_map: Mapping[int, int], language: Language) -> str:
    """`text` with other link numbers: 三号 becomes 十二号, "number three" becomes "number twelve"."""
    spoken_link_map = {
        number_to_words(old, language): number_to_words(new, language)
        for old, new in link_number_map.items()
        if old != new
    }
    if not spoken_link_map:
        return text
    if language == "zh":
        return CHINESE_LINK_PATTERN.sub(lambda match: spoken_link_map.get(match[0], match[0]), text)
    return ENGLISH_LINK_PATTERN.sub(lambda match: _relink_english(match, spoken_link_map), text)


def _relink_english(match: re.Match[str], spoken_link_map: Mapping[str, str]) -> str:
    prefix, first, second = match[1], match[2].lower(), match[3] or ""
    two_words = f"{first} {second[1:].lower()}"
    if two_words in spoken_link_map:
        return f"{prefix} {spoken_link_map[two_words]}"
    return f"{prefix} {spoken_link_map[first]}{second}" if first in spoken_link_map else match[0]


def shuffle_link_numbers(products: Sequence[Product], rng: np.random.Generator) -> Iterator[Product]:
    """`products` with link numbers from 1, shuffled."""
    shuffled_numbers = rng.permutation(len(products)).tolist()
    for product, number in zip(products, shuffled_numbers, strict=True):
        yield replace(product, link_no=number + 1)


def with_titles_alone(catalog: Catalog) -> Catalog:
    """The same products of which only the titles are known."""
    return Catalog(
        tuple(Product(product_id=each.product_id, title=each.title, currency=each.currency) for each in catalog)
    )


def without_aliases(catalog: Catalog) -> Catalog:
    """The same products without their nicknames."""
    return Catalog(tuple(replace(each, aliases=()) for each in catalog))
