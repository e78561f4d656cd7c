"""Rescoring: hypotheses weighed against a few seconds of audio, to decide between the recognised text and a name."""

from dataclasses import dataclass

from domain.clock import Span
from domain.errors import InvalidValue
from domain.evidence import MentionKind
from domain.session import Language


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Another text for a window: `name` instead of the characters [start, end) of its text."""

    name: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise InvalidValue(f"a hypothesis replaces at least one character, not [{self.start}, {self.end})")


@dataclass(frozen=True, slots=True)
class RescoringWindow:
    """A few seconds to rescore. `text`: the recognised text; `hypotheses`: what it may have been instead.

    `hotwords` are the names that may be spoken there, those of the hypotheses among them: the recogniser's prompt. A
    window knows nothing else of the catalogue, so it is rescored again only when its own names change.
    """

    span: Span
    language: Language
    text: str
    hypotheses: tuple[Hypothesis, ...]
    hotwords: tuple[str, ...]

    def __post_init__(self) -> None:
        if any(hypothesis.end > len(self.text) for hypothesis in self.hypotheses):
            raise InvalidValue(f"a hypothesis ends behind the {len(self.text)} characters of its window")


@dataclass(frozen=True, slots=True)
class HypothesisTarget:
    """What a hypothesis would mean: these products, named at `span`, in this sentence of the transcript.

    `known_nats`: nats that these products already have from the words as recognised.
    """

    kind: MentionKind
    product_ids: tuple[str, ...]
    span: Span
    sentence_index: int
    known_nats: float = 0.0


@dataclass(frozen=True, slots=True)
class RescoringCandidate:
    """A window and what each of its hypotheses would mean: `targets` is as long as the window's `hypotheses`."""

    window: RescoringWindow
    targets: tuple[HypothesisTarget, ...]

    def __post_init__(self) -> None:
        if len(self.targets) != len(self.window.hypotheses):
            raise InvalidValue(
                f"{len(self.window.hypotheses)} hypotheses need as many targets, not {len(self.targets)}"
            )


@dataclass(frozen=True, slots=True)
class RescoringCandidates:
    """The windows that are worth rescoring, by time."""

    candidates: tuple[RescoringCandidate, ...]


@dataclass(frozen=True, slots=True)
class RescoredWindow:
    """A rescored window. `gains`: nats by which each hypothesis explains the audio better than the recognised text.

    A hypothesis that does not lead a decoy by enough has a lower gain: its lead, less the lead that it needs.
    """

    window: RescoringWindow
    gains: tuple[float, ...]
