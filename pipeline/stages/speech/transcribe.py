"""Transcribe: what is said in the show, as characters with times."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from domain.clock import Seconds, Span
from domain.recording import AudioTrack
from domain.session import Language, SpokenLanguage
from domain.speech import Sentence, Transcript, TranscriptPart
from media.sound import read_sound
from pipeline.engine.stage import Needs, Part, Progress

if TYPE_CHECKING:  # imported when it runs: the flow must load without Whisper
    from models.speech.recognizer import Recognizer, Samples

BORDER_REACH: Seconds = 3.0  # a part begins in the silence nearest to its nominal cut, at most this far from it
SHORTEST_SILENCE: Seconds = 0.2  # the voice detector is this late at the edge of what it is given
QUIET_WINDOW: Seconds = 0.05  # without a silence the cut falls into the quietest stretch of this length


@dataclass(frozen=True)
class Transcribe:
    """Turn the show's sound into sentences. The catalogue is no input: a new one never costs speech again."""

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs(cpus=1.0, memory_mb=800)
    tools: ClassVar[tuple[str, ...]] = ("ctranslate2", "faster-whisper", "onnxruntime", "opencc")

    model: str = "base"
    part_s: float = 600.0
    longest_chunk_s: float = 20.0
    batch_size: int = 4
    beam_size: int = 1
    threads: int = 1
    voice_threshold: float = 0.3

    def weights(self) -> tuple[str, ...]:
        return (self.model,)

    def parts(self, audio: AudioTrack) -> tuple[Span, ...]:
        """Parts of about `part_s` seconds, alike in length, cut at the pauses nearest to where they would end."""
        count = max(1, round(audio.duration / self.part_s))
        nominal = [audio.duration * i / count for i in range(1, count)]
        inner = [pause for pause in audio.pauses if 0 < pause < audio.duration]
        cuts = sorted({min(inner, key=lambda pause: abs(pause - cut), default=cut) for cut in nominal})
        return tuple(Span(a, b) for a, b in zip([0.0, *cuts], [*cuts, audio.duration], strict=True))

    def __call__(self, audio: AudioTrack, language: SpokenLanguage, part: Part, progress: Progress) -> TranscriptPart:
        from models.speech.transcriber import Listener

        recognizer = self._recognizer()
        span = Span(border(audio, part.span.start, recognizer), border(audio, part.span.end, recognizer))
        sound = read_sound(audio.file, span)
        speech = recognizer.speech_in(sound)
        listener = Listener(recognizer, self.longest_chunk_s)
        code = language.code or listener.language_of(sound, speech)
        heard = listener.hear(sound, speech, code, progress)
        return TranscriptPart(
            code,
            tuple(later(sentence, span.start) for sentence in heard.sentences),
            tuple(Span(each.start + span.start, each.end + span.start) for each in heard.unheard),
        )

    def join(self, pieces: tuple[TranscriptPart, ...]) -> Transcript:
        """The parts in order, in the language that most of the text is in."""
        said: Counter[Language] = Counter()
        for piece in pieces:
            said[piece.language] += sum(len(sentence.text) for sentence in piece.sentences)
        return Transcript(
            max(said, key=lambda language: said[language]),
            "speech",
            tuple(sentence for piece in pieces for sentence in piece.sentences),
            tuple(span for piece in pieces for span in piece.unheard),
        )

    def _recognizer(self) -> "Recognizer":
        from models.speech.plugin import is_plugged_in, plugged_in

        if is_plugged_in(self.model):
            return plugged_in(self.model)
        from models.speech.whisper import WhisperSettings, whisper

        settings = WhisperSettings(self.model, self.batch_size, self.beam_size, self.threads, self.voice_threshold)
        return whisper(settings)


def border(audio: AudioTrack, cut: Seconds, recognizer: "Recognizer") -> Seconds:
    """Where two parts meet: in the silence nearest to `cut`, so that no word is halved.

    Both parts ask with the same sound and so agree, without knowing of each other.
    """
    if not 0 < cut < audio.duration:
        return cut
    around = Span(max(0.0, cut - BORDER_REACH), min(audio.duration, cut + BORDER_REACH))
    sound = read_sound(audio.file, around)
    speech = [Span(each.start + around.start, each.end + around.start) for each in recognizer.speech_in(sound)]
    edges = [around.start, *(edge for each in speech for edge in (each.start, each.end)), around.end]
    silences = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= SHORTEST_SILENCE]
    if not silences:
        return around.start + quietest(sound)
    return min((silence.middle for silence in silences), key=lambda middle: abs(middle - cut))


def quietest(sound: "Samples") -> Seconds:
    """The middle of the quietest QUIET_WINDOW of `sound`, in its own time; 0 for a sound shorter than that."""
    from models.speech.recognizer import SAMPLE_RATE_HZ

    width = round(QUIET_WINDOW * SAMPLE_RATE_HZ)
    count = len(sound) // width
    if not count:
        return 0.0
    loudness = np.square(sound[: count * width], dtype=np.float64).reshape(count, width).mean(axis=1)
    return (int(np.argmin(loudness)) + 0.5) * QUIET_WINDOW


def later(sentence: Sentence, offset: Seconds) -> Sentence:
    """The sentence moved `offset` seconds on."""
    starts = tuple(start + offset for start in sentence.char_starts)
    return replace(sentence, start=sentence.start + offset, end=sentence.end + offset, char_starts=starts)
