"""Points inside a take that people jump to: the price, demonstrations, the link, a coupon, viewers' questions."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.catalog import MINOR_UNITS, Product
from domain.clock import Seconds
from domain.highlight import Moment, MomentKind
from domain.session import Language
from domain.speech import Sentence
from models.description.sentence_roles import Role, RoleReader
from models.description.summary import Show, Subject
from models.description.wording_phrases import phrases
from models.numbers.spoken_numbers import SpokenNumber, numbers_in
from models.text.canonical_spelling import spelt_out
from models.text.clauses import readable, spoken_sentences, without_fillers
from models.text.typography import columns, shortened

LONGEST_QUOTE = 90  # columns: two to three lines on a phone
SENTENCE_END = re.compile(r"[。！？]|[.!?](?= |$)")
ENOUGH_QUOTE = 24  # columns from which a quote needs no further clause
MOST: dict[MomentKind, int] = {"price": 1, "demo": 2, "link": 1, "coupon": 1, "question": 3}
APART: dict[MomentKind, Seconds] = {"price": 0, "demo": 30, "link": 0, "coupon": 0, "question": 12}
LEAST: dict[MomentKind, float] = {"price": 0.6, "demo": 0.35, "link": 0.5, "coupon": 0.5, "question": 0.5}
"""Worth from which a moment is told; with these, seven to eight of ten demonstrations and questions are some."""
ROLE_OF: dict[MomentKind, Role] = {
    "price": "price", "demo": "demo", "link": "link", "coupon": "coupon", "question": "qa",
}  # fmt: skip
SHORTEST_CLAUSE = 10  # columns
NEAR: Seconds = 1.5
SHORTEST_QUESTION = 12  # columns; "See?" asks nothing
FOREIGN = 0.8  # taken off where another product's number is called
SAME_SCENE: Seconds = 15.0  # a demonstration goes on for so long: what shows more in it begins the better one
REVEAL_AFTER_ANCHOR: Seconds = 60.0  # hosts name the dear price, wait, and name theirs
UNLIKELY = 0.8  # taken off where a number is far from every price of the catalogue
LEAST_OF_PRICE = Decimal("0.5")  # share of the price that coupons leave at least
NEARLY = Decimal("0.04")  # share: "not even a hundred and seventy" is 169.9


@dataclass(frozen=True, slots=True)
class _Found:
    number: int
    at: Seconds
    worth: float


def moments_of(said: Mapping[int, Sentence], subject: Subject, show: Show) -> tuple[Moment, ...]:
    """The best moments of each kind, by time; bounded in number. `said`: sentences by their number in the show."""
    reliable = {number: sentence for number, sentence in said.items() if sentence.is_reliable}
    whole = {n: spoken.clauses for spoken in spoken_sentences(reliable, show.language) for n in spoken.clauses}
    moments = []
    for kind in MOST:
        found = [each for each in _rated(kind, reliable, subject, show) if each.worth >= LEAST[kind]]
        for each in _best(found, MOST[kind], APART[kind]):
            numbers = _quoted(each.number, whole, reliable)
            quote = _quote(_enough(numbers, each.number, reliable), reliable, subject, show.language)
            moments.append(Moment(kind, reliable[numbers[0]].start, quote))
    return tuple(sorted(moments, key=lambda moment: (moment.at, moment.kind)))


def _quoted(number: int, whole: Mapping[int, Sequence[int]], said: Mapping[int, Sentence]) -> list[int]:
    """The clauses that may be quoted: from this one to the end of its sentence.

    One that says too little alone ("69.") brings the one before, if it is of the same sentence, or else the next.
    """
    numbers = [each for each in whole[number] if each >= number]
    if sum(columns(said[each].text) for each in numbers) >= SHORTEST_CLAUSE:
        return numbers
    if number - 1 in whole[number]:
        return [number - 1, *numbers]
    following = numbers[-1] + 1
    is_near = following in said and said[following].start - said[numbers[-1]].end <= NEAR
    return [*numbers, following] if is_near else numbers


def _best(found: Sequence[_Found], most: int, apart: Seconds) -> Iterator[_Found]:
    kept: list[_Found] = []
    for each in sorted(found, key=lambda each: (-each.worth, each.at)):
        if len(kept) < most and all(abs(each.at - other.at) >= apart for other in kept):
            kept.append(each)
            yield each


def _enough(numbers: Sequence[int], number: int, said: Mapping[int, Sentence]) -> Sequence[int]:
    """Those of `numbers`, up to `number` at least, that make a quote long enough."""
    taken = numbers.index(number) + 1
    while taken < len(numbers) and sum(columns(said[n].text) for n in numbers[:taken]) < ENOUGH_QUOTE:
        taken += 1
    return numbers[:taken]


def _quote(numbers: Sequence[int], said: Mapping[int, Sentence], subject: Subject, language: Language) -> str:
    """What is said there, names spelt as in the catalogue."""
    mentions = [mention for mention in subject.mentions if mention.sentence in numbers]
    text = spelt_out(readable([said[n] for n in numbers], language), mentions, subject.products)
    return _fitting(without_fillers(text, language))


def _fitting(text: str) -> str:
    """As many whole sentences as there is room for; part of one where it is that long."""
    ends = (match.end() for match in SENTENCE_END.finditer(text, 0, LONGEST_QUOTE))
    stop = max((end for end in ends if columns(text[:end]) <= LONGEST_QUOTE), default=0)
    return text[:stop] if columns(text[:stop]) >= ENOUGH_QUOTE else shortened(text, LONGEST_QUOTE)


def _rated(kind: MomentKind, said: Mapping[int, Sentence], subject: Subject, show: Show) -> Iterator[_Found]:
    if kind == "price":
        return _prices(said, subject, show)
    if kind == "demo":
        return _demonstrations(said, show)
    return _others(kind, said, subject, show)


def _share(kind: MomentKind, number: int, sentence: Sentence, role_of: RoleReader) -> float:
    return role_of(number, sentence).get(ROLE_OF[kind], 0.0)


def _demonstrations(said: Mapping[int, Sentence], show: Show) -> Iterator[_Found]:
    """Worth is what is shown there and from there on, so that a demonstration is entered at its beginning."""
    shares = {n: _share("demo", n, sentence, show.role_of) for n, sentence in said.items()}
    for number, sentence in said.items():
        scene = [shares[n] for n in said if 0 <= said[n].start - sentence.start < SAME_SCENE]
        yield _Found(number, sentence.start, (shares[number] + sum(scene) / len(scene)) / 2)


def _others(kind: MomentKind, said: Mapping[int, Sentence], subject: Subject, show: Show) -> Iterator[_Found]:
    linked = {mention.sentence: mention.weight for mention in subject.mentions if mention.kind == "link"}
    foreign = {mention.sentence for mention in subject.others if mention.kind == "link"} - linked.keys()
    for number, sentence in said.items():
        worth = _share(kind, number, sentence, show.role_of)
        if kind == "link":
            worth += 0.3 * min(3.0, linked.get(number, 0.0)) - (FOREIGN if number in foreign else 0.0)
            worth += 0.5 if phrases(show.language)["call"].search(sentence.text) else 0.0
        if kind == "question":
            worth += 0.3 if phrases(show.language)["asked"].search(sentence.text) else 0.0
            worth -= 0.6 if phrases(show.language)["rhetorical"].search(sentence.text) else 0.0
            worth -= 0.4 if columns(sentence.text) < SHORTEST_QUESTION else 0.0
        if kind == "coupon":
            worth += 0.2 if worth and any(number.is_price for number in numbers_in(sentence.text)) else 0.0
        yield _Found(number, sentence.start, worth)


def _prices(said: Mapping[int, Sentence], subject: Subject, show: Show) -> Iterator[_Found]:
    """The reveal: the catalogue's price, said as today's, after a dearer one; else what sounds most like it."""
    asked = {Decimal(product.price) / MINOR_UNITS for product in subject.products if product.price}
    asked |= {price * MINOR_UNITS for price in asked if show.language == "en"}  # 11.99 is often heard as 1199
    dear = _anchors(said, subject.products, show.language)
    for number, sentence in said.items():
        said_numbers = numbers_in(sentence.text)
        is_near = bool(phrases(show.language)["nearly"].search(sentence.text))
        agreement = max((_agreement(each, asked, is_near) for each in said_numbers), default=0.0)
        is_money = agreement > 0 or any(each.is_price for each in said_numbers)
        worth = agreement + (_share("price", number, sentence, show.role_of) if is_money else 0.0)
        worth += 0.3 if phrases(show.language)["reveal"].search(sentence.text) and is_money else 0.0
        worth += 0.4 if any(0 <= sentence.start - at <= REVEAL_AFTER_ANCHOR for at in dear) and agreement else 0.0
        if asked and is_money and not agreement and not any(_is_likely(each.value, asked) for each in said_numbers):
            worth -= UNLIKELY
        if agreement < 1 and phrases(show.language)["anchor"].search(sentence.text):
            worth -= 0.5
        yield _Found(number, sentence.start, worth)


def _agreement(number: SpokenNumber, asked: Iterable[Decimal], is_near: bool) -> float:
    """1 where the number is a price of the catalogue, 0.7 where it is nearly one and said to be so, else 0."""
    best = 0.0
    for price in asked:
        if number.value == price or (number.value == int(price) and price - int(price) > Decimal("0.8")):
            best = max(best, 1.0 if number.value == price else 0.6)
        elif abs(number.value - price) <= NEARLY * price and is_near:
            best = max(best, 0.7)
    return best


def _is_likely(value: Decimal, asked: Iterable[Decimal]) -> bool:
    """Whether the number may be a price of the product after some coupon."""
    return any(LEAST_OF_PRICE * price <= value <= (1 + NEARLY) * price for price in asked)


def _anchors(said: Mapping[int, Sentence], products: Sequence[Product], language: Language) -> list[Seconds]:
    """Where dearer prices are named: the list price, or a number beside words such as 原价."""
    lists = {Decimal(product.list_price) / MINOR_UNITS for product in products if product.list_price}
    return [
        sentence.start
        for sentence in said.values()
        if any(number.value in lists for number in numbers_in(sentence.text))
        or (phrases(language)["anchor"].search(sentence.text) and numbers_in(sentence.text))
    ]
