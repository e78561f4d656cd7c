"""How much it is worth to rescore a name at some words: by its sound, and by what is said and shown around them."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from domain.clock import Seconds, Span
from domain.evidence import Mention
from domain.speech import Transcript
from models.lexicon.aliases import NAMING_KINDS, Alias
from models.text.cue_phrases import CueKind, find_cues

EVIDENCE_RADIUS_S: Seconds = 45.0  # a product that words point at so near is a likely candidate
DECIDED_RADIUS_S: Seconds = 15.0  # a product that was named so near needs no rescoring
MIN_CLEAR_NAME_NATS = 2.0  # from which a name counts as recognised

MERIT_PER_MATCHING_LETTER = 1.0  # the unit; the next four fit the devset: more terms find no more names in 12 windows
MERIT_PER_WRONG_LETTER = -1.0
EVIDENCE_NEARBY_MERIT = 1.0
OPENING_MERIT = 0.5
ALREADY_NAMED_MERIT = -1.5
UNNAMED_CONTEXT_MERIT = 0.5  # of 0, 0.5 and 1 this finds most names on the devset, by one or two

MAX_TIE_NATS = 2.0  # by which near-duplicates may differ and yet be tied
MIN_TIE_EVIDENCE_NATS = 1.5  # that point at either of them
UNNAMED_CONTEXT_S: Seconds = 20.0  # of talk to both sides in which no product is clearly named
SELLING_CUES: tuple[CueKind, ...] = ("price", "link", "demo", "question")
MIN_SELLING_SENTENCES = 2  # sentences with such phrases: the talk sells something


def sound_merit(letter_count: int, similarity: float) -> float:
    """Merit of a name of so many letters, a share `similarity` of which match."""
    return letter_count * (MERIT_PER_MATCHING_LETTER * similarity + MERIT_PER_WRONG_LETTER * (1 - similarity))


@dataclass(frozen=True)
class MentionContext:
    """What a show's `mentions`, by time, say around some words. `near_duplicates`: by product id."""

    transcript: Transcript
    mentions: Sequence[Mention]
    near_duplicates: Mapping[str, Set[str]]

    def known_nats(self, alias: Alias, span: Span) -> float:
        """Nats of the heaviest name that is already linked in these very words to these products."""
        own = (
            m
            for m in self._mentions_near(span, 1.0)
            if m.kind in NAMING_KINDS and set(alias.product_ids) & set(m.product_ids)
        )
        return max((mention.weight for mention in own if mention.span.overlap(span) > 0), default=0.0)

    def merit(self, alias: Alias, sentence_index: int, span: Span) -> float:
        """What speaks for `alias` at `span` of the sentence, beside its sound."""
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

    def is_tied(self, alias: Alias, span: Span) -> bool:
        """Whether the words around point at a product of `alias` and at a near-duplicate of it about as much."""
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
        """Whether the talk around the sentence sells something and names no product clearly."""
        sentence = self.transcript.sentences[sentence_index]
        around = self._mentions_near(Span(sentence.start, sentence.end), UNNAMED_CONTEXT_S)
        if any(mention.weight >= MIN_CLEAR_NAME_NATS and mention.kind in (*NAMING_KINDS, "link") for mention in around):
            return False
        first = bisect_left(self._sentence_starts, sentence.start - UNNAMED_CONTEXT_S)
        last = bisect_left(self._sentence_starts, sentence.end + UNNAMED_CONTEXT_S)
        return sum(self._is_selling[first:last]) >= MIN_SELLING_SENTENCES

    def _mentions_near(self, span: Span, radius: Seconds) -> Sequence[Mention]:
        first, last = span.start - radius, span.end + radius
        return self.mentions[bisect_left(self._mention_starts, first) : bisect_left(self._mention_starts, last)]

    @cached_property
    def _mention_starts(self) -> list[Seconds]:
        return [mention.span.start for mention in self.mentions]

    @cached_property
    def _sentence_starts(self) -> list[Seconds]:
        return [sentence.start for sentence in self.transcript.sentences]

    @cached_property
    def _is_selling(self) -> list[bool]:
        language = self.transcript.language
        return [not find_cues(each.text, language).isdisjoint(SELLING_CUES) for each in self.transcript.sentences]


def _distance_between(one: Span, other: Span) -> Seconds:
    """Seconds between two stretches; 0 where they meet."""
    return max(0.0, one.start - other.end, other.start - one.end)
