"""Where names are said: as they are written, by their sounds, or by nearly their sounds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.lexicon.aliases import Alias, Nearness
from models.linking.metaphone_index import WordSounds
from models.text.phonetic_tokens import Token
from models.text.pinyin_distance import syllable_distance

SHORTEST_NEAR_NAME = 3  # sounds; shorter ones are near to everything
MOST_DISTANT = 0.25  # a sound, on average: one in four that is nothing alike, or all a little off
MOST_DISTANT_SHORT = 0.17  # of three sounds: one that is half alike
INDEL = 0.7  # distance of a sound left out or put in
LONGEST_GAP = 3  # between the two right sounds that a near name needs


@dataclass(frozen=True, slots=True)
class Hit:
    """The tokens start..end-1 may name the products of `alias`. `distance`: a sound, in [0, 1]; 0 unless near."""

    alias: Alias
    start: int
    end: int
    nearness: Nearness
    distance: float = 0.0

    @property
    def length(self) -> int:
        return self.end - self.start

    @property
    def is_whole(self) -> bool:
        """Whether every sound of the name was heard."""
        return self.nearness != "near"

    def holds(self, other: "Hit") -> bool:
        """Whether `other` is but a part of this one."""
        return self.start <= other.start and other.end <= self.end and other.length < self.length


class NameIndex:
    """Finds these names in sentences."""

    def __init__(self, aliases: Iterable[Alias]) -> None:
        self._by_head: dict[tuple[str, ...], list[Alias]] = defaultdict(list)
        self._by_pair: dict[tuple[str, str, int], list[tuple[Alias, int]]] = defaultdict(list)
        listed = tuple(aliases)
        self._words = WordSounds(listed)
        for alias in listed:
            self._by_head[alias.codes[:2]].append(alias)
            if len(alias.codes) >= SHORTEST_NEAR_NAME and alias.farthest == "near":
                for place, gap, pair in _pairs(alias.codes):
                    self._by_pair[*pair, gap].append((alias, place))

    def hits(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Every place where a name may be said; overlapping ones too."""
        codes = tuple(token.code for token in tokens)
        whole = list(self._whole(tokens, codes))
        yield from whole
        yield from self._near(codes)
        places = {(hit.alias.codes, hit.start) for hit in whole}
        for alias, start, end, distance in self._words.heard_in(tokens):
            if (alias.codes, start) not in places:
                yield Hit(alias, start, end, "near" if distance else "sound", distance)

    def _whole(self, tokens: Sequence[Token], codes: tuple[str, ...]) -> Iterator[Hit]:
        for start in range(len(codes)):
            for head in (codes[start : start + 1], codes[start : start + 2]):
                for alias in self._by_head.get(head, ()):
                    end = start + len(alias.codes)
                    if len(alias.codes) >= len(head) and codes[start:end] == alias.codes:
                        is_as_written = tuple(token.written for token in tokens[start:end]) == alias.written
                        if is_as_written or alias.farthest != "written":
                            yield Hit(alias, start, end, "written" if is_as_written else "sound")

    def _near(self, codes: tuple[str, ...]) -> Iterator[Hit]:
        seen: set[tuple[tuple[str, ...], int]] = set()
        for place, gap, pair in _pairs(codes):
            for alias, offset in self._by_pair.get((*pair, gap), ()):
                first = place - offset
                if (alias.codes, first) not in seen:
                    seen.add((alias.codes, first))
                    hit = _nearest(alias, codes, first)
                    if hit:
                        yield hit


def _pairs(codes: tuple[str, ...]) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """Pairs of sounds near each other: place of the first, gap, sounds."""
    for place, code in enumerate(codes):
        for gap in range(1, LONGEST_GAP + 1):
            if place + gap < len(codes):
                yield place, gap, (code, codes[place + gap])


def _nearest(alias: Alias, codes: tuple[str, ...], first: int) -> Hit | None:
    """The name as it may begin about `first`, with one sound left out or put in, or none; None where it is too far."""
    length = len(alias.codes)
    limit = length * (MOST_DISTANT if length > SHORTEST_NEAR_NAME else MOST_DISTANT_SHORT)
    best: tuple[float, int, int] | None = None
    if first >= 0 and first + length <= len(codes):
        apart = 0.0
        for ours, theirs in zip(alias.codes, codes[first : first + length], strict=True):
            apart += syllable_distance(ours, theirs)
            if apart > limit:
                break
        else:
            best = (apart, first, first + length)
    start = max(0, first - 1)
    window = codes[start : first + length + 1]
    if best is None and length > SHORTEST_NEAR_NAME and len(set(window) & set(alias.codes)) * 2 > length:
        apart, left, right = _alignment(alias.codes, window)
        best = (apart, start + left, start + right) if apart <= limit else None
    if best is None or best[0] == 0 or best[1] == best[2]:
        return None
    return Hit(alias, best[1], best[2], "near", best[0] / length)


def _alignment(name: tuple[str, ...], heard: tuple[str, ...]) -> tuple[float, int, int]:
    """The least distance of all of `name` to a part of `heard`, and where that part begins and ends."""
    row = [(0.0, place) for place in range(len(heard) + 1)]  # distance so far, and where it began
    for sound in name:
        above, row = row, [(row[0][0] + INDEL, row[0][1])]
        for place, other in enumerate(heard):
            swapped = (above[place][0] + syllable_distance(sound, other), above[place][1])
            left_out = (above[place + 1][0] + INDEL, above[place + 1][1])
            put_in = (row[place][0] + INDEL, row[place][1])
            row.append(min(swapped, left_out, put_in, key=lambda cell: cell[0]))
    end = min(range(len(row)), key=lambda place: (row[place][0], place))
    return row[end][0], row[end][1], end
