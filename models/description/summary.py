"""What a take says of its product, in two or three of the host's own sentences.

Maximal marginal relevance (Carbonell and Goldstein 1998): each next sentence is the one that tells most and repeats
least. What tells: mentions, words that this take has and the rest of the show has not, and the sentence's role.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.catalog import Product
from domain.evidence import Mention, MentionKind
from domain.session import Language
from domain.speech import Sentence
from models.description.sentence_roles import Role, RoleReader, RoleShares
from models.text.canonical_spelling import spelt_out
from models.text.clauses import Spoken, spoken_sentences, without_fillers
from models.text.phonetic_tokens import tokens_of
from models.text.typography import columns, shortened

MOST_SENTENCES = 3
LONGEST_SUMMARY = 200  # columns, a Chinese character takes two: five lines on a phone
LEAST_GAIN = (-9.0, -1.0, -0.2)  # of the first, second and third sentence: one is better than none, three than two not
ENOUGH = 110  # columns from which no third sentence is wanted
LEAST_COLUMNS = 14  # a shorter sentence tells nothing by itself
GOOD_COLUMNS = 44  # a sentence of this length or longer tells as much as its words do
MENTION_SHARE = 0.35  # weight of a nat of mentions beside one standard score of rare words
MOST_MENTION_NATS = 5.0
FEWEST_SENTENCES = 2
APT = -0.6  # role value from which a sentence tells of the product; calls to buy and answers are worth less
LEAST_APT = -1.2  # chat, giveaways and previews are worth less: better no second sentence than one of them
SAME = 0.6  # share of words in common from which two sentences say the same
DESCRIBED = 2  # how many times more a word of the catalogue counts as said
REDUNDANCY = 0.7  # of what is alike in two sentences, how much is taken off
NAMING: dict[MentionKind, float] = {"name": 1.0, "alias": 0.8, "brand": 0.5, "title": 0.3}
"""How far a kind of mention shows what a sentence is about. Numbers identify, but tell nothing."""
ROLE_VALUE: dict[Role, float] = {
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
"""What a role is worth in a summary, in standard scores of rare words. Judgement of an editor, not fitted."""


@dataclass(frozen=True, slots=True)
class Show:
    """What words about a take must know of its show. `counts`: in how many sentences each word of it is."""

    language: Language
    size: int  # sentences
    counts: Mapping[str, int]
    role_of: RoleReader


@dataclass(frozen=True, slots=True)
class Subject:
    """What a take is about: its products, the main one first, and where in it they, and `others`, are mentioned."""

    products: tuple[Product, ...]
    mentions: tuple[Mention, ...]
    others: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    spoken: Spoken
    text: str
    words: frozenset[str]
    value: float
    role_value: float


def show_of(sentences: Sequence[Sentence], language: Language, role_of: RoleReader) -> Show:
    """Count a show's words once for all its takes."""
    counts = Counter(word for sentence in sentences for word in _words(sentence.text))
    return Show(language, len(sentences), counts, role_of)


def summary_of(said: Mapping[int, Sentence], subject: Subject, show: Show) -> str:
    """Two or three sentences of `said` (by number in the show) that tell what the products are, in order of time."""
    candidates = tuple(_candidates(said, subject, show))
    chosen = _chosen([], [each for each in candidates if each.role_value >= APT], MOST_SENTENCES)
    makeshift = [each for each in candidates if LEAST_APT <= each.role_value < APT]
    chosen = _chosen(chosen, makeshift, FEWEST_SENTENCES)
    by_time = sorted(chosen, key=lambda candidate: candidate.spoken.span.start)
    return ("" if show.language == "zh" else " ").join(candidate.text for candidate in by_time)


def _chosen(chosen: Sequence[_Candidate], left: Sequence[_Candidate], most: int) -> list[_Candidate]:
    """`chosen` and the best of `left`, up to `most`, as long as they add something and there is room."""
    chosen = [*chosen]
    while len(chosen) < most and _width(chosen) < ENOUGH:
        room = LONGEST_SUMMARY - _width(chosen)
        rated = [(_gain(each, chosen), each) for each in left if columns(each.text) <= room and each not in chosen]
        gain, best = max(rated, key=lambda pair: (pair[0], -pair[1].spoken.span.start), default=(-math.inf, None))
        if best is None or gain <= LEAST_GAIN[len(chosen)]:
            break
        chosen.append(best)
    return chosen


def _width(chosen: Sequence[_Candidate]) -> int:
    return sum(columns(candidate.text) for candidate in chosen)


def _gain(candidate: _Candidate, chosen: Sequence[_Candidate]) -> float:
    """What the candidate adds: its value without what was told already."""
    alike = max((_likeness(candidate.words, other.words) for other in chosen), default=0.0)
    if alike > SAME:
        return -math.inf
    return candidate.value - REDUNDANCY * alike * (1 + abs(candidate.value))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the smaller set that both hold, in [0, 1]."""
    return len(one & other) / max(1, min(len(one), len(other)))


def _candidates(said: Mapping[int, Sentence], subject: Subject, show: Show) -> Iterator[_Candidate]:
    spoken = spoken_sentences(said, show.language)
    topical = _topical(said, subject, show)
    telling = _standard([_told(sentence.text, topical) for sentence in spoken])
    for sentence, rarity in zip(spoken, telling, strict=True):
        inside = [mention for mention in subject.mentions if mention.sentence in sentence.clauses]
        text = shortened(_readable(sentence, inside, subject, show.language), LONGEST_SUMMARY)
        if columns(text) >= LEAST_COLUMNS:
            length = min(1.0, columns(text) / GOOD_COLUMNS) - 1.0
            named = _named(inside) - _named(m for m in subject.others if m.sentence in sentence.clauses)
            role_value = _role_value(sentence, said, show)
            yield _Candidate(sentence, text, _words(text), rarity + named + length + role_value, role_value)


def _named(mentions: Iterable[Mention]) -> float:
    nats = sum(NAMING.get(mention.kind, 0.0) * mention.weight for mention in mentions)
    return MENTION_SHARE * min(MOST_MENTION_NATS, nats)


def _readable(sentence: Spoken, mentions: Sequence[Mention], subject: Subject, language: Language) -> str:
    return without_fillers(spelt_out(sentence.text, mentions, subject.products), language)


def _role_value(sentence: Spoken, said: Mapping[int, Sentence], show: Show) -> float:
    """The mean over its clauses, by their length; a clause that is surely chat spoils a sentence."""
    values = [(_value(show.role_of(n, said[n])), len(said[n].text)) for n in sentence.clauses]
    mean = sum(value * length for value, length in values) / sum(length for _, length in values)
    return min(mean, min(value for value, _ in values) / 2) if any(value < -1 for value, _ in values) else mean


def _value(shares: RoleShares) -> float:
    return sum(ROLE_VALUE[role] * share for role, share in shares.items())


def _topical(said: Mapping[int, Sentence], subject: Subject, show: Show) -> Mapping[str, float]:
    """tf-idf of the words that this take says again, or that describe its products.

    A word heard once is as likely misheard as telling: recognisers make rare words of common ones.
    """
    own = Counter(word for sentence in said.values() for word in _words(sentence.text))
    described = {word for product in subject.products for word in _words(_description(product))}
    again = {word: math.log(count + DESCRIBED * (word in described)) for word, count in own.items()}
    outside = {word: show.counts.get(word, 0) - own[word] for word in own}
    return {word: again[word] * math.log((show.size + 1) / (1 + max(0, outside[word]))) for word in own}


def _description(product: Product) -> str:
    parts = (product.title, product.short_name, *product.aliases, *product.attributes.values(), product.category)
    return "\n".join(parts)


def _told(text: str, topical: Mapping[str, float]) -> float:
    words = _words(text)
    return sum(topical.get(word, 0.0) for word in words) / math.sqrt(max(4, len(words)))


def _standard(values: Sequence[float]) -> list[float]:
    """Standard scores: mean 0, deviation 1."""
    if not values:
        return []
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    return [(value - mean) / deviation if deviation else 0.0 for value in values]


def _words(text: str) -> frozenset[str]:
    """Pairs of neighbouring Chinese characters, and Latin words of three letters and more."""
    found = set[str]()
    tokens = tokens_of(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.is_word and len(token.written) > 2:
            found.add(token.code)
        elif following and not following.is_word and not token.is_word and following.start == token.end:
            found.add(token.written + following.written)
    return frozenset(found)
