"""ListenAgain: the second look of speech, a few seconds at a time, with a few names in mind."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from domain.recording import AudioTrack
from domain.rescoring import Doubts, Reheard, SecondLook, Window
from media.sound import read_sound
from pipeline.engine.stage import Needs, Part, Portion

if TYPE_CHECKING:  # imported when it runs: the flow must load without Whisper
    from models.speech.whisper import Whisper


@dataclass(frozen=True)
class ListenAgain:
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

    def parts(self, doubts: Doubts) -> tuple[Portion, ...]:
        return tuple(Portion(doubt.window.span, doubt.window) for doubt in doubts.doubts)

    def __call__(self, audio: AudioTrack, part: Part) -> Reheard:
        from models.linking.rescoring import hear_again

        window: Window = part.about
        sound = read_sound(audio.file, window.span)
        return hear_again(window, partial(self._whisper().likelihoods_in, sound, language=window.language))

    def join(self, pieces: tuple[Reheard, ...], doubts: Doubts) -> SecondLook:
        """The windows in order, and the names that were said after all."""
        from models.linking.rescoring import mentions_of

        found = [m for doubt, piece in zip(doubts.doubts, pieces, strict=True) for m in mentions_of(doubt, piece)]
        return SecondLook(pieces, tuple(sorted(found, key=lambda mention: (mention.span.start, mention.span.end))))

    def _whisper(self) -> "Whisper":
        from models.speech.whisper import WhisperSettings, whisper

        return whisper(WhisperSettings(self.model, threads=self.threads))
