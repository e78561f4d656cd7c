"""Names that may have been said where the recogniser wrote something else."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.catalog import Catalog
from domain.clock import Span
from domain.rescoring import HypothesisTarget
from models.lexicon.aliases import Alias
from models.rescoring.merit import MIN_CLEAR_NAME_NATS, MentionContext, sound_merit
from models.rescoring.name_similarity import best_match, phonetic_names, phonetic_sentence
from models.text.phonetic_tokens import fold_text


@dataclass(frozen=True, slots=True)
class NameCandidate:
    """`name` may have been said at characters [start, end) of a sentence. `merit`: how much rescoring it is worth.

    `known_nats`: nats that these words have already earned the products of `alias`.
    """

    name: str
    alias: Alias
    sentence_index: int
    start: int
    end: int
    span: Span
    known_nats: float
    merit: float

    @property
    def target(self) -> HypothesisTarget:
        """What the name would mean."""
        return HypothesisTarget(
            self.alias.kind, self.alias.product_ids, self.span, self.sentence_index, self.known_nats
        )


def rank_name_candidates(catalog: Catalog, context: MentionContext) -> list[NameCandidate]:
    """The candidates of the show of `context`, those worth most first."""
    candidates = _name_candidates(catalog, context)
    return sorted(candidates, key=lambda each: (-each.merit, each.sentence_index, each.start, each.name))


def _name_candidates(catalog: Catalog, context: MentionContext) -> Iterator[NameCandidate]:
    """Names that are neither written as they should be nor clearly recognised; phrases of titles only in a tie."""
    names = phonetic_names(catalog, context.near_duplicates, context.transcript.language)
    for sentence_index, sentence in enumerate(context.transcript.sentences):
        phonetic = phonetic_sentence(sentence.text)
        for name in names if sentence.is_reliable else ():
            match = best_match(name, phonetic)
            if match is None or fold_text(sentence.text[match.start : match.end]) == name.text:
                continue
            alias, span = name.alias, sentence.span_of(match.start, match.end)
            known_nats = context.known_nats(alias, span)
            if known_nats < MIN_CLEAR_NAME_NATS and (alias.kind != "title" or context.is_tied(alias, span)):
                merit = sound_merit(len(name.letters), match.similarity) + context.merit(alias, sentence_index, span)
                yield NameCandidate(name.text, alias, sentence_index, match.start, match.end, span, known_nats, merit)
