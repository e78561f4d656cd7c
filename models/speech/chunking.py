"""Stretches of speech packed into chunks for a decoder, and what a decoder left out of them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise, takewhile

from domain.clock import Seconds, Span
from models.speech.recognizer import Chunk, Heard, Word

MARGIN: Seconds = 0.2  # kept on each side of speech: the detector is late at soft beginnings and early at soft ends
LONGEST_HOLE: Seconds = (
    1.0  # speech without text that may be a breath, a laugh, or late word times; measured on zh-mini
)
WORD_REACH: Seconds = 0.15  # error of Whisper's word times on each side


def with_margin(speech: Sequence[Span], whole: Span) -> tuple[Span, ...]:
    """`speech` with up to MARGIN on each side, never into another stretch and never beyond `whole`."""
    if not speech:
        return ()
    edges = [whole.start, *((a.end + b.start) / 2 for a, b in pairwise(speech)), whole.end]
    between = pairwise(edges)
    return tuple(
        Span(max(low, span.start - MARGIN), min(high, span.end + MARGIN))
        for span, (low, high) in zip(speech, between, strict=True)
    )


def pack(pieces: Iterable[Span], longest: Seconds) -> tuple[Chunk, ...]:
    """`pieces`, in order, in as few chunks of at most `longest` seconds of sound as one walk finds."""
    packed: list[list[Span]] = []
    room = 0.0
    for piece in pieces:
        if piece.duration > room or not packed:
            packed.append([])
            room = longest
        packed[-1].append(piece)
        room -= piece.duration
    return tuple(Chunk(tuple(pieces)) for pieces in packed)


def halves(chunk: Chunk) -> tuple[Chunk, Chunk]:
    """The chunk cut in two at its longest pause, the pauses near its ends left out; without one, in the middle."""
    inner = [i for i in range(1, len(chunk.pieces)) if _is_inner(chunk, i)]
    if not inner:
        return _cut_in_the_middle(chunk)
    at = max(inner, key=lambda i: chunk.pieces[i].start - chunk.pieces[i - 1].end)
    return Chunk(chunk.pieces[:at]), Chunk(chunk.pieces[at:])


def _is_inner(chunk: Chunk, at: int) -> bool:
    before = sum(piece.duration for piece in chunk.pieces[:at])
    return 0.25 * chunk.speech <= before <= 0.75 * chunk.speech  # neither half may fill up again


def _cut_in_the_middle(chunk: Chunk) -> tuple[Chunk, Chunk]:
    left: list[Span] = []
    right: list[Span] = []
    half = chunk.speech / 2
    for piece in chunk.pieces:
        cut = min(piece.end, piece.start + max(0.0, half))
        left += [Span(piece.start, cut)] if cut > piece.start else []
        right += [Span(cut, piece.end)] if cut < piece.end else []
        half -= piece.duration
    return Chunk(tuple(left)), Chunk(tuple(right))


def holes(pieces: Sequence[Span], words: Sequence[Word]) -> tuple[Span, ...]:
    """What of `pieces` the `words` leave uncovered for LONGEST_HOLE of sound or more, silences between pieces left out.

    What lies between two holes for less than that belongs to them: its words were timed by guess.
    """
    covers = tuple(Span(max(0.0, word.start - WORD_REACH), word.end + WORD_REACH) for word in words)
    hulls: list[Span] = []
    for run in _runs(subtract(pieces, covers), [(word.start + word.end) / 2 for word in words]):
        hull = Span(run[0].start, run[-1].end)
        if sum(span.duration for span in run) < LONGEST_HOLE:
            continue
        if hulls and hull.start - hulls[-1].end < LONGEST_HOLE:
            hull = Span(hulls.pop().start, hull.end)
        hulls.append(hull)
    return tuple(span for hull in hulls for span in (piece.within(hull) for piece in pieces) if span.duration > 0)


def _runs(bare: Iterable[Span], word_middles: list[Seconds]) -> list[list[Span]]:
    """`bare` in runs with no word between their spans. `word_middles` rise."""
    runs: dict[int, list[Span]] = {}
    for span in bare:
        runs.setdefault(bisect_right(word_middles, span.start), []).append(span)
    return list(runs.values())


def subtract(spans: Iterable[Span], covers: Iterable[Span]) -> tuple[Span, ...]:
    """What of `spans` no cover touches. Both in order of time."""
    rest: list[Span] = []
    taken = list(covers)
    first = 0
    for span in spans:
        while first < len(taken) and taken[first].end <= span.start:
            first += 1
        start = span.start
        for cover in takewhile(lambda c: c.start < span.end, taken[first:]):  # noqa: B023  # used up before the next turn
            if cover.start > start:
                rest.append(Span(start, cover.start))
            start = max(start, cover.end)
        if start < span.end:
            rest.append(Span(start, span.end))
    return tuple(rest)


def words_outside(heard: Heard, stretches: Sequence[Span]) -> tuple[Word, ...]:
    """The words of `heard` whose middle lies in none of `stretches`."""
    return tuple(word for word in heard.words if not any(span.holds((word.start + word.end) / 2) for span in stretches))
