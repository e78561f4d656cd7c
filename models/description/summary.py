"""Summarises a take in two or three of the host's own sentences.

Maximal marginal relevance (Carbonell and Goldstein 1998): each next sentence is the one that is most relevant and
repeats least. Relevant are mentions, words that are frequent in this take and rare in the show, and the role.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import Product
from domain.evidence import Mention, MentionKind
from domain.session import Language
from domain.speech import Sentence
from models.description.sentence_roles import RoleClassifier, RoleProbabilities, SentenceRole
from models.text.canonical_spelling import apply_canonical_spelling
from models.text.clauses import ReadableSentence, join_clauses, strip_fillers
from models.text.phonetic_tokens import phonetic_tokens
from models.text.typography import display_width, truncate

MAX_SENTENCES = 3
MAX_SUMMARY_COLUMNS = 200  # a Chinese character takes two: five lines on a phone
MIN_GAINS = (-9.0, -1.0, -0.2)  # of the first, second and third sentence: a bad first one is better than none
SUFFICIENT_COLUMNS = 110  # from which no further sentence is added
MIN_SENTENCE_COLUMNS = 14  # a shorter sentence says nothing by itself
FULL_VALUE_COLUMNS = 44  # from which a sentence loses nothing for its length
MENTION_WEIGHT = 0.35  # of a nat of mentions, in standard scores of rare words
MAX_MENTION_NATS = 5.0  # of one sentence: a list of names is no better than one
MIN_SENTENCES = 2
MIN_ROLE_VALUE = -0.6  # from which a sentence is about the product; calls to buy and answers have less
MIN_FALLBACK_ROLE_VALUE = -1.2  # of a second sentence; chat, giveaways and previews have less
MAX_WORD_OVERLAP = 0.6  # share of words in common above which two sentences say the same
CATALOG_WORD_COUNT = 2  # times that a word of the catalogue counts as said in addition
REDUNDANCY_PENALTY = 0.7  # for each share of words in common with a chosen sentence
MENTION_KIND_WEIGHTS: dict[MentionKind, float] = {"name": 1.0, "alias": 0.8, "brand": 0.5, "title": 0.3}
"""How far a kind of mention shows what a sentence is about. Numbers identify a product but describe nothing."""
ROLE_VALUES: dict[SentenceRole, float] = {
    "feature": 0.8,
    "demo": 0.5,
    "intro": 0.3,
    "price": 0.2,
    "compare": -0.3,
    "recap": -0.6,
    "coupon": -0.8,
    "link": -1.5,
    "qa": -0.8,
    "chat": -2.0,
    "giveaway": -2.5,
    "preview": -2.0,
    "transition": -1.0,
    "logistics": -1.0,
}
"""The value of a role in a summary, in standard scores of rare words. An editor's judgement, not fitted."""


@dataclass(frozen=True, slots=True)
class ShowContext:
    """What descriptions need of a show. `document_frequency`: by word, the number of sentences with it."""

    language: Language
    sentence_count: int
    document_frequency: Mapping[str, int]
    classify_role: RoleClassifier


@dataclass(frozen=True, slots=True)
class TakeSubject:
    """The products of a take, the main one first, their mentions in it, and mentions of other products."""

    products: tuple[Product, ...]
    mentions: tuple[Mention, ...]
    other_mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class _SummaryCandidate:
    sentence: ReadableSentence
    text: str
    words: frozenset[str]
    value: float
    role_value: float


def build_show_context(sentences: Sequence[Sentence], language: Language, classify_role: RoleClassifier) -> ShowContext:
    """Count a show's words once for all its takes."""
    counts = Counter(word for sentence in sentences for word in _terms(sentence.text))
    return ShowContext(language, len(sentences), counts, classify_role)


def summarize(sentences: Mapping[int, Sentence], subject: TakeSubject, show: ShowContext) -> str:
    """Two or three of `sentences`, by their number in the show, that say what the products are; in order of time."""
    candidates = tuple(_build_candidates(sentences, subject, show))
    chosen = _select([], [each for each in candidates if each.role_value >= MIN_ROLE_VALUE], MAX_SENTENCES)
    fallback = [each for each in candidates if MIN_FALLBACK_ROLE_VALUE <= each.role_value < MIN_ROLE_VALUE]
    chosen = _select(chosen, fallback, MIN_SENTENCES)
    by_time = sorted(chosen, key=lambda candidate: candidate.sentence.span.start)
    return ("" if show.language == "zh" else " ").join(candidate.text for candidate in by_time)


def _select(
    chosen: Sequence[_SummaryCandidate], remaining: Sequence[_SummaryCandidate], max_sentences: int
) -> list[_SummaryCandidate]:
    """`chosen` and the best of `remaining`, up to `max_sentences`, as long as they add something and there is room."""
    chosen = [*chosen]
    while len(chosen) < max_sentences and _total_columns(chosen) < SUFFICIENT_COLUMNS:
        free_columns = MAX_SUMMARY_COLUMNS - _total_columns(chosen)
        rated = [
            (_marginal_relevance(each, chosen), each)
            for each in remaining
            if display_width(each.text) <= free_columns and each not in chosen
        ]
        gain, best = max(rated, key=lambda pair: (pair[0], -pair[1].sentence.span.start), default=(-math.inf, None))
        if best is None or gain <= MIN_GAINS[len(chosen)]:
            break
        chosen.append(best)
    return chosen


def _total_columns(chosen: Sequence[_SummaryCandidate]) -> int:
    return sum(display_width(candidate.text) for candidate in chosen)


def _marginal_relevance(candidate: _SummaryCandidate, chosen: Sequence[_SummaryCandidate]) -> float:
    """The value of a candidate less what it repeats of the chosen ones."""
    overlap = max((_word_overlap(candidate.words, other.words) for other in chosen), default=0.0)
    if overlap > MAX_WORD_OVERLAP:
        return -math.inf
    return candidate.value - REDUNDANCY_PENALTY * overlap * (1 + abs(candidate.value))


def _word_overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Share of the smaller set that both hold, in [0, 1]."""
    return len(first & second) / max(1, min(len(first), len(second)))


def _build_candidates(
    sentences: Mapping[int, Sentence], subject: TakeSubject, show: ShowContext
) -> Iterator[_SummaryCandidate]:
    host_sentences = join_clauses(sentences, show.language)
    word_weights = _word_weights(sentences, subject, show)
    information_scores = _standardize([_information_score(sentence.text, word_weights) for sentence in host_sentences])
    for sentence, information in zip(host_sentences, information_scores, strict=True):
        own_mentions = [mention for mention in subject.mentions if mention.sentence_index in sentence.clause_indices]
        text = truncate(_clean_text(sentence, own_mentions, subject, show.language), MAX_SUMMARY_COLUMNS)
        if display_width(text) >= MIN_SENTENCE_COLUMNS:
            length = min(1.0, display_width(text) / FULL_VALUE_COLUMNS) - 1.0
            mention_value = _mention_value(own_mentions) - _mention_value(
                m for m in subject.other_mentions if m.sentence_index in sentence.clause_indices
            )
            role_value = _role_value(sentence, sentences, show)
            yield _SummaryCandidate(
                sentence, text, _terms(text), information + mention_value + length + role_value, role_value
            )


def _mention_value(mentions: Iterable[Mention]) -> float:
    nats = sum(MENTION_KIND_WEIGHTS.get(mention.kind, 0.0) * mention.weight for mention in mentions)
    return MENTION_WEIGHT * min(MAX_MENTION_NATS, nats)


def _clean_text(
    sentence: ReadableSentence, mentions: Sequence[Mention], subject: TakeSubject, language: Language
) -> str:
    return strip_fillers(apply_canonical_spelling(sentence.text, mentions, subject.products), language)


def _role_value(sentence: ReadableSentence, sentences: Mapping[int, Sentence], show: ShowContext) -> float:
    """The mean over its clauses, by length; at most half of the worst clause's value where that is below -1."""
    values = [
        (_expected_role_value(show.classify_role(n, sentences[n])), len(sentences[n].text))
        for n in sentence.clause_indices
    ]
    mean = sum(value * length for value, length in values) / sum(length for _, length in values)
    return min(mean, min(value for value, _ in values) / 2) if any(value < -1 for value, _ in values) else mean


def _expected_role_value(probabilities: RoleProbabilities) -> float:
    return sum(ROLE_VALUES[role] * probability for role, probability in probabilities.items())


def _word_weights(sentences: Mapping[int, Sentence], subject: TakeSubject, show: ShowContext) -> Mapping[str, float]:
    """tf-idf of the words that this take repeats, or that describe its products.

    A word that is recognised once weighs nothing: recognisers turn common words into rare ones.
    """
    own_counts = Counter(word for sentence in sentences.values() for word in _terms(sentence.text))
    catalog_words = {word for product in subject.products for word in _terms(_description(product))}
    repetition = {
        word: math.log(count + CATALOG_WORD_COUNT * (word in catalog_words)) for word, count in own_counts.items()
    }
    other_counts = {word: show.document_frequency.get(word, 0) - own_counts[word] for word in own_counts}
    return {
        word: repetition[word] * math.log((show.sentence_count + 1) / (1 + max(0, other_counts[word])))
        for word in own_counts
    }


def _description(product: Product) -> str:
    parts = (product.title, product.short_name, *product.aliases, *product.attributes.values(), product.category)
    return "\n".join(parts)


def _information_score(text: str, word_weights: Mapping[str, float]) -> float:
    words = _terms(text)
    return sum(word_weights.get(word, 0.0) for word in words) / math.sqrt(max(4, len(words)))


def _standardize(values: Sequence[float]) -> list[float]:
    """Standard scores: mean 0, standard deviation 1."""
    if not values:
        return []
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return [(value - mean) / deviation if deviation else 0.0 for value in values]


def _terms(text: str) -> frozenset[str]:
    """Pairs of neighbouring Chinese characters, and Latin words of three letters and more."""
    terms = set[str]()
    tokens = phonetic_tokens(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.is_latin and len(token.surface) > 2:
            terms.add(token.code)
        elif following and not following.is_latin and not token.is_latin and following.start == token.end:
            terms.add(token.surface + following.surface)
    return frozenset(terms)
