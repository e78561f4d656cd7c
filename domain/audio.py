"""Audio: of a recorded file, decoded for speech and for the replay, encoded, and as samples."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds

SAMPLE_RATE_HZ = 16_000  # what Whisper and its voice detector were trained on

Samples: TypeAlias = NDArray[np.float32]
"""Mono audio, shape (samples,), in [-1, 1], at SAMPLE_RATE_HZ. Times given with it count from its first sample."""


@dataclass(frozen=True, slots=True)
class AudioTrackInfo:
    """The audio of one file, as recorded. `track_index`: among the file's audio tracks, as others may be unreadable."""

    codec: str
    sample_rate: int
    channels: int
    track_index: int = 0


@dataclass(frozen=True, slots=True)
class SpeechAudio:
    """The show's audio for speech recognition: 16 kHz mono 16-bit WAV on the replay clock, as long as the replay.

    `quiet_points`: the quietest instants, about one every 10 s, rising: good points to cut at.
    """

    file: Path
    duration: Seconds
    quiet_points: tuple[Seconds, ...]


@dataclass(frozen=True, slots=True)
class DecodedAudio:
    """The show's audio on the replay clock, lossless, in a FLAC file; None for a show without audio.

    `sample_count`: of each channel. `recorded_lufs`: see ReplayAudio.
    """

    file: Path | None
    sample_rate: int = 0
    channels: int = 0
    sample_count: int = 0
    recorded_lufs: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EncodedAudioPart:
    """One encoded part of the replay's audio: AAC in an MP4 file that reaches beyond the part on both sides.

    `first_sample`: the sample of the replay at the file's time 0; `start_sample`: the one at which the part begins.
    """

    file: Path
    first_sample: int
    start_sample: int


@dataclass(frozen=True, slots=True)
class ReplayAudio:
    """The replay's one audio rendition, AAC in an MP4 file; None for a show without audio.

    `recorded_lufs`: integrated loudness of the recording (ITU-R BS.1770), None where it is silent; `gain_db`: applied
    throughout.
    """

    file: Path | None
    recorded_lufs: float | None = None
    gain_db: float = 0.0
    warnings: tuple[str, ...] = ()
