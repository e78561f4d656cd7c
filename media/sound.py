"""A stretch of a WAV file as samples."""

import wave
from pathlib import Path

import numpy as np

from domain.audio import SAMPLE_RATE_HZ, Samples
from domain.clock import Span
from domain.errors import MediaError

INT16_FULL_SCALE = 32_768  # of 16-bit samples


def read_wav_samples(file: Path, span: Span) -> Samples:
    """What `file`, 16 kHz mono 16-bit WAV, has in `span` of its own time; shorter where the file ends before.

    Raises MediaError when it is anything else.
    """
    try:
        with wave.open(str(file), "rb") as wav:
            _check_wav_format(file, wav)
            first_frame = min(round(span.start * SAMPLE_RATE_HZ), wav.getnframes())
            wav.setpos(first_frame)
            raw = wav.readframes(round(span.end * SAMPLE_RATE_HZ) - first_frame)
    except (wave.Error, EOFError) as error:
        raise MediaError(file, f"not a WAV file ({error})", "let ExtractSpeechAudio make it again") from error
    return np.frombuffer(raw, dtype="<i2").astype(np.float32) / np.float32(INT16_FULL_SCALE)


def _check_wav_format(file: Path, wav: wave.Wave_read) -> None:
    actual_format = (wav.getframerate(), wav.getnchannels(), 8 * wav.getsampwidth())
    if actual_format != (SAMPLE_RATE_HZ, 1, 16):
        what = "holds {} Hz, {} channels, {} bits, not 16000 Hz, 1 channel, 16 bits".format(*actual_format)
        raise MediaError(file, what, "let ExtractSpeechAudio make it again")
