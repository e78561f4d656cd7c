import pytest

from domain.clock import Span
from models.speech.chunking import (
    add_margins,
    pack_chunks,
    split_chunk,
    subtract_spans,
    untranscribed_spans,
    words_outside_spans,
)
from models.speech.recognizer import Chunk, DecodedChunk, Word


def evenly(start: float, end: float, count: int) -> tuple[Word, ...]:
    step = (end - start) / count
    return tuple(Word("好", start + i * step, start + (i + 1) * step) for i in range(count))


def test_margins_meet_in_the_middle_of_a_short_silence() -> None:
    padded = add_margins([Span(1.0, 2.0), Span(2.2, 3.0)], Span(0.0, 10.0))
    assert padded[0].end == pytest.approx(2.1)
    assert padded[1].start == pytest.approx(2.1)


def test_margins_stay_inside_the_sound() -> None:
    assert add_margins([Span(0.1, 9.9)], Span(0.0, 10.0)) == (Span(0.0, 10.0),)


def test_no_speech_has_no_margins() -> None:
    assert add_margins([], Span(0.0, 10.0)) == ()


def test_a_chunk_is_filled_with_speech_and_not_with_silence() -> None:
    pieces = [Span(0.0, 6.0), Span(100.0, 106.0), Span(200.0, 206.0), Span(300.0, 306.0)]
    assert [chunk.pieces for chunk in pack_chunks(pieces, 20.0)] == [tuple(pieces[:3]), tuple(pieces[3:])]


def test_nothing_packs_into_no_chunk() -> None:
    assert pack_chunks([], 20.0) == ()


def test_a_chunk_is_halved_at_its_longest_inner_pause() -> None:
    chunk = Chunk((Span(0.0, 5.0), Span(5.2, 9.0), Span(11.0, 15.0), Span(15.1, 19.0)))
    left, right = split_chunk(chunk)
    assert (left.span, right.span) == (Span(0.0, 9.0), Span(11.0, 19.0))


def test_a_chunk_without_a_pause_is_halved_in_the_middle() -> None:
    left, right = split_chunk(Chunk((Span(3.0, 19.0),)))
    assert (left.pieces, right.pieces) == ((Span(3.0, 11.0),), (Span(11.0, 19.0),))


def test_halves_lose_no_sound() -> None:
    chunk = Chunk((Span(0.0, 0.5), Span(1.0, 16.0), Span(17.0, 17.5)))
    assert sum(half.speech for half in split_chunk(chunk)) == pytest.approx(chunk.speech)


def test_covered_speech_has_no_holes() -> None:
    assert untranscribed_spans([Span(0.0, 10.0)], evenly(0.3, 9.5, 40)) == ()


def test_speech_after_the_last_word_is_a_hole() -> None:
    (hole,) = untranscribed_spans([Span(0.0, 10.0)], evenly(0.0, 4.0, 16))
    assert hole.start == pytest.approx(4.15)
    assert hole.end == 10.0


def test_short_calls_after_the_last_word_add_up_to_a_hole() -> None:
    pieces = [Span(0.0, 4.0), Span(6.0, 6.6), Span(8.0, 8.6)]
    assert untranscribed_spans(pieces, evenly(0.0, 4.0, 16)) == (Span(6.0, 6.6), Span(8.0, 8.6))


def test_silence_between_words_is_no_hole() -> None:
    pieces = [Span(0.0, 4.0), Span(20.0, 24.0)]
    assert untranscribed_spans(pieces, (*evenly(0.0, 4.0, 16), *evenly(20.0, 24.0, 16))) == ()


def test_a_word_lost_between_two_holes_belongs_to_them() -> None:
    words = (*evenly(0.0, 3.0, 12), Word("好", 5.0, 5.3), *evenly(8.0, 10.0, 8))
    (hole,) = untranscribed_spans([Span(0.0, 10.0)], words)
    assert [hole.start, hole.end] == pytest.approx([3.15, 7.85])


def test_words_in_a_stretch_heard_again_are_dropped() -> None:
    words = evenly(0.0, 4.0, 4)
    heard = DecodedChunk(Chunk((Span(0.0, 4.0),)), words, 4, -0.2, 0.0)
    assert words_outside_spans(heard, [Span(1.0, 3.0)]) == (words[0], words[3])


def test_subtracting_leaves_what_no_cover_touches() -> None:
    spans = [Span(0.0, 4.0), Span(5.0, 9.0)]
    covers = [Span(1.0, 2.0), Span(3.5, 5.5), Span(8.0, 20.0)]
    assert subtract_spans(spans, covers) == (Span(0.0, 1.0), Span(2.0, 3.5), Span(5.5, 8.0))
