"""Removes silence from audio, and maps times back to the original."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from domain.audio import SAMPLE_RATE_HZ, Samples
from domain.clock import Seconds, Span
from models.speech.recognizer import Chunk


@dataclass(frozen=True, slots=True, eq=False)
class SpeechOnlyAudio:
    """The pieces of some chunks end to end.

    `chunk_spans`, `piece_starts`: where chunks and pieces lie in `audio`; `source_spans`: pieces in the original.
    """

    audio: Samples
    chunk_spans: tuple[Span, ...]
    source_spans: tuple[Span, ...]
    piece_starts: tuple[Seconds, ...]

    def chunk_index_at(self, time: Seconds) -> int:
        """The index of the chunk that starts nearest to `time` of `audio`."""
        return min(range(len(self.chunk_spans)), key=lambda i: abs(self.chunk_spans[i].start - time))

    def original_span(self, start: Seconds, end: Seconds) -> Span:
        """The stretch of the original for [start, end) of `audio`, cut to one piece: that of its middle."""
        piece_index = max(0, bisect_right(self.piece_starts, (start + end) / 2) - 1)
        piece, offset = (
            self.source_spans[piece_index],
            self.source_spans[piece_index].start - self.piece_starts[piece_index],
        )
        original_start = min(max(piece.start, start + offset), piece.end)
        return Span(original_start, max(original_start, min(piece.end, end + offset)))


def remove_silence(audio: Samples, chunks: Sequence[Chunk]) -> SpeechOnlyAudio:
    """The pieces of `chunks` cut out of `audio`, (samples,), and laid end to end."""
    slices = [[_slice_audio(audio, piece) for piece in chunk.pieces] for chunk in chunks]
    ends = _cumulative_seconds([len(cut) for chunk in slices for cut in chunk])
    chunk_ends = _cumulative_seconds([sum(len(cut) for cut in chunk) for chunk in slices])
    return SpeechOnlyAudio(
        np.concatenate([cut for chunk in slices for cut in chunk]),
        tuple(Span(a, b) for a, b in zip([0.0, *chunk_ends], chunk_ends, strict=False)),
        tuple(piece for chunk in chunks for piece in chunk.pieces),
        tuple([0.0, *ends][:-1]),
    )


def _slice_audio(audio: Samples, piece: Span) -> Samples:
    return audio[round(piece.start * SAMPLE_RATE_HZ) : round(piece.end * SAMPLE_RATE_HZ)]


def _cumulative_seconds(lengths: Iterable[int]) -> list[Seconds]:
    return [float(total) / SAMPLE_RATE_HZ for total in np.cumsum(list(lengths))]
