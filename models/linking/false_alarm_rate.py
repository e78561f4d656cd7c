"""How often names are met by accident in a show: what a hit is worth is judged against that.

Two measures, both of this very show and catalogue.

*Chance* of one hit: how often its sounds would stand side by side if every sound of the show were drawn by its
frequency; a wrong sound of a near name counts for all sounds as near. In a show that says 三 and 字 all the time, 毯子
and 三字 meet without anyone meaning a blanket.

*Decoys* of a class of hits (so many sounds; as written, by sound, or nearly so): names that are no product's, the
first half of one name with the second half of another, are looked for by the same matcher. They have the catalogue's
own sounds and endings, so they are met as often as names of this class are met without being meant. A class where
decoys are found as often as names says nothing. Short shows don't swing: a prior of PRIOR_HITS hits stands beside
what was counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from models.lexicon.aliases import Alias, Nearness
from models.linking.name_index import Hit, NameIndex
from models.text.phonetic_tokens import Token
from models.text.pinyin_distance import syllable_distance

SOUNDS_OF_ANY_SHOW = 2000  # beside what is heard, spread evenly
KINDS_OF_SOUND = 400  # of Mandarin without tones
MEANT = 1.0  # times that a name is meant so: as many accidents halve its weight
MOST_DECOYS = 600
PRIOR_HITS, PRIOR_ACCIDENTS = 20.0, 2.0  # of a class: counted before the show begins
LEAST_TRUST, MOST_TRUST = 0.3, 1.1
FAR = 0.12  # distance a sound from which near names are a class of their own
LONGEST_CLASS = 5  # sounds; longer names are one class

HitClass = tuple[int, Nearness, bool]


@dataclass(frozen=True, eq=False)
class Background:
    """What hits of one show are worth, as a share of their weight."""

    counts: Mapping[str, int]
    total: int
    trust: Mapping[HitClass, float]
    _near: dict[tuple[str, float], float]

    def share(self, hit: Hit, codes: Sequence[str]) -> float:
        """For a hit in the sentence whose sounds are `codes`."""
        return self.trust.get(class_of(hit), 1.0) * MEANT / (MEANT + self._accidents(hit, codes))

    def _accidents(self, hit: Hit, codes: Sequence[str]) -> float:
        """How often a show of such sounds would hold such a hit by chance; 0 for words that are written right."""
        heard = codes[hit.start : hit.end]
        if hit.nearness == "written" or len(heard) != len(hit.alias.codes) or not all(map(str.isupper, heard)):
            return 0.0
        pairs = zip(hit.alias.codes, heard, strict=True)
        return self.total * prod(self._rate_near(meant, syllable_distance(meant, said)) for meant, said in pairs)

    def _rate_near(self, code: str, distance: float) -> float:
        """Share of the show's sounds that are at most so far from `code`."""
        key = (code, round(distance, 2))
        if key not in self._near:
            alike = sum(count for other, count in self.counts.items() if syllable_distance(code, other) <= key[1])
            self._near[key] = (alike + SOUNDS_OF_ANY_SHOW / KINDS_OF_SOUND) / (self.total + SOUNDS_OF_ANY_SHOW)
        return self._near[key]


def background_of(sentences: Sequence[Sequence[Token]], aliases: Sequence[Alias], hits: Iterable[Hit]) -> Background:
    """The background of a show whose names are `aliases`, found at `hits`."""
    counts = Counter(token.code for tokens in sentences for token in tokens)
    decoys = decoys_of(aliases)
    found = NameIndex(decoys)
    accidents = Counter(class_of(hit) for tokens in sentences for hit in found.hits(tokens)) if decoys else Counter()
    return Background(counts, counts.total(), _trust(aliases, decoys, Counter(map(class_of, hits)), accidents), {})


def class_of(hit: Hit) -> HitClass:
    return min(len(hit.alias.codes), LONGEST_CLASS), hit.nearness, hit.distance > FAR


def decoys_of(aliases: Sequence[Alias]) -> tuple[Alias, ...]:
    """Names of no product: the first half of one with the second half of another as long; none holds a real name."""
    real = {alias.codes for alias in aliases}
    by_length: dict[int, list[Alias]] = defaultdict(list)
    for alias in aliases:
        if len(alias.codes) > 1:
            by_length[min(len(alias.codes), LONGEST_CLASS)].append(alias)
    most = MOST_DECOYS // max(1, len(by_length))
    return tuple(decoy for group in by_length.values() for decoy in _recombined(group, real, most))


def _recombined(group: Sequence[Alias], real: set[tuple[str, ...]], most: int) -> Iterator[Alias]:
    made: set[tuple[str, ...]] = set()
    for step in range(1, len(group)):
        for place, first in enumerate(group):
            second = group[(place + step) % len(group)]
            half, other_half = len(first.codes) // 2, len(second.codes) // 2
            codes = first.codes[:half] + second.codes[other_half:]
            if codes not in made and not _holds(codes, real):
                made.add(codes)
                yield Alias(codes, first.written[:half] + second.written[other_half:], "name", ())
            if len(made) >= most:
                return


def _holds(codes: tuple[str, ...], real: set[tuple[str, ...]]) -> bool:
    return any(codes[i:j] in real for i in range(len(codes)) for j in range(i + 1, len(codes) + 1))


def _trust(
    aliases: Sequence[Alias], decoys: Sequence[Alias], hits: Counter[HitClass], accidents: Counter[HitClass]
) -> Mapping[HitClass, float]:
    """By class, the share of hits that are meant, over the share that is usual."""
    names = Counter(min(len(alias.codes), LONGEST_CLASS) for alias in aliases)
    made = Counter(min(len(decoy.codes), LONGEST_CLASS) for decoy in decoys)
    usual = 1 - PRIOR_ACCIDENTS / PRIOR_HITS
    trust = {}
    for kind, count in hits.items():
        expected = accidents[kind] * names[kind[0]] / made[kind[0]] if made[kind[0]] else 0.0
        meant = 1 - min(1.0, (expected + PRIOR_ACCIDENTS) / (count + PRIOR_HITS))
        trust[kind] = min(MOST_TRUST, max(LEAST_TRUST, meant / usual))
    return trust
