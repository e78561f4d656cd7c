import wave
from pathlib import Path

import numpy as np
import pytest

from domain.clock import Span
from domain.errors import MediaError
from media.sound import read_wav_samples


def written(file: Path, samples: list[int], *, rate_hz: int = 16_000) -> Path:
    with wave.open(str(file), "wb") as sound:
        sound.setparams((1, 2, rate_hz, 0, "NONE", "not compressed"))
        sound.writeframes(np.array(samples, dtype="<i2").tobytes())
    return file


def test_a_stretch_is_read_from_its_first_sample_to_its_last(tmp_path: Path) -> None:
    file = written(tmp_path / "声音.wav", list(range(32_000)))
    sound = read_wav_samples(file, Span(0.5, 1.5))
    assert sound.dtype == np.float32
    assert (len(sound), sound[0] * 32_768, sound[-1] * 32_768) == (16_000, 8_000, 23_999)


def test_a_stretch_beyond_the_end_is_cut(tmp_path: Path) -> None:
    file = written(tmp_path / "a.wav", [0] * 16_000)
    assert len(read_wav_samples(file, Span(0.75, 9.0))) == 4_000
    assert len(read_wav_samples(file, Span(5.0, 9.0))) == 0


def test_another_sample_rate_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path / "a.wav", [0] * 100, rate_hz=44_100)
    with pytest.raises(MediaError, match="44100 Hz"):
        read_wav_samples(file, Span(0.0, 1.0))


def test_a_file_that_is_no_wav_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"no wav at all, only text")
    with pytest.raises(MediaError, match="not a WAV"):
        read_wav_samples(tmp_path / "a.wav", Span(0.0, 1.0))
