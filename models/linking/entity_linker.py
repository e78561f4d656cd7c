"""Links words of a transcript to products: names, aliases and brands by sound, title words, link numbers, prices."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from domain.catalog import Catalog
from domain.evidence import Mention
from domain.speech import Sentence
from models.lexicon.aliases import all_aliases
from models.linking.attribute_matcher import AttributeMatcher
from models.linking.false_alarm_rate import FalseAlarmModel, estimate_false_alarms
from models.linking.link_and_price import LinkAndPriceMatcher
from models.linking.link_number_trust import weigh_link_calls
from models.linking.name_index import MIN_FUZZY_TOKENS, NameHit, NameIndex
from models.linking.repeated_prices import weigh_repeated_prices
from models.linking.term_weights import TermWeights
from models.linking.title_words import TitleWordMatcher, span_and_text_of
from models.text.phonetic_tokens import PhoneticToken, phonetic_tokens, token_codes

NATS_PER_NAME = 1.2  # set by hand, like the next two; the scorer's learned weights scale each kind of mention
NATS_PER_TOKEN = 0.7
MAX_NATS_PER_NAME = 4.5
HOMOPHONE_SHARE = 0.85  # of a name's weight when only its sound is right
SHORT_HOMOPHONE_SHARE = 0.35  # two syllables match by accident: 460 times an hour for 3,000 names (measured)
FUZZY_SHARE = 0.7  # when its sound is nearly right; SHARE_LOSS_PER_DISTANCE is taken off
SHORT_FUZZY_SHARE = 0.5  # of three syllables with one wrong: half of them are accidents in simulated shows
SHARE_LOSS_PER_DISTANCE = 1.5  # the distance is a mean over tokens
BRAND_SHARE = 0.6  # a brand fits all its products


@dataclass(frozen=True, slots=True)
class _WeightedHit:
    hit: NameHit
    nats: float


@dataclass(frozen=True, slots=True)
class _SearchedSentence:
    """The `index`-th sentence of a show, its tokens, and where names may stand among them."""

    index: int
    sentence: Sentence
    tokens: tuple[PhoneticToken, ...]
    hits: tuple[NameHit, ...]


class EntityLinker:
    """Matches the sentences of one show against its catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._aliases = all_aliases(catalog)
        self._name_index = NameIndex(self._aliases)
        self._title_words = TitleWordMatcher(catalog)
        self._link_and_price = LinkAndPriceMatcher(catalog)
        self._attribute_matcher = AttributeMatcher(catalog)

    def link(self, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Every mention in the reliable sentences, by time."""
        show = [self._searched(i, sentence) for i, sentence in enumerate(sentences) if sentence.is_reliable]
        term_weights = TermWeights(each.tokens for each in show)
        all_hits = (hit for each in show for hit in each.hits)
        false_alarms = estimate_false_alarms([each.tokens for each in show], self._aliases, all_hits)
        mentions = [mention for each in show for mention in self._mentions_in(each, term_weights, false_alarms)]
        mentions += self._attribute_matcher.find(sentences, mentions)
        return tuple(weigh_repeated_prices(weigh_link_calls(mentions)))

    def _searched(self, index: int, sentence: Sentence) -> _SearchedSentence:
        tokens = phonetic_tokens(sentence.text)
        return _SearchedSentence(index, sentence, tokens, tuple(self._name_index.find(tokens)))

    def _mentions_in(
        self, searched: _SearchedSentence, term_weights: TermWeights, false_alarms: FalseAlarmModel
    ) -> Iterator[Mention]:
        """Names, then words of titles where no name stands, then link numbers and prices."""
        index, sentence, tokens = searched.index, searched.sentence, searched.tokens
        codes = token_codes(tokens)
        best_hits = _select_best(
            [_weigh(hit, term_weights, false_alarms.weight_share(hit, codes)) for hit in searched.hits]
        )
        yield from (_mention(each, searched) for each in best_hits)
        covering = (each.hit for each in best_hits if _replaces_title_words(each.hit))
        covered_tokens = {i for hit in covering for i in range(hit.start, hit.end)}
        yield from self._title_words.find(index, sentence, tokens, covered_tokens, term_weights)
        yield from self._link_and_price.find(index, sentence)


def _weigh(hit: NameHit, term_weights: TermWeights, weight_share: float) -> _WeightedHit:
    nats = min(MAX_NATS_PER_NAME, NATS_PER_NAME + NATS_PER_TOKEN * len(hit.alias.codes))
    nats *= _match_quality(hit) * term_weights.weight(hit.alias.codes) * hit.alias.weight_share * weight_share
    return _WeightedHit(hit, nats * BRAND_SHARE if hit.alias.kind == "brand" else nats)


def _replaces_title_words(hit: NameHit) -> bool:
    """Whether the words of a name no longer count as words of a title; those of a mined English name still do."""
    return hit.alias.weight_share == 1 or not hit.alias.surfaces[0].isascii()


def _match_quality(hit: NameHit) -> float:
    """The share of its weight that a name has for its match level."""
    if hit.match_level == "near":
        is_short = len(hit.alias.codes) <= MIN_FUZZY_TOKENS and not hit.alias.surfaces[0].isascii()
        return (SHORT_FUZZY_SHARE if is_short else FUZZY_SHARE) - SHARE_LOSS_PER_DISTANCE * hit.distance
    if hit.match_level == "written":
        return 1.0
    return SHORT_HOMOPHONE_SHARE if len(hit.alias.codes) <= 2 else HOMOPHONE_SHARE


def _select_best(hits: Iterable[_WeightedHit]) -> list[_WeightedHit]:
    """The heaviest hits that do not overlap: the same words are one piece of evidence.

    Complete names win over those inside them, even where a shorter one is spelt better.
    """
    ranked = sorted(_merge_tied(hits), key=lambda each: (-each.nats, -each.hit.length, each.hit.start))
    whole_hits = [each.hit for each in ranked if each.hit.is_complete]
    kept: list[_WeightedHit] = []
    for each in ranked:
        hit = each.hit
        if not any(longer.contains(hit) for longer in whole_hits) and all(
            hit.end <= other.hit.start or other.hit.end <= hit.start for other in kept
        ):
            kept.append(each)
    return kept


def _merge_tied(hits: Iterable[_WeightedHit]) -> list[_WeightedHit]:
    """Each hit once, in order; names that fit the same tokens equally well are merged into one."""
    tied: dict[tuple[int, int, float], list[_WeightedHit]] = defaultdict(list)
    for each in dict.fromkeys(hits):
        tied[each.hit.start, each.hit.end, each.nats].append(each)
    return [_merge_hits(group) if len(group) > 1 else group[0] for group in tied.values()]


def _merge_hits(hits: Sequence[_WeightedHit]) -> _WeightedHit:
    ids = dict.fromkeys(product_id for each in hits for product_id in each.hit.alias.product_ids)
    first = hits[0].hit
    return replace(hits[0], hit=replace(first, alias=replace(first.alias, product_ids=tuple(ids))))


def _mention(weighted_hit: _WeightedHit, searched: _SearchedSentence) -> Mention:
    hit = weighted_hit.hit
    span, text = span_and_text_of(searched.sentence, searched.tokens[hit.start : hit.end])
    return Mention(hit.alias.kind, hit.alias.product_ids, span, searched.index, text, weighted_hit.nats)
