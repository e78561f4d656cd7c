"""The second look of speech: a few stretches heard again, to decide between what was read first and a name."""

from dataclasses import dataclass

from domain.clock import Span
from domain.errors import InvalidValue
from domain.evidence import MentionKind
from domain.session import Language


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Another way to read a window: `name` in place of the characters [start, end) of its text."""

    name: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise InvalidValue(f"a reading takes the place of at least one character, not [{self.start}, {self.end})")


@dataclass(frozen=True, slots=True)
class RescoringWindow:
    """A few seconds to hear again. `text`: what was heard first; `hypotheses`: what it may have been instead.

    `hotwords` are those that may be said here, the readings' among them: what a recogniser is told to listen for. Of
    the catalogue a window knows nothing else, so that it is heard again only when its own candidates change.
    """

    span: Span
    language: Language
    text: str
    hypotheses: tuple[Hypothesis, ...]
    hotwords: tuple[str, ...]

    def __post_init__(self) -> None:
        if any(reading.end > len(self.text) for reading in self.hypotheses):
            raise InvalidValue(f"a reading ends behind the {len(self.text)} characters of its window")


@dataclass(frozen=True, slots=True)
class HypothesisTarget:
    """What a reading would mean: these products, named at `span`, in this sentence of the transcript.

    `known_nats`: nats that the words have already earned them as what they were heard.
    """

    kind: MentionKind
    product_ids: tuple[str, ...]
    span: Span
    sentence_index: int
    known_nats: float = 0.0


@dataclass(frozen=True, slots=True)
class RescoringCandidate:
    """A window and, for each of its readings, what it would mean."""

    window: RescoringWindow
    targets: tuple[HypothesisTarget, ...]

    def __post_init__(self) -> None:
        if len(self.targets) != len(self.window.hypotheses):
            raise InvalidValue(f"{len(self.window.hypotheses)} readings need as many places, not {len(self.targets)}")


@dataclass(frozen=True, slots=True)
class RescoringCandidates:
    """Where a second look may decide something, by time."""

    candidates: tuple[RescoringCandidate, ...]


@dataclass(frozen=True, slots=True)
class RescoredWindow:
    """A window heard again. `gains`: nats by which each reading explains the sound better than what was heard first.

    A reading that does not leave a decoy far enough behind has less: what is missing to that.
    """

    window: RescoringWindow
    gains: tuple[float, ...]
