"""What a dot is called: brand and name, and what tells the product from its sisters in the catalogue."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from domain.catalog import Product
from models.text.phonetic_tokens import folded
from models.text.typography import columns, has_han, one_line, put_together, shortened

LONGEST_TITLE = 50  # columns, a Chinese character takes two: one line on a phone
LONGEST_HEAD = {True: 30, False: 42}  # columns of a keyword-stuffed title that can be a name; Chinese or not
LONGEST_MARK = 24  # columns
TOGETHER = " + "
EITHER = " / "
PROMOTION = re.compile(r"【[^】]*】|\[[^\]]*\]|［[^］]*］|〖[^〗]*〗")
PUBLISHER = re.compile(r"出版社$|出版公司$|出版集团$|\b(?:press|publish(?:ing|ers)|books)$", re.IGNORECASE)
AUTHOR = ("作者", "著者", "author", "Author")
PHRASE_END = re.compile(r"[\s,，、|/;；]+")
ENGLISH_HEAD_END = re.compile(r"\s+-\s+|[,|;(]")
SPECIFICATION = re.compile(r"\d+(?:\.\d+)?\s*(?:[a-zA-Z]+|[片包袋瓶支只条双册本盒枚颗张卷抽])")
SHORTEST_COMMON = 3  # characters that two names must begin with to leave them out of the second
SHORTEST_OVERLAP = 2  # characters that a brand's end and a name's beginning must share to be one


@dataclass(frozen=True, slots=True)
class _Label:
    """The parts of a title. `mark` tells the product from its sisters."""

    brand: str
    name: str
    mark: str

    def forms(self) -> Iterator[str]:
        """The title from its fullest form to its shortest."""
        name = _as_first(self.name)
        yield _marked(_with_brand(self.brand, self.name), self.mark)
        yield _marked(name, self.mark)
        room = LONGEST_TITLE - columns(_marked("", self.mark))
        yield _marked(shortened(name, max(room, 1)), self.mark)


def title_of(products: Sequence[Product], catalog: Iterable[Product], *, joint: str = TOGETHER) -> str:
    """One line for a take of these products, the main one first. `joint`: TOGETHER in a bundle, EITHER in a tie."""
    listed = tuple(catalog)
    labels = [_label(product, listed) for product in products]
    if len(labels) == 1:
        return _fitting([*labels[0].forms()])
    whole = [_marked(_with_brand(label.brand, label.name), label.mark) for label in labels]
    once = [whole[0], *(_after(labels[0], label, text) for label, text in zip(labels[1:], whole[1:], strict=True))]
    names = [_as_first(labels[0].name), *(label.name for label in labels[1:])]
    parted = [names[0], *(_rest(label.name, labels[0].name) for label in labels[1:])]
    return _fitting([joint.join(once), joint.join(names), joint.join(parted), _counted(names)])


def _rest(name: str, first: str) -> str:
    """`name` without the words that it begins with as `first` does: what differs is enough after a +."""
    alike = (one == other for one, other in zip(folded(name), folded(first), strict=False))
    shared = sum(takewhile(bool, alike))
    if not has_han(name):
        shared = name[:shared].rfind(" ") + 1
    return name[shared:].strip() if shared >= SHORTEST_COMMON and name[shared:].strip() else name


def _after(first: _Label, label: _Label, text: str) -> str:
    """What follows the + : the brand is not said twice."""
    return _marked(label.name, label.mark) if label.brand and folded(label.brand) == folded(first.brand) else text


def _counted(names: Sequence[str]) -> str:
    more = len(names) - 1
    return f"{names[0]}等 {len(names)} 件" if has_han(names[0]) else f"{names[0]} and {more} more"


def _fitting(forms: Sequence[str]) -> str:
    return next((form for form in forms if columns(form) <= LONGEST_TITLE), shortened(forms[-1], LONGEST_TITLE))


def name_of(product: Product) -> str:
    """What people call the product, without promotions: its short name, else the head of its title."""
    short = one_line(PROMOTION.sub(" ", product.short_name))
    return short or _head(product)


def _label(product: Product, catalog: Sequence[Product]) -> _Label:
    brand, name = one_line(PROMOTION.sub(" ", product.brand)), name_of(product)
    mark = _mark(product, name, catalog)
    if PUBLISHER.search(brand):
        author = next((one_line(product.attributes[key]) for key in AUTHOR if key in product.attributes), "")
        return _Label("", name, mark or ("" if _holds(name, author) else author))
    return _Label(brand, name, mark)


def _head(product: Product) -> str:
    """The beginning of a title that is stuffed with key words, as far as it names the product."""
    title = one_line(PROMOTION.sub(" ", product.title)) or one_line(product.title) or product.product_id
    is_chinese = has_han(title)
    head = (PHRASE_END if is_chinese else ENGLISH_HEAD_END).split(title, maxsplit=1)[0].strip() or title
    limit = LONGEST_HEAD[is_chinese]
    if columns(head) <= limit:
        return head
    stop = _end_of_name(product, head, limit) if is_chinese else 0
    return head[:stop] if stop else shortened(head, limit).rstrip("…")


def _end_of_name(product: Product, head: str, limit: int) -> int:
    """Where a Chinese title has named its product: after its noun, or before the first specification; 0 unknown."""
    nouns = [noun for noun in (product.category.split("/")[-1], *product.aliases) if noun and noun in head]
    ends = [head.find(noun) + len(noun) for noun in nouns if not _holds(product.brand, noun)]
    specification = SPECIFICATION.search(head)
    if specification and not ends:
        ends = [specification.start()]
    longer_than_brand = (end for end in ends if len(product.brand) + 1 < end and columns(head[:end]) <= limit)
    return max(longer_than_brand, default=0)


def _mark(product: Product, name: str, catalog: Sequence[Product]) -> str:
    """An attribute that differs from all sisters', those whose name holds this one; for namesakes the link number."""
    others = [other for other in catalog if other.product_id != product.product_id and _is_kin(product, other)]
    sisters = [other for other in others if _holds(name_of(other), name)]
    if not sisters:
        return ""
    for key, value in product.attributes.items():
        told = one_line(re.split("[(（]", value)[0])
        differs = told and all(not one_line(sister.attributes.get(key, "")).startswith(told) for sister in sisters)
        if differs and columns(told) <= LONGEST_MARK and not _holds(name, told):
            return f"{one_line(key)} {told}" if told.isdigit() else told
    namesakes = [sister for sister in sisters if _even(name_of(sister)) == _even(name)]
    if not namesakes or product.link_no is None:
        return ""
    return f"{product.link_no} 号" if has_han(name) else f"no. {product.link_no}"


def _is_kin(product: Product, other: Product) -> bool:
    return _even(product.brand) == _even(other.brand)


def _marked(text: str, mark: str) -> str:
    if not mark:
        return text
    return f"{text}（{mark}）" if has_han(text + mark) else f"{text} ({mark})"


def _with_brand(brand: str, name: str) -> str:
    """Brand and name, what they share once."""
    if not brand or _holds(name, brand):
        return _as_first(name)
    for shared in range(min(len(brand), len(name)) - 1, SHORTEST_OVERLAP - 1, -1):
        is_word = has_han(name[0]) or not name[shared : shared + 1].isalnum()
        if folded(brand[-shared:]) == folded(name[:shared]) and is_word:
            return brand + name[shared:]
    return put_together(brand, name)


def _as_first(name: str) -> str:
    """A line begins with a capital where the script has them; names such as iPhone keep theirs."""
    word = name.split(" ")[0]
    return name[:1].upper() + name[1:] if word.isascii() and word.islower() else name


def _holds(text: str, part: str) -> bool:
    return bool(part) and _even(part) in _even(text)


def _even(text: str) -> str:
    return re.sub(r"\s+", "", folded(text))
