"""Rescore: hypotheses weighed against the audio, a few seconds at a time."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from domain.audio import SpeechAudio
from domain.evidence import LinkedMentions, Mentions
from domain.rescoring import RescoredWindow, RescoringCandidates, RescoringWindow
from media.pcm import read_wav_samples
from models.speech.device import DEFAULT_COMPUTE_TYPE, DEFAULT_DEVICE, require_known_device
from pipeline.engine.stage import Needs, Part, PartSpec

if TYPE_CHECKING:  # imported when it runs: the flow must load without Whisper
    from models.speech.whisper import Whisper


@dataclass(frozen=True)
class Rescore:
    """Weigh the recognised text of each window against product names, and add the accepted names to the mentions.

    A part is one window, and knows of the catalogue only the window's hotwords: a changed catalogue costs the windows
    whose names changed, no others.
    """

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(cpus=1.0, memory_mb=800)
    tools: ClassVar[tuple[str, ...]] = ("ctranslate2", "faster-whisper", "opencc", "pypinyin")
    model: str = "base"
    threads: int = 1
    device: str = DEFAULT_DEVICE
    compute_type: str = DEFAULT_COMPUTE_TYPE

    def __post_init__(self) -> None:
        require_known_device(self.device)

    def weights(self) -> tuple[str, ...]:
        return (self.model,)

    def parts(self, candidates: RescoringCandidates) -> tuple[PartSpec, ...]:
        return tuple(PartSpec(candidate.window.span, candidate.window) for candidate in candidates.candidates)

    def __call__(self, audio: SpeechAudio, part: Part) -> RescoredWindow:
        from models.rescoring.rescoring import rescore

        window: RescoringWindow = part.payload
        samples = read_wav_samples(audio.file, window.span)
        return rescore(window, partial(self._recognizer().likelihoods_in, samples, language=window.language))

    def join(
        self, pieces: tuple[RescoredWindow, ...], candidates: RescoringCandidates, linked: LinkedMentions
    ) -> Mentions:
        """All mentions by time, the first-pass ones before those accepted at the same time."""
        from models.rescoring.rescoring import accepted_mentions

        accepted = [
            mention
            for candidate, rescored in zip(candidates.candidates, pieces, strict=True)
            for mention in accepted_mentions(candidate, rescored)
        ]
        return Mentions(tuple(sorted((*linked.mentions, *accepted), key=lambda mention: mention.span)))

    def _recognizer(self) -> "Whisper":
        from models.speech.whisper import WhisperSettings, load_whisper

        device, compute_type = self.device, self.compute_type
        return load_whisper(WhisperSettings(self.model, threads=self.threads, device=device, compute_type=compute_type))
