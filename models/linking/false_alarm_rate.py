"""How often names match by accident in a show, and what share of a hit's weight is left for that.

Two estimates are made, both from this very show and catalogue.

*Expected false alarms* of one hit: how often its tokens would stand side by side if every token of the show were drawn
by its frequency; a wrong token counts for all tokens as near. In a show that says 三 and 字 all the time, 三字 matches
毯子 without anyone meaning a blanket.

*Decoys*, by class of hits (number of tokens, match level): names of no product, made of the first half of one name and
the second half of another, are searched for in the same way. They have the catalogue's own sounds and endings, so they
match as often as names of this class match without being meant. A class in which decoys match as often as names is no
evidence. In short shows a prior of PRIOR_HITS hits steadies the estimate.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from models.lexicon.aliases import Alias, MatchLevel
from models.linking.name_index import NameHit, NameIndex
from models.text.phonetic_tokens import PhoneticToken
from models.text.pinyin_distance import syllable_distance

PRIOR_TOKENS = 2000  # added to those of the show, spread evenly over all syllables
SYLLABLE_TYPES = 400  # about as many as Mandarin has without tones
INTENDED_RATE = 1.0  # times that a name is meant: as many false alarms halve its weight
MAX_DECOYS = 600  # bounds the time of the search
PRIOR_HITS, PRIOR_FALSE_ALARMS = 20.0, 2.0  # of a class, before anything is counted
MIN_TRUST, MAX_TRUST = 0.3, 1.1  # a class is neither dropped nor much preferred
MIN_FAR_DISTANCE = 0.12  # mean distance of a token from which near names are a class of their own
MAX_CLASS_TOKENS = 5  # longer names are one class

HitClass = tuple[int, MatchLevel, bool]


@dataclass(frozen=True, eq=False)
class FalseAlarmModel:
    """What hits of one show are worth, as a share of their weight."""

    token_counts: Mapping[str, int]
    token_total: int
    trust_by_class: Mapping[HitClass, float]
    _neighbour_rates: dict[tuple[str, float], float]

    def weight_share(self, hit: NameHit, codes: Sequence[str]) -> float:
        """The share, for a hit in the sentence with these `codes`."""
        return (
            self.trust_by_class.get(hit_class(hit), 1.0)
            * INTENDED_RATE
            / (INTENDED_RATE + self._expected_false_alarms(hit, codes))
        )

    def _expected_false_alarms(self, hit: NameHit, codes: Sequence[str]) -> float:
        """How often a show of such tokens would contain such a hit by chance; 0 for words that are spelt right."""
        hit_codes = codes[hit.start : hit.end]
        if (
            hit.match_level == "written"
            or len(hit_codes) != len(hit.alias.codes)
            or not all(map(str.isupper, hit_codes))
        ):
            return 0.0
        pairs = zip(hit.alias.codes, hit_codes, strict=True)
        return self.token_total * prod(
            self._neighbour_rate(expected, syllable_distance(expected, code)) for expected, code in pairs
        )

    def _neighbour_rate(self, code: str, distance: float) -> float:
        """The share of the show's tokens that are at most so far from `code`."""
        key = (code, round(distance, 2))
        if key not in self._neighbour_rates:
            neighbour_count = sum(
                count for other, count in self.token_counts.items() if syllable_distance(code, other) <= key[1]
            )
            self._neighbour_rates[key] = (neighbour_count + PRIOR_TOKENS / SYLLABLE_TYPES) / (
                self.token_total + PRIOR_TOKENS
            )
        return self._neighbour_rates[key]


def estimate_false_alarms(
    sentences: Sequence[Sequence[PhoneticToken]], aliases: Sequence[Alias], hits: Iterable[NameHit]
) -> FalseAlarmModel:
    """The model of a show with these tokenized `sentences`, in which `aliases` match at `hits`."""
    counts = Counter(token.code for tokens in sentences for token in tokens)
    decoys = make_decoys(aliases)
    decoy_index = NameIndex(decoys)
    false_alarms = (
        Counter(hit_class(hit) for tokens in sentences for hit in decoy_index.find(tokens)) if decoys else Counter()
    )
    return FalseAlarmModel(
        counts, counts.total(), _trust_by_class(aliases, decoys, Counter(map(hit_class, hits)), false_alarms), {}
    )


def hit_class(hit: NameHit) -> HitClass:
    return min(len(hit.alias.codes), MAX_CLASS_TOKENS), hit.match_level, hit.distance > MIN_FAR_DISTANCE


def make_decoys(aliases: Sequence[Alias]) -> tuple[Alias, ...]:
    """Names of no product: the first half of one with the second half of another as long; none contains a real name."""
    real_names = {alias.codes for alias in aliases}
    by_length: dict[int, list[Alias]] = defaultdict(list)
    for alias in aliases:
        if len(alias.codes) > 1:
            by_length[min(len(alias.codes), MAX_CLASS_TOKENS)].append(alias)
    max_per_length = MAX_DECOYS // max(1, len(by_length))
    return tuple(decoy for group in by_length.values() for decoy in _recombine(group, real_names, max_per_length))


def _recombine(group: Sequence[Alias], real_names: set[tuple[str, ...]], max_decoys: int) -> Iterator[Alias]:
    seen_codes: set[tuple[str, ...]] = set()
    for step in range(1, len(group)):
        for index, first in enumerate(group):
            second = group[(index + step) % len(group)]
            half, other_half = len(first.codes) // 2, len(second.codes) // 2
            codes = first.codes[:half] + second.codes[other_half:]
            if codes not in seen_codes and not _contains_real_name(codes, real_names):
                seen_codes.add(codes)
                yield Alias(codes, first.surfaces[:half] + second.surfaces[other_half:], "name", ())
            if len(seen_codes) >= max_decoys:
                return


def _contains_real_name(codes: tuple[str, ...], real_names: set[tuple[str, ...]]) -> bool:
    return any(codes[i:j] in real_names for i in range(len(codes)) for j in range(i + 1, len(codes) + 1))


def _trust_by_class(
    aliases: Sequence[Alias], decoys: Sequence[Alias], hits: Counter[HitClass], false_alarms: Counter[HitClass]
) -> Mapping[HitClass, float]:
    """By class, the estimated precision of hits relative to the prior's."""
    name_counts = Counter(min(len(alias.codes), MAX_CLASS_TOKENS) for alias in aliases)
    decoy_counts = Counter(min(len(decoy.codes), MAX_CLASS_TOKENS) for decoy in decoys)
    prior_precision = 1 - PRIOR_FALSE_ALARMS / PRIOR_HITS
    trust = {}
    for kind, count in hits.items():
        expected = false_alarms[kind] * name_counts[kind[0]] / decoy_counts[kind[0]] if decoy_counts[kind[0]] else 0.0
        precision = 1 - min(1.0, (expected + PRIOR_FALSE_ALARMS) / (count + PRIOR_HITS))
        trust[kind] = min(MAX_TRUST, max(MIN_TRUST, precision / prior_precision))
    return trust
