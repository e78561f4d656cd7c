"""audio"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds


@dataclass(frozen=True, slots=True)
class AudioTrackInfo:
    """The sound of one file, as recorded. `track_index` is its place among the file's sounds: others may be
    unreadable.
    """

    codec: str
    sample_rate: int
    channels: int
    track_index: int = 0


@dataclass(frozen=True, slots=True)
class SpeechAudio:
    """The show's sound for machines: 16 kHz mono 16-bit WAV on the replay clock, as long as the replay.

    `quiet_points` are the quietest instants, about one every 10 s, rising: good places to cut.
    """

    file: Path
    duration: Seconds
    quiet_points: tuple[Seconds, ...]


@dataclass(frozen=True, slots=True)
class DecodedAudio:
    """The show's sound on the replay clock, without loss, in a FLAC file, or None for a show without sound.

    `sample_count`: how many samples a channel it has. `recorded_lufs`: see ReplayAudio.
    """

    file: Path | None
    sample_rate: int = 0
    channels: int = 0
    sample_count: int = 0
    recorded_lufs: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EncodedAudioPart:
    """One encoded part of the replay's sound: AAC in an MP4 file that reaches beyond the part on both sides.

    `first_sample`: the sample of the replay at the file's time 0; `start_sample`: the one at which the part begins.
    """

    file: Path
    first_sample: int
    start_sample: int


@dataclass(frozen=True, slots=True)
class ReplayAudio:
    """The replay's one audio rendition, AAC in an MP4 file, or None for a show without sound.

    `recorded_lufs` is the loudness of the recording (ITU-R BS.1770, integrated), None where it is silent; `gain_db`
    is what was added to it throughout.
    """

    file: Path | None
    recorded_lufs: float | None = None
    gain_db: float = 0.0
    warnings: tuple[str, ...] = ()


SAMPLE_RATE_HZ = 16_000  # what Whisper and its voice detector were trained on

Samples: TypeAlias = NDArray[np.float32]
"""Mono sound, shape (samples,), in [-1, 1], at SAMPLE_RATE_HZ. Times given with it count from its first sample."""
