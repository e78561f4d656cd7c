"""The catalogue of a simulated show: sisters that differ in one thing, link numbers dealt anew, products left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from domain.catalog import Product
from domain.session import Language
from learning.simulation.scripts.number_rendering import in_words

SIZE = re.compile(r"(?<![\d.])(\d{1,4})(?=\s?(?:ml|g|kg|L|W|mAh|cm|mm|ft|oz|inch|片|包|支|只|条|袋|盒|枚|斤|克|色|件))")
YEAR = re.compile(r"20[12]\d")
FACTORS = (0.5, 2.0, 1.5, 0.6, 3.0)
COLOURS: Mapping[Language, Sequence[str]] = {
    "zh": ("黑色", "白色", "米色", "蓝色", "粉色", "灰色", "绿色", "棕色", "红色", "紫色"),
    "en": ("Black", "White", "Beige", "Blue", "Pink", "Grey", "Green", "Brown", "Red", "Purple"),
}
VERSIONS: Mapping[Language, Sequence[str]] = {
    "zh": ("升级款", "轻享版", "加大号", "迷你", "经典款", "礼盒装", "第二代", "Pro"),
    "en": ("Plus", "Lite", "XL", "Mini", "Classic", "Gift Set", "2nd Gen", "Pro"),
}
CHEAPEST, DEAREST = 0.6, 1.5  # a sister's price, over the first's
CHINESE_LINK = re.compile(r"[一二三四五六七八九十]+(?=号)")
ENGLISH_LINK = re.compile(r"\b(number|number's|link|item|lot|listing|sold) ([a-z]+)([- ][a-z]+)?", re.I)
KEEPS_ALIASES = 0.3


def with_sisters(
    products: Sequence[Product], of: Sequence[str], language: Language, rng: np.random.Generator
) -> tuple[Product, ...]:
    """`products` and a sister, one step away in size, colour or version, for each id in `of`."""
    by_id = {product.product_id: product for product in products}
    taken = {product.link_no for product in products}
    free = (number for number in range(1, 10_000) if number not in taken)
    sisters = [_sister(by_id[product_id], next(free), language, rng) for product_id in of]
    apart = [sister for i, sister in enumerate(sisters) if sister.title not in {each.title for each in sisters[:i]}]
    return (*products, *(sister for sister in apart if sister.title not in {each.title for each in products}))


def _sister(product: Product, link_no: int, language: Language, rng: np.random.Generator) -> Product:
    title, short_name, told = _told_apart(product, language, rng)
    factor = float(rng.uniform(CHEAPEST, DEAREST))
    aliases = product.aliases if rng.random() < KEEPS_ALIASES else ()
    return replace(
        product,
        product_id=f"{product.product_id}-{link_no}{told}",
        link_no=link_no,
        title=title,
        short_name=short_name,
        aliases=aliases,
        price=None if product.price is None else max(100, int(product.price * factor) // 100 * 100),
        list_price=None,
        image="",
    )


def _told_apart(product: Product, language: Language, rng: np.random.Generator) -> tuple[str, str, str]:
    """Title and short name of a sister, and in a word what tells her apart."""
    size, year = SIZE.search(product.title), YEAR.search(product.title)
    way = rng.random()
    if size and way < 0.5:
        other = str(max(1, round(int(size[1]) * FACTORS[int(rng.integers(len(FACTORS)))])))
        return _at(product.title, size, other), _renamed(product.short_name, size[1], other), other
    if year and way < 0.7:
        other = str(int(year[0]) - int(rng.integers(1, 4)))
        return _at(product.title, year, other), _renamed(product.short_name, year[0], other), other
    words = COLOURS[language] if way < 0.75 else VERSIONS[language]
    word = words[int(rng.integers(len(words)))]
    blank = " " if language == "en" else ""
    old = next((other for other in COLOURS[language] if other in product.title), None)
    title = product.title.replace(old, word) if old and words is COLOURS[language] else f"{product.title} {word}"
    return title, f"{word}{blank}{product.short_name}" if product.short_name else "", word.replace(" ", "")


def _at(title: str, found: re.Match[str], other: str) -> str:
    return title[: found.start()] + other + title[found.end() :]


def _renamed(name: str, old: str, new: str) -> str:
    return name.replace(old, new)


def relinked(text: str, moved: Mapping[int, int], language: Language) -> str:
    """`text` with the link numbers that it says moved: 三号 becomes 十二号, "number three" becomes "number twelve"."""
    said = {in_words(old, language): in_words(new, language) for old, new in moved.items() if old != new}
    if not said:
        return text
    if language == "zh":
        return CHINESE_LINK.sub(lambda found: said.get(found[0], found[0]), text)
    return ENGLISH_LINK.sub(lambda found: _english_relinked(found, said), text)


def _english_relinked(found: re.Match[str], said: Mapping[str, str]) -> str:
    called, first, second = found[1], found[2].lower(), found[3] or ""
    both = f"{first} {second[1:].lower()}"
    if both in said:
        return f"{called} {said[both]}"
    return f"{called} {said[first]}{second}" if first in said else found[0]


def dealt_anew(products: Sequence[Product], rng: np.random.Generator) -> Iterator[Product]:
    """`products`, their link numbers shuffled over the numbers from 1."""
    numbers = rng.permutation(len(products)).tolist()
    for product, number in zip(products, numbers, strict=True):
        yield replace(product, link_no=number + 1)
