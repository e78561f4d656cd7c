"""Take the sound out of the recording, for machines that listen."""

import wave
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from domain.clock import Timeline
from domain.errors import MediaError
from domain.recording import AudioTrack, MediaInfo
from domain.session import Recording
from media.disk_errors import writing
from media.pcm import BYTES_A_SAMPLE, Shape, samples
from pipeline.engine.stage import Needs, Progress

SPEECH = Shape(sample_rate=16_000, channels=1)  # what speech models listen to
TICK_SAMPLES = 1600  # 0.1 s: a pause between words is longer, one between syllables is not
SMOOTHED_TICKS = 3  # a good place to cut is quiet on both sides


@dataclass(frozen=True)
class ExtractAudio:
    """Write the show's sound as a WAV file on the replay clock, as long as the replay, and find its quiet instants."""

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(memory_mb=300)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg", "numpy")

    pause_every_s: float = 10.0

    def __call__(
        self, recording: Recording, media: MediaInfo, timeline: Timeline, scratch: Path, progress: Progress
    ) -> AudioTrack:
        if not media.has_sound:
            where = recording.files[0].path
            raise MediaError(where, "has no audio track", "give captions (captions.srt, .vtt or .json) beside it")
        file = scratch / "audio.wav"
        listener = _Listener(round(self.pause_every_s * SPEECH.sample_rate / TICK_SAMPLES))
        with writing(file):
            _write(file, samples(recording, media, timeline, SPEECH, progress), listener)
        return AudioTrack(file, timeline.duration, listener.pauses())


def _write(file: Path, blocks: Iterator[bytes], listener: "_Listener") -> None:
    with file.open("wb") as out, wave.open(out, "wb") as wav:
        wav.setnchannels(SPEECH.channels)
        wav.setsampwidth(BYTES_A_SAMPLE)
        wav.setframerate(SPEECH.sample_rate)
        for block in blocks:
            wav.writeframesraw(block)
            listener.hear(block)


@dataclass
class _Listener:
    """Hears blocks of samples and keeps the quietest instant of every `window_ticks` ticks."""

    window_ticks: int
    rest: bytes = b""
    levels: list[NDArray[np.int64]] = field(default_factory=list)
    found: list[float] = field(default_factory=list)
    window: int = 0

    def hear(self, block: bytes) -> None:
        heard = self.rest + block
        whole = len(heard) - len(heard) % (TICK_SAMPLES * BYTES_A_SAMPLE)
        self.rest = heard[whole:]
        loudness = np.abs(np.frombuffer(heard[:whole], dtype="<i2").reshape(-1, TICK_SAMPLES)[:, ::4].astype(np.int32))
        self.levels.append(loudness.sum(axis=1, dtype=np.int64))  # every fourth sample tells loud from quiet as well
        if sum(map(len, self.levels)) >= self.window_ticks:
            self._pick()

    def pauses(self) -> tuple[float, ...]:
        """Seconds, rising: one for each whole window heard, and one for a last one that is at least half of it."""
        left = np.concatenate(self.levels) if self.levels else np.zeros(0, dtype=np.int64)
        if 2 * len(left) >= self.window_ticks:
            self._note(left)
            self.levels = []
        return tuple(self.found)

    def _pick(self) -> None:
        heard = np.concatenate(self.levels)
        while len(heard) >= self.window_ticks:
            self._note(heard[: self.window_ticks])
            heard = heard[self.window_ticks :]
        self.levels = [heard]

    def _note(self, levels: NDArray[np.int64]) -> None:
        smooth = np.convolve(levels, np.ones(SMOOTHED_TICKS, dtype=np.int64), mode="same")
        smooth[[0, -1]] = smooth.max()  # its neighbours are not in this window
        quietest = np.flatnonzero(smooth == smooth.min())
        tick = self.window * self.window_ticks + int(quietest[len(quietest) // 2])  # the middle of a long silence
        self.found.append((tick + 0.5) * TICK_SAMPLES / SPEECH.sample_rate)
        self.window += 1
