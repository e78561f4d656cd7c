"""PCM: clips meet without a click, and spans of WAV files are read to the sample."""

import wave
from pathlib import Path

import numpy as np
import pytest

from domain.clock import Span
from domain.errors import MediaError
from media.pcm import PcmFormat, fade_at_cuts, read_wav_samples

RATE_HZ = 16_000
CUT_S = 0.5


def tone(pcm_format: PcmFormat) -> bytes:
    """One second of 440 Hz that jumps by half a wave in the middle."""
    times = np.arange(RATE_HZ) / RATE_HZ
    wave = 10_000 * np.cos(2 * np.pi * 440 * times) * np.where(times < CUT_S, 1, -1)
    return np.repeat(np.rint(wave).astype("<i2"), pcm_format.channels).tobytes()


def harshness(sound: bytes, around_s: float) -> float:
    """Energy above 3 kHz in 20 ms over that below, in dB."""
    first = round((around_s - 0.01) * RATE_HZ)
    window = np.frombuffer(sound, dtype="<i2")[first : first + 320] * np.hanning(320)
    power, high = np.abs(np.fft.rfft(window)) ** 2, np.fft.rfftfreq(320, 1 / RATE_HZ) > 3000
    return float(10 * np.log10(power[high].sum() / power[~high].sum()))


def test_a_jump_of_the_wave_is_not_heard_as_a_click() -> None:
    pcm_format = PcmFormat(RATE_HZ, 1)
    hard = tone(pcm_format)
    soft = b"".join(fade_at_cuts([hard], pcm_format, [CUT_S], 0.005))
    assert harshness(hard, CUT_S) > -25
    assert harshness(soft, CUT_S) < -45


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("instants", [7, 8000, 16_000])
def test_it_doesnt_matter_how_sound_is_cut_into_blocks(instants: int, channels: int) -> None:
    pcm_format = PcmFormat(RATE_HZ, channels)
    hard, size = tone(pcm_format), instants * pcm_format.frame_bytes
    blocks = [hard[at : at + size] for at in range(0, len(hard), size)]
    assert b"".join(fade_at_cuts(blocks, pcm_format, [CUT_S], 0.005)) == b"".join(
        fade_at_cuts([hard], pcm_format, [CUT_S], 0.005)
    )


def test_only_samples_near_the_cut_are_changed() -> None:
    pcm_format = PcmFormat(RATE_HZ, 1)
    hard = np.frombuffer(tone(pcm_format), dtype="<i2")
    soft = np.frombuffer(b"".join(fade_at_cuts([hard.tobytes()], pcm_format, [CUT_S], 0.005)), dtype="<i2")
    changed = np.flatnonzero(hard != soft)
    assert 8000 - 80 <= changed[0] < changed[-1] < 8000 + 80


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
