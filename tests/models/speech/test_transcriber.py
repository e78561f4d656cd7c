"""The order of passes, with a recogniser by hand; the real one runs in tests/pipeline/stages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from domain.audio import SAMPLE_RATE_HZ, Samples
from domain.clock import Span
from domain.errors import InvalidValue
from domain.session import Language
from fixtures.tone_recognizer import ToneRecognizer
from models.speech.recognizer import Chunk, DecodedChunk, Word
from models.speech.transcriber import Transcriber, TranscriptionResult

SCRIPT = "零一二三四五六七八九十百千万亿甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
SPEECH = (Span(1.0, 9.0), Span(12.0, 18.0), Span(30.0, 36.0))
SOUND: Samples = np.zeros(40 * SAMPLE_RATE_HZ, dtype=np.float32)


def true_words(chunk: Chunk) -> tuple[Word, ...]:
    """A character a second, said over the second's first 0.9 s."""
    return tuple(
        Word(SCRIPT[t], float(t), t + 0.9)
        for piece in chunk.pieces
        for t in range(len(SCRIPT))
        if any(span.start <= t < span.end for span in SPEECH) and piece.start - 0.5 <= t < piece.end - 0.5
    )


@dataclass(frozen=True)
class ByHand:
    """Hears the script perfectly but for its vices. `asked`: what it was given, look by look."""

    stops_after: int = 1_000
    tokens_a_word: int = 1
    loops_in: Span | None = None
    is_deaf: bool = False
    cures: bool = True
    asked: list[tuple[Chunk, ...]] = field(default_factory=list)
    asked_carefully: list[Chunk] = field(default_factory=list)

    def speech_in(self, sound: Samples) -> tuple[Span, ...]:  # noqa: ARG002
        return SPEECH

    def language_of(self, sound: Samples, chunks: Sequence[Chunk]) -> Language:  # noqa: ARG002  # it whistles one only
        return "zh"

    def decode(self, sound: Samples, chunks: Sequence[Chunk], language: Language) -> Iterator[DecodedChunk]:  # noqa: ARG002
        self.asked.append(tuple(chunks))
        yield from map(self._hear, chunks)

    def decode_carefully(self, sound: Samples, chunk: Chunk, language: Language) -> DecodedChunk:  # noqa: ARG002
        self.asked_carefully.append(chunk)
        return DecodedChunk(chunk, true_words(chunk), 10, -0.2, 0.0) if self.cures else self._hear(chunk)

    def _hear(self, chunk: Chunk) -> DecodedChunk:
        words = () if self.is_deaf else true_words(chunk)
        if self.loops_in and self.loops_in.overlap(chunk.span):
            return DecodedChunk(chunk, (Word("好用好用好看" * 9, chunk.span.start, chunk.span.end),), 54, -0.2, 0.0)
        tokens = len(words) * self.tokens_a_word
        return DecodedChunk(chunk, words[: self.stops_after][: 224 // self.tokens_a_word], min(224, tokens), -0.2, 0.0)


def ignore(done: float) -> None:
    """Nobody watches."""


def text_of(recognizer: ByHand) -> str:
    return "".join(s.text for s in listen(recognizer).sentences)


def listen(recognizer: ByHand) -> TranscriptionResult:
    return Transcriber(recognizer, 20.0).transcribe(SOUND, SPEECH, "zh", ignore)


ALL = "".join(SCRIPT[t] for span in SPEECH for t in range(int(span.start), int(span.end)))


def test_what_is_heard_well_is_decoded_once() -> None:
    recognizer = ByHand()
    assert text_of(recognizer) == ALL
    assert [len(chunks) for chunks in recognizer.asked if chunks] == [2]


def test_a_decoder_that_stops_early_is_asked_again_for_the_rest_only() -> None:
    recognizer = ByHand(stops_after=9)
    assert text_of(recognizer) == ALL
    assert sum(chunk.speech for chunk in recognizer.asked[1]) < 7.0


def test_a_chunk_that_filled_the_token_cap_is_split_and_decoded_again() -> None:
    recognizer = ByHand(tokens_a_word=20)
    assert text_of(recognizer) == ALL
    assert len(recognizer.asked[1]) == 2


def test_a_loop_is_decoded_carefully_and_repaired() -> None:
    recognizer = ByHand(loops_in=Span(30.0, 36.0))
    assert text_of(recognizer) == ALL
    assert len(recognizer.asked_carefully) == 1


def test_a_loop_that_stays_is_kept_but_does_not_count() -> None:
    hearing = listen(ByHand(loops_in=Span(30.0, 36.0), cures=False))
    assert [s.is_reliable for s in hearing.sentences if s.start >= 29.0] == [False]
    assert all(s.is_reliable for s in hearing.sentences if s.start < 20.0)


def test_speech_without_text_is_unheard() -> None:
    hearing = listen(ByHand(is_deaf=True))
    assert hearing.sentences == ()
    assert hearing.untranscribed == SPEECH


def test_a_sound_without_speech_gives_nothing() -> None:
    hearing = Transcriber(ByHand(), 20.0).transcribe(SOUND, (), "zh", ignore)
    assert (hearing.sentences, hearing.untranscribed) == ((), ())


def test_a_decoder_that_never_gets_far_loses_no_word_it_gave() -> None:
    """Three passes of four words each: what is still missing is reported, recognised words stay."""
    hearing = listen(ByHand(stops_after=4))
    heard = "".join(s.text for s in hearing.sentences)
    assert all(any(span.overlap(each) > 0 for each in hearing.untranscribed) for span in silent(heard))
    assert len(heard) >= 12


def silent(heard: str) -> list[Span]:
    """The seconds whose word is not among `heard`."""
    return [Span(t + 0.2, t + 0.8) for t in range(len(SCRIPT)) if SCRIPT[t] in ALL and SCRIPT[t] not in heard]


def test_a_sound_full_of_loops_is_decoded_carefully_at_few_places_only() -> None:
    recognizer = ByHand(loops_in=Span(0.0, 40.0))
    hearing = Transcriber(recognizer, 7.0).transcribe(SOUND, [Span(t, t + 6.0) for t in range(0, 36, 7)], "zh", ignore)
    assert len(recognizer.asked_carefully) == 2
    assert sum(not s.is_reliable for s in hearing.sentences) >= 4


@pytest.mark.parametrize("audio", [np.zeros(16_000), np.zeros((2, 16_000), dtype=np.float32)])
def test_audio_of_another_type_or_shape_is_refused(audio: Samples) -> None:
    with pytest.raises(InvalidValue, match=r"\(samples,\) of float32"):
        Transcriber(ToneRecognizer(), 30.0).detect_language(audio, [Span(0.0, 1.0)])
