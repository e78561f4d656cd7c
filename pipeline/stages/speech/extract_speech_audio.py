"""ExtractSpeechAudio: the show's audio for recognition."""

import wave
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from domain.audio import SpeechAudio
from domain.clock import Timeline
from domain.errors import MediaError
from domain.progress import Progress
from domain.recording import MediaInfo
from domain.session import Recording
from media.disk_errors import translate_write_errors
from media.pcm import BYTES_PER_SAMPLE, PcmFormat, decode_replay_audio
from pipeline.engine.stage import Needs

SPEECH_PCM = PcmFormat(sample_rate=16_000, channels=1)  # the input of speech models
TICK_SAMPLES = 1600  # 0.1 s: a pause between words is longer, one between syllables is not
SMOOTHING_TICKS = 3  # a good time to cut is quiet on both sides


@dataclass(frozen=True)
class ExtractSpeechAudio:
    """Write the show's audio as a WAV file on the replay clock, as long as the replay, and find its pauses.

    One pause is kept for every `pause_interval_s` seconds: the quietest instant.
    """

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(memory_mb=300)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg", "numpy")

    pause_interval_s: float = 10.0

    def __call__(
        self, recording: Recording, media: MediaInfo, timeline: Timeline, scratch: Path, progress: Progress
    ) -> SpeechAudio:
        if not media.has_audio:
            source_file = recording.files[0].path
            raise MediaError(source_file, "has no audio track", "give captions (captions.srt, .vtt or .json) beside it")
        file = scratch / "audio.wav"
        pause_finder = _PauseFinder(round(self.pause_interval_s * SPEECH_PCM.sample_rate / TICK_SAMPLES))
        with translate_write_errors(file):
            _write_wav(file, decode_replay_audio(recording, media, timeline, SPEECH_PCM, progress), pause_finder)
        return SpeechAudio(file, timeline.duration, pause_finder.pauses())


def _write_wav(file: Path, blocks: Iterator[bytes], pause_finder: "_PauseFinder") -> None:
    with file.open("wb") as out, wave.open(out, "wb") as wav:
        wav.setnchannels(SPEECH_PCM.channels)
        wav.setsampwidth(BYTES_PER_SAMPLE)
        wav.setframerate(SPEECH_PCM.sample_rate)
        for block in blocks:
            wav.writeframesraw(block)
            pause_finder.feed(block)


@dataclass
class _PauseFinder:
    """Takes blocks of samples and keeps the quietest instant of every `window_ticks` ticks."""

    window_ticks: int
    remainder: bytes = b""
    levels: list[NDArray[np.int64]] = field(default_factory=list)
    pause_times: list[float] = field(default_factory=list)
    window_index: int = 0

    def feed(self, block: bytes) -> None:
        buffer = self.remainder + block
        whole_bytes = len(buffer) - len(buffer) % (TICK_SAMPLES * BYTES_PER_SAMPLE)
        self.remainder = buffer[whole_bytes:]
        loudness = np.abs(
            np.frombuffer(buffer[:whole_bytes], dtype="<i2").reshape(-1, TICK_SAMPLES)[:, ::4].astype(np.int32)
        )
        self.levels.append(loudness.sum(axis=1, dtype=np.int64))  # every fourth sample is enough
        if sum(map(len, self.levels)) >= self.window_ticks:
            self._take_whole_windows()

    def pauses(self) -> tuple[float, ...]:
        """Seconds, rising: one for each whole window, and one for a last window that is at least half of one."""
        remaining = np.concatenate(self.levels) if self.levels else np.zeros(0, dtype=np.int64)
        if 2 * len(remaining) >= self.window_ticks:
            self._add_pause(remaining)
            self.levels = []
        return tuple(self.pause_times)

    def _take_whole_windows(self) -> None:
        buffered = np.concatenate(self.levels)
        while len(buffered) >= self.window_ticks:
            self._add_pause(buffered[: self.window_ticks])
            buffered = buffered[self.window_ticks :]
        self.levels = [buffered]

    def _add_pause(self, levels: NDArray[np.int64]) -> None:
        smooth = np.convolve(levels, np.ones(SMOOTHING_TICKS, dtype=np.int64), mode="same")
        smooth[[0, -1]] = smooth.max()  # its neighbours are not in this window
        quietest = np.flatnonzero(smooth == smooth.min())
        tick = self.window_index * self.window_ticks + int(quietest[len(quietest) // 2])  # the middle of a long silence
        self.pause_times.append((tick + 0.5) * TICK_SAMPLES / SPEECH_PCM.sample_rate)
        self.window_index += 1
