"""Finds words that point at products: names, aliases and brands by sound, words of titles, link numbers, prices."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.catalog import Catalog
from domain.evidence import Mention
from domain.speech import Sentence
from models.lexicon.aliases import spoken_names_of
from models.linking.attribute_matcher import AttributeMatcher
from models.linking.false_alarm_rate import background_of
from models.linking.link_and_price import ShelfNumbers
from models.linking.link_number_trust import with_trusted_links
from models.linking.name_index import SHORTEST_NEAR_NAME, Hit, NameIndex
from models.linking.term_weights import Rarity
from models.linking.title_words import TitleWords, said_at
from models.text.phonetic_tokens import Token, tokens_of

NATS_PER_NAME = 1.2
NATS_PER_TOKEN = 0.7
MOST_NATS_PER_NAME = 4.5
SOUNDS_ALIKE = 0.85  # share of a name's weight when only its sound is right
SHORT_SOUNDS_ALIKE = 0.35  # two syllables meet by accident: 460 times an hour for 3,000 names (measured)
NEARLY_ALIKE = 0.7  # when its sound is nearly right, less what follows
SHORT_NEARLY_ALIKE = 0.5  # three syllables, of which one is off: every second one is an accident in simulated shows
PER_DISTANCE = 1.5  # a sound
BRAND_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Weighed:
    hit: Hit
    nats: float


class ProductMatcher:
    """Matches the sentences of one show against its catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._aliases = spoken_names_of(catalog)
        self._names = NameIndex(self._aliases)
        self._words = TitleWords(catalog)
        self._shelf = ShelfNumbers(catalog)
        self._attributes = AttributeMatcher(catalog)

    def find(self, sentences: Sequence[Sentence]) -> tuple[Mention, ...]:
        """Every mention in the sentences that were heard reliably, by time."""
        heard = [(i, s, tokens_of(s.text)) for i, s in enumerate(sentences) if s.is_reliable]
        rarity = Rarity(tokens for _, _, tokens in heard)
        named = [tuple(self._names.hits(tokens)) for _, _, tokens in heard]
        said = [tokens for _, _, tokens in heard]
        background = background_of(said, self._aliases, (hit for hits in named for hit in hits))
        found: list[Mention] = []
        for (index, sentence, tokens), there in zip(heard, named, strict=True):
            codes = tuple(token.code for token in tokens)
            hits = _best([_weighed(hit, rarity, background.share(hit, codes)) for hit in there])
            found += [_mention(each, index, sentence, tokens) for each in hits]
            taken = {
                place for each in hits if _stands_for_words(each.hit) for place in range(each.hit.start, each.hit.end)
            }
            found += self._words.find(index, sentence, tokens, taken, rarity)
            found += self._shelf.find(index, sentence)
        found += self._attributes.find(sentences, found)
        found = with_trusted_links(found)
        return tuple(sorted(found, key=lambda mention: (mention.span.start, mention.span.end)))


def _weighed(hit: Hit, rarity: Rarity, share: float) -> _Weighed:
    nats = min(MOST_NATS_PER_NAME, NATS_PER_NAME + NATS_PER_TOKEN * len(hit.alias.codes))
    nats *= _quality(hit) * rarity.of(hit.alias.codes) * hit.alias.share * share
    return _Weighed(hit, nats * BRAND_SHARE if hit.alias.kind == "brand" else nats)


def _stands_for_words(hit: Hit) -> bool:
    """Whether the words of a name count no more as words of a title. Of a mined English one, each says more alone."""
    return hit.alias.share == 1 or not hit.alias.written[0].isascii()


def _quality(hit: Hit) -> float:
    """The share of its weight that a name keeps for how it was heard."""
    if hit.nearness == "near":
        is_short = len(hit.alias.codes) <= SHORTEST_NEAR_NAME and not hit.alias.written[0].isascii()
        return (SHORT_NEARLY_ALIKE if is_short else NEARLY_ALIKE) - PER_DISTANCE * hit.distance
    if hit.nearness == "written":
        return 1.0
    return SHORT_SOUNDS_ALIKE if len(hit.alias.codes) <= 2 else SOUNDS_ALIKE


def _best(hits: Iterable[_Weighed]) -> list[_Weighed]:
    """The heaviest hits that do not overlap: one utterance is one piece of evidence.

    Names that were heard whole outdo those inside them, even where a shorter one is spelt better.
    """
    ranked = sorted(_shared(hits), key=lambda each: (-each.nats, -each.hit.length, each.hit.start))
    whole = [each.hit for each in ranked if each.hit.is_whole]
    kept: list[_Weighed] = []
    for each in ranked:
        hit = each.hit
        if not any(longer.holds(hit) for longer in whole) and all(
            hit.end <= other.hit.start or other.hit.end <= hit.start for other in kept
        ):
            kept.append(each)
    return kept


def _shared(hits: Iterable[_Weighed]) -> list[_Weighed]:
    """Each hit once; names that fit the same sounds equally well share one. In order: a set's would vary by process."""
    alike: dict[tuple[int, int, float], list[_Weighed]] = defaultdict(list)
    for each in dict.fromkeys(hits):
        alike[each.hit.start, each.hit.end, each.nats].append(each)
    return [_joint(group) if len(group) > 1 else group[0] for group in alike.values()]


def _joint(hits: Sequence[_Weighed]) -> _Weighed:
    ids = dict.fromkeys(product_id for each in hits for product_id in each.hit.alias.product_ids)
    first = hits[0].hit
    return replace(hits[0], hit=replace(first, alias=replace(first.alias, product_ids=tuple(ids))))


def _mention(weighed: _Weighed, index: int, sentence: Sentence, tokens: Sequence[Token]) -> Mention:
    hit = weighed.hit
    span, text = said_at(sentence, tokens[hit.start : hit.end])
    return Mention(hit.alias.kind, hit.alias.product_ids, span, index, text, weighed.nats)
