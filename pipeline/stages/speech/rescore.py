"""Rescore: the second look of speech, a few seconds at a time, with a few names in mind."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from domain.audio import SpeechAudio
from domain.rescoring import RescoredWindow, RescoringCandidates, RescoringResult, RescoringWindow
from media.pcm import read_wav_samples
from pipeline.engine.stage import Needs, Part, PartSpec

if TYPE_CHECKING:  # imported when it runs: the flow must load without Whisper
    from models.speech.whisper import Whisper


@dataclass(frozen=True)
class Rescore:
    """Weigh what was heard first against the names that it sounds like.

    A part is one window, and knows of the catalogue only the names that it listens for: a changed catalogue costs the
    windows whose names changed, no others.
    """

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs(cpus=1.0, memory_mb=800)
    tools: ClassVar[tuple[str, ...]] = ("ctranslate2", "faster-whisper", "opencc", "pypinyin")
    model: str = "base"
    threads: int = 1

    def weights(self) -> tuple[str, ...]:
        return (self.model,)

    def parts(self, candidates: RescoringCandidates) -> tuple[PartSpec, ...]:
        return tuple(PartSpec(doubt.window.span, doubt.window) for doubt in candidates.candidates)

    def __call__(self, audio: SpeechAudio, part: Part) -> RescoredWindow:
        from models.linking.rescoring import rescore

        window: RescoringWindow = part.payload
        samples = read_wav_samples(audio.file, window.span)
        return rescore(window, partial(self._recognizer().likelihoods_in, samples, language=window.language))

    def join(self, pieces: tuple[RescoredWindow, ...], candidates: RescoringCandidates) -> RescoringResult:
        """The windows in order, and the names that were said after all."""
        from models.linking.rescoring import accepted_mentions

        mentions = [
            m
            for doubt, piece in zip(candidates.candidates, pieces, strict=True)
            for m in accepted_mentions(doubt, piece)
        ]
        return RescoringResult(
            pieces, tuple(sorted(mentions, key=lambda mention: (mention.span.start, mention.span.end)))
        )

    def _recognizer(self) -> "Whisper":
        from models.speech.whisper import WhisperSettings, load_whisper

        return load_whisper(WhisperSettings(self.model, threads=self.threads))
