"""Packs stretches of speech into chunks for a decoder, and finds what a decoder left out of them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise, takewhile

from domain.clock import Seconds, Span
from models.speech.recognizer import Chunk, DecodedChunk, Word

SPEECH_MARGIN_S: Seconds = 0.2  # on each side: the detector is late at soft beginnings and early at soft ends
MIN_UNTRANSCRIBED_S: Seconds = 1.0  # less may be a breath, a laugh, or late word times; measured on zh-mini
WORD_TIME_ERROR_S: Seconds = 0.15  # of Whisper, on each side


def add_margins(speech: Sequence[Span], bounds: Span) -> tuple[Span, ...]:
    """`speech` with up to SPEECH_MARGIN_S on each side, never into another stretch and never beyond `bounds`."""
    if not speech:
        return ()
    edges = [bounds.start, *((a.end + b.start) / 2 for a, b in pairwise(speech)), bounds.end]
    between = pairwise(edges)
    return tuple(
        Span(max(low, span.start - SPEECH_MARGIN_S), min(high, span.end + SPEECH_MARGIN_S))
        for span, (low, high) in zip(speech, between, strict=True)
    )


def pack_chunks(pieces: Iterable[Span], max_chunk_s: Seconds) -> tuple[Chunk, ...]:
    """`pieces`, in order, packed greedily into chunks of at most `max_chunk_s` seconds of audio."""
    groups: list[list[Span]] = []
    remaining_s = 0.0
    for piece in pieces:
        if piece.duration > remaining_s or not groups:
            groups.append([])
            remaining_s = max_chunk_s
        groups[-1].append(piece)
        remaining_s -= piece.duration
    return tuple(Chunk(tuple(pieces)) for pieces in groups)


def split_chunk(chunk: Chunk) -> tuple[Chunk, Chunk]:
    """The chunk split at its longest pause that is not near its ends; without one, in the middle."""
    middle_cuts = [i for i in range(1, len(chunk.pieces)) if _is_near_middle(chunk, i)]
    if not middle_cuts:
        return _split_at_middle(chunk)
    cut_index = max(middle_cuts, key=lambda i: chunk.pieces[i].start - chunk.pieces[i - 1].end)
    return Chunk(chunk.pieces[:cut_index]), Chunk(chunk.pieces[cut_index:])


def _is_near_middle(chunk: Chunk, cut_index: int) -> bool:
    speech_before_s = sum(piece.duration for piece in chunk.pieces[:cut_index])
    return (
        0.25 * chunk.speech <= speech_before_s <= 0.75 * chunk.speech
    )  # neither half may be as long as the whole again


def _split_at_middle(chunk: Chunk) -> tuple[Chunk, Chunk]:
    left: list[Span] = []
    right: list[Span] = []
    remaining_s = chunk.speech / 2
    for piece in chunk.pieces:
        cut = min(piece.end, piece.start + max(0.0, remaining_s))
        left += [Span(piece.start, cut)] if cut > piece.start else []
        right += [Span(cut, piece.end)] if cut < piece.end else []
        remaining_s -= piece.duration
    return Chunk(tuple(left)), Chunk(tuple(right))


def untranscribed_spans(pieces: Sequence[Span], words: Sequence[Word]) -> tuple[Span, ...]:
    """Gaps of MIN_UNTRANSCRIBED_S of speech or more that `words` leave in `pieces`, cut to the pieces.

    Less than that between two gaps belongs to them: its words have guessed times.
    """
    word_spans = tuple(Span(max(0.0, word.start - WORD_TIME_ERROR_S), word.end + WORD_TIME_ERROR_S) for word in words)
    gaps: list[Span] = []
    for run in _group_between_words(
        subtract_spans(pieces, word_spans), [(word.start + word.end) / 2 for word in words]
    ):
        gap = Span(run[0].start, run[-1].end)
        if sum(span.duration for span in run) < MIN_UNTRANSCRIBED_S:
            continue
        if gaps and gap.start - gaps[-1].end < MIN_UNTRANSCRIBED_S:
            gap = Span(gaps.pop().start, gap.end)
        gaps.append(gap)
    return tuple(span for hull in gaps for span in (piece.clipped_to(hull) for piece in pieces) if span.duration > 0)


def _group_between_words(uncovered: Iterable[Span], word_middles: list[Seconds]) -> list[list[Span]]:
    """`uncovered` in runs with no word between their spans. `word_middles`: ascending."""
    runs: dict[int, list[Span]] = {}
    for span in uncovered:
        runs.setdefault(bisect_right(word_middles, span.start), []).append(span)
    return list(runs.values())


def subtract_spans(spans: Iterable[Span], covers: Iterable[Span]) -> tuple[Span, ...]:
    """The parts of `spans` outside `covers`. Both in order of time."""
    remaining: list[Span] = []
    cover_list = list(covers)
    first = 0
    for span in spans:
        while first < len(cover_list) and cover_list[first].end <= span.start:
            first += 1
        start = span.start
        for cover in takewhile(lambda c: c.start < span.end, cover_list[first:]):  # noqa: B023  # consumed within the iteration
            if cover.start > start:
                remaining.append(Span(start, cover.start))
            start = max(start, cover.end)
        if start < span.end:
            remaining.append(Span(start, span.end))
    return tuple(remaining)


def words_outside_spans(decoded: DecodedChunk, spans: Sequence[Span]) -> tuple[Word, ...]:
    """The words of `decoded` whose middle lies in none of `spans`."""
    return tuple(
        word for word in decoded.words if not any(span.contains((word.start + word.end) / 2) for span in spans)
    )
