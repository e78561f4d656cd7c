"""The title of a take: brand and name, and what tells the product from its near-duplicates (titles.toml)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from domain.catalog import Product
from models.text.phonetic_tokens import fold_text
from models.text.phrase_tables import phrase_table
from models.text.typography import display_width, has_han, join_with_spacing, to_single_line, truncate

MAX_TITLE_COLUMNS = 50  # a Chinese character takes two: one line on a phone
MAX_HEAD_COLUMNS = {True: 30, False: 42}  # of a keyword-stuffed title that can be a name; Chinese or not
MAX_DISTINCTION_COLUMNS = 24  # about half of the title
BUNDLE_JOINER = " + "
TIE_JOINER = " / "
PROMOTION = re.compile(r"【[^】]*】|\[[^\]]*\]|［[^］]*］|〖[^〗]*〗")
PHRASE_END = re.compile(r"[\s,，、|/;；]+")
ENGLISH_HEAD_END = re.compile(r"\s+-\s+|[,|;(]")
MIN_COMMON_PREFIX = 3  # characters that two names must begin with to leave them out of the second
MIN_BRAND_OVERLAP = 2  # characters that a brand's end and a name's beginning must share to be one


@dataclass(frozen=True, slots=True)
class _TitleParts:
    """The parts of a title. `distinction` tells the product from its near-duplicates."""

    brand: str
    name: str
    distinction: str

    @property
    def full(self) -> str:
        return _with_distinction(_with_brand(self.brand, self.name), self.distinction)

    def forms(self) -> list[str]:
        """The title from its fullest form to its shortest."""
        name = _capitalize(self.name)
        free_columns = MAX_TITLE_COLUMNS - display_width(_with_distinction("", self.distinction))
        shortest = _with_distinction(truncate(name, max(free_columns, 1)), self.distinction)
        return [self.full, _with_distinction(name, self.distinction), shortest]

    def after(self, first: "_TitleParts") -> str:
        """The title as it follows that of `first`: a brand that both have is not repeated."""
        is_same_brand = self.brand and fold_text(self.brand) == fold_text(first.brand)
        return _with_distinction(self.name, self.distinction) if is_same_brand else self.full


def build_title(products: Sequence[Product], catalog: Iterable[Product], *, joiner: str = BUNDLE_JOINER) -> str:
    """One line for a take of these products, the main one first. `joiner`: BUNDLE_JOINER, or TIE_JOINER in a tie."""
    all_products = tuple(catalog)
    first, *others = [_split_title(product, all_products) for product in products]
    if not others:
        return _first_fitting(first.forms())
    names = [_capitalize(first.name), *(other.name for other in others)]
    with_brands = [first.full, *(other.after(first) for other in others)]
    without_shared_prefix = [names[0], *(_drop_shared_prefix(other.name, first.name) for other in others)]
    return _first_fitting([*map(joiner.join, (with_brands, names, without_shared_prefix)), _counted_title(names)])


def _drop_shared_prefix(name: str, first: str) -> str:
    """`name` without the words with which both it and `first` begin: what differs is enough after a +."""
    is_shared = (one == other for one, other in zip(fold_text(name), fold_text(first), strict=False))
    shared = sum(takewhile(bool, is_shared))
    if not has_han(name):
        shared = name[:shared].rfind(" ") + 1
    return name[shared:].strip() if shared >= MIN_COMMON_PREFIX and name[shared:].strip() else name


def _counted_title(names: Sequence[str]) -> str:
    return _wording("counted", names[0]).format(name=names[0], count=len(names), more=len(names) - 1)


def _wording(template: str, name: str) -> str:
    """A template in the language of `name`."""
    text: str = phrase_table(__name__)["zh" if has_han(name) else "en"][template]
    return text


def _first_fitting(forms: Sequence[str]) -> str:
    fitting = (form for form in forms if display_width(form) <= MAX_TITLE_COLUMNS)
    return next(fitting, truncate(forms[-1], MAX_TITLE_COLUMNS))


def product_name(product: Product) -> str:
    """What people call the product, without promotions: its short name, else the head of its title."""
    short = to_single_line(PROMOTION.sub(" ", product.short_name))
    return short or _title_head(product)


def _split_title(product: Product, catalog: Sequence[Product]) -> _TitleParts:
    brand, name = to_single_line(PROMOTION.sub(" ", product.brand)), product_name(product)
    distinction = _distinction(product, name, catalog)
    if _catalog_pattern("publisher").search(brand):
        keys = [key for key in phrase_table(__name__)["catalog"]["author_attributes"] if key in product.attributes]
        author = to_single_line(product.attributes[keys[0]]) if keys else ""
        return _TitleParts("", name, distinction or ("" if _contains(name, author) else author))
    return _TitleParts(brand, name, distinction)


@cache
def _catalog_pattern(kind: str) -> re.Pattern[str]:
    phrases: list[str] = phrase_table(__name__)["catalog"][kind]
    return re.compile("|".join(phrases), re.IGNORECASE)


def _title_head(product: Product) -> str:
    """The beginning of a keyword-stuffed title, as far as it names the product."""
    title = to_single_line(PROMOTION.sub(" ", product.title)) or to_single_line(product.title) or product.product_id
    is_chinese = has_han(title)
    head = (PHRASE_END if is_chinese else ENGLISH_HEAD_END).split(title, maxsplit=1)[0].strip() or title
    limit = MAX_HEAD_COLUMNS[is_chinese]
    if display_width(head) <= limit:
        return head
    stop = _end_of_name(product, head, limit) if is_chinese else 0
    return head[:stop] if stop else truncate(head, limit).rstrip("…")


def _end_of_name(product: Product, head: str, limit: int) -> int:
    """Where the name ends in a Chinese title: after its noun, or before the first specification; 0 where unknown."""
    nouns = [noun for noun in (product.category.split("/")[-1], *product.aliases) if noun and noun in head]
    ends = [head.find(noun) + len(noun) for noun in nouns if not _contains(product.brand, noun)]
    specification = _catalog_pattern("specification").search(head)
    if specification and not ends:
        ends = [specification.start()]
    longer_than_brand = (end for end in ends if len(product.brand) + 1 < end and display_width(head[:end]) <= limit)
    return max(longer_than_brand, default=0)


def _distinction(product: Product, name: str, catalog: Sequence[Product]) -> str:
    """An attribute that no near-duplicate shares; for products of the same name the link number.

    Near-duplicates are, here, products of the brand whose name contains this one.
    """
    others = [other for other in catalog if other.product_id != product.product_id and _is_same_brand(product, other)]
    near_duplicates = [other for other in others if _contains(product_name(other), name)]
    if not near_duplicates:
        return ""
    for key, value in product.attributes.items():
        distinct_value = to_single_line(re.split("[(（]", value)[0])
        differs = distinct_value and all(
            not to_single_line(other.attributes.get(key, "")).startswith(distinct_value) for other in near_duplicates
        )
        if differs and display_width(distinct_value) <= MAX_DISTINCTION_COLUMNS and not _contains(name, distinct_value):
            return f"{to_single_line(key)} {distinct_value}" if distinct_value.isdigit() else distinct_value
    namesakes = [other for other in near_duplicates if _without_spaces(product_name(other)) == _without_spaces(name)]
    if not namesakes or product.link_no is None:
        return ""
    return _wording("link_number", name).format(number=product.link_no)


def _is_same_brand(product: Product, other: Product) -> bool:
    return _without_spaces(product.brand) == _without_spaces(other.brand)


def _with_distinction(text: str, distinction: str) -> str:
    if not distinction:
        return text
    return f"{text}（{distinction}）" if has_han(text + distinction) else f"{text} ({distinction})"


def _with_brand(brand: str, name: str) -> str:
    """Brand and name, what they share once."""
    if not brand or _contains(name, brand):
        return _capitalize(name)
    for shared in range(min(len(brand), len(name)) - 1, MIN_BRAND_OVERLAP - 1, -1):
        is_word = has_han(name[0]) or not name[shared : shared + 1].isalnum()
        if fold_text(brand[-shared:]) == fold_text(name[:shared]) and is_word:
            return brand + name[shared:]
    return join_with_spacing(brand, name)


def _capitalize(name: str) -> str:
    """A line begins with a capital where the script has them; names such as iPhone keep theirs."""
    word = name.split(" ")[0]
    return name[:1].upper() + name[1:] if word.isascii() and word.islower() else name


def _contains(text: str, part: str) -> bool:
    return bool(part) and _without_spaces(part) in _without_spaces(text)


def _without_spaces(text: str) -> str:
    return re.sub(r"\s+", "", fold_text(text))
