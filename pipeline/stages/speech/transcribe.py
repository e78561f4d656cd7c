"""Transcribe: what is said in the show, as characters with times."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from domain.audio import SpeechAudio
from domain.clock import Seconds, Span
from domain.progress import Progress
from domain.session import Language, SpokenLanguage
from domain.speech import Sentence, Transcript, TranscriptPart
from media.pcm import read_wav_samples
from pipeline.engine.stage import Needs, Part

if TYPE_CHECKING:  # imported when it runs: the flow must load without Whisper
    from domain.audio import Samples
    from models.speech.recognizer import Recognizer

MAX_BORDER_SHIFT_S: Seconds = 3.0  # a part begins in the silence nearest to its nominal cut, at most this far from it
MIN_SILENCE_S: Seconds = 0.2  # the voice detector is this late at the edge of what it is given
QUIET_WINDOW_S: Seconds = 0.05  # without a silence the cut falls into the quietest stretch of this length


@dataclass(frozen=True)
class Transcribe:
    """Turn the show's sound into sentences. The catalogue is no input: a new one never costs speech again."""

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs(cpus=1.0, memory_mb=800)
    tools: ClassVar[tuple[str, ...]] = ("ctranslate2", "faster-whisper", "onnxruntime", "opencc")

    model: str = "base"
    part_s: float = 600.0
    max_chunk_s: float = 20.0
    batch_size: int = 4
    beam_size: int = 1
    threads: int = 1
    voice_threshold: float = 0.3

    def weights(self) -> tuple[str, ...]:
        return (self.model,)

    def parts(self, audio: SpeechAudio) -> tuple[Span, ...]:
        """Parts of about `part_s` seconds, alike in length, cut at the pauses nearest to where they would end."""
        count = max(1, round(audio.duration / self.part_s))
        nominal = [audio.duration * i / count for i in range(1, count)]
        inner = [pause for pause in audio.quiet_points if 0 < pause < audio.duration]
        cuts = sorted({min(inner, key=lambda pause: abs(pause - cut), default=cut) for cut in nominal})
        return tuple(Span(a, b) for a, b in zip([0.0, *cuts], [*cuts, audio.duration], strict=True))

    def __call__(self, audio: SpeechAudio, language: SpokenLanguage, part: Part, progress: Progress) -> TranscriptPart:
        from models.speech.transcriber import Transcriber

        recognizer = self._recognizer()
        span = Span(
            snap_to_silence(audio, part.span.start, recognizer), snap_to_silence(audio, part.span.end, recognizer)
        )
        samples = read_wav_samples(audio.file, span)
        speech_spans = recognizer.speech_in(samples)
        transcriber = Transcriber(recognizer, self.max_chunk_s)
        code = language.code or transcriber.detect_language(samples, speech_spans)
        result = transcriber.transcribe(samples, speech_spans, code, progress)
        return TranscriptPart(
            code,
            tuple(shifted(sentence, span.start) for sentence in result.sentences),
            tuple(Span(each.start + span.start, each.end + span.start) for each in result.untranscribed),
        )

    def join(self, pieces: tuple[TranscriptPart, ...]) -> Transcript:
        """The parts in order, in the language that most of the text is in."""
        characters_by_language: Counter[Language] = Counter()
        for piece in pieces:
            characters_by_language[piece.language] += sum(len(sentence.text) for sentence in piece.sentences)
        return Transcript(
            max(characters_by_language, key=lambda language: characters_by_language[language]),
            "speech",
            tuple(sentence for piece in pieces for sentence in piece.sentences),
            tuple(span for piece in pieces for span in piece.unheard),
        )

    def _recognizer(self) -> "Recognizer":
        from models.speech.plugin import is_plugin, load_plugin

        if is_plugin(self.model):
            return load_plugin(self.model)
        from models.speech.whisper import WhisperSettings, load_whisper

        settings = WhisperSettings(self.model, self.batch_size, self.beam_size, self.threads, self.voice_threshold)
        return load_whisper(settings)


def snap_to_silence(audio: SpeechAudio, cut: Seconds, recognizer: "Recognizer") -> Seconds:
    """Where two parts meet: in the silence nearest to `cut`, so that no word is halved.

    Both parts ask with the same sound and so agree, without knowing of each other.
    """
    if not 0 < cut < audio.duration:
        return cut
    search_span = Span(max(0.0, cut - MAX_BORDER_SHIFT_S), min(audio.duration, cut + MAX_BORDER_SHIFT_S))
    samples = read_wav_samples(audio.file, search_span)
    speech_spans = [
        Span(each.start + search_span.start, each.end + search_span.start) for each in recognizer.speech_in(samples)
    ]
    edges = [search_span.start, *(edge for each in speech_spans for edge in (each.start, each.end)), search_span.end]
    silences = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= MIN_SILENCE_S]
    if not silences:
        return search_span.start + quietest_time(samples)
    return min((silence.midpoint for silence in silences), key=lambda middle: abs(middle - cut))


def quietest_time(samples: "Samples") -> Seconds:
    """The middle of the quietest QUIET_WINDOW of `samples`, in its own time; 0 for a sound shorter than that."""
    from domain.audio import SAMPLE_RATE_HZ

    width = round(QUIET_WINDOW_S * SAMPLE_RATE_HZ)
    count = len(samples) // width
    if not count:
        return 0.0
    loudness = np.square(samples[: count * width], dtype=np.float64).reshape(count, width).mean(axis=1)
    return (int(np.argmin(loudness)) + 0.5) * QUIET_WINDOW_S


def shifted(sentence: Sentence, offset: Seconds) -> Sentence:
    """The sentence moved `offset` seconds on."""
    starts = tuple(start + offset for start in sentence.char_starts)
    return replace(sentence, start=sentence.start + offset, end=sentence.end + offset, char_starts=starts)
