"""Points inside a take that people jump to: the price, demonstrations, the link, a coupon, viewers' questions."""

import re
from collections.abc import Iterator, Mapping, Sequence

from domain.clock import Seconds
from domain.highlight import Moment, MomentKind
from domain.session import Language
from domain.speech import Sentence
from models.description.price_moments import price_scores
from models.description.question_moments import question_scores
from models.description.sentence_roles import SentenceRole
from models.description.summary import ShowContext, TakeSubject
from models.description.wording_phrases import has_phrase
from models.numbers.spoken_numbers import find_numbers
from models.text.canonical_spelling import apply_canonical_spelling
from models.text.clauses import join_clauses, joined_text, strip_fillers
from models.text.typography import display_width, truncate

MAX_QUOTE_COLUMNS = 90  # two to three lines on a phone
SENTENCE_END = re.compile(r"[。！？]|[.!?](?= |$)")
MIN_QUOTE_COLUMNS = 24  # from which a quote needs no further clause
MAX_MOMENTS: dict[MomentKind, int] = {"price": 1, "demo": 2, "link": 1, "coupon": 1, "question": 3}
MIN_DISTANCE_S: dict[MomentKind, Seconds] = {"price": 0, "demo": 30, "link": 0, "coupon": 0, "question": 12}
MIN_SCORE: dict[MomentKind, float] = {"price": 0.6, "demo": 0.35, "link": 0.5, "coupon": 0.5, "question": 0.5}
"""With these scores, seven to eight of ten demonstrations and questions that are chosen are some."""
ROLE_BY_KIND: dict[MomentKind, SentenceRole] = {
    "price": "price", "demo": "demo", "link": "link", "coupon": "coupon", "question": "qa",
}  # fmt: skip
MIN_CLAUSE_COLUMNS = 10  # a shorter clause says too little alone
MAX_CLAUSE_GAP_S: Seconds = 1.5
LINK_BONUS_PER_NAT, MAX_LINK_NATS, CALL_BONUS = 0.3, 3.0, 0.5
PRICED_COUPON_BONUS = 0.2
OTHER_PRODUCT_PENALTY = 0.8  # where another product's number is called
MAX_DEMO_S: Seconds = 15.0  # that a demonstration goes on: the more is shown in it, the better a beginning


def find_moments(sentences: Mapping[int, Sentence], subject: TakeSubject, show: ShowContext) -> tuple[Moment, ...]:
    """The best moments of each kind, by time; at most MAX_MOMENTS. `sentences`: by their number in the show."""
    reliable = {number: sentence for number, sentence in sentences.items() if sentence.is_reliable}
    sentence_clauses = {
        n: spoken.clause_indices for spoken in join_clauses(reliable, show.language) for n in spoken.clause_indices
    }
    moments = []
    for kind in MAX_MOMENTS:
        for number in _select_best(kind, _scores(kind, reliable, subject, show), reliable):
            numbers = _quoted_clauses(number, sentence_clauses, reliable)
            quote = _build_quote(_shorten_quote(numbers, number, reliable), reliable, subject, show.language)
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


def _select_best(kind: MomentKind, scores: Mapping[int, float], sentences: Mapping[int, Sentence]) -> list[int]:
    """The numbers of the sentences with the best scores, far enough from each other."""
    selected: list[int] = []
    candidates = (number for number, score in scores.items() if score >= MIN_SCORE[kind])
    for number in sorted(candidates, key=lambda n: (-scores[n], sentences[n].start)):
        distances = (abs(sentences[number].start - sentences[other].start) for other in selected)
        if len(selected) < MAX_MOMENTS[kind] and all(distance >= MIN_DISTANCE_S[kind] for distance in distances):
            selected.append(number)
    return selected


def _shorten_quote(numbers: Sequence[int], number: int, sentences: Mapping[int, Sentence]) -> Sequence[int]:
    """Those of `numbers`, up to `number` at least, that make a quote long enough."""
    count = numbers.index(number) + 1
    while count < len(numbers) and sum(display_width(sentences[n].text) for n in numbers[:count]) < MIN_QUOTE_COLUMNS:
        count += 1
    return numbers[:count]


def _build_quote(
    numbers: Sequence[int], sentences: Mapping[int, Sentence], subject: TakeSubject, language: Language
) -> str:
    """What these sentences say, names spelt as in the catalogue."""
    mentions = [mention for mention in subject.mentions if mention.sentence_index in numbers]
    text = apply_canonical_spelling(joined_text([sentences[n] for n in numbers], language), mentions, subject.products)
    return _fit_quote(strip_fillers(text, language))


def _fit_quote(text: str) -> str:
    """As many whole sentences as there is room for; part of one where it is that long."""
    ends = (match.end() for match in SENTENCE_END.finditer(text, 0, MAX_QUOTE_COLUMNS))
    stop = max((end for end in ends if display_width(text[:end]) <= MAX_QUOTE_COLUMNS), default=0)
    return text[:stop] if display_width(text[:stop]) >= MIN_QUOTE_COLUMNS else truncate(text, MAX_QUOTE_COLUMNS)


def _scores(
    kind: MomentKind, sentences: Mapping[int, Sentence], subject: TakeSubject, show: ShowContext
) -> Mapping[int, float]:
    """By number of the sentence, how good a moment of `kind` begins there."""
    if kind == "price":
        return price_scores(sentences, subject.products, show)
    role = ROLE_BY_KIND[kind]
    probabilities = {n: show.classify_role(n, sentence).get(role, 0.0) for n, sentence in sentences.items()}
    if kind == "demo":
        return dict(_demo_scores(sentences, probabilities))
    if kind == "link":
        return dict(_link_scores(sentences, probabilities, subject, show.language))
    if kind == "question":
        return question_scores(sentences, probabilities, show.language)
    return {n: _coupon_score(sentences[n].text, chance) for n, chance in probabilities.items()}


def _demo_scores(sentences: Mapping[int, Sentence], probabilities: Mapping[int, float]) -> Iterator[tuple[int, float]]:
    """What is shown there and from there on, so that a demonstration is entered at its beginning."""
    for number, sentence in sentences.items():
        following = [probabilities[n] for n in sentences if 0 <= sentences[n].start - sentence.start < MAX_DEMO_S]
        yield number, (probabilities[number] + sum(following) / len(following)) / 2


def _link_scores(
    sentences: Mapping[int, Sentence], probabilities: Mapping[int, float], subject: TakeSubject, language: Language
) -> Iterator[tuple[int, float]]:
    own_nats = {mention.sentence_index: mention.weight for mention in subject.mentions if mention.kind == "link"}
    others = {mention.sentence_index for mention in subject.other_mentions if mention.kind == "link"} - own_nats.keys()
    for number, score in probabilities.items():
        penalty = OTHER_PRODUCT_PENALTY if number in others else 0.0
        linked = score + (LINK_BONUS_PER_NAT * min(MAX_LINK_NATS, own_nats.get(number, 0.0)) - penalty)
        yield number, linked + CALL_BONUS * has_phrase(sentences[number].text, "call", language)


def _coupon_score(text: str, score: float) -> float:
    is_priced = score > 0 and any(number.is_price for number in find_numbers(text))
    return score + PRICED_COUPON_BONUS * is_priced
