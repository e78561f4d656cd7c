"""Speech: transcripts and captions, as sentences whose characters have times."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from domain.clock import Seconds, Span, Timeline
from domain.errors import InvalidValue
from domain.session import Language


@dataclass(frozen=True, slots=True)
class Sentence:
    """The speech between two pauses. `char_starts` has the start of every character of `text`, and never goes back.

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
        """A sentence whose characters are spread evenly over `span`, for captions, which have no finer times."""
        step = span.duration / max(1, len(text))
        starts = tuple(span.start + i * step for i in range(len(text)))
        return Sentence(span.start, span.end, text, starts, is_reliable)

    def span_of(self, start: int, end: int) -> Span:
        """The span in which the characters text[start:end] are spoken."""
        after = self.char_starts[end] if end < len(self.text) else self.end
        return Span(self.char_starts[start], max(self.char_starts[start], after))


@dataclass(frozen=True, slots=True)
class TranscriptPart:
    """The transcript of one part of the audio. `unheard` are spans with speech that could not be recognised."""

    language: Language
    sentences: tuple[Sentence, ...]
    unheard: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """The transcript of a show, in order. `source` is speech recognition, or the captions that came with the show."""

    language: Language
    source: Literal["speech", "captions"]
    sentences: tuple[Sentence, ...]
    unheard: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Caption:
    """One caption that came with the show, on the *recording* clock. `char_starts`: empty where the format has none."""

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
    """The captions that the replay shows at least in part, in their order."""
    return [caption for caption in captions.captions if is_in_replay(caption, timeline)]


def is_in_replay(caption: Caption, timeline: Timeline) -> bool:
    """Whether the replay shows at least a part of the caption's time."""
    return any(
        caption.recording_start < clip.recording_start + clip.duration and caption.recording_end > clip.recording_start
        for clip in timeline.clips
    )
