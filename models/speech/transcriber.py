"""Transcribes audio: decode fast, find what was left out or hallucinated, and decode only that again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from domain.audio import SAMPLE_RATE_HZ, Samples
from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.session import Language
from domain.speech import Sentence
from models.speech.chunking import add_margins, pack_chunks, split_chunk, untranscribed_spans, words_outside_spans
from models.speech.hallucination_filter import HallucinationKind, detect_hallucinations, is_not_speech
from models.speech.recognizer import Chunk, DecodedChunk, Recognizer, Word
from models.speech.sentence_segmentation import segment_sentences, snap_to_speech, timed_characters

PASSES = 3  # the first, and two over what was left out; another finds next to nothing
MIN_SPLIT_S: Seconds = 4.0  # halves below 2 s have too little context
MIN_CAREFUL_DECODES = 2  # in a short part
CHUNKS_PER_CAREFUL_DECODE = 20  # a careful decode costs up to six fast ones; an hour of music must not cost hours
LANGUAGE_DETECTION_CHUNKS = 3  # each costs one encoding


@dataclass(frozen=True, slots=True)
class TranscriptionResult:
    """The sentences in a stretch of audio. `untranscribed`: speech for which there is no text."""

    sentences: tuple[Sentence, ...]
    untranscribed: tuple[Span, ...]


@dataclass(slots=True)
class _DecodeState:
    """Results so far: reliable and unreliable words, rejected chunks, and what to decode next."""

    reliable_words: list[Word] = field(default_factory=list)
    unreliable_words: list[Word] = field(default_factory=list)
    rejected: list[DecodedChunk] = field(default_factory=list)
    split_chunks: list[Chunk] = field(default_factory=list)
    gaps: list[Span] = field(default_factory=list)

    def take_pending(self, max_chunk_s: Seconds) -> tuple[Chunk, ...]:
        """What to decode next, once. Gaps share chunks: decoding a second costs as much as decoding thirty."""
        pending = (*self.split_chunks, *pack_chunks(sorted(self.gaps), max_chunk_s))
        self.split_chunks, self.gaps = [], []
        return pending

    def add_decoded(self, decoded: DecodedChunk, language: Language, *, is_last_pass: bool) -> None:
        """Sort the fast result for a chunk. In the last pass nothing is left to decode again."""
        hallucinations = detect_hallucinations(decoded, language)
        is_stopped = HallucinationKind.TRUNCATED in hallucinations or not decoded.words
        if is_stopped and decoded.chunk.speech >= MIN_SPLIT_S and not is_last_pass:
            self.split_chunks += split_chunk(decoded.chunk)
        elif hallucinations:
            self.rejected.append(decoded)
        elif decoded.words:
            gaps = () if is_last_pass else untranscribed_spans(decoded.chunk.pieces, decoded.words)
            self.gaps += gaps
            self.reliable_words += words_outside_spans(decoded, gaps)

    def keep_unreliable(self, decoded: DecodedChunk, language: Language) -> None:
        """Keep the words of a rejected result for people to read, unless it is no speech."""
        if not is_not_speech(decoded, detect_hallucinations(decoded, language)):
            self.unreliable_words += decoded.words


@dataclass(frozen=True, slots=True)
class Transcriber:
    """A recogniser and how it is used. `max_chunk_s`: seconds of speech decoded in one go."""

    recognizer: Recognizer
    max_chunk_s: Seconds

    def detect_language(self, audio: Samples, speech: Sequence[Span]) -> Language:
        """The language of `audio`, (samples,), detected where speech is densest."""
        _check_samples(audio)
        chunks = pack_chunks(add_margins(speech, full_span(audio)), self.max_chunk_s)
        densest = sorted(chunks, key=lambda chunk: -chunk.speech)[:LANGUAGE_DETECTION_CHUNKS]
        return self.recognizer.language_of(audio, densest)

    def transcribe(
        self, audio: Samples, speech: Sequence[Span], language: Language, report: Callable[[float], None]
    ) -> TranscriptionResult:
        """The sentences in `audio`, (samples,). `speech`: where it is; `report` gets the share done, in [0, 1]."""
        _check_samples(audio)
        state = _DecodeState()
        pending = pack_chunks(add_margins(speech, full_span(audio)), self.max_chunk_s)
        chunk_count = len(pending)
        for pass_index in range(PASSES):
            for i, decoded in enumerate(self.recognizer.decode(audio, pending, language)):
                state.add_decoded(decoded, language, is_last_pass=pass_index == PASSES - 1)
                report((i + 1) / chunk_count if pass_index == 0 else 1.0)
            pending = state.take_pending(self.max_chunk_s)
        max_careful = max(MIN_CAREFUL_DECODES, chunk_count // CHUNKS_PER_CAREFUL_DECODE)
        for decoded in state.rejected[:max_careful]:
            self._decode_carefully(decoded, audio, language, state)
        for decoded in state.rejected[max_careful:]:
            state.keep_unreliable(decoded, language)
        return _build_result(state, speech, language)

    def _decode_carefully(self, decoded: DecodedChunk, audio: Samples, language: Language, state: _DecodeState) -> None:
        """Decode a rejected chunk once more, slowly, and decide."""
        if is_not_speech(decoded, detect_hallucinations(decoded, language)):
            return
        careful = self.recognizer.decode_carefully(audio, decoded.chunk, language)
        if detect_hallucinations(careful, language):
            state.keep_unreliable(careful, language)
        else:
            state.reliable_words += careful.words


def _check_samples(audio: Samples) -> None:
    if audio.ndim != 1 or audio.dtype != np.float32:
        raise InvalidValue(f"audio is (samples,) of float32, not {audio.shape} of {audio.dtype}")


def full_span(audio: Samples) -> Span:
    """All of `audio`."""
    return Span(0.0, len(audio) / SAMPLE_RATE_HZ)


def _build_result(state: _DecodeState, speech: Sequence[Span], language: Language) -> TranscriptionResult:
    words = sorted([*state.reliable_words, *state.unreliable_words], key=lambda word: word.start)
    timed = [
        *timed_characters(_sort_by_time(state.reliable_words), language),
        *timed_characters(_sort_by_time(state.unreliable_words), language, is_reliable=False),
    ]
    timed.sort(key=lambda character: character.start)
    return TranscriptionResult(segment_sentences(snap_to_speech(timed, speech)), untranscribed_spans(speech, words))


def _sort_by_time(words: Iterable[Word]) -> list[Word]:
    return sorted(words, key=lambda word: word.start)
