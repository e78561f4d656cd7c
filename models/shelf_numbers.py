"""Link numbers 链接号 and prices: what a host says of the shelf instead of a name."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from domain.catalog import MINOR_UNITS, Catalog
from domain.evidence import Mention
from domain.speech import Sentence
from models.numbers import SpokenNumber, numbers_in
from models.tokens import folded

LINK_NATS = 3.0  # 三号链接
BARE_LINK_NATS = 1.8  # 三号
PRICE_NATS = 1.0  # each: times the log of how few products share the price
MOST_PRICE_NATS = 2.5
SMALLEST_BARE_PRICE = 10  # a smaller number without 块 counts something else
AFTER_LINK_NUMBER = re.compile(r"\s*[号好浩](?![码色])(\s*(?:链接|连接|练结|链结|练接|宝贝|品|坑|车|购物车))?")
BEFORE_LINK_NUMBER = re.compile(r"(?:链接|坑位|\b(?:link|number|item|no\.))\s*$")
GOES_ON = re.compile(r"[㐀-鿿]")  # 链接一共 and 链接一上 name no link
MISHEARD_NUMBER = re.compile(r"[字似是寺](?=[号好]\s*[链连练])")
DATE_BEFORE = re.compile(r"月\s*$")
LABEL_AFTER = re.compile(r"\s*号")  # a link, a date or a size, never a price


class ShelfNumbers:
    """The numbers of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._size = len(catalog)
        self._links: dict[int, list[str]] = defaultdict(list)
        self._prices: dict[Decimal, list[str]] = defaultdict(list)
        for product in catalog:
            if product.link_no is not None:
                self._links[product.link_no].append(product.product_id)
            for price in {product.price, product.list_price} - {None, 0}:
                self._prices[Decimal(price or 0) / MINOR_UNITS].append(product.product_id)

    def find(self, index: int, sentence: Sentence) -> Iterator[Mention]:
        """Link numbers and prices in the `index`-th sentence of a show. A number is one or the other, never both."""
        text = MISHEARD_NUMBER.sub("四", folded(sentence.text))  # 四号链接 is often heard as 字号练结
        for number in numbers_in(text):
            links = tuple(self._link(index, sentence, text, number))
            yield from links
            if not links and not LABEL_AFTER.match(text, number.end):
                yield from self._price(index, sentence, number)

    def _link(self, index: int, sentence: Sentence, text: str, number: SpokenNumber) -> Iterator[Mention]:
        label = _label(text, number)
        ids = self._links.get(int(number.value), ()) if number.value == int(number.value) else ()
        if label and ids:
            end, weight = label
            said = sentence.text[number.start : end]
            yield Mention("link", tuple(ids), sentence.time_of(number.start, end), index, said, weight)

    def _price(self, index: int, sentence: Sentence, number: SpokenNumber) -> Iterator[Mention]:
        ids = self._prices.get(number.value, ())
        if ids and (number.is_price or number.value >= SMALLEST_BARE_PRICE):
            weight = min(MOST_PRICE_NATS, PRICE_NATS * math.log((self._size + 1) / len(ids)))
            said = sentence.text[number.start : number.end]
            yield Mention("price", tuple(ids), sentence.time_of(number.start, number.end), index, said, weight)


def _label(text: str, number: SpokenNumber) -> tuple[int, float] | None:
    """Where the words end that make `number` a link number, and their nats; None where there are none."""
    if number.is_price or DATE_BEFORE.search(text[: number.start]):
        return None
    after = AFTER_LINK_NUMBER.match(text, number.end)
    goes_on = not text[number.start].isascii() and GOES_ON.match(text, number.end)
    is_before = BEFORE_LINK_NUMBER.search(text[: number.start]) and (after or not goes_on)
    if after:
        return after.end(), LINK_NATS if is_before or after.group(1) else BARE_LINK_NATS
    return (number.end, LINK_NATS) if is_before else None
