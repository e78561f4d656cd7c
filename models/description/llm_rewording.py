"""Builds the request to a language model for a better title and summary, and validates its answer.

A request holds one take and its products. Titles, transcripts and answers may be hostile: the answer is data, parsed
strictly, and only a title and a summary come of it. Every number in them must have been said or listed.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from domain.catalog import MINOR_UNITS, Product
from domain.errors import InvalidValue
from domain.highlight import HighlightWording
from domain.session import Language
from models.description.titles import MAX_TITLE_COLUMNS, product_name
from models.description.wording_phrases import function_words
from models.numbers.spoken_numbers import find_numbers
from models.text.phonetic_tokens import fold_text, phonetic_tokens
from models.text.phrase_tables import phrase_table
from models.text.typography import display_width, has_han, to_single_line, truncate

MAX_SPEECH_CHARACTERS = 4000  # of transcript in a request: ten minutes of a fast host
MAX_ATTRIBUTES = 20  # of a product: it bounds the request
MAX_FIELD_COLUMNS = 200  # of a title, a name, or an attribute
MAX_REWORDED_SUMMARY_COLUMNS = 240  # a fifth more than MAX_SUMMARY_COLUMNS
MAX_ANSWER_CHARACTERS = 4000  # ten times what a title and a summary need
MIN_CHINESE_SHARE = 0.5  # of a Chinese text's letters: brands may be Latin
ANSWER_KEYS = frozenset({"title", "summary"})
TAG = re.compile(r"<[^<>]*>")
MARKUP = re.compile(r"[*_`#~|\\]+")
URL_OR_EMAIL = re.compile(r"://|www\.|\S@\S|\b[a-z0-9-]+\.(?:com|cn|net|org|io|top|vip|shop)\b", re.IGNORECASE)
DIGITS = re.compile(r"\d+(?:\.\d+)?")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
VERSION_NUMBER = re.compile(r"\d+\.0+")
ARTICLE_LIKE_NUMBERS = frozenset({"一", "one", "a"})  # 一抹, one of: rarely a number


@dataclass(frozen=True, slots=True)
class RewordingRequest:
    """A request about one take: its products, the sentences said in it, and its current title and summary."""

    language: Language
    products: tuple[Product, ...]
    spoken_sentences: tuple[str, ...]
    current_wording: HighlightWording

    @property
    def instruction(self) -> str:
        text: str = phrase_table(__name__)[self.language]["instruction"]
        return text

    @property
    def payload(self) -> str:
        """The data as JSON text: quotes and line breaks in them cannot end it early."""
        content = {
            "products": [_public_fields(product) for product in self.products],
            "said": _take_within(self.spoken_sentences, MAX_SPEECH_CHARACTERS),
            "title": self.current_wording.title,
            "summary": self.current_wording.summary,
        }
        return json.dumps(content, ensure_ascii=False)


def parse_wording(answer: str, request: RewordingRequest, other_products: Sequence[Product]) -> HighlightWording:
    """The title and summary in `answer`. Raises InvalidValue, with the reason, unless all of it can be used.

    `other_products`: the rest of the catalogue, of which a title must name none.
    """
    title, summary = _parse_fields(answer)
    _check_length(title, summary)
    for text in (title, summary):
        _check_language(text, request.language)
        _check_numbers(text, request)
    _check_product_name(title, request.products, other_products)
    return HighlightWording(title, summary)


def _parse_fields(answer: str) -> tuple[str, str]:
    if len(answer) > MAX_ANSWER_CHARACTERS:
        raise InvalidValue("the answer is too long")
    try:
        fields = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise InvalidValue("the answer is not JSON") from error
    if not isinstance(fields, dict) or fields.keys() != ANSWER_KEYS:
        raise InvalidValue("the answer is not an object with title and summary alone")
    if not all(isinstance(value, str) for value in fields.values()):
        raise InvalidValue("title and summary are not both text")
    return _strip_markup(fields["title"]), _strip_markup(fields["summary"])


def _strip_markup(text: str) -> str:
    """One line without markup and invisible characters."""
    return to_single_line(MARKUP.sub("", TAG.sub("", to_single_line(text))))


def _check_length(title: str, summary: str) -> None:
    if not title or not summary:
        raise InvalidValue("title or summary is empty")
    if display_width(title) > MAX_TITLE_COLUMNS or display_width(summary) > MAX_REWORDED_SUMMARY_COLUMNS:
        raise InvalidValue("title or summary is too long")


def _check_language(text: str, language: Language) -> None:
    if URL_OR_EMAIL.search(text):
        raise InvalidValue("the words hold an address")
    letters = [c for c in text if c.isalpha()]
    chinese = sum(has_han(c) for c in letters)
    is_foreign = any(not has_han(c) and not unicodedata.name(c, "").startswith("LATIN") for c in letters)
    if (
        is_foreign
        or (language == "en" and chinese)
        or (language == "zh" and chinese < MIN_CHINESE_SHARE * len(letters))
    ):
        raise InvalidValue("the words are not in the language of the show")


def _check_numbers(text: str, request: RewordingRequest) -> None:
    allowed = set(_allowed_numbers(request))
    for value in _numbers_in_text(text):
        if value not in allowed:
            raise InvalidValue(f"the number {value} was neither said nor listed")


def _numbers_in_text(text: str) -> Iterator[Decimal | str]:
    """Every number in `text`, in digits or words. One that ends in .0 is kept as text, for it is a version: 3.0."""
    normalized = THOUSANDS.sub("", fold_text(text))
    for digits in DIGITS.findall(normalized):
        yield digits if VERSION_NUMBER.fullmatch(digits) else Decimal(digits)
    for number in find_numbers(normalized):
        written = normalized[number.start : number.end].strip()
        if written not in ARTICLE_LIKE_NUMBERS and not VERSION_NUMBER.fullmatch(written):
            yield number.value


def _allowed_numbers(request: RewordingRequest) -> Iterator[Decimal | str]:
    product_texts = (json.dumps(_public_fields(product), ensure_ascii=False) for product in request.products)
    for text in (*request.spoken_sentences, *product_texts, request.current_wording.title):
        yield from _numbers_in_text(text)
    for product in request.products:
        yield from (Decimal(price) / MINOR_UNITS for price in (product.price, product.list_price) if price is not None)


def _check_product_name(title: str, products: Sequence[Product], other_products: Sequence[Product]) -> None:
    """Raise InvalidValue unless a title names its products and no other: near-duplicates differ by a word."""
    own_names = [product_name(product) for product in products]
    if not all(_contains_name(title, name) for name in own_names):
        raise InvalidValue("the title does not name its product")
    joined_names = " ".join(own_names)
    if any(
        _contains_name(title, name) and not _contains_name(joined_names, name)
        for name in map(product_name, other_products)
    ):
        raise InvalidValue("the title names another product")


def _contains_name(text: str, name: str) -> bool:
    """Whether `text` contains a Chinese name as it is, or all words of a Latin one, in any order."""
    if has_han(name):
        return _normalize(name) in _normalize(text)
    words = {token.code for token in phonetic_tokens(name) if token.surface not in function_words()}
    return bool(words) and words <= {token.code for token in phonetic_tokens(text)}


def _public_fields(product: Product) -> dict[str, object]:
    """What a language model may know of a product: its public fields."""
    prices = {"price": product.price, "list_price": product.list_price}
    attributes = islice(product.attributes.items(), MAX_ATTRIBUTES)
    return {
        "title": _truncate(product.title),
        "name": _truncate(product_name(product)),
        "brand": _truncate(product.brand),
        "attributes": {_truncate(key): _truncate(value) for key, value in attributes},
        **{key: f"{Decimal(minor) / MINOR_UNITS}" for key, minor in prices.items() if minor is not None},
    }


def _truncate(text: str) -> str:
    return truncate(to_single_line(text), MAX_FIELD_COLUMNS)


def _take_within(texts: Sequence[str], max_characters: int) -> list[str]:
    kept: list[str] = []
    for text in texts:
        max_characters -= len(text)
        if max_characters < 0:
            break
        kept.append(text)
    return kept


def _normalize(text: str) -> str:
    return re.sub(r"[\s（）()+·,，-]+", "", fold_text(text))
