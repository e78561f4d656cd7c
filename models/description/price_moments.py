"""Where a host names the price: the catalogue's, called today's, after a higher one."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from domain.catalog import MINOR_UNITS, Product
from domain.clock import Seconds
from domain.session import Language
from domain.speech import Sentence
from models.description.summary import ShowContext
from models.description.wording_phrases import has_phrase
from models.numbers.spoken_numbers import SpokenNumber, find_numbers

EXACT_AGREEMENT, ROUNDED_AGREEMENT, APPROXIMATE_AGREEMENT = 1.0, 0.6, 0.7
"""Scores of 59.9, of 59 for it, and of "not even 60"; the editor's judgement, like the bonuses below."""
REVEAL_BONUS, AFTER_ANCHOR_BONUS, ANCHOR_PENALTY = 0.3, 0.4, 0.5
IMPLAUSIBLE_PRICE_PENALTY = 0.8  # where a number is far from every price of the catalogue
MAX_REVEAL_DELAY_S: Seconds = 60.0  # hosts name the high price, wait, and name theirs
MIN_PRICE_SHARE = Decimal("0.5")  # share of the price that coupons leave at least
PRICE_TOLERANCE_SHARE = Decimal("0.04")  # share: "not even a hundred and seventy" is 169.9
MIN_ROUNDED_OFF = Decimal("0.8")  # of a unit: 59 is said for 59.9, not for 59.5


def price_scores(sentences: Mapping[int, Sentence], products: Sequence[Product], show: ShowContext) -> dict[int, float]:
    """By number of the sentence, how much it sounds like the moment at which the price is revealed."""
    catalog_prices = {Decimal(product.price) / MINOR_UNITS for product in products if product.price}
    if show.language == "en":  # 11.99 is often recognised as 1199
        catalog_prices |= {price * MINOR_UNITS for price in catalog_prices}
    anchor_times = _anchor_times(sentences, products, show.language)
    scores = {}
    for number, sentence in sentences.items():
        spoken_numbers = find_numbers(sentence.text)
        agreement = _best_agreement(sentence.text, spoken_numbers, catalog_prices, show.language)
        is_money = agreement > 0 or any(each.is_price for each in spoken_numbers)
        score = agreement
        if is_money:
            score += show.classify_role(number, sentence).get("price", 0.0)
            score += REVEAL_BONUS * has_phrase(sentence.text, "reveal", show.language)
        if agreement and any(0 <= sentence.start - at <= MAX_REVEAL_DELAY_S for at in anchor_times):
            score += AFTER_ANCHOR_BONUS
        is_plausible = any(_is_plausible_price(each.value, catalog_prices) for each in spoken_numbers)
        if catalog_prices and is_money and not agreement and not is_plausible:
            score -= IMPLAUSIBLE_PRICE_PENALTY
        if agreement < EXACT_AGREEMENT and has_phrase(sentence.text, "anchor", show.language):
            score -= ANCHOR_PENALTY
        scores[number] = score
    return scores


def _best_agreement(
    text: str, numbers: Iterable[SpokenNumber], catalog_prices: Iterable[Decimal], language: Language
) -> float:
    """How well a number in `text` agrees with a price of the catalogue; 0 where none does."""
    is_approximate = has_phrase(text, "nearly", language)
    return max(
        (_price_agreement(each.value, price, is_approximate) for each in numbers for price in catalog_prices),
        default=0.0,
    )


def _price_agreement(value: Decimal, price: Decimal, is_approximate: bool) -> float:
    if value == price:
        return EXACT_AGREEMENT
    if value == int(price) and price - int(price) > MIN_ROUNDED_OFF:
        return ROUNDED_AGREEMENT
    is_near = abs(value - price) <= PRICE_TOLERANCE_SHARE * price
    return APPROXIMATE_AGREEMENT if is_near and is_approximate else 0.0


def _is_plausible_price(value: Decimal, catalog_prices: Iterable[Decimal]) -> bool:
    """Whether the number may be a price of the product after some coupon."""
    return any(MIN_PRICE_SHARE * price <= value <= (1 + PRICE_TOLERANCE_SHARE) * price for price in catalog_prices)


def _anchor_times(sentences: Mapping[int, Sentence], products: Sequence[Product], language: Language) -> list[Seconds]:
    """When higher prices are named: the list price, or a number beside words such as 原价."""
    list_prices = {Decimal(product.list_price) / MINOR_UNITS for product in products if product.list_price}
    return [
        sentence.start
        for sentence in sentences.values()
        for numbers in [find_numbers(sentence.text)]
        if any(each.value in list_prices for each in numbers)
        or (numbers and has_phrase(sentence.text, "anchor", language))
    ]
