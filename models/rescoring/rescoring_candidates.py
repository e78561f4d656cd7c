"""Finds where rescoring may decide something: words that sound like a product's name and were recognised otherwise.

Between near-duplicates that are tied, these are also words that sound like what tells them apart; talk that sells
something and names nothing comes first.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from domain.catalog import Catalog
from domain.evidence import Mention
from domain.rescoring import RescoringCandidate
from domain.speech import Transcript
from models.rescoring.merit import MentionContext
from models.rescoring.name_candidates import NameCandidate, rank_name_candidates
from models.rescoring.windows import build_rescoring_candidate, window_around


@dataclass(frozen=True)
class RescoringCandidateFinder:
    """Finds rescoring candidates in the transcript of a show. `mentions`: those already linked, by time.

    `near_duplicates`: by product id, the products that are easily mixed up with it.
    """

    transcript: Transcript
    mentions: Sequence[Mention]
    catalog: Catalog
    near_duplicates: Mapping[str, Set[str]] = field(default_factory=dict)

    def find(self, max_windows: int) -> tuple[RescoringCandidate, ...]:
        """At most `max_windows` windows, those that may decide most, by time."""
        context = MentionContext(self.transcript, self.mentions, self.near_duplicates)
        windows: list[tuple[range, list[NameCandidate]]] = []
        for candidate in rank_name_candidates(self.catalog, context):
            known = next((held for window, held in windows if candidate.sentence_index in window), None)
            if known is not None:
                known.append(candidate)
            elif len(windows) < max_windows:
                windows.append((window_around(self.transcript.sentences, candidate.sentence_index), [candidate]))
        windows.sort(key=lambda each: (each[0].start, each[0].stop))
        return tuple(build_rescoring_candidate(self.transcript, window, held) for window, held in windows)
