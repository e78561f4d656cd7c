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
from domain.rescoring import Hypothesis, HypothesisTarget, RescoringCandidate, RescoringWindow
from domain.session import Language
from domain.speech import Transcript
from models.lexicon.aliases import Alias, catalog_aliases
from models.lexicon.distinguishing_phrases import find_distinguishing_phrases
from models.text.cue_phrases import CueKind, find_cues
from models.text.phonetic_tokens import PhoneticToken, fold_text, phonetic_tokens

MIN_SIMILARITY = 0.6  # of letters; of 42 names that three shows of the devset said and hearing missed, 29 reach it
MIN_LETTERS = 4  # of a name's sound: shorter ones are met everywhere
MAX_WINDOW_S: Seconds = 4.5  # a sentence and what stands around it; 7 s cost half as much again and decide no better
MAX_PAUSE_S: Seconds = 1.5  # between sentences of one window
WINDOW_MARGIN_S: Seconds = 0.3  # of sound around the words
MAX_HYPOTHESES = 2  # of a window: each costs as much as a third of hearing it
MAX_HOTWORDS = 6  # that a recogniser is told: with more of them it invents some
EVIDENCE_RADIUS_S: Seconds = 45.0  # a product that was pointed at so near is a likely candidate
DECIDED_RADIUS_S: Seconds = 15.0  # a product that was named so near needs no second look
MIN_CLEAR_NAME_NATS = 2.0  # nats from which a name counts as heard
NAMING_KINDS = ("name", "alias", "brand")

MERIT_PER_MATCHING_LETTER = (
    1.0  # of merit; counted over the devset: no formula with more terms finds more in 12 windows
)
MERIT_PER_WRONG_LETTER = -1.0
EVIDENCE_NEARBY_MERIT = 1.0
OPENING_MERIT = 0.5
ALREADY_NAMED_MERIT = -1.5
UNNAMED_CONTEXT_MERIT = 0.5  # of 0, 0.5 and 1 the second look finds most with it on the devset, by one or two names

MAX_TIE_NATS = 2.0  # nats that sisters may be apart and yet be tied
MIN_TIE_EVIDENCE_NATS = 1.5  # nats that point at either of them
UNNAMED_CONTEXT_S: Seconds = 20.0  # of talk to both sides in which no product is well named
SELLING_CUES: tuple[CueKind, ...] = ("price", "link", "demo", "question")
MIN_SELLING_SENTENCES = 2  # sentences with such phrases in unnamed talk: it sells something


@dataclass(frozen=True, slots=True)
class _PhoneticSentence:
    """A sentence as it sounds: its letters, and where each token begins among them."""

    tokens: tuple[PhoneticToken, ...]
    letters: str
    letter_starts: tuple[int, ...]

    def letters_of(self, first: int, last: int) -> str:
        """The letters of tokens [first, last)."""
        return self.letters[self.letter_starts[first] : (*self.letter_starts, len(self.letters))[last]]

    def tokens_at(self, start: int, end: int) -> tuple[int, int]:
        """The tokens that letters [start, end) belong to, the ends rounded to the nearest token."""
        edges = (*self.letter_starts, len(self.letters))
        first = min(_nearest(edges, start), len(self.tokens) - 1)
        return first, max(first + 1, _nearest(edges, end))


@dataclass(frozen=True, slots=True)
class _NameCandidate:
    """A name that may have been said at tokens of a sentence; `merit` says how much a second look there is worth."""

    name: str
    alias: Alias
    sentence_index: int
    start: int  # of characters of the sentence
    end: int
    merit: float


@dataclass(frozen=True)
class RescoringCandidateFinder:
    """Finds doubts in the transcript of a show whose `mentions` are known. `near_duplicates`: by id, those easily
    mixed up.
    """

    transcript: Transcript
    mentions: Sequence[Mention]
    catalog: Catalog
    near_duplicates: Mapping[str, Set[str]] = field(default_factory=dict)

    def find(self, max_windows: int) -> tuple[RescoringCandidate, ...]:
        """At most `max_windows` windows, those that may decide most, by time."""
        ranked = sorted(
            self._name_candidates(), key=lambda each: (-each.merit, each.sentence_index, each.start, each.name)
        )
        windows: list[tuple[range, list[_NameCandidate]]] = []
        for candidate in ranked:
            window = next((each for each in windows if candidate.sentence_index in each[0]), None)
            if window is not None:
                window[1].append(candidate)
            elif len(windows) < max_windows:
                windows.append((self._window_around(candidate.sentence_index), [candidate]))
        return tuple(
            self._rescoring_candidate(*each) for each in sorted(windows, key=lambda each: (each[0].start, each[0].stop))
        )

    def _name_candidates(self) -> Iterator[_NameCandidate]:
        aliases = (*catalog_aliases(self.catalog), *find_distinguishing_phrases(self.catalog, self.near_duplicates))
        names = [_written_alias(alias, self.transcript.language) for alias in aliases]
        for sentence_index, sentence in enumerate(self.transcript.sentences):
            phonetic = _phonetic_sentence(sentence.text)
            for alias, name, letters in names:
                best_match = _best_match(letters, phonetic) if sentence.is_reliable and phonetic.tokens else None
                if best_match is not None:
                    first, last, similarity = best_match
                    start, end = phonetic.tokens[first].start, phonetic.tokens[last - 1].end
                    span = sentence.span_of(start, end)
                    is_exact_spelling = fold_text(sentence.text[start:end]) == name
                    is_undecided = not is_exact_spelling and self._known_nats(alias, span) < MIN_CLEAR_NAME_NATS
                    if is_undecided and (alias.kind != "title" or self._is_tied(alias, span)):
                        letter_merit = MERIT_PER_MATCHING_LETTER * similarity + MERIT_PER_WRONG_LETTER * (
                            1 - similarity
                        )
                        merit = len(letters) * letter_merit + self._context_merit(alias, sentence_index, span)
                        yield _NameCandidate(name, alias, sentence_index, start, end, merit)

    def _known_nats(self, alias: Alias, span: Span) -> float:
        """Nats of the heaviest name that the matcher found in these very words for these products."""
        own = (
            m
            for m in self._mentions_near(span, 1.0)
            if m.kind in NAMING_KINDS and set(alias.product_ids) & set(m.product_ids)
        )
        return max((mention.weight for mention in own if mention.span.overlap(span) > 0), default=0.0)

    def _context_merit(self, alias: Alias, sentence_index: int, span: Span) -> float:
        own = [m for m in self._mentions_near(span, EVIDENCE_RADIUS_S) if set(m.product_ids) & set(alias.product_ids)]
        is_named = any(
            m.kind in NAMING_KINDS
            and m.weight >= MIN_CLEAR_NAME_NATS
            and _distance_between(m.span, span) <= DECIDED_RADIUS_S
            for m in own
        )
        around = self.transcript.sentences[max(0, sentence_index - 1) : sentence_index + 1]
        is_opening = any("opening" in find_cues(each.text, self.transcript.language) for each in around)
        merit = EVIDENCE_NEARBY_MERIT * bool(own) + OPENING_MERIT * is_opening + ALREADY_NAMED_MERIT * is_named
        return merit + UNNAMED_CONTEXT_MERIT * self._is_unnamed(sentence_index)

    def _is_tied(self, alias: Alias, span: Span) -> bool:
        """Whether what is said around points at a product of `alias` and at a sister of it about as much."""
        near = self._mentions_near(span, EVIDENCE_RADIUS_S)
        nats = {
            i: sum(m.weight for m in near if i in m.product_ids) for i in alias.product_ids if i in self.near_duplicates
        }
        for product_id, own in nats.items():
            for duplicate in self.near_duplicates[product_id] - set(alias.product_ids):
                other = sum(mention.weight for mention in near if duplicate in mention.product_ids)
                if max(own, other) >= MIN_TIE_EVIDENCE_NATS and abs(own - other) <= MAX_TIE_NATS:
                    return True
        return False

    def _is_unnamed(self, sentence_index: int) -> bool:
        """Whether the talk around the sentence sells something and names no product well."""
        sentence = self.transcript.sentences[sentence_index]
        around = self._mentions_near(Span(sentence.start, sentence.end), UNNAMED_CONTEXT_S)
        if any(mention.weight >= MIN_CLEAR_NAME_NATS and mention.kind in (*NAMING_KINDS, "link") for mention in around):
            return False
        first = bisect_left(self._sentence_starts, sentence.start - UNNAMED_CONTEXT_S)
        last = bisect_left(self._sentence_starts, sentence.end + UNNAMED_CONTEXT_S)
        return sum(self._is_selling[first:last]) >= MIN_SELLING_SENTENCES

    @cached_property
    def _sentence_starts(self) -> list[Seconds]:
        return [sentence.start for sentence in self.transcript.sentences]

    @cached_property
    def _is_selling(self) -> list[bool]:
        language = self.transcript.language
        return [not find_cues(each.text, language).isdisjoint(SELLING_CUES) for each in self.transcript.sentences]

    def _mentions_near(self, span: Span, radius: Seconds) -> Sequence[Mention]:
        first, last = span.start - radius, span.end + radius
        return self.mentions[bisect_left(self._mention_starts, first) : bisect_left(self._mention_starts, last)]

    @cached_property
    def _mention_starts(self) -> list[Seconds]:
        return [mention.span.start for mention in self.mentions]

    def _window_around(self, sentence_index: int) -> range:
        """The sentences heard together with this one: as many around it as LONGEST_WINDOW holds."""
        sentences = self.transcript.sentences
        first, last = sentence_index, sentence_index
        while True:
            has_before = first > 0 and sentences[first].start - sentences[first - 1].end <= MAX_PAUSE_S
            has_after = last + 1 < len(sentences) and sentences[last + 1].start - sentences[last].end <= MAX_PAUSE_S
            can_before = has_before and sentences[last].end - sentences[first - 1].start <= MAX_WINDOW_S
            can_after = has_after and sentences[last + 1].end - sentences[first].start <= MAX_WINDOW_S
            is_early = (
                sentences[sentence_index].start - sentences[first].start
                > sentences[last].end - sentences[sentence_index].end
            )
            if can_after and (is_early or not can_before):
                last += 1
            elif can_before:
                first -= 1
            else:
                return range(first, last + 1)

    def _rescoring_candidate(self, sentence_range: range, candidates: Sequence[_NameCandidate]) -> RescoringCandidate:
        sentences = self.transcript.sentences[sentence_range.start : sentence_range.stop]
        separator = "" if self.transcript.language == "zh" else " "
        offsets = [sum(len(each.text) + len(separator) for each in sentences[:i]) for i in range(len(sentences))]
        hotwords = tuple(dict.fromkeys(candidate.name for candidate in candidates))[:MAX_HOTWORDS]
        chosen = _first_of_each_name(candidates)[:MAX_HYPOTHESES]
        hypotheses = [
            Hypothesis(
                each.name,
                offsets[each.sentence_index - sentence_range.start] + each.start,
                offsets[each.sentence_index - sentence_range.start] + each.end,
            )
            for each in chosen
        ]
        span = Span(max(0.0, sentences[0].start - WINDOW_MARGIN_S), sentences[-1].end + WINDOW_MARGIN_S)
        text = separator.join(each.text for each in sentences)
        window = RescoringWindow(span, self.transcript.language, text, tuple(hypotheses), hotwords)
        return RescoringCandidate(window, tuple(self._hypothesis_target(each) for each in chosen))

    def _hypothesis_target(self, candidate: _NameCandidate) -> HypothesisTarget:
        sentence = self.transcript.sentences[candidate.sentence_index]
        span = sentence.span_of(candidate.start, candidate.end)
        alias = candidate.alias
        return HypothesisTarget(
            alias.kind, alias.product_ids, span, candidate.sentence_index, self._known_nats(alias, span)
        )


def _first_of_each_name(candidates: Sequence[_NameCandidate]) -> list[_NameCandidate]:
    best: dict[str, _NameCandidate] = {}
    for candidate in candidates:
        best.setdefault(candidate.name, candidate)
    return list(best.values())


def _written_alias(alias: Alias, language: Language) -> tuple[Alias, str, str]:
    """The alias, how it is written for a recogniser, and its letters."""
    separator = "" if language == "zh" else " "
    return alias, separator.join(alias.surfaces), "".join(alias.codes).lower()


def _phonetic_sentence(text: str) -> _PhoneticSentence:
    tokens = phonetic_tokens(text)
    codes = [token.code.lower() for token in tokens]
    starts = tuple(sum(map(len, codes[:i])) for i in range(len(codes)))
    return _PhoneticSentence(tokens, "".join(codes), starts)


def _best_match(letters: str, phonetic: _PhoneticSentence) -> tuple[int, int, float] | None:
    """The tokens that sound most like a name, and how much; None where nothing does."""
    if len(letters) < MIN_LETTERS or len(phonetic.letters) < len(letters) - 1:
        return None
    if len(phonetic.letters) <= len(letters):
        first, last = 0, len(phonetic.tokens)
    else:
        alignment = partial_ratio_alignment(letters, phonetic.letters, score_cutoff=100 * MIN_SIMILARITY)
        if alignment is None:
            return None
        first, last = phonetic.tokens_at(alignment.dest_start, alignment.dest_end)
    similarity, first, last = max(
        (Levenshtein.normalized_similarity(letters, phonetic.letters_of(a, b)), a, b)
        for a in range(max(0, first - 1), first + 2)
        for b in range(max(a + 1, last - 1), min(last + 1, len(phonetic.tokens)) + 1)
    )
    return (first, last, similarity) if similarity >= MIN_SIMILARITY else None


def _nearest(edges: Sequence[int], letter: int) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - letter))


def _distance_between(one: Span, other: Span) -> Seconds:
    """Seconds between two stretches; 0 where they meet."""
    return max(0.0, one.start - other.end, other.start - one.end)
