import numpy as np
import pytest

from domain.audio import SAMPLE_RATE_HZ, Samples
from domain.clock import Span
from models.speech.recognizer import Chunk
from models.speech.silence_removal import remove_silence

CHUNKS = (Chunk((Span(1.0, 2.0), Span(5.0, 6.5))), Chunk((Span(8.0, 9.0),)))


def ramp(seconds: float) -> Samples:
    """Sound whose every sample says its own second."""
    return (np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ).astype(np.float32)


def test_silences_are_left_out() -> None:
    dense = remove_silence(ramp(10.0), CHUNKS)
    assert len(dense.audio) == round(3.5 * SAMPLE_RATE_HZ)
    assert dense.chunk_spans == (Span(0.0, 2.5), Span(2.5, 3.5))


@pytest.mark.parametrize("time", [0.0, 0.5, 0.99, 1.01, 2.4, 2.51, 3.4])
def test_times_lead_back_to_the_same_sound(time: float) -> None:
    sound = ramp(10.0)
    dense = remove_silence(sound, CHUNKS)
    sample = float(dense.audio[round(time * SAMPLE_RATE_HZ)])
    assert dense.original_span(time, time).start == pytest.approx(sample, abs=1e-3)


def test_a_word_over_a_seam_stays_in_the_piece_of_its_middle() -> None:
    dense = remove_silence(ramp(10.0), CHUNKS)
    assert dense.original_span(0.7, 1.1) == Span(1.7, 2.0)


def test_a_clip_is_found_by_its_rounded_start() -> None:
    dense = remove_silence(ramp(10.0), CHUNKS)
    assert [dense.chunk_index_at(0.0), dense.chunk_index_at(2.49)] == [0, 1]
