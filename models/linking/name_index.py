"""Finds names in tokens: as they are written, by their sounds, or by nearly their sounds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.lexicon.aliases import Alias, MatchLevel
from models.linking.metaphone_index import MetaphoneIndex
from models.text.phonetic_tokens import PhoneticToken, token_codes, token_surfaces
from models.text.pinyin_distance import syllable_distance
from models.text.word_borders import crosses_word_border, makes_sense

MIN_FUZZY_TOKENS = 3  # shorter names are near to everything
MAX_MEAN_DISTANCE = 0.25  # of a token: one in four is nothing alike, or all are a little off
MAX_MEAN_DISTANCE_SHORT = 0.17  # of three tokens one may be half alike
INDEL_COST = 0.7  # distance of a token left out or put in
MAX_PAIR_GAP = 3  # between the two right tokens that a near name needs


@dataclass(frozen=True, slots=True)
class NameHit:
    """Tokens [start, end) may name the products of `alias`. `distance`: mean over tokens, in [0, 1]; 0 unless near."""

    alias: Alias
    start: int
    end: int
    match_level: MatchLevel
    distance: float = 0.0

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def is_complete(self) -> bool:
        """Whether every token of the name matches."""
        return self.match_level != "near"

    def contains(self, other: "NameHit") -> bool:
        """Whether `other` is a part of this one, and shorter."""
        return self.start <= other.start and other.end <= self.end and other.length < self.length


class NameIndex:
    """Finds the names it is built of."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._by_head: dict[tuple[str, ...], list[Alias]] = defaultdict(list)
        self._by_pair: dict[tuple[str, str, int], list[tuple[Alias, int]]] = defaultdict(list)
        listed = tuple(aliases)
        self._metaphone_index = MetaphoneIndex(listed)
        for alias in listed:
            self._by_head[alias.codes[:2]].append(alias)
            if len(alias.codes) >= MIN_FUZZY_TOKENS and alias.loosest_match == "near":
                for index, gap, pair in _token_pairs(alias.codes):
                    self._by_pair[*pair, gap].append((alias, index))

    def find(self, tokens: Sequence[PhoneticToken]) -> Iterator[NameHit]:
        """Every position at which a name may stand; overlapping ones too."""
        codes = token_codes(tokens)
        exact_hits = list(self._exact_hits(tokens, codes))
        yield from exact_hits
        yield from self._fuzzy_hits(codes)
        exact_starts = {(hit.alias.codes, hit.start) for hit in exact_hits}
        for alias, start, end, distance in self._metaphone_index.find(tokens):
            if (alias.codes, start) not in exact_starts:
                yield NameHit(alias, start, end, "near" if distance else "sound", distance)

    def _exact_hits(self, tokens: Sequence[PhoneticToken], codes: tuple[str, ...]) -> Iterator[NameHit]:
        for start in range(len(codes)):
            for head in (codes[start : start + 1], codes[start : start + 2]):
                for alias in self._by_head.get(head, ()):
                    end = start + len(alias.codes)
                    if len(alias.codes) >= len(head) and codes[start:end] == alias.codes:
                        is_as_written = token_surfaces(tokens[start:end]) == alias.surfaces
                        if is_as_written or (
                            alias.loosest_match != "written" and not _are_other_words(tokens[start:end])
                        ):
                            yield NameHit(alias, start, end, "written" if is_as_written else "sound")

    def _fuzzy_hits(self, codes: tuple[str, ...]) -> Iterator[NameHit]:
        seen: set[tuple[tuple[str, ...], int]] = set()
        for index, gap, pair in _token_pairs(codes):
            for alias, offset in self._by_pair.get((*pair, gap), ()):
                name_start = index - offset
                if (alias.codes, name_start) not in seen:
                    seen.add((alias.codes, name_start))
                    hit = _fuzzy_match(alias, codes, name_start)
                    if hit:
                        yield hit


def _are_other_words(tokens: Sequence[PhoneticToken]) -> bool:
    """Whether two syllables that sound like a name are other words as written: 摸不 for 抹布, 师傅 for 湿敷."""
    if len(tokens) != 2 or any(token.is_latin for token in tokens):
        return False
    first, second = tokens[0].surface, tokens[1].surface
    return crosses_word_border(first, second) or makes_sense(first, second)


def _token_pairs(codes: tuple[str, ...]) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """Pairs of tokens near each other: index of the first, gap, codes."""
    for index, code in enumerate(codes):
        for gap in range(1, MAX_PAIR_GAP + 1):
            if index + gap < len(codes):
                yield index, gap, (code, codes[index + gap])


def _fuzzy_match(alias: Alias, codes: tuple[str, ...], name_start: int) -> NameHit | None:
    """The name near `name_start`, at most one token left out or put in; None where it is too far."""
    length = len(alias.codes)
    limit = length * (MAX_MEAN_DISTANCE if length > MIN_FUZZY_TOKENS else MAX_MEAN_DISTANCE_SHORT)
    best: tuple[float, int, int] | None = None
    if name_start >= 0 and name_start + length <= len(codes):
        distance = 0.0
        for ours, theirs in zip(alias.codes, codes[name_start : name_start + length], strict=True):
            distance += syllable_distance(ours, theirs)
            if distance > limit:
                break
        else:
            best = (distance, name_start, name_start + length)
    start = max(0, name_start - 1)
    window = codes[start : name_start + length + 1]
    if best is None and length > MIN_FUZZY_TOKENS and len(set(window) & set(alias.codes)) * 2 > length:
        distance, left, right = _align(alias.codes, window)
        best = (distance, start + left, start + right) if distance <= limit else None
    if best is None or best[0] == 0 or best[1] == best[2]:
        return None
    return NameHit(alias, best[1], best[2], "near", best[0] / length)


def _align(name: tuple[str, ...], codes: tuple[str, ...]) -> tuple[float, int, int]:
    """The smallest distance of the whole `name` to a part of `codes`, and where that part begins and ends."""
    row = [(0.0, index) for index in range(len(codes) + 1)]  # distance so far, and where it began
    for code in name:
        above, row = row, [(row[0][0] + INDEL_COST, row[0][1])]
        for index, other in enumerate(codes):
            substituted = (above[index][0] + syllable_distance(code, other), above[index][1])
            deleted = (above[index + 1][0] + INDEL_COST, above[index + 1][1])
            inserted = (row[index][0] + INDEL_COST, row[index][1])
            row.append(min(substituted, deleted, inserted, key=lambda cell: cell[0]))
    end = min(range(len(row)), key=lambda index: (row[index][0], index))
    return row[end][0], row[end][1], end
