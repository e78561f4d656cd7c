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
from models.description.sentence_roles import RoleClassifier, SentenceRole
from models.description.summary import ShowContext, TakeSubject
from models.description.wording_phrases import phrase_patterns
from models.numbers.spoken_numbers import SpokenNumber, find_numbers
from models.text.canonical_spelling import apply_canonical_spelling
from models.text.clauses import join_clauses, joined_text, strip_fillers
from models.text.typography import display_width, truncate

MAX_QUOTE_COLUMNS = 90  # columns: two to three lines on a phone
SENTENCE_END = re.compile(r"[。！？]|[.!?](?= |$)")
MIN_QUOTE_COLUMNS = 24  # columns from which a quote needs no further clause
MAX_MOMENTS: dict[MomentKind, int] = {"price": 1, "demo": 2, "link": 1, "coupon": 1, "question": 3}
MIN_DISTANCE_S: dict[MomentKind, Seconds] = {"price": 0, "demo": 30, "link": 0, "coupon": 0, "question": 12}
MIN_SCORE: dict[MomentKind, float] = {"price": 0.6, "demo": 0.35, "link": 0.5, "coupon": 0.5, "question": 0.5}
"""Worth from which a moment is told; with these, seven to eight of ten demonstrations and questions are some."""
ROLE_BY_KIND: dict[MomentKind, SentenceRole] = {
    "price": "price", "demo": "demo", "link": "link", "coupon": "coupon", "question": "qa",
}  # fmt: skip
MIN_CLAUSE_COLUMNS = 10  # columns
MAX_CLAUSE_GAP_S: Seconds = 1.5
MIN_QUESTION_COLUMNS = 12  # columns; "See?" asks nothing
OTHER_PRODUCT_PENALTY = 0.8  # taken off where another product's number is called
MAX_DEMO_S: Seconds = 15.0  # a demonstration goes on for so long: what shows more in it begins the better one
MAX_REVEAL_DELAY_S: Seconds = 60.0  # hosts name the dear price, wait, and name theirs
IMPLAUSIBLE_PRICE_PENALTY = 0.8  # taken off where a number is far from every price of the catalogue
MIN_PRICE_SHARE = Decimal("0.5")  # share of the price that coupons leave at least
PRICE_TOLERANCE_SHARE = Decimal("0.04")  # share: "not even a hundred and seventy" is 169.9


@dataclass(frozen=True, slots=True)
class _MomentCandidate:
    sentence_index: int
    time: Seconds
    score: float


def find_moments(sentences: Mapping[int, Sentence], subject: TakeSubject, show: ShowContext) -> tuple[Moment, ...]:
    """The best moments of each kind, by time; bounded in number. `sentences`: sentences by their number in the show."""
    reliable = {number: sentence for number, sentence in sentences.items() if sentence.is_reliable}
    sentence_clauses = {
        n: spoken.clause_indices for spoken in join_clauses(reliable, show.language) for n in spoken.clause_indices
    }
    moments = []
    for kind in MAX_MOMENTS:
        candidates = [
            each for each in _score_candidates(kind, reliable, subject, show) if each.score >= MIN_SCORE[kind]
        ]
        for each in _select_best(candidates, MAX_MOMENTS[kind], MIN_DISTANCE_S[kind]):
            numbers = _quoted_clauses(each.sentence_index, sentence_clauses, reliable)
            quote = _build_quote(
                _shorten_quote(numbers, each.sentence_index, reliable), reliable, subject, show.language
            )
            moments.append(Moment(kind, reliable[numbers[0]].start, quote))
    return tuple(sorted(moments, key=lambda moment: (moment.at, moment.kind)))


def _quoted_clauses(
    number: int, sentence_clauses: Mapping[int, Sequence[int]], sentences: Mapping[int, Sentence]
) -> list[int]:
    """The clauses that may be quoted: from this one to the end of its sentence.

    One that says too little alone ("69.") brings the one before, if it is of the same sentence, or else the next.
    """
    numbers = [each for each in sentence_clauses[number] if each >= number]
    if sum(display_width(sentences[each].text) for each in numbers) >= MIN_CLAUSE_COLUMNS:
        return numbers
    if number - 1 in sentence_clauses[number]:
        return [number - 1, *numbers]
    following = numbers[-1] + 1
    is_adjacent = following in sentences and sentences[following].start - sentences[numbers[-1]].end <= MAX_CLAUSE_GAP_S
    return [*numbers, following] if is_adjacent else numbers


def _select_best(
    candidates: Sequence[_MomentCandidate], max_count: int, min_distance_s: Seconds
) -> Iterator[_MomentCandidate]:
    kept: list[_MomentCandidate] = []
    for each in sorted(candidates, key=lambda each: (-each.score, each.time)):
        if len(kept) < max_count and all(abs(each.time - other.time) >= min_distance_s for other in kept):
            kept.append(each)
            yield each


def _shorten_quote(numbers: Sequence[int], number: int, sentences: Mapping[int, Sentence]) -> Sequence[int]:
    """Those of `numbers`, up to `number` at least, that make a quote long enough."""
    count = numbers.index(number) + 1
    while count < len(numbers) and sum(display_width(sentences[n].text) for n in numbers[:count]) < MIN_QUOTE_COLUMNS:
        count += 1
    return numbers[:count]


def _build_quote(
    numbers: Sequence[int], sentences: Mapping[int, Sentence], subject: TakeSubject, language: Language
) -> str:
    """What is said there, names spelt as in the catalogue."""
    mentions = [mention for mention in subject.mentions if mention.sentence_index in numbers]
    text = apply_canonical_spelling(joined_text([sentences[n] for n in numbers], language), mentions, subject.products)
    return _fit_quote(strip_fillers(text, language))


def _fit_quote(text: str) -> str:
    """As many whole sentences as there is room for; part of one where it is that long."""
    ends = (match.end() for match in SENTENCE_END.finditer(text, 0, MAX_QUOTE_COLUMNS))
    stop = max((end for end in ends if display_width(text[:end]) <= MAX_QUOTE_COLUMNS), default=0)
    return text[:stop] if display_width(text[:stop]) >= MIN_QUOTE_COLUMNS else truncate(text, MAX_QUOTE_COLUMNS)


def _score_candidates(
    kind: MomentKind, sentences: Mapping[int, Sentence], subject: TakeSubject, show: ShowContext
) -> Iterator[_MomentCandidate]:
    if kind == "price":
        return _price_candidates(sentences, subject, show)
    if kind == "demo":
        return _demo_candidates(sentences, show)
    return _other_candidates(kind, sentences, subject, show)


def _role_probability(kind: MomentKind, number: int, sentence: Sentence, role_of: RoleClassifier) -> float:
    return role_of(number, sentence).get(ROLE_BY_KIND[kind], 0.0)


def _demo_candidates(sentences: Mapping[int, Sentence], show: ShowContext) -> Iterator[_MomentCandidate]:
    """Worth is what is shown there and from there on, so that a demonstration is entered at its beginning."""
    probabilities = {n: _role_probability("demo", n, sentence, show.classify_role) for n, sentence in sentences.items()}
    for number, sentence in sentences.items():
        following = [probabilities[n] for n in sentences if 0 <= sentences[n].start - sentence.start < MAX_DEMO_S]
        yield _MomentCandidate(number, sentence.start, (probabilities[number] + sum(following) / len(following)) / 2)


def _other_candidates(
    kind: MomentKind, sentences: Mapping[int, Sentence], subject: TakeSubject, show: ShowContext
) -> Iterator[_MomentCandidate]:
    link_nats = {mention.sentence_index: mention.weight for mention in subject.mentions if mention.kind == "link"}
    other_product_links = {
        mention.sentence_index for mention in subject.other_mentions if mention.kind == "link"
    } - link_nats.keys()
    for number, sentence in sentences.items():
        score = _role_probability(kind, number, sentence, show.classify_role)
        if kind == "link":
            score += 0.3 * min(3.0, link_nats.get(number, 0.0)) - (
                OTHER_PRODUCT_PENALTY if number in other_product_links else 0.0
            )
            score += 0.5 if phrase_patterns(show.language)["call"].search(sentence.text) else 0.0
        if kind == "question":
            score += 0.3 if phrase_patterns(show.language)["asked"].search(sentence.text) else 0.0
            score -= 0.6 if phrase_patterns(show.language)["rhetorical"].search(sentence.text) else 0.0
            score -= 0.4 if display_width(sentence.text) < MIN_QUESTION_COLUMNS else 0.0
        if kind == "coupon":
            score += 0.2 if score and any(number.is_price for number in find_numbers(sentence.text)) else 0.0
        yield _MomentCandidate(number, sentence.start, score)


def _price_candidates(
    sentences: Mapping[int, Sentence], subject: TakeSubject, show: ShowContext
) -> Iterator[_MomentCandidate]:
    """The reveal: the catalogue's price, said as today's, after a dearer one; else what sounds most like it."""
    catalog_prices = {Decimal(product.price) / MINOR_UNITS for product in subject.products if product.price}
    catalog_prices |= {
        price * MINOR_UNITS for price in catalog_prices if show.language == "en"
    }  # 11.99 is often heard as 1199
    anchor_times = _anchor_times(sentences, subject.products, show.language)
    for number, sentence in sentences.items():
        spoken_numbers = find_numbers(sentence.text)
        is_approximate = bool(phrase_patterns(show.language)["nearly"].search(sentence.text))
        agreement = max(
            (_price_agreement(each, catalog_prices, is_approximate) for each in spoken_numbers), default=0.0
        )
        is_money = agreement > 0 or any(each.is_price for each in spoken_numbers)
        score = agreement + (_role_probability("price", number, sentence, show.classify_role) if is_money else 0.0)
        score += 0.3 if phrase_patterns(show.language)["reveal"].search(sentence.text) and is_money else 0.0
        score += (
            0.4 if any(0 <= sentence.start - at <= MAX_REVEAL_DELAY_S for at in anchor_times) and agreement else 0.0
        )
        if (
            catalog_prices
            and is_money
            and not agreement
            and not any(_is_plausible_price(each.value, catalog_prices) for each in spoken_numbers)
        ):
            score -= IMPLAUSIBLE_PRICE_PENALTY
        if agreement < 1 and phrase_patterns(show.language)["anchor"].search(sentence.text):
            score -= 0.5
        yield _MomentCandidate(number, sentence.start, score)


def _price_agreement(number: SpokenNumber, catalog_prices: Iterable[Decimal], is_approximate: bool) -> float:
    """1 where the number is a price of the catalogue, 0.7 where it is nearly one and said to be so, else 0."""
    best = 0.0
    for price in catalog_prices:
        if number.value == price or (number.value == int(price) and price - int(price) > Decimal("0.8")):
            best = max(best, 1.0 if number.value == price else 0.6)
        elif abs(number.value - price) <= PRICE_TOLERANCE_SHARE * price and is_approximate:
            best = max(best, 0.7)
    return best


def _is_plausible_price(value: Decimal, catalog_prices: Iterable[Decimal]) -> bool:
    """Whether the number may be a price of the product after some coupon."""
    return any(MIN_PRICE_SHARE * price <= value <= (1 + PRICE_TOLERANCE_SHARE) * price for price in catalog_prices)


def _anchor_times(sentences: Mapping[int, Sentence], products: Sequence[Product], language: Language) -> list[Seconds]:
    """Where dearer prices are named: the list price, or a number beside words such as 原价."""
    list_prices = {Decimal(product.list_price) / MINOR_UNITS for product in products if product.list_price}
    return [
        sentence.start
        for sentence in sentences.values()
        if any(number.value in list_prices for number in find_numbers(sentence.text))
        or (phrase_patterns(language)["anchor"].search(sentence.text) and find_numbers(sentence.text))
    ]
