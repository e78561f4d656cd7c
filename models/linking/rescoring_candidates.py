"""Where hearing again may decide something: places that sound like a product's name and were read as something else.

Between sisters that are tied, also those that sound like what tells them apart; sooner in talk that names nothing.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment

from domain.catalog import Catalog
from domain.clock import Seconds, Span
from domain.evidence import Mention
from domain.rescoring import Doubt, Place, Reading, Window
from domain.session import Language
from domain.speech import Transcript
from models.lexicon.aliases import Alias, aliases_of
from models.lexicon.distinguishing_phrases import marks_of
from models.text.cue_phrases import CueKind, cues_in
from models.text.phonetic_tokens import Token, folded, tokens_of

LEAST_LIKENESS = 0.6  # of letters; of 42 names that three shows of the devset said and hearing missed, 29 reach it
FEWEST_LETTERS = 4  # of a name's sound: shorter ones are met everywhere
LONGEST_WINDOW: Seconds = 4.5  # a sentence and what stands around it; 7 s cost half as much again and decide no better
LONGEST_BREAK: Seconds = 1.5  # between sentences of one window
MARGIN: Seconds = 0.3  # of sound around the words
MOST_READINGS = 2  # of a window: each costs as much as a third of hearing it
MOST_NAMES = 6  # that a recogniser is told: with more of them it invents some
NEARBY: Seconds = 45.0  # a product that was pointed at so near is a likely candidate
DECIDED: Seconds = 15.0  # a product that was named so near needs no second look
WELL_NAMED = 2.0  # nats from which a name counts as heard
NAMES = ("name", "alias", "brand")

PER_LIKE_LETTER = 1.0  # of merit; counted over the devset: no formula with more terms finds more in 12 windows
PER_WRONG_LETTER = -1.0
POINTED_AT = 1.0
AT_AN_OPENING = 0.5
ALREADY_NAMED = -1.5
IN_UNNAMED_TALK = 0.5  # of 0, 0.5 and 1 the second look finds most with it on the devset, by one or two names

TIED = 2.0  # nats that sisters may be apart and yet be tied
FEWEST_TIED = 1.5  # nats that point at either of them
UNNAMED: Seconds = 20.0  # of talk to both sides in which no product is well named
SELLING: tuple[CueKind, ...] = ("price", "link", "demo", "question")
FEWEST_SELLING = 2  # sentences with such phrases in unnamed talk: it sells something


@dataclass(frozen=True, slots=True)
class _Sounding:
    """A sentence as it sounds: its letters, and where each token begins among them."""

    tokens: tuple[Token, ...]
    letters: str
    starts: tuple[int, ...]

    def letters_of(self, first: int, last: int) -> str:
        """The letters of tokens [first, last)."""
        return self.letters[self.starts[first] : (*self.starts, len(self.letters))[last]]

    def tokens_at(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that letters [start, end) belong to, the ends rounded to the nearest token."""
        edges = (*self.starts, len(self.letters))
        first = min(_nearest(edges, start), len(self.tokens) - 1)
        return first, max(first + 1, _nearest(edges, end))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A name that may have been said at tokens of a sentence; `merit` says how much a second look there is worth."""

    name: str
    alias: Alias
    sentence: int
    start: int  # of characters of the sentence
    end: int
    merit: float


@dataclass(frozen=True)
class DoubtFinder:
    """Finds doubts in the transcript of a show whose `mentions` are known. `sisters`: by id, those easily mixed up."""

    transcript: Transcript
    mentions: Sequence[Mention]
    catalog: Catalog
    sisters: Mapping[str, Set[str]] = field(default_factory=dict)

    def find(self, most: int) -> tuple[Doubt, ...]:
        """At most `most` windows, those that may decide most, by time."""
        found = sorted(self._candidates(), key=lambda each: (-each.merit, each.sentence, each.start, each.name))
        taken: list[tuple[range, list[_Candidate]]] = []
        for candidate in found:
            home = next((each for each in taken if candidate.sentence in each[0]), None)
            if home is not None:
                home[1].append(candidate)
            elif len(taken) < most:
                taken.append((self._around(candidate.sentence), [candidate]))
        return tuple(self._doubt(*each) for each in sorted(taken, key=lambda each: (each[0].start, each[0].stop)))

    def _candidates(self) -> Iterator[_Candidate]:
        aliases = (*aliases_of(self.catalog), *marks_of(self.catalog, self.sisters))
        names = [_named(alias, self.transcript.language) for alias in aliases]
        for number, sentence in enumerate(self.transcript.sentences):
            sounding = _sounding(sentence.text)
            for alias, name, letters in names:
                place = _place_of(letters, sounding) if sentence.is_reliable and sounding.tokens else None
                if place is not None:
                    first, last, likeness = place
                    start, end = sounding.tokens[first].start, sounding.tokens[last - 1].end
                    span = sentence.time_of(start, end)
                    is_spelt = folded(sentence.text[start:end]) == name
                    is_open = not is_spelt and self._known(alias, span) < WELL_NAMED
                    if is_open and (alias.kind != "title" or self._tied(alias, span)):
                        like = PER_LIKE_LETTER * likeness + PER_WRONG_LETTER * (1 - likeness)
                        merit = len(letters) * like + self._worth(alias, number, span)
                        yield _Candidate(name, alias, number, start, end, merit)

    def _known(self, alias: Alias, span: Span) -> float:
        """Nats of the heaviest name that the matcher found in these very words for these products."""
        own = (m for m in self._near(span, 1.0) if m.kind in NAMES and set(alias.product_ids) & set(m.product_ids))
        return max((mention.weight for mention in own if mention.span.overlap(span) > 0), default=0.0)

    def _worth(self, alias: Alias, number: int, span: Span) -> float:
        own = [m for m in self._near(span, NEARBY) if set(m.product_ids) & set(alias.product_ids)]
        is_named = any(m.kind in NAMES and m.weight >= WELL_NAMED and _apart(m.span, span) <= DECIDED for m in own)
        around = self.transcript.sentences[max(0, number - 1) : number + 1]
        is_opening = any("opening" in cues_in(each.text, self.transcript.language) for each in around)
        worth = POINTED_AT * bool(own) + AT_AN_OPENING * is_opening + ALREADY_NAMED * is_named
        return worth + IN_UNNAMED_TALK * self._is_unnamed(number)

    def _tied(self, alias: Alias, span: Span) -> bool:
        """Whether what is said around points at a product of `alias` and at a sister of it about as much."""
        near = self._near(span, NEARBY)
        nats = {i: sum(m.weight for m in near if i in m.product_ids) for i in alias.product_ids if i in self.sisters}
        for product_id, own in nats.items():
            for sister in self.sisters[product_id] - set(alias.product_ids):
                other = sum(mention.weight for mention in near if sister in mention.product_ids)
                if max(own, other) >= FEWEST_TIED and abs(own - other) <= TIED:
                    return True
        return False

    def _is_unnamed(self, number: int) -> bool:
        """Whether the talk around the sentence sells something and names no product well."""
        here = self.transcript.sentences[number]
        around = self._near(Span(here.start, here.end), UNNAMED)
        if any(mention.weight >= WELL_NAMED and mention.kind in (*NAMES, "link") for mention in around):
            return False
        first = bisect_left(self._begins, here.start - UNNAMED)
        last = bisect_left(self._begins, here.end + UNNAMED)
        return sum(self._sells[first:last]) >= FEWEST_SELLING

    @cached_property
    def _begins(self) -> list[Seconds]:
        return [sentence.start for sentence in self.transcript.sentences]

    @cached_property
    def _sells(self) -> list[bool]:
        language = self.transcript.language
        return [not cues_in(each.text, language).isdisjoint(SELLING) for each in self.transcript.sentences]

    def _near(self, span: Span, reach: Seconds) -> Sequence[Mention]:
        first, last = span.start - reach, span.end + reach
        return self.mentions[bisect_left(self._starts, first) : bisect_left(self._starts, last)]

    @cached_property
    def _starts(self) -> list[Seconds]:
        return [mention.span.start for mention in self.mentions]

    def _around(self, number: int) -> range:
        """The sentences heard together with this one: as many around it as LONGEST_WINDOW holds."""
        said = self.transcript.sentences
        first, last = number, number
        while True:
            before = first > 0 and said[first].start - said[first - 1].end <= LONGEST_BREAK
            after = last + 1 < len(said) and said[last + 1].start - said[last].end <= LONGEST_BREAK
            can_before = before and said[last].end - said[first - 1].start <= LONGEST_WINDOW
            can_after = after and said[last + 1].end - said[first].start <= LONGEST_WINDOW
            is_early = said[number].start - said[first].start > said[last].end - said[number].end
            if can_after and (is_early or not can_before):
                last += 1
            elif can_before:
                first -= 1
            else:
                return range(first, last + 1)

    def _doubt(self, home: range, candidates: Sequence[_Candidate]) -> Doubt:
        said = self.transcript.sentences[home.start : home.stop]
        joint = "" if self.transcript.language == "zh" else " "
        offsets = [sum(len(each.text) + len(joint) for each in said[:i]) for i in range(len(said))]
        names = tuple(dict.fromkeys(candidate.name for candidate in candidates))[:MOST_NAMES]
        chosen = _first_of_each_name(candidates)[:MOST_READINGS]
        readings = [
            Reading(
                each.name,
                offsets[each.sentence - home.start] + each.start,
                offsets[each.sentence - home.start] + each.end,
            )
            for each in chosen
        ]
        span = Span(max(0.0, said[0].start - MARGIN), said[-1].end + MARGIN)
        text = joint.join(each.text for each in said)
        window = Window(span, self.transcript.language, text, tuple(readings), names)
        return Doubt(window, tuple(self._place(each) for each in chosen))

    def _place(self, candidate: _Candidate) -> Place:
        sentence = self.transcript.sentences[candidate.sentence]
        span = sentence.time_of(candidate.start, candidate.end)
        alias = candidate.alias
        return Place(alias.kind, alias.product_ids, span, candidate.sentence, self._known(alias, span))


def _first_of_each_name(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    best: dict[str, _Candidate] = {}
    for candidate in candidates:
        best.setdefault(candidate.name, candidate)
    return list(best.values())


def _named(alias: Alias, language: Language) -> tuple[Alias, str, str]:
    """The alias, how it is written for a recogniser, and its letters."""
    joint = "" if language == "zh" else " "
    return alias, joint.join(alias.written), "".join(alias.codes).lower()


def _sounding(text: str) -> _Sounding:
    tokens = tokens_of(text)
    codes = [token.code.lower() for token in tokens]
    starts = tuple(sum(map(len, codes[:i])) for i in range(len(codes)))
    return _Sounding(tokens, "".join(codes), starts)


def _place_of(letters: str, sounding: _Sounding) -> tuple[int, int, float] | None:
    """The tokens that sound most like a name, and how much; None where nothing does."""
    if len(letters) < FEWEST_LETTERS or len(sounding.letters) < len(letters) - 1:
        return None
    if len(sounding.letters) <= len(letters):
        first, last = 0, len(sounding.tokens)
    else:
        found = partial_ratio_alignment(letters, sounding.letters, score_cutoff=100 * LEAST_LIKENESS)
        if found is None:
            return None
        first, last = sounding.tokens_at(found.dest_start, found.dest_end)
    likeness, first, last = max(
        (Levenshtein.normalized_similarity(letters, sounding.letters_of(a, b)), a, b)
        for a in range(max(0, first - 1), first + 2)
        for b in range(max(a + 1, last - 1), min(last + 1, len(sounding.tokens)) + 1)
    )
    return (first, last, likeness) if likeness >= LEAST_LIKENESS else None


def _nearest(edges: Sequence[int], letter: int) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - letter))


def _apart(one: Span, other: Span) -> Seconds:
    """Seconds between two stretches; 0 where they meet."""
    return max(0.0, one.start - other.end, other.start - one.end)
