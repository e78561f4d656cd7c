"""A stretch of a WAV file as samples."""

import wave
from pathlib import Path

import numpy as np

from domain.clock import Span
from domain.errors import MediaError
from models.speech.recognizer import SAMPLE_RATE_HZ, Samples

FULL_SCALE = 32_768  # of 16-bit samples


def read_sound(file: Path, span: Span) -> Samples:
    """What `file`, 16 kHz mono 16-bit WAV, has in `span` of its own time; shorter where the file ends before.

    Raises MediaError when it is anything else.
    """
    try:
        with wave.open(str(file), "rb") as sound:
            _check(file, sound)
            first = min(round(span.start * SAMPLE_RATE_HZ), sound.getnframes())
            sound.setpos(first)
            raw = sound.readframes(round(span.end * SAMPLE_RATE_HZ) - first)
    except (wave.Error, EOFError) as error:
        raise MediaError(file, f"not a WAV file ({error})", "let ExtractAudio make it again") from error
    return np.frombuffer(raw, dtype="<i2").astype(np.float32) / np.float32(FULL_SCALE)


def _check(file: Path, sound: wave.Wave_read) -> None:
    found = (sound.getframerate(), sound.getnchannels(), 8 * sound.getsampwidth())
    if found != (SAMPLE_RATE_HZ, 1, 16):
        what = "holds {} Hz, {} channels, {} bits, not 16000 Hz, 1 channel, 16 bits".format(*found)
        raise MediaError(file, what, "let ExtractAudio make it again")
