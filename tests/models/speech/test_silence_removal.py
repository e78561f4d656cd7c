import numpy as np
import pytest

from domain.clock import Span
from models.speech.recognizer import SAMPLE_RATE_HZ, Chunk, Samples
from models.speech.silence_removal import compact

CHUNKS = (Chunk((Span(1.0, 2.0), Span(5.0, 6.5))), Chunk((Span(8.0, 9.0),)))


def ramp(seconds: float) -> Samples:
    """Sound whose every sample says its own second."""
    return (np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ).astype(np.float32)


def test_silences_are_left_out() -> None:
    dense = compact(ramp(10.0), CHUNKS)
    assert len(dense.sound) == round(3.5 * SAMPLE_RATE_HZ)
    assert dense.clips == (Span(0.0, 2.5), Span(2.5, 3.5))


@pytest.mark.parametrize("time", [0.0, 0.5, 0.99, 1.01, 2.4, 2.51, 3.4])
def test_times_lead_back_to_the_same_sound(time: float) -> None:
    sound = ramp(10.0)
    dense = compact(sound, CHUNKS)
    said = float(dense.sound[round(time * SAMPLE_RATE_HZ)])
    assert dense.original(time, time).start == pytest.approx(said, abs=1e-3)


def test_a_word_over_a_seam_stays_in_the_piece_of_its_middle() -> None:
    dense = compact(ramp(10.0), CHUNKS)
    assert dense.original(0.7, 1.1) == Span(1.7, 2.0)


def test_a_clip_is_found_by_its_rounded_start() -> None:
    dense = compact(ramp(10.0), CHUNKS)
    assert [dense.clip_at(0.0), dense.clip_at(2.49)] == [0, 1]
