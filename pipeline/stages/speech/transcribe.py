"""Transcribe: automatic speech recognition, part by part."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from domain.audio import SAMPLE_RATE_HZ, Samples, SpeechAudio
from domain.clock import Seconds, Span
from domain.progress import Progress
from domain.session import Language, SpokenLanguage
from domain.speech import Sentence, Transcript, TranscriptPart
from media.pcm import read_wav_samples
from models.speech.device import DEFAULT_COMPUTE_TYPE, DEFAULT_DEVICE, require_known_device
from pipeline.engine.stage import Needs, Part

if TYPE_CHECKING:  # imported when it runs: the flow must load without Whisper
    from models.speech.recognizer import Recognizer

MAX_BORDER_SHIFT_S: Seconds = 3.0  # a part begins in the silence nearest to its nominal cut, at most this far from it
MIN_SILENCE_S: Seconds = 0.2  # the voice detector is this late at the edges of its input
QUIET_WINDOW_S: Seconds = 0.05  # without a silence the cut falls into the quietest stretch of this length


@dataclass(frozen=True)
class Transcribe:
    """Turn the show's audio into sentences with times. The catalogue is no input: a new one never costs ASR again.

    See `WhisperSettings` for the recogniser's settings; `max_chunk_s` is how much speech it decodes in one go. Another
    recogniser than Whisper takes neither `device` nor `compute_type`.
    """

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
    device: str = DEFAULT_DEVICE
    compute_type: str = DEFAULT_COMPUTE_TYPE

    def __post_init__(self) -> None:
        require_known_device(self.device)

    def weights(self) -> tuple[str, ...]:
        return (self.model,)

    def parts(self, audio: SpeechAudio) -> tuple[Span, ...]:
        """Parts of about `part_s` seconds, equally long but for their ends, which move to the nearest pauses."""
        count = max(1, round(audio.duration / self.part_s))
        nominal = [audio.duration * i / count for i in range(1, count)]
        inner = [pause for pause in audio.quiet_points if 0 < pause < audio.duration]
        cuts = sorted({min(inner, key=lambda pause: abs(pause - cut), default=cut) for cut in nominal})
        return tuple(Span(a, b) for a, b in zip([0.0, *cuts], [*cuts, audio.duration], strict=True))

    def __call__(self, audio: SpeechAudio, language: SpokenLanguage, part: Part, progress: Progress) -> TranscriptPart:
        from models.speech.transcriber import Transcriber

        recognizer = self._recognizer()
        span = Span(*(snap_to_silence(audio, cut, recognizer) for cut in (part.span.start, part.span.end)))
        samples = read_wav_samples(audio.file, span)
        speech_spans = recognizer.speech_in(samples)
        transcriber = Transcriber(recognizer, self.max_chunk_s)
        code = language.code or transcriber.detect_language(samples, speech_spans)
        result = transcriber.transcribe(samples, speech_spans, code, progress)
        return TranscriptPart(
            code,
            tuple(shift_sentence(sentence, span.start) for sentence in result.sentences),
            _shift_spans(result.untranscribed, span.start),
        )

    def join(self, pieces: tuple[TranscriptPart, ...]) -> Transcript:
        """The sentences of all parts, in the language of most of the text."""
        characters_by_language: Counter[Language] = Counter()
        for piece in pieces:
            characters_by_language[piece.language] += sum(len(sentence.text) for sentence in piece.sentences)
        return Transcript(
            max(characters_by_language, key=characters_by_language.__getitem__),
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
        return load_whisper(replace(settings, device=self.device, compute_type=self.compute_type))


def snap_to_silence(audio: SpeechAudio, cut: Seconds, recognizer: "Recognizer") -> Seconds:
    """The time where two parts meet: in the silence nearest to `cut`, so that no word is cut in two.

    Both parts compute it from the same audio, so they agree.
    """
    if not 0 < cut < audio.duration:
        return cut
    search_span = Span(max(0.0, cut - MAX_BORDER_SHIFT_S), min(audio.duration, cut + MAX_BORDER_SHIFT_S))
    samples = read_wav_samples(audio.file, search_span)
    speech_spans = _shift_spans(recognizer.speech_in(samples), search_span.start)
    speech_edges = (edge for speech in speech_spans for edge in (speech.start, speech.end))
    edges = [search_span.start, *speech_edges, search_span.end]
    silences = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= MIN_SILENCE_S]
    if not silences:
        return search_span.start + _quietest_time(samples)
    return min((silence.midpoint for silence in silences), key=lambda middle: abs(middle - cut))


def _quietest_time(samples: Samples) -> Seconds:
    """The middle of the quietest QUIET_WINDOW_S of `samples`, in seconds from their start; 0 if they are shorter."""
    width = round(QUIET_WINDOW_S * SAMPLE_RATE_HZ)
    count = len(samples) // width
    if not count:
        return 0.0
    loudness = np.square(samples[: count * width], dtype=np.float64).reshape(count, width).mean(axis=1)
    return (int(np.argmin(loudness)) + 0.5) * QUIET_WINDOW_S


def _shift_spans(spans: Iterable[Span], offset: Seconds) -> tuple[Span, ...]:
    return tuple(Span(span.start + offset, span.end + offset) for span in spans)


def shift_sentence(sentence: Sentence, offset: Seconds) -> Sentence:
    """The sentence, `offset` seconds later."""
    starts = tuple(start + offset for start in sentence.char_starts)
    return replace(sentence, start=sentence.start + offset, end=sentence.end + offset, char_starts=starts)
