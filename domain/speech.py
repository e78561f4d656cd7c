"""What was said: characters with times, in sentences."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from domain.clock import Seconds, Span, Timeline
from domain.errors import InvalidValue
from domain.session import Language


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of speech between two pauses. Every character of `text` has a start: `char_starts` is as long.

    An unreliable sentence is shown to people but is no evidence, neither for a product nor against one.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    start: Seconds
    end: Seconds
    text: str
    char_starts: tuple[Seconds, ...]
    is_reliable: bool = True

    def __post_init__(self) -> None:
        Span(self.start, self.end)
        if len(self.char_starts) != len(self.text):
            raise InvalidValue(f"{len(self.text)} characters need as many char_starts, not {len(self.char_starts)}")
        if any(b < a for a, b in zip(self.char_starts, self.char_starts[1:], strict=False)):
            raise InvalidValue("char_starts must not go back")

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @staticmethod
    def with_even_timing(span: Span, text: str, *, is_reliable: bool = True) -> "Sentence":
        """A sentence whose characters are spread evenly over `span`: all that captions can tell."""
        step = span.duration / max(1, len(text))
        starts = tuple(span.start + i * step for i in range(len(text)))
        return Sentence(span.start, span.end, text, starts, is_reliable)

    def span_of(self, start: int, end: int) -> Span:
        """When the characters text[start:end] were said."""
        after = self.char_starts[end] if end < len(self.text) else self.end
        return Span(self.char_starts[start], max(self.char_starts[start], after))


@dataclass(frozen=True, slots=True)
class TranscriptPart:
    """What was heard in one part of the audio. `unheard` are stretches of speech of which nothing could be made out."""

    language: Language
    sentences: tuple[Sentence, ...]
    unheard: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything said in a show, in order. `source` tells hearing from given captions."""

    language: Language
    source: Literal["speech", "captions"]
    sentences: tuple[Sentence, ...]
    unheard: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Caption:
    """One given caption on the *recording* clock. `char_starts` is empty where the format has none."""

    recording_start: float
    recording_end: float
    text: str
    char_starts: tuple[float, ...] = ()
    is_reliable: bool = True


@dataclass(frozen=True, slots=True)
class Captions:
    """Captions that came with the show, instead of speech recognition."""

    language: Language | None
    captions: tuple[Caption, ...]


def captions_in_replay(captions: Captions, timeline: Timeline) -> list[Caption]:
    """Those of which the replay shows some time; in the order given."""
    return [caption for caption in captions.captions if is_in_replay(caption, timeline)]


def is_in_replay(caption: Caption, timeline: Timeline) -> bool:
    """Whether the replay shows any of the time that `caption` stands for."""
    return any(
        caption.recording_start < piece.recording_start + piece.duration
        and caption.recording_end > piece.recording_start
        for piece in timeline.clips
    )
