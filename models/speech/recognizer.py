"""The protocol of speech recognisers: they find speech and turn chunks of it into timed words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

from domain.audio import Samples
from domain.clock import Seconds, Span
from domain.session import Language

TextLikelihoodScorer: TypeAlias = Callable[[Sequence[str]], tuple[float, ...]]
"""The log-likelihood of each of some texts as the transcript of one stretch of audio; natural logarithms."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is decoded in one go: stretches of speech, in order, without the silence between them."""

    pieces: tuple[Span, ...]

    @property
    def span(self) -> Span:
        return Span(self.pieces[0].start, self.pieces[-1].end)

    @property
    def speech(self) -> Seconds:
        """Seconds of audio in it."""
        return sum(piece.duration for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Word:
    """One word or, in Chinese, one character; marks belong to the word before, a blank to the word after."""

    text: str
    start: Seconds
    end: Seconds


@dataclass(frozen=True, slots=True)
class DecodedChunk:
    """A decoder's result for a chunk. `tokens`: how many it wrote; `mean_logprob`: of a token, natural logarithm."""

    chunk: Chunk
    words: tuple[Word, ...]
    tokens: int
    mean_logprob: float
    no_speech_chance: float

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


@runtime_checkable
class Recognizer(Protocol):
    """Recognises speech. Deterministic: the same audio gives the same result on the same machine.

    `audio`: (samples,) float32 at SAMPLE_RATE_HZ, in [-1, 1]. tests/models/speech/test_recognizer.py is the contract:
    a new recogniser must pass it.
    """

    def speech_in(self, audio: Samples) -> tuple[Span, ...]:
        """Stretches of speech, in order, without margin."""
        ...

    def language_of(self, audio: Samples, chunks: Sequence[Chunk]) -> Language:
        """The likelier of the languages that kandian supports, over all `chunks`."""
        ...

    def decode(self, audio: Samples, chunks: Sequence[Chunk], language: Language) -> Iterator[DecodedChunk]:
        """Decode fast: one result a chunk, in order. Nothing is checked."""
        ...

    def decode_carefully(self, audio: Samples, chunk: Chunk, language: Language) -> DecodedChunk:
        """Decode slowly, for a chunk in which `decode` failed."""
        ...
