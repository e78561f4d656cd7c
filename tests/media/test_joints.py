"""Where pieces of sound meet there is no click."""

import numpy as np
import pytest

from media.joints import fade_at_cuts
from media.pcm import PcmFormat

RATE_HZ = 16_000
JOINT_S = 0.5


def tone(shape: PcmFormat) -> bytes:
    """One second of 440 Hz that jumps by half a wave in the middle."""
    times = np.arange(RATE_HZ) / RATE_HZ
    wave = 10_000 * np.cos(2 * np.pi * 440 * times) * np.where(times < JOINT_S, 1, -1)
    return np.repeat(np.rint(wave).astype("<i2"), shape.channels).tobytes()


def harshness(sound: bytes, around_s: float) -> float:
    """What lies above 3 kHz in 20 ms, against what lies below, dB."""
    first = round((around_s - 0.01) * RATE_HZ)
    window = np.frombuffer(sound, dtype="<i2")[first : first + 320] * np.hanning(320)
    power, high = np.abs(np.fft.rfft(window)) ** 2, np.fft.rfftfreq(320, 1 / RATE_HZ) > 3000
    return float(10 * np.log10(power[high].sum() / power[~high].sum()))


def test_a_jump_of_the_wave_is_not_heard_as_a_click() -> None:
    shape = PcmFormat(RATE_HZ, 1)
    hard = tone(shape)
    soft = b"".join(fade_at_cuts([hard], shape, [JOINT_S], 0.005))
    assert harshness(hard, JOINT_S) > -25
    assert harshness(soft, JOINT_S) < -45


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("instants", [7, 8000, 16_000])
def test_it_doesnt_matter_how_sound_is_cut_into_blocks(instants: int, channels: int) -> None:
    shape = PcmFormat(RATE_HZ, channels)
    hard, size = tone(shape), instants * shape.frame_bytes
    blocks = [hard[at : at + size] for at in range(0, len(hard), size)]
    assert b"".join(fade_at_cuts(blocks, shape, [JOINT_S], 0.005)) == b"".join(
        fade_at_cuts([hard], shape, [JOINT_S], 0.005)
    )


def test_only_the_joint_is_touched() -> None:
    shape = PcmFormat(RATE_HZ, 1)
    hard = np.frombuffer(tone(shape), dtype="<i2")
    soft = np.frombuffer(b"".join(fade_at_cuts([hard.tobytes()], shape, [JOINT_S], 0.005)), dtype="<i2")
    changed = np.flatnonzero(hard != soft)
    assert 8000 - 80 <= changed[0] < changed[-1] < 8000 + 80
